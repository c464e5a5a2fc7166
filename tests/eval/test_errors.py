"""Every label stands in one finding, whose kinds are what docs/errors.md says they are."""

from collections import Counter
from fractions import Fraction

import brute_force
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import TEXT, documents, layer_pairs

from inquit.corpus import Annotation, Attribution, DataError, Document, Span, Ungrounded
from inquit.eval import Finding, errors_of, errors_table, score
from inquit.eval.counting import matching
from inquit.eval.errors import KINDS
from inquit.eval.measures import HEADLINE

CLOSE = ("quote", "source", "claim")
HALF = Fraction(1, 2)

pairs_of_layers = st.one_of(layer_pairs(), layer_pairs(labels=CLOSE, most=9))


def found_in(gold, predicted) -> list[list[Finding]]:
    texts = documents([a.doc_id for a in gold])
    return errors_of(texts, gold, {a.doc_id: a for a in predicted})


class Labels:
    """One annotation by the definitions: sets of characters, forms, labels, what is ignored."""

    def __init__(self, annotation: Annotation, gold: Annotation) -> None:
        self.spans = annotation.by_id()
        self.gold = gold
        self.attributions = {a.id: a for a in annotation.attributions}
        self.named = {i for a in annotation.attributions for i in a.content}
        self.lone = {
            i
            for i, s in self.spans.items()
            if s.label in ("quote", "claim") and i not in self.named
        }

    def of(self, name: str, *, attribution: bool) -> list[Span]:
        ids = self.attributions[name].content if attribution else (name,)
        return [self.spans[i] for i in ids]

    def source(self, name: str) -> frozenset[int]:
        return brute_force.characters([self.spans[i] for i in self.attributions[name].source])

    def ignored(self, spans: list[Span]) -> bool:
        return brute_force.ignored(brute_force.characters(spans), self.gold)


def forms(spans: list[Span]) -> set[str]:
    return {s.attributes["form"] for s in spans if "form" in s.attributes}


def kind_of_span(span: Span) -> tuple[str, ...]:
    """What a lone span is compared with: its label, for whole sentences their worth too."""
    sentence = span.attributes.get("granularity") == "sentence"
    return (span.label, *(("sentence", span.attributes.get("check_worthy", "")) * sentence))


def overlap(a: list[Span], b: list[Span]) -> Fraction:
    return brute_force.iou(brute_force.characters(a), brute_force.characters(b))


@st.composite
def partly_ungrounded(draw: st.DrawFn) -> tuple[list[Annotation], list[Annotation]]:
    """Layers of which some predictions are given in words that are not in the text."""
    gold, predicted = draw(pairs_of_layers)
    return gold, [_ungrounded(a, draw(st.sets(st.sampled_from(range(9))))) for a in predicted]


def _ungrounded(annotation: Annotation, lost: set[int]) -> Annotation:
    gone = [s for n, s in enumerate(annotation.spans) if n in lost and s.label != "ignore"]
    return Annotation(
        doc_id=annotation.doc_id,
        spans=[s for s in annotation.spans if s not in gone],
        attributions=annotation.attributions,
        ungrounded=[Ungrounded(s.id, s.label, "x" * (s.end - s.start), s.attributes) for s in gone],
    )


# What is counted


@settings(deadline=None, max_examples=80)
@given(st.one_of(pairs_of_layers, partly_ungrounded()))
def test_hits_misses_and_spurious_ones_are_those_of_the_headline(layers) -> None:
    gold, predicted = layers
    scored = score(gold, predicted, [HEADLINE], resamples=0, trivial=False)
    found = [[f for f in part if not f.ignored] for part in found_in(gold, predicted)]
    counts = []
    for part in found:
        joint = [f for f in part if f.target == "attribution"]
        tp = sum(f.hit for f in joint)
        linked = [f for f in joint if f.predicted is not None and "unlinked" not in f.kinds]
        counts.append([tp, len(linked) - tp, sum(f.gold is not None for f in joint) - tp])
    assert scored[HEADLINE].counts.tolist() == counts
    table = errors_table(found)
    assert table["attribution"]["hit"] == sum(row[0] for row in counts)


