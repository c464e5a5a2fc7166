"""From Label Studio's results to the model and back."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from generators import annotations, documents
from hypothesis import given
from hypothesis import strategies as st

from inquit.corpus.errors import DataError
from inquit.corpus.labelstudio import CONTROLS, REGIONS, Refused, from_model, to_model
from inquit.corpus.model import Annotation, Attribution, Document, Span

TEXT = Document(
    doc_id="d", text="“Rain,” Ana Reyes told us, “and\n\nmore rain.” She\tsaid so. " * 3
)


def region(name: object, label: object, start: object, end: object, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": "not the slice", "labels": [label]}
    item = {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    return item | more


def said(name: str, control: str, *values: object) -> dict[str, Any]:
    key, kind = ("text", "textarea") if control == "entity" else ("choices", "choices")
    value = {"start": 0, "end": 1, key: list(values)}
    return {"id": name, "from_name": control, "to_name": "text", "type": kind, "value": value}


def relation(one: object, other: object, **more: Any) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"} | more


def read(*items: object) -> tuple[Annotation, list[str]]:
    annotation, refused = to_model(list(items), TEXT)
    # Nothing that was refused is lost: the whole item is there.
    for refusal in refused:
        kept = refusal.item if isinstance(refusal.item, list) else [refusal.item]
        assert all(item in items for item in kept) or refusal.item in items
    return annotation, [f"{refusal.region}: {refusal.reason}" for refusal in refused]


def labels(annotation: Annotation) -> list[str]:
    return [span.id for span in annotation.spans]


# ------------------------------------------------------------------------------- what is read


def test_each_label_means_what_the_table_says() -> None:
    for name, (label, implied) in REGIONS.items():
        annotation, refused = read(region("r", name, 1, 5))
        assert annotation.spans == (Span("r", label, [(1, 5)], implied),)
        assert not refused


def test_the_words_are_the_slice_whatever_label_studio_stored() -> None:
    annotation, _ = read(region("r", "Claim", 27, 40))
    assert TEXT.slice(annotation.spans[0]) == ("“and\n\nmore ra",)
    assert annotation.sha256 == TEXT.sha256


def test_what_is_said_of_a_region_becomes_attributes() -> None:
    annotation, refused = read(
        region("q", "Direct quote", 0, 7),
        said("q", "medium", "writing"),
        region("s", "Source", 8, 17),
        said("s", "kind", "named"),
        said("s", "entity", "Ana Reyes"),
        region("c", "Claim", 1, 5),
        said("c", "certainty", "denied"),
        said("c", "check_worthy", "no"),
    )
    assert not refused
    found = {span.id: span.attributes for span in annotation.spans}
    assert found == {
        "q": {"form": "direct", "medium": "writing"},
        "s": {"kind": "named", "entity": "Ana Reyes"},
        "c": {"certainty": "denied", "check_worthy": "no"},
    }


def test_ids_may_begin_as_those_of_label_studio_do() -> None:
    annotation, refused = read(region("-_Ab3:.x", "Cue", 0, 1), region("_", "Cue", 2, 3))
    assert labels(annotation) == ["-_Ab3:.x", "_"]
    assert not refused


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("content", ["Direct quote", "Claim"])
def test_roles_follow_from_the_ends_whichever_way_a_relation_points(
    content: str, turned: bool
) -> None:
    pairs = [("s", "q"), ("e", "q"), ("a", "q"), ("s2", "q")]
    annotation, refused = read(
        *(relation(*(pair[::-1] if turned else pair)) for pair in pairs),
        region("q", content, 0, 7),
        region("s", "Source", 8, 17),
        region("s2", "Source", 49, 52),
        region("e", "Cue", 18, 22),
        region("a", "Addressee", 23, 25),
    )
    assert not refused
    assert annotation.attributions == (
        Attribution(id="q", content=["q"], source=["s", "s2"], cue=["e"], addressee=["a"]),
    )


def test_a_quote_with_no_relation_gets_no_attribution() -> None:
    annotation, refused = read(region("q", "Direct quote", 0, 7), region("s", "Source", 8, 17))
    assert annotation.attributions == ()
    assert not refused


def test_a_relation_drawn_twice_counts_once() -> None:
    annotation, refused = read(
        region("q", "Direct quote", 0, 7),
        region("s", "Source", 8, 17),
        relation("q", "s"),
        relation("s", "q", direction="bi"),
        relation("q", "s", direction="left"),
    )
    assert annotation.attributions == (Attribution(id="q", content=["q"], source=["s"]),)
    assert not refused


def test_one_source_may_speak_twice_and_each_quote_has_its_attribution() -> None:
    annotation, _ = read(
        region("q2", "Direct quote", 27, 44),
        region("q1", "Direct quote", 0, 7),
        region("s", "Source", 8, 17),
        relation("s", "q1"),
        relation("s", "q2"),
    )
    assert [a.content for a in annotation.attributions] == [("q1",), ("q2",)]


@pytest.mark.parametrize("label", ["Direct quote", "Claim", "Cue", "Addressee", "Ignore"])
def test_parts_that_are_linked_are_one_span(label: str) -> None:
    annotation, refused = read(
        region("z", label, 0, 7),
        region("b", label, 27, 31),
        region("a", label, 33, 44),
        relation("a", "b"),
        relation("b", "z"),
        relation("z", "a"),
    )
    assert not refused
    (span,) = annotation.spans
    assert (span.id, span.fragments) == ("z", ((0, 7), (27, 31), (33, 44)))


def test_a_source_linked_to_any_part_is_the_source_of_the_whole() -> None:
    annotation, refused = read(
        region("p1", "Direct quote", 0, 7),
        region("p2", "Direct quote", 27, 44),
        region("s", "Source", 8, 17),
        said("p2", "medium", "writing"),
        relation("s", "p2"),
        relation("s", "p1"),
        relation("p1", "p2"),
    )
    assert not refused
    assert annotation.attributions == (Attribution(id="p1", content=["p1"], source=["s"]),)
    assert annotation.by_id()["p1"].attributes == {"form": "direct", "medium": "writing"}


def test_linked_sources_are_one_entity() -> None:
    mentions = (region("she", "Source", 45, 48), region("ana", "Source", 8, 17))
    annotation, refused = read(*mentions, relation("she", "ana"))
    assert not refused
    assert [s.attributes for s in annotation.spans] == [{"entity": "Ana Reyes"}] * 2
    annotation, _ = read(*mentions, said("she", "kind", "named"), relation("she", "ana"))
    assert annotation.spans[0].attributes == {"entity": "She"}
    annotation, _ = read(*mentions, said("she", "entity", "A. R."), relation("she", "ana"))
    assert [s.attributes for s in annotation.spans] == [{"entity": "A. R."}] * 2


def test_an_entity_is_named_on_one_line_or_after_its_region() -> None:
    document = Document(doc_id="d", text="\x01\x02 a\n b")
    low, high = region("low", "Source", 0, 2), region("high", "Source", 3, 7)
    annotation, refused = to_model([low, high, relation("low", "high")], document)
    assert not refused
    assert {s.attributes["entity"] for s in annotation.spans} == {"low"}
    items = [low, high, said("high", "kind", "named"), relation("low", "high")]
    annotation, refused = to_model(items, document)
    assert not refused
    assert {s.attributes["entity"] for s in annotation.spans} == {"a b"}


# ---------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (5, 1, "[5, 1) is empty or reversed"),
        (5, 5, "[5, 5) is empty or reversed"),
        (-3, 2, "[-3, 2) lies outside the text of 174 code points"),
        (0, 175, "[0, 175) lies outside the text of 174 code points"),
        (0, 2**70, f"[0, {2**70}) lies outside the text of 174 code points"),
        (False, True, "offsets False and True are not whole numbers"),
        (0, 3.0, "offsets 0 and 3.0 are not whole numbers"),
        ("0", "3", "offsets '0' and '3' are not whole numbers"),
        (None, 3, "offsets None and 3 are not whole numbers"),
        ([], {}, "offsets [] and {} are not whole numbers"),
    ],
)
def test_offsets_that_name_no_words(start: object, end: object, reason: str) -> None:
    annotation, refused = read(region("good", "Cue", 0, 1), region("r", "Claim", start, end))
    assert labels(annotation) == ["good"]
    assert refused == [f"r: {reason}"]


@pytest.mark.parametrize(
    "item",
    [
        region("r", "Clam", 0, 1),
        region("r", ["Claim"], 0, 1),
        region("r", None, 0, 1),
        region("r", "Claim", 0, 1, type="choices"),
        region("r", "Claim", 0, 1, to_name="title"),
        region("r", "Claim", 0, 1, from_name="other"),
        region("r", "Claim", 0, 1, value=[0, 1]),
        region("r", "Claim", 0, 1, value={"start": 0, "end": 1, "labels": ["Claim", "Source"]}),
        region("r", "Claim", 0, 1, value={"start": 0, "end": 1, "labels": []}),
        region("r", "Claim", 0, 1, value={"start": 0, "end": 1, "labels": "Claim"}),
        region("r", "Claim", 0, 1, value={"start": 0, "end": 1}),
        region(None, "Claim", 0, 1),
        region("", "Claim", 0, 1),
        region("a b", "Claim", 0, 1),
        region("x" * 129, "Claim", 0, 1),
        region(7, "Claim", 0, 1),
        {"id": "r"},
        {},
        None,
        3,
        "region",
        [region("r", "Claim", 0, 1)],
    ],
)
def test_garbage_between_good_regions_is_kept_with_a_reason(item: object) -> None:
    annotation, refused = read(region("a", "Cue", 0, 1), item, region("b", "Cue", 2, 3))
    assert labels(annotation) == ["a", "b"]
    assert len(refused) == 1


@pytest.mark.parametrize("result", [None, 3, "[]", {"id": "r"}, True])
def test_a_result_that_is_no_list(result: object) -> None:
    annotation, refused = to_model(result, TEXT)
    assert annotation.spans == ()
    assert refused == [Refused("the result is not a list", "", result)]


def test_two_regions_with_one_id() -> None:
    same = region("r", "Claim", 0, 1)
    assert labels(read(same, dict(same))[0]) == ["r"]
    annotation, refused = read(same, region("r", "Claim", 0, 2))
    assert annotation.spans == ()
    assert refused == ["r: stands twice with different contents"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (said("r", "medium", "speech"), "medium is said of a claim"),
        (said("r", "certainty", "sure"), "certainty: certainty 'sure' is unknown"),
        (
            said("r", "certainty", "denied", "hedged"),
            "certainty is ['denied', 'hedged'], not one value",
        ),
        (said("r", "certainty"), "certainty is [], not one value"),
        (said("r", "certainty", None), "certainty: certainty 'None' is unknown"),
        (said("r", "certainty", ["denied"]), "certainty: certainty \"['denied']\" is unknown"),
        (said("r", "other", "x"), "control 'other' is unknown"),
        (said("r", "form", "direct"), "control 'form' is unknown"),
        (said("r", "certainty") | {"value": 3}, "certainty is not said of the text"),
        (said("r", "certainty", "denied") | {"to_name": "x"}, "certainty is not said of the text"),
    ],
)
def test_what_cannot_be_said_of_a_region_leaves_the_region(item: object, reason: str) -> None:
    annotation, refused = read(region("r", "Claim", 0, 1), item)
    assert annotation.spans == (Span("r", "claim", [(0, 1)]),)
    assert refused == [f"r: {reason}"]


@pytest.mark.parametrize("name", [" ", "two\nlines", "\x1b[31m", "", "a\ud800", {"a": 1}])
def test_an_entity_is_one_line_of_text(name: object) -> None:
    annotation, refused = read(region("s", "Source", 0, 1), said("s", "entity", name))
    assert annotation.spans[0].attributes == {}
    assert len(refused) == 1


def test_a_value_said_twice() -> None:
    items = (region("r", "Claim", 0, 1), said("r", "certainty", "denied"))
    assert not read(*items, said("r", "certainty", "denied"))[1]
    annotation, refused = read(*items, said("r", "certainty", "hedged"))
    assert annotation.spans[0].attributes == {"certainty": "denied"}
    assert refused == ["r: certainty is said twice"]


def test_what_is_said_of_a_refused_region_is_kept_with_it() -> None:
    items = [region("r", "Clam", 0, 1), said("r", "certainty", "denied")]
    _, refused = to_model(items, TEXT)
    assert refused == [Refused("label 'Clam' is unknown", "r", items)]


def test_a_note_is_reported_and_its_region_stays() -> None:
    annotation, refused = read(region("r", "Claim", 0, 1, meta={"text": ["not sure"]}))
    assert labels(annotation) == ["r"]
    assert refused == ["r: a note to a region has no place in a layer"]


@pytest.mark.parametrize(
    ("drawn", "where", "reason"),
    [
        (relation("s", "e"), "s e", "relation of Source with Cue means nothing"),
        (relation("q", "c"), "q c", "relation of Direct quote with Claim means nothing"),
        (relation("x", "q"), "x q", "relation of Ignore with Direct quote means nothing"),
        (
            relation("q", "i"),
            "q i",
            "relation of Direct quote with Indirect quote: parts must have one label",
        ),
        (relation("q", "q"), "q q", "relation of a region with itself"),
        (relation("q", "gone"), "q gone", "relation to region 'gone', which does not exist"),
        (relation("bad", "q"), "bad q", "relation to region 'bad', which was refused"),
        (relation("q", None), "q", "relation has no ends: from_id 'q', to_id None"),
        (relation("", ["q"]), "", "relation has no ends: from_id '', to_id ['q']"),
        ({"type": "relation"}, "", "relation has no ends: from_id None, to_id None"),
        (
            relation("s", "q", labels=["says"]),
            "s q",
            "relation has labels ['says'], which are unknown",
        ),
    ],
)
def test_relations_that_mean_nothing_name_their_regions(
    drawn: dict[str, Any], where: str, reason: str
) -> None:
    annotation, refused = read(
        region("q", "Direct quote", 0, 7),
        region("i", "Indirect quote", 27, 44),
        region("s", "Source", 8, 17),
        region("e", "Cue", 18, 22),
        region("c", "Claim", 1, 5),
        region("x", "Ignore", 46, 49),
        region("bad", "Source", 3, 2),
        drawn,
    )
    assert annotation.attributions == ()
    assert len(annotation.spans) == 6
    assert refused[-1] == f"{where}: {reason}"


@pytest.mark.parametrize(("start", "how"), [(7, "touch"), (5, "overlap"), (0, "overlap")])
def test_parts_that_touch_or_overlap_are_not_merged(start: int, how: str) -> None:
    annotation, refused = read(
        region("a", "Direct quote", 0, 7),
        region("b", "Direct quote", start, 12),
        region("s", "Source", 14, 17),
        relation("a", "b"),
        relation("s", "a"),
    )
    assert len(annotation.spans) == 3
    assert annotation.attributions[0].content == ("a",)
    assert len(refused) == 1
    assert refused[0].endswith(how)


def test_parts_that_contradict_each_other_are_not_merged() -> None:
    annotation, refused = read(
        region("a", "Direct quote", 0, 7),
        region("b", "Direct quote", 9, 12),
        said("a", "medium", "speech"),
        said("b", "medium", "writing"),
        relation("a", "b"),
    )
    assert len(annotation.spans) == 2
    assert refused == ["a b: parts of one span with two values of medium: 'speech' and 'writing'"]


def test_sources_with_two_names_are_not_one_entity() -> None:
    annotation, refused = read(
        region("a", "Source", 0, 7),
        region("b", "Source", 9, 12),
        said("a", "entity", "Ana"),
        said("b", "entity", "Ben"),
        relation("a", "b"),
    )
    assert [s.attributes["entity"] for s in annotation.spans] == ["Ana", "Ben"]
    assert refused == ["a b: one source with two names: 'Ana' and 'Ben'"]


def test_nesting_without_end_is_refused() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    for item in (region("r", deep, 0, 1), region("r", "Claim", deep, 1), relation(deep, "r")):
        annotation, refused = to_model([region("a", "Cue", 0, 1), item], TEXT)
        assert labels(annotation) == ["a"]
        assert len(refused) == 1
    annotation, refused = to_model(
        [region("r", "Claim", 0, 1, value=deep), region("r", "Claim", 0, 1, value=[deep])], TEXT
    )
    assert len(refused) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def hostile_items(draw: st.DrawFn) -> Any:
    name = st.sampled_from(["a", "b", "c", "-", "", 3])
    offset = st.integers(-2, 60) | anything
    item: Any = draw(
        st.one_of(
            st.builds(region, name, st.sampled_from([*REGIONS, "Clam"]), offset, offset),
            st.builds(said, name, st.sampled_from([*CONTROLS, "x"]), anything),
            st.builds(relation, name, name),
        )
    )
    if isinstance(item, dict) and draw(st.integers(0, 4)) == 0:
        key = draw(st.sampled_from(sorted(item)))
        item = {k: v for k, v in item.items() if k != key}
        if draw(st.booleans()):
            item[key] = draw(anything)
    return item


@given(st.lists(hostile_items() | anything, max_size=12))
def test_whatever_stands_in_a_result_is_a_label_or_is_refused(result: list[Any]) -> None:
    document = Document(doc_id="d", text="Rain \U0001f600, she said.\r\n" * 2)
    annotation, refused = to_model(result, document)
    assert not list(annotation.problems_with(document))
    whole = [refusal.item for refusal in refused]
    kept = {id(item) for item in whole}
    kept |= {id(part) for item in whole if isinstance(item, list) for part in item}
    read = {span.id for span in annotation.spans}
    for item in result:
        if id(item) in kept:
            continue
        assert isinstance(item, dict)
        if item.get("type") == "relation":
            continue
        # Read as a region, or as one that stands in text order behind the first part of its span.
        joined = {
            end
            for r in result
            if isinstance(r, dict)
            for end in (str(r.get("from_id")), str(r.get("to_id")))
        }
        assert item["id"] in read | joined


# ----------------------------------------------------------------------------- there and back


def held(annotation: Annotation) -> Annotation:
    """Return what Label Studio can hold of an annotation, as it comes back."""

    def fits(span: Span) -> bool:
        formless = span.label == "quote" and "form" not in span.attributes
        return not formless and not (span.label == "source" and len(span.fragments) > 1)

    spans = tuple(
        Span(
            s.id,
            s.label,
            s.fragments,
            {k: s.attributes[k] for k in {*s.attributes} - {"granularity"}},
        )
        for s in annotation.spans
        if fits(s)
    )
    known = {span.id for span in spans}
    roles: dict[str, dict[str, set[str]]] = {}
    for attribution in annotation.attributions:
        for content in attribution.content:
            for role, ids in attribution.roles():
                if role != "content" and content in known and known & set(ids):
                    roles.setdefault(content, {}).setdefault(role, set()).update(known & set(ids))
    return Annotation(
        doc_id=annotation.doc_id,
        sha256=annotation.sha256,
        spans=spans,
        attributions=tuple(
            Attribution(id=c, content=[c], **{k: tuple(v) for k, v in r.items()})  # type: ignore[arg-type]
            for c, r in roles.items()
        ),
    )


@given(st.data())
def test_out_and_back_is_the_identity_on_what_label_studio_holds(data: st.DataObject) -> None:
    document = data.draw(documents())
    annotation = data.draw(annotations(document))
    result, lost = from_model(document, annotation)
    result = data.draw(st.permutations(json.loads(json.dumps(result))))
    back, refused = to_model(result, document)
    assert not refused
    assert back == held(annotation)
    assert to_model(from_model(document, back)[0], document) == (back, [])
    if not lost:
        assert back.spans == annotation.spans
        named = [(a.content, a.source, a.cue, a.addressee) for a in annotation.attributions]
        assert named == [(a.content, a.source, a.cue, a.addressee) for a in back.attributions]


def test_what_label_studio_cannot_hold_is_named() -> None:
    annotation = Annotation(
        doc_id="d",
        spans=[
            Span("q", "quote", [(0, 7)]),
            Span("s", "source", [(8, 11), (12, 17)]),
            Span("c", "claim", [(1, 5)], {"granularity": "span"}),
            Span("c2", "claim", [(27, 31)]),
        ],
        attributions=[
            Attribution(id="a1", content=["c"]),
            Attribution(id="a2", content=["c", "c2"], source=["s"]),
        ],
    )
    result, lost = from_model(TEXT, annotation)
    assert {item["id"] for item in result} == {"c", "c2"}
    assert sorted(f"{p.span}{p.attribution}: {p.what}" for p in lost) == [
        "a1: has neither source, cue nor addressee: no relation shows it",
        "a2: has several content spans: comes back as one attribution for each",
        "a2: shares content with another attribution: they come back as one",
        "c: granularity has no place in Label Studio",
        "q: has no form",
        "s: is a source in several parts",
    ]
    assert all(p.doc_id == "d" for p in lost)


def test_ids_of_fragments_are_new_and_valid() -> None:
    names = ["x" * 128, "x" * 126 + ".2", "y", "y.2"]
    starts = count(0, 4)
    spans = [
        Span(n, "cue", [(s, s + 1), (s + 2, s + 3)]) for n, s in zip(names, starts, strict=False)
    ]
    annotation = Annotation(doc_id="d", sha256=TEXT.sha256, spans=spans)
    result, _ = from_model(TEXT, annotation)
    regions = [item["id"] for item in result if item["type"] == "labels"]
    assert len(set(regions)) == len(regions) == 8
    assert to_model(result, TEXT) == (annotation, [])


def test_labels_of_another_text_are_not_written() -> None:
    with pytest.raises(DataError, match="sha256"):
        from_model(TEXT, Annotation(doc_id="d", sha256="0" * 64, spans=[]))
    with pytest.raises(DataError, match="ends at 999"):
        from_model(TEXT, Annotation(doc_id="d", spans=[Span("s", "cue", [(0, 999)])]))
