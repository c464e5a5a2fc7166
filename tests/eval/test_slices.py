"""Slices: each is what the measure gives for the data cut down by hand."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from commands import inquit
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import TEXT, documents, layer_pairs

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
)
from inquit.eval import score
from inquit.eval.slicing.slices import slice_scores
from inquit.eval.slicing.values import SliceError

QUOTE, SAID = "quote.f1@iou50", "attribution.f1@iou50"
MEASURES = [
    "quote.f1@exact",
    QUOTE,
    "quote.f1@char",
    "quote.f1@trim",
    "span.f1@overlap",
    SAID,
    "triple.f1@exact",
]


def keep(annotation: Annotation, wanted, *, joint: bool) -> Annotation:
    """Cut an annotation down to the wanted items, and what they need."""
    if joint:
        kept = tuple(a for a in annotation.attributions if wanted(annotation, a))
        return msgspec.structs.replace(annotation, attributions=kept)
    spans = tuple(s for s in annotation.spans if s.label == "ignore" or wanted(annotation, s))
    return msgspec.structs.replace(annotation, spans=spans, attributions=())


def extent(annotation: Annotation, item: Span | Attribution) -> set[int]:
    spans = (
        [annotation.by_id()[i] for i in item.content] if isinstance(item, Attribution) else [item]
    )
    return {i for s in spans for a, b in s.fragments for i in range(a, b)}


def has_form(form: str):
    def wanted(annotation, item):
        if isinstance(item, Span):
            return item.attributes.get("form") == form
        return any(annotation.by_id()[i].attributes.get("form") == form for i in item.content)

    return wanted


def is_nested(annotation, item) -> bool:
    mine = extent(annotation, item)
    others = (
        annotation.attributions
        if isinstance(item, Attribution)
        else [s for s in annotation.spans if s.label == item.label]
    )
    return any(mine < extent(annotation, other) for other in others)


def has_gap(annotation, item) -> bool:
    chars = extent(annotation, item)
    return len(chars) < max(chars) - min(chars) + 1


def is_short(annotation, item) -> bool:
    return len(extent(annotation, item)) < 20


def is_near(annotation, item) -> bool:
    source = {i for s in item.source for i in extent(annotation, annotation.by_id()[s])}
    gaps = [abs(a - b) - 1 for a in extent(annotation, item) for b in source]
    return bool(gaps) and max(0, min(gaps)) < 10


CASES = [
    *[("form", f, has_form(f)) for f in ("direct", "indirect", "free_indirect")],
    ("nested", "yes", is_nested),
    ("discontinuous", "yes", has_gap),
    ("length", "0–19", is_short),
    ("distance", "0–9", is_near),
]


@settings(max_examples=60, deadline=None)
@given(layer_pairs(), st.sampled_from(CASES), st.sampled_from(MEASURES))
def test_a_slice_of_items_is_the_measure_over_those_items(pair, case, measure) -> None:
    gold, predicted = pair
    name, value, wanted = case
    joint = measure.startswith(("attribution", "triple"))
    docs = documents([a.doc_id for a in gold])
    [found] = slice_scores(gold, predicted, [name], [measure], documents=docs, resamples=0)
    if name == "distance" and not joint:
        assert not found.parts and "only attributions" in found.note
        return
    parts = {part.value: part.scores for part in found.parts}
    if value not in parts:
        return
    for side, statistic in ((0, "r"), (1, "p")):
        if statistic not in parts[value]:
            assert name == "form" and "no prediction has form" in found.note
            continue
        cut = [gold, predicted]
        cut[side] = [keep(a, wanted, joint=joint) for a in cut[side]]
        if side == 1 and not joint:
            cut[0] = [msgspec.structs.replace(a, attributions=()) for a in cut[0]]
        alike = [measure.replace(".f1", f".{statistic}")]
        same = score(*cut, alike, documents=docs, trivial=False, resamples=0)
        [alone] = same
        got = parts[value][statistic]
        assert got.tp.tolist() == alone.tp.tolist()
        other = ("fn", "fp")[side]
        assert getattr(got, other).tolist() == getattr(alone, other).tolist()
        assert not getattr(got, ("fp", "fn")[side]).any()


@settings(max_examples=25, deadline=None)
@given(layer_pairs(), st.randoms())
def test_counts_depend_on_no_order_and_add_up(pair, random) -> None:
    names = ["form", "nested", "length", "discontinuous"]
    gold, predicted = pair

    def counts(a, b):
        return {
            (s.name, str(s.measure), p.value, n): dict(
                zip((x.doc_id for x in a), c.counts.tolist(), strict=True)
            )
            for s in slice_scores(
                a, b, names, MEASURES, documents=documents([x.doc_id for x in a]), resamples=0
            )
            for p in s.parts
            for n, c in p.scores.items()
        }

    whole = counts(gold, predicted)
    mixed = list(gold), list(predicted)
    for side in mixed:
        random.shuffle(side)
    assert counts(*mixed) == whole
    alone = [counts([a], [b]) for a, b in zip(gold, predicted, strict=True)]
    for key, found in whole.items():
        if key[0] == "form" and key[3] == "p":
            continue  # whether it can be told depends on all predictions
        for part in alone:
            for doc_id, numbers in part.get(key, {}).items():
                assert found[doc_id] == numbers


def labels(doc_id: str, *, hit: bool = True, form: str = "direct") -> Annotation:
    span = Span("q", "quote", [(0, 6) if hit else (8, 12)], {"form": form})
    return Annotation(doc_id=doc_id, spans=[span])


def test_a_slice_of_documents_is_the_measure_over_them() -> None:
    docs = [
        Document(
            doc_id=f"d{i}", text=TEXT, language="en" if i % 3 else "de",
            publisher=None if i else "Post", meta={"desk": ["home", "city"][: i % 3], "n": i > 3},
        )
        for i in range(24)
    ]  # fmt: skip
    gold = [labels(d.doc_id) for d in docs]
    predicted = [labels(d.doc_id, hit=i % 4 > 0) for i, d in enumerate(docs)]
    names = ["language", "publisher", "meta.desk", "meta.n"]
    for found in slice_scores(gold, predicted, names, [QUOTE], documents=docs):
        for part in found.parts:
            kept = [i for i, d in enumerate(docs) if part.value in values(found.name, d)]
            assert part.documents == len(kept) > 0
            alone = score([gold[i] for i in kept], [predicted[i] for i in kept], [QUOTE])[QUOTE]
            mine = part.scores["f1"]
            assert mine.value == alone.value
            assert [(mine.low, mine.high)] == [(alone.low, alone.high)] or len(kept) < 10
            if len(kept) < 10:
                assert mine.interval.why_none == f"fewer than 10 documents ({len(kept)})"
    by_desk = {s.name: [p.value for p in s.parts] for s in slice_scores(
        gold, predicted, names, [QUOTE], documents=docs, resamples=0)}  # fmt: skip
    assert by_desk["meta.desk"] == ["home", "city", "(none)"]
    assert by_desk["publisher"] == ["Post", "(none)"]
    assert by_desk["meta.n"] == ["true", "false"]


def values(name: str, document: Document) -> list[str]:
    value = document.meta[name[5:]] if name.startswith("meta.") else getattr(document, name)
    if isinstance(value, bool):
        return [str(value).lower()]
    return (value if isinstance(value, list) else [value] if value else []) or ["(none)"]


def test_paragraphs_are_crossed_by_visible_characters_only() -> None:
    text = "One two.\n\nThree four.\n"
    spans = [(0, 8), (0, 15), (8, 15), (0, 10), (10, 22)]
    gold = [
        Annotation(doc_id="d", spans=[Span(f"q{i}", "quote", [s]) for i, s in enumerate(spans)])
    ]
    doc = Document(doc_id="d", text=text)
    [found] = slice_scores(gold, gold, ["crosses-paragraph"], ["quote.r@exact"], documents=[doc])
    assert found["yes"].scores["r"].tp.tolist() == [1]
    assert found["no"].scores["r"].tp.tolist() == [4]
    with pytest.raises(DataError, match="needs the documents"):
        slice_scores(gold, gold, ["crosses-paragraph"], [QUOTE])


@pytest.mark.parametrize(
    ("fragments", "crosses"),
    [
        ([(0, 3), (15, 16)], False),  # a space of the second paragraph
        ([(3, 4), (10, 15)], False),  # a space of the first
        ([(3, 4), (15, 16)], False),
        ([(3, 5), (15, 16)], False),
        ([(3, 5), (15, 17)], True),
        ([(0, 1), (3, 4), (15, 16), (20, 21)], True),
    ],
)
def test_a_fragment_of_white_space_crosses_nothing(fragments, crosses) -> None:
    text = "One two.\n\nThree four.\n"
    gold = [Annotation(doc_id="d", spans=[Span("q", "quote", fragments)])]
    docs = [Document(doc_id="d", text=text)]
    [found] = slice_scores(gold, gold, ["crosses-paragraph"], ["quote.r@exact"], documents=docs)
    assert [part.value for part in found.parts] == ["yes" if crosses else "no"]


def test_distances_reach_over_gaps_and_say_where_there_is_no_source() -> None:
    spans = [Span("q", "quote", [(0, 4), (40, 44)]), Span("s", "source", [(15, 20)])]
    said = [Attribution(id="a", content=["q"], source=["s"]), Attribution(id="b", content=["q"])]
    gold = [Annotation(doc_id="d", spans=spans, attributions=said)]
    [found] = slice_scores(gold, gold, ["distance"], resamples=0)
    assert [(p.value, int(p.scores["r"].tp.sum())) for p in found.parts] == [
        ("10–49", 1), ("no source", 1),
    ]  # fmt: skip


def test_accuracy_and_one_sided_measures() -> None:
    gold, predicted = [labels("d")], [labels("d", form="mixed")]
    [found] = slice_scores(gold, predicted, ["form"], ["quote.p@exact"], resamples=0)
    assert list(found["mixed"].scores) == ["p"]
    assert found["mixed"].scores["p"].value == 1 and np.isnan(found["direct"].scores["p"].value)
    spans = [Span("q", "quote", [(0, 4)], {"form": "direct"})]
    said = [Attribution(id="a", content=["q"])]
    gold = [Annotation(doc_id="d", spans=spans, attributions=said)]
    [found] = slice_scores(gold, gold, ["form"], ["source.acc@overlap|content"], resamples=0)
    assert found["direct"].scores["acc"].value == 1
    [found] = slice_scores(gold, gold, ["certainty"], [QUOTE], resamples=0)
    assert (found.parts, found.note) == ((), "a quote has no certainty")


def test_unknown_slices_are_refused_all_at_once() -> None:
    docs = documents(["d"])
    with pytest.raises(SliceError) as caught:
        slice_scores([labels("d")], [], ["fro", "from", "meta.desk"], documents=docs)
    assert "did you mean 'form'?" in str(caught.value)
    assert "no document has 'meta.desk'" in str(caught.value)
    for name in ("language", "meta.desk"):
        with pytest.raises(DataError, match="needs the documents"):
            slice_scores([labels("d")], [], [name])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    docs = [
        Document(doc_id=f"d{i}", text=TEXT, meta={"desk": "[red]home" if i else "city"})
        for i in range(12)
    ]
    layers = [
        Layer(name="gold", kind="adjudicated", annotations=[labels(d.doc_id) for d in docs]),
        Layer(name="mine", kind="rule", annotations=[labels(d.doc_id) for d in docs[:6]]),
    ]
    Corpus(CorpusInfo(name="port"), docs, layers).write(tmp_path / "port")
    return tmp_path / "port"


def test_the_command_shows_slices(capsys, corpus, monkeypatch) -> None:
    ask = ["eval", "score", corpus, corpus, "--pred-layer", "mine", "--slice", "form",
           "--slice", "meta.desk", "--measure", QUOTE]  # fmt: skip
    found = inquit(capsys, *ask, "--json").json["slices"]
    assert [(s["slice"], s["measure"]) for s in found] == [("form", QUOTE), ("meta.desk", QUOTE)]
    [direct] = found[0]["parts"]
    assert direct["value"] == "direct" and direct["documents"] == 12
    assert direct["scores"]["r"] | {"low": 0, "high": 0} == {
        "value": 0.5, "low": 0, "high": 0, "tp": 6, "fp": 0, "fn": 6, "documents": 12,
        "why_no_interval": "",
    }  # fmt: skip
    assert direct["scores"]["p"]["value"] == 1 and direct["scores"]["p"]["documents"] == 6
    few = found[1]["parts"][1]
    assert (few["value"], few["scores"]["f1"]["low"]) == ("city", None)
    assert few["scores"]["f1"]["why_no_interval"] == "fewer than 10 documents (1)"
    shown = inquit(capsys, *ask)
    assert shown.code == 0 and "[red]home" in shown.out and "under 10 docs" in shown.out
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        shown = inquit(capsys, *ask, "--slice", "crosses-paragraph")
        assert "…" not in shown.out and "6 / 12" in shown.out
        assert "crosses-paragraph" in shown.out and "precision" in shown.out
        assert "6 / 6" in shown.out and "counts: --json" not in shown.out
    plain = inquit(capsys, "eval", "score", corpus, corpus, "--pred-layer", "mine", "--json")
    assert "slices" not in plain.json


def test_the_command_refuses_what_it_does_not_know(capsys, corpus) -> None:
    ran = inquit(capsys, "eval", "score", corpus, corpus, "--pred-layer", "mine", "--slice", "fom")
    assert (ran.code, ran.out) == (1, "") and "did you mean 'form'?" in ran.err
    assert "meta.FIELD" in inquit(capsys, "eval", "measures").out
    assert "form" in json.loads(inquit(capsys, "eval", "measures", "--json").out)["slices"]


@settings(max_examples=20, deadline=None)
@given(layer_pairs())
def test_arrow_tables_are_sliced_as_objects_are(pair) -> None:
    names = ["form", "nested", "length", "discontinuous", "distance"]
    tables = [
        pa.Table.from_pylist([msgspec.to_builtins(a) for a in side], schema=SCHEMA) for side in pair
    ]
    shown = [
        [s.to_json() for s in slice_scores(*sides, names, [QUOTE, SAID], resamples=0)]
        for sides in (pair, tables)
    ]
    assert json.dumps(shown[0]) == json.dumps(shown[1])


_IDS = pa.list_(pa.string())
SCHEMA = pa.schema(
    {
        "doc_id": pa.string(),
        "spans": pa.list_(
            pa.struct(
                {
                    "id": pa.string(),
                    "label": pa.string(),
                    "fragments": pa.list_(pa.list_(pa.int64())),
                    "attributes": pa.struct({n: pa.string() for n in ("form", "kind")}),
                }
            )
        ),
        "attributions": pa.list_(
            pa.struct(
                {"id": pa.string()} | dict.fromkeys(("content", "source", "cue", "addressee"), _IDS)
            )
        ),
    }
)


def test_a_slice_of_few_groups_says_groups(capsys) -> None:
    from inquit.eval.commands.slice_table import show_slices

    docs = [Document(doc_id=f"d{i}", text=TEXT, group=f"g{i % 4}") for i in range(24)]
    gold = [labels(d.doc_id) for d in docs]
    found = slice_scores(gold, gold, ["form"], [QUOTE], documents=docs)
    assert found[0]["direct"].documents == 24
    show_slices(found)
    told = capsys.readouterr().out
    assert "under 10 groups" in told
    assert told.count("docs") == 2, "in the headings only"


def shown(capsys, slices) -> list[list[str]]:
    """Return the words of each row of the tables."""
    from inquit.eval.commands.slice_table import show_slices

    capsys.readouterr()
    show_slices(slices)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("quote.r@iou50", ["en", "12", "0.750", "0.417", "–", "0.917", "9", "/", "12"]),
        ("quote.p@iou50", ["en", "12", "0.600", "0.333", "–", "0.857", "9", "/", "15"]),
    ],
)
def test_a_share_of_documents_stands_beside_what_it_is_a_share_of(capsys, measure, row) -> None:
    docs = [Document(doc_id=f"d{i}", text=TEXT, language="en") for i in range(12)]
    gold = [labels(d.doc_id) for d in docs]
    predicted = [labels(d.doc_id, hit=i % 4 > 0) for i, d in enumerate(docs)]
    twice = Span("p", "quote", [(10, 14)])
    for i in range(1, 4):
        spans = [*predicted[i].spans, twice]
        predicted[i] = msgspec.structs.replace(predicted[i], spans=spans)
    found = slice_scores(gold, predicted, ["language"], [measure], documents=docs)
    assert row[:3] + row[6:] in [r[:3] + r[6:] for r in shown(capsys, found)]


def test_each_share_tells_over_how_many_documents_it_is(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    gold = [labels(f"d{i}") for i in range(15)]
    predicted = [labels(f"d{i}", form="direct" if i < 8 else "mixed") for i in range(15)]
    [found] = slice_scores(gold, predicted, ["form"], [QUOTE])
    assert (found["direct"].documents_of("r"), found["direct"].documents_of("p")) == (15, 8)
    assert (found["mixed"].documents_of("r"), found["mixed"].documents_of("p")) == (0, 7)
    rows = shown(capsys, [found])
    heading, direct = (" ".join(row[1:]) for row in (rows[3], rows[5]))
    assert heading == "docs recall 95 % interval of docs precision 95 % interval of"
    assert direct == "15 1.000 1.000 – 1.000 15 / 15 8 1.000 under 10 docs 8 / 8"
    assert ["0", "–", "undefined"] in [row[1:4] for row in rows]


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_number_of_a_slice_is_cut(capsys, monkeypatch, width) -> None:
    monkeypatch.setenv("COLUMNS", width)
    docs = [
        Document(doc_id=f"d{i}", text=TEXT, meta={"desk": "reported by " + "people " * (i % 3) * 3})
        for i in range(30)
    ]
    gold = [labels(d.doc_id) for d in docs]
    for name in ("form", "meta.desk", "crosses-paragraph"):
        found = slice_scores(gold, gold, [name], [QUOTE, "quote.p@exact"], documents=docs)
        words = shown(capsys, found)
        assert not any("…" in word for row in words for word in row)
        assert max(len(" ".join(row)) for row in words) <= int(width)
        parts = [part for sliced in found for part in sliced.parts]
        assert sum(row.count("1.000") for row in words) == 3 * sum(len(p.scores) for p in parts)