@settings(deadline=None, max_examples=80)
@given(pairs_of_layers)
def test_every_label_stands_in_exactly_one_finding(layers) -> None:
    for part, a, b in zip(found_in(*layers), *layers, strict=True):
        gold, predicted = Labels(a, a), Labels(b, a)
        joint = [f for f in part if f.target == "attribution"]
        spans = [f for f in part if f.target != "attribution"]
        unlinked = [f for f in joint if "unlinked" in f.kinds]
        assert Counter(f.gold for f in joint if f.gold) == Counter(list(gold.attributions))
        assert Counter(f.gold for f in spans if f.gold) == Counter(gold.lone)
        linked = [f.predicted for f in joint if f.predicted and f not in unlinked]
        assert Counter(linked) == Counter(list(predicted.attributions))
        alone = Counter(f.predicted for f in [*spans, *unlinked] if f.predicted)
        assert set(alone) - predicted.named == predicted.lone
        assert set(alone.values()) <= {1}


@settings(deadline=None, max_examples=80)
@given(partly_ungrounded())
def test_what_is_ungrounded_is_listed_as_such(layers) -> None:
    for part, b in zip(found_in(*layers), layers[1], strict=True):
        lost = {u.id for u in b.ungrounded}
        attributions = {a.id: a for a in b.attributions}
        listed = set()
        for finding in part:
            if finding.predicted is None:
                continue
            joint = finding.target == "attribution" and "unlinked" not in finding.kinds
            given_in = attributions.get(finding.predicted) if joint else None
            content = given_in.content if given_in else (finding.predicted,)
            ids = {*content, *(given_in.source if given_in else ())}
            listed |= ids
            assert ("ungrounded" in finding.kinds) == bool(ids & lost)
            assert finding.gold is not None or (finding.start is None) == ({*content} <= lost)
            if {*content} <= lost:
                assert finding.kinds == ("spurious", "ungrounded")
        contents = {u.id for u in b.ungrounded if u.label in ("quote", "claim")}
        assert contents <= listed


@settings(deadline=None, max_examples=100)
@given(pairs_of_layers)
def test_kinds_are_those_of_the_definitions(layers) -> None:
    for part, a, b in zip(found_in(*layers), *layers, strict=True):
        gold, predicted = Labels(a, a), Labels(b, a)
        for finding in part:
            assert finding.kinds == expected_kinds(finding, gold, predicted)
            assert finding.kinds or finding.hit


def expected_kinds(finding: Finding, gold: Labels, predicted: Labels) -> tuple[str, ...]:
    joint, unlinked = finding.target == "attribution", "unlinked" in finding.kinds
    if finding.gold is None or finding.predicted is None:
        side, name, kind = (
            (gold, finding.gold, "missed")
            if finding.predicted is None
            else (predicted, finding.predicted, "spurious")
        )
        assert name is not None
        spans = side.of(name, attribution=joint)
        assert finding.ignored == side.ignored(spans)
        assert finding.start == min(s.start for s in spans)
        assert not finding.hit
        return (kind,)
    left = gold.of(finding.gold, attribution=joint)
    right = predicted.of(finding.predicted, attribution=joint and not unlinked)
    iou = overlap(left, right)
    chars = [brute_force.characters(spans) for spans in (left, right)]
    assert finding.ignored == gold.ignored(left) == predicted.ignored(right)
    assert finding.start == min(s.start for s in left)
    wrong_source = False
    if unlinked:
        assert finding.predicted in predicted.lone
        assert iou >= HALF
        assert {s.label for s in left} & {s.label for s in right}
    elif joint:
        sources = gold.source(finding.gold), predicted.source(finding.predicted)
        wrong_source = not brute_force.roles_agree("iou50", *sources, TEXT)
    else:
        assert kind_of_span(left[0]) == kind_of_span(right[0])
        assert finding.target == left[0].label
    assert iou > 0
    assert finding.hit == (iou >= HALF and not wrong_source and not unlinked)
    is_it = {
        "boundary": iou < HALF or not brute_force.fits("trim", *chars, TEXT),
        "wrong form": forms(left) != forms(right) and bool(forms(left) and forms(right)),
        "wrong source": wrong_source,
        "unlinked": unlinked,
    }
    return tuple(kind for kind, holds in is_it.items() if holds)


@settings(deadline=None, max_examples=80)
@given(pairs_of_layers)
def test_nothing_that_could_be_joined_is_left_apart(layers) -> None:
    for part, a, b in zip(found_in(*layers), *layers, strict=True):
        gold, predicted = Labels(a, a), Labels(b, a)
        missed = [f for f in part if f.predicted is None]
        spurious = [f for f in part if f.gold is None]
        for x in missed:
            for y in spurious:
                if x.ignored != y.ignored:
                    continue
                left = gold.of(x.gold, attribution=x.target == "attribution")
                right = predicted.of(y.predicted, attribution=y.target == "attribution")
                iou = overlap(left, right)
                if x.target == y.target == "attribution":
                    assert iou == 0
                elif x.target == "attribution":
                    assert iou < HALF or y.target not in {s.label for s in left}
                elif y.target == x.target and kind_of_span(left[0]) == kind_of_span(right[0]):
                    assert iou == 0


@settings(deadline=None, max_examples=100)
@given(layer_pairs(labels=("quote", "source"), most=9))
def test_of_all_matchings_hits_have_the_largest_iou(layers) -> None:
    for part, a, b in zip(found_in(*layers), *layers, strict=True):
        gold, predicted = Labels(a, a), Labels(b, a)

        def value(x, y):
            iou = brute_force.iou(x["content"], y["content"])
            agree = brute_force.roles_agree("iou50", x["source"], y["source"], TEXT)
            return (1, round(float(iou) * 10**6), 0) if iou >= HALF and agree else None

        items = (brute_force.attribution_items(side, a, {}) for side in (a, b))
        most, total, _ = brute_force.best_matching(*items, value)
        hits = [f for f in part if f.hit and f.target == "attribution"]
        sums = [
            overlap(gold.of(f.gold, attribution=True), predicted.of(f.predicted, attribution=True))
            for f in hits
        ]
        assert (len(hits), sum(round(float(iou) * 10**6) for iou in sums)) == (most, total)


# What does not matter


@settings(deadline=None, max_examples=40)
@given(layer_pairs(documents=4), st.randoms())
def test_the_order_of_documents_and_labels_does_not_matter(layers, random) -> None:
    gold, predicted = layers
    by_document = dict(zip([a.doc_id for a in gold], found_in(gold, predicted), strict=True))
    mixed = [
        [
            Annotation(
                doc_id=a.doc_id,
                spans=random.sample(a.spans, len(a.spans)),
                attributions=random.sample(a.attributions, len(a.attributions)),
            )
            for a in random.sample(side, len(side))
        ]
        for side in (gold, predicted)
    ]
    again = dict(zip([a.doc_id for a in mixed[0]], found_in(*mixed), strict=True))
    assert again == by_document


@settings(deadline=None, max_examples=40)
@given(layer_pairs())
def test_gold_has_no_errors_against_itself(layers) -> None:
    gold, _ = layers
    for part in found_in(gold, gold):
        for finding in part:
            assert finding.hit
            assert finding.kinds == ()


@settings(deadline=None, max_examples=40)
@given(layer_pairs(labels=("quote", "claim", "source", "cue"), most=9))
def test_hits_are_the_same_with_gold_and_prediction_swapped(layers) -> None:
    gold, predicted = layers
    there, back = found_in(gold, predicted), found_in(predicted, gold)
    for a, b in zip(there, back, strict=True):
        assert sum(f.hit for f in a if f.target == "attribution") == sum(
            f.hit for f in b if f.target == "attribution"
        )


SENTENCE = "abcdefghij"


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[Document, Annotation, Annotation]:
    """Attributions far apart, some of them with other ends, without source, or gone."""
    n = draw(st.integers(1, 6))
    text = Document(doc_id="d", text=(SENTENCE + " said X. ") * n)
    step = len(SENTENCE) + 9
    sides: tuple[list, list] = ([], [])
    for k in range(n):
        at = k * step
        for side in sides:
            if draw(st.booleans()) or draw(st.booleans()):
                end = at + draw(st.sampled_from([3, 8, 10]))
                sourced = draw(st.booleans())
                side.append((k, (at, end), (at + 16, at + 17) if sourced else None))
    return text, *(_annotation(side) for side in sides)


def _annotation(found) -> Annotation:
    spans, attributions = [], []
    for k, content, source in found:
        spans.append(Span(f"q{k}", "quote", [content]))
        if source:
            spans.append(Span(f"s{k}", "source", [source]))
        sources = [f"s{k}"] if source else []
        attributions.append(Attribution(id=f"a{k}", content=[f"q{k}"], source=sources))
    return Annotation(doc_id="d", spans=spans, attributions=attributions)


@settings(deadline=None)
@given(disturbed())
def test_swapping_gold_and_prediction_swaps_missed_and_spurious(case) -> None:
    text, a, b = case
    other = {"missed": "spurious", "spurious": "missed"}
    there, back = errors_of([text], [a], {"d": b})[0], errors_of([text], [b], {"d": a})[0]
    swapped = {(tuple(other.get(k, k) for k in f.kinds), f.predicted, f.gold, f.hit) for f in back}
    assert swapped == {(f.kinds, f.gold, f.predicted, f.hit) for f in there}


# Each kind once


WORDS = "“Rain,” said Ann. “Snow, lots of snow,” said Bo. Fog is likely. No one knows why."
RAIN, ANN, SNOW, BO, FOG = (0, 7), (13, 16), (18, 39), (45, 47), (49, 62)


def labels(*said, lone=(), ungrounded=(), ignore=()) -> Annotation:
    """Attributions as (content, form, source), and lone spans as (label, where)."""
    spans, attributions = [], []
    for n, (content, form, source) in enumerate(said):
        sources = []
        if not isinstance(content, str):
            spans.append(Span(f"q{n}", "quote", [content], {"form": form} if form else {}))
        if source is not None:
            sources = [source if isinstance(source, str) else f"s{n}"]
        if sources == [f"s{n}"]:
            spans.append(Span(f"s{n}", "source", [source]))
        named = content if isinstance(content, str) else f"q{n}"
        attributions.append(Attribution(id=f"a{n}", content=[named], source=sources))
    spans += [Span(f"l{n}", label, [where]) for n, (label, where) in enumerate(lone)]
    spans += [Span(f"i{n}", "ignore", [where]) for n, where in enumerate(ignore)]
    return Annotation(doc_id="d", spans=spans, attributions=attributions, ungrounded=ungrounded)


def kinds(gold: Annotation, predicted: Annotation) -> list[tuple]:
    text = Document(doc_id="d", text=WORDS)
    return [
        (f.target, f.kinds, f.gold, f.predicted)
        for f in errors_of([text], [gold], {"d": predicted})[0]
    ]


LOST = (Ungrounded("u", "quote", "Hail!"), Ungrounded("v", "source", "the mayor"))
CASES = {
    "correct": (labels((RAIN, "direct", ANN)), [((), "a0", "a0")]),
    "missed": (labels(), [(("missed",), "a0", None)]),
    "quote marks are no boundary error": (labels(((1, 6), "direct", ANN)), [((), "a0", "a0")]),
    "boundary": (labels(((0, 4), "direct", ANN)), [(("boundary",), "a0", "a0")]),
    "boundary, far": (labels(((1, 3), "direct", ANN)), [(("boundary",), "a0", "a0")]),
    "wrong form": (labels((RAIN, "mixed", ANN)), [(("wrong form",), "a0", "a0")]),
    "no form is no wrong form": (labels((RAIN, "", ANN)), [((), "a0", "a0")]),
    "wrong source": (labels((RAIN, "direct", BO)), [(("wrong source",), "a0", "a0")]),
    "no source": (labels((RAIN, "direct", None)), [(("wrong source",), "a0", "a0")]),
    "several": (
        labels(((0, 3), "mixed", BO)),
        [(("boundary", "wrong form", "wrong source"), "a0", "a0")],
    ),
    "unlinked": (labels(lone=[("quote", RAIN)]), [(("unlinked",), "a0", "l0")]),
    "unlinked, cut": (
        labels(lone=[("quote", (0, 4))]),
        [(("boundary", "unlinked"), "a0", "l0")],
    ),
    "ungrounded content": (
        labels(("u", "", ANN), ungrounded=LOST[:1]),
        [(("missed",), "a0", None), (("spurious", "ungrounded"), None, "a0")],
    ),
    "ungrounded source": (
        labels((RAIN, "direct", "v"), ungrounded=LOST[1:]),
        [(("wrong source", "ungrounded"), "a0", "a0")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_attribution(name: str) -> None:
    predicted, expected = CASES[name]
    found = kinds(labels((RAIN, "direct", ANN)), predicted)
    assert found == [("attribution", *rest) for rest in expected]


def test_a_source_too_many_is_a_wrong_source() -> None:
    found = kinds(labels((RAIN, "", None)), labels((RAIN, "", ANN)))
    assert found == [("attribution", ("wrong source",), "a0", "a0")]


def test_an_ungrounded_lone_quote_is_spurious_and_has_no_place() -> None:
    predicted = labels(ungrounded=LOST)
    text = Document(doc_id="d", text=WORDS)
    found = errors_of([text], [labels()], {"d": predicted})[0]
    assert found == [Finding("quote", ("spurious", "ungrounded"), None, "u", None, hit=False)]


def test_an_ungrounded_source_beside_a_right_one_is_no_wrong_source() -> None:
    predicted = Annotation(
        doc_id="d",
        spans=[Span("q", "quote", [RAIN]), Span("s", "source", [ANN])],
        ungrounded=LOST[1:],
        attributions=[Attribution(id="p", content=["q"], source=["s", "v"])],
    )
    found = kinds(labels((RAIN, "", ANN)), predicted)
    assert found == [("attribution", ("ungrounded",), "a0", "p")]


def test_content_partly_out_of_the_text_is_a_boundary_error() -> None:
    predicted = Annotation(
        doc_id="d",
        spans=[Span("q", "quote", [SNOW]), Span("s", "source", [BO])],
        ungrounded=[Ungrounded("u", "quote", "Hail!")],
        attributions=[Attribution(id="p", content=["q", "u"], source=["s"])],
    )
    found = kinds(labels((SNOW, "", BO)), predicted)
    assert found == [("attribution", ("boundary", "ungrounded"), "a0", "p")]


def test_lone_claims_and_quotes_are_compared_label_by_label() -> None:
    gold = labels(lone=[("claim", FOG), ("quote", RAIN)])
    predicted = labels(lone=[("claim", (49, 58)), ("claim", RAIN)])
    assert kinds(gold, predicted) == [
        ("quote", ("missed",), "l1", None),
        ("claim", ("spurious",), None, "l1"),
        ("claim", ("boundary",), "l0", "l0"),
    ]


def test_a_lone_gold_quote_is_found_within_a_spurious_attribution() -> None:
    found = kinds(labels(lone=[("quote", RAIN)]), labels((RAIN, "", ANN)))
    assert found == [
        ("quote", (), "l0", "q0"),
        ("attribution", ("spurious",), None, "a0"),
    ]


def test_what_an_attribution_with_a_partner_names_is_not_joined_twice() -> None:
    gold = labels((RAIN, "", ANN), lone=[("quote", RAIN)])
    found = kinds(gold, labels((RAIN, "", ANN), ("q0", "", BO)))
    assert found == [
        ("attribution", (), "a0", "a0"),
        ("quote", ("missed",), "l0", None),
        ("attribution", ("spurious",), None, "a1"),
    ]


def test_a_quote_twice_is_spurious_once() -> None:
    gold = labels((RAIN, "", ANN))
    found = kinds(gold, labels((RAIN, "", ANN), lone=[("quote", RAIN)]))
    assert found == [("attribution", (), "a0", "a0"), ("quote", ("spurious",), None, "l0")]


def test_a_right_source_goes_before_a_better_fit() -> None:
    gold = labels((RAIN, "", ANN))
    found = kinds(gold, labels((RAIN, "", BO), ((0, 4), "", ANN)))
    assert found == [
        ("attribution", ("boundary",), "a0", "a1"),
        ("attribution", ("spurious",), None, "a0"),
    ]


def test_found_words_go_before_an_attribution_that_only_touches_them() -> None:
    gold = labels((SNOW, "", BO))
    found = kinds(gold, labels(((36, 47), "", None), lone=[("quote", SNOW)]))
    assert found == [
        ("attribution", ("unlinked",), "a0", "l0"),
        ("attribution", ("spurious",), None, "a0"),
    ]


def test_ignored_labels_are_listed_and_not_counted() -> None:
    gold = labels((RAIN, "", ANN), lone=[("quote", SNOW)], ignore=[(0, 39)])
    predicted = labels((RAIN, "", BO), lone=[("quote", (30, 62))])
    text = Document(doc_id="d", text=WORDS)
    found = errors_of([text], [gold], {"d": predicted})
    assert [(f.kinds, f.ignored) for f in found[0]] == [
        (("wrong source",), True),
        (("missed",), True),
        (("spurious",), False),
    ]
    table = errors_table(found)
    assert sum(table["attribution"].values()) == 0
    assert table["quote"] == dict.fromkeys(("correct", "hit", *KINDS), 0) | {"spurious": 1}


def test_a_document_without_prediction_is_missed() -> None:
    text = Document(doc_id="d", text=WORDS)
    found = errors_of([text], [labels((RAIN, "", ANN))], {})
    assert [f.kinds for f in found[0]] == [("missed",)]
    assert errors_of([], [], {}) == []


def test_bad_labels_and_too_much_overlap_are_refused(monkeypatch) -> None:
    text = Document(doc_id="d", text=WORDS)
    far = Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9999)])])
    with pytest.raises(DataError, match="ends at 9999"):
        errors_of([text], [labels()], {"d": far})
    monkeypatch.setattr(matching, "TANGLE_LIMIT", 1)
    both = labels((RAIN, "", ANN), (RAIN, "", ANN))
    with pytest.raises(DataError, match="too many to list"):
        errors_of([text], [both], {"d": both})
    monkeypatch.setattr(matching, "CHUNK", 0)
    monkeypatch.setattr(matching, "PAIR_LIMIT", 1)
    with pytest.raises(DataError, match="document 'd'"):
        errors_of([text], [both], {"d": both})
