"""Scores are what the definitions say, for every measure, over anything that can be labelled."""

import math
import random

import brute_force
import msgspec
import numpy as np
import pyarrow as pa
import pytest
from generators import labelled_documents
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import TEXT, documents, layer_pairs

from inquit.corpus import Annotation, Attribution, DataError, Document, Layer, Span
from inquit.eval import (
    Measure,
    MeasureError,
    attribution_f1_score,
    matches,
    score,
    span_f1_score,
)
from inquit.eval.measures import DEFAULT, HEADLINE, SPAN_TARGETS, catalogue

CLOSE = ("quote", "source", "cue")
MATCHES = ("exact", "trim", "iou01", "iou33", "iou50", "iou75", "overlap")
FILTERS = ("[form=direct]", "[kind=named]", "[granularity=sentence]", "[form=direct,kind=named]")


def quote(*fragments: tuple[int, int], doc_id: str = "d") -> Annotation:
    spans = tuple(Span(f"q{n}", "quote", (f,)) for n, f in enumerate(fragments))
    return Annotation(doc_id=doc_id, spans=spans)


def total(gold, predicted, name: str, **options) -> list[int]:
    found = score(gold, predicted, [name], resamples=0, trivial=False, **options)
    return found[name].counts.sum(axis=0).tolist()


def table(annotations: list[Annotation]) -> pa.Table:
    """What a layer file holds, as Arrow reads it."""
    spans = [
        [
            {
                "id": s.id,
                "label": s.label,
                "fragments": [list(f) for f in s.fragments],
                "attributes": dict(s.attributes) | {"form": s.attributes.get("form")},
            }
            for s in a.spans
        ]
        for a in annotations
    ]
    attributions = [
        [{"id": x.id, **{role: list(ids) for role, ids in x.roles()}} for x in a.attributions]
        for a in annotations
    ]
    attributes = pa.struct([(n, pa.string()) for n in ("form", "kind", "granularity")])
    span = pa.struct(
        [
            ("id", pa.string()),
            ("label", pa.dictionary(pa.int8(), pa.string())),
            ("fragments", pa.list_(pa.list_(pa.int32()))),
            ("attributes", attributes),
        ]
    )
    roles = [(r, pa.list_(pa.string())) for r in ("content", "source", "cue", "addressee")]
    return pa.table(
        {
            "doc_id": [a.doc_id for a in annotations],
            "sha256": pa.array([a.sha256 or None for a in annotations], pa.string()),
            "spans": pa.array(spans, pa.list_(span)),
            "attributions": pa.array(
                attributions, pa.list_(pa.struct([("id", pa.string()), *roles]))
            ),
        }
    )


# Against the definitions


@settings(deadline=None, max_examples=80)
@given(layer_pairs(), st.sampled_from([*SPAN_TARGETS, "attribution", "triple"]),
       st.sampled_from((*MATCHES, "char")), st.sampled_from(["", *FILTERS]))  # fmt: skip
def test_counts_are_those_of_the_definitions(layers, target, match, filters) -> None:
    try:
        measure = Measure.parse(f"{target}{filters}.f1@{match}")
    except MeasureError:
        return
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])
    found = score(gold, predicted, [measure], documents=texts, resamples=0, trivial=False)
    expected = [
        brute_force.counts(a, b, target, match, TEXT, dict(measure.filters))
        for a, b in zip(gold, predicted, strict=True)
    ]
    assert found[measure].counts.tolist() == [list(row) for row in expected]


@settings(deadline=None, max_examples=80)
@given(layer_pairs(labels=CLOSE, most=9), st.sampled_from(["attribution", "triple"]),
       st.sampled_from(MATCHES))  # fmt: skip
def test_attributions_that_differ_little(layers, target, match) -> None:
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])
    name = f"{target}.f1@{match}"
    expected = np.sum(
        [brute_force.counts(a, b, target, match, TEXT) for a, b in zip(*layers, strict=True)],
        axis=0,
    )
    assert total(gold, predicted, name, documents=texts) == expected.tolist()


@settings(deadline=None, max_examples=80)
@given(layer_pairs(labels=CLOSE, most=9), st.sampled_from(["source", "cue"]),
       st.sampled_from(["overlap", "exact"]))  # fmt: skip
def test_accuracy_of_a_role_is_that_of_the_definitions(layers, role, match) -> None:
    gold, predicted = layers
    expected = [brute_force.accuracy(a, b, role, match) for a, b in zip(*layers, strict=True)]
    right, wrong = np.sum(expected, axis=0).tolist()
    assert total(gold, predicted, f"{role}.acc@{match}|content") == [right, wrong, 0]


@settings(deadline=None, max_examples=30)
@given(st.lists(labelled_documents(), min_size=2, max_size=3), st.sampled_from(MATCHES))
def test_any_text_may_be_scored(found, match) -> None:
    texts = [Document(doc_id=f"d{i}", text=d.text) for i, (d, _) in enumerate(found)]
    gold = [Annotation(doc_id=d.doc_id, spans=a.spans, attributions=a.attributions)
            for d, (_, a) in zip(texts, found, strict=True)]  # fmt: skip
    predicted = [
        Annotation(
            doc_id=a.doc_id,
            spans=[
                Span(s.id, s.label, [(x - x // 7, y) for x, y in s.fragments[:1]]) for s in a.spans
            ],
        )
        for a in gold
    ]
    name = f"span.f1@{match}"
    expected = np.sum(
        [
            brute_force.counts(a, b, "span", match, d.text)
            for a, b, d in zip(gold, predicted, texts, strict=True)
        ],
        axis=0,
    )
    assert total(gold, predicted, name, documents=texts) == expected.tolist()


# Laws

ALL = [str(m) for m in catalogue()]


@settings(deadline=None, max_examples=25)
@given(layer_pairs(most=5), st.randoms(use_true_random=False))
def test_the_order_of_anything_changes_nothing(layers, order: random.Random) -> None:
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])

    def shuffled(annotations: list[Annotation]) -> list[Annotation]:
        found = [
            Annotation(
                doc_id=a.doc_id,
                spans=_renamed(a, order)[0],
                attributions=_renamed(a, order)[1],
            )
            for a in annotations
        ]
        return order.sample(found, len(found))

    before = score(gold, predicted, ALL, documents=texts, resamples=0)
    after = score(shuffled(gold), shuffled(predicted), ALL, documents=texts[::-1], resamples=0)
    assert before.to_json()["measures"] == after.to_json()["measures"]
    assert before.to_json()["trivial"] == after.to_json()["trivial"]


def _renamed(a: Annotation, order: random.Random) -> tuple:
    """Return spans and attributions in any order: ids decide how equal spans are sorted."""
    random_of = random.Random(len(a.spans))
    names = random_of.sample(range(len(a.spans)), len(a.spans))
    new = {s.id: f"N{n}" for s, n in zip(a.spans, names, strict=True)}
    spans = [Span(new[s.id], s.label, s.fragments, s.attributes) for s in a.spans]
    given_ids = random_of.sample(range(len(a.attributions)), len(a.attributions))
    attributions = [
        Attribution(id=f"N{n}", **{r: tuple(new[i] for i in ids) for r, ids in x.roles()})
        for x, n in zip(a.attributions, given_ids, strict=True)
    ]
    return order.sample(spans, len(spans)), order.sample(attributions, len(attributions))


@settings(deadline=None, max_examples=30)
@given(layer_pairs(labels=("quote", "claim", "source", "cue", "addressee")))
def test_precision_one_way_is_recall_the_other_way(layers) -> None:
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])
    there = score(gold, predicted, ALL, documents=texts, resamples=0, trivial=False)
    back = score(predicted, gold, ALL, documents=texts, resamples=0, trivial=False)
    for one in there:
        other = back[one.measure]
        if one.measure.statistic == "acc":
            assert (one.counts == other.counts).all()
        else:
            assert (one.counts == other.counts[:, [0, 2, 1]]).all()


@settings(deadline=None, max_examples=30)
@given(layer_pairs(documents=2))
def test_identity_is_one_and_values_stay_in_bounds(layers) -> None:
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])
    for found in score(gold, gold, ALL, documents=texts, resamples=0, trivial=False):
        assert math.isnan(found.value) or found.value == 1
    for found in score(gold, predicted, ALL, documents=texts, resamples=0, trivial=False):
        assert math.isnan(found.value) or 0 <= found.value <= 1
        assert (found.counts >= 0).all()


@settings(deadline=None, max_examples=30)
@given(layer_pairs(documents=4), st.data())
def test_counts_add_up_over_any_partition(layers, data) -> None:
    gold, predicted = layers
    part = data.draw(st.lists(st.integers(0, 2), min_size=len(gold), max_size=len(gold)))
    texts = documents([a.doc_id for a in gold])
    whole = score(gold, predicted, ALL, documents=texts, resamples=0, trivial=False)
    summed = {name: np.zeros(3, int) for name in ALL}
    for k in set(part):
        rows = [i for i, p in enumerate(part) if p == k]
        piece = score([gold[i] for i in rows], [predicted[i] for i in rows], ALL,
                      documents=texts, resamples=0, trivial=False)  # fmt: skip
        for name in ALL:
            summed[name] += piece[name].counts.sum(axis=0)
    for name in ALL:
        assert summed[name].tolist() == whole[name].counts.sum(axis=0).tolist()


@settings(deadline=None, max_examples=30)
@given(layer_pairs())
def test_arrow_tables_score_like_objects(layers) -> None:
    gold, predicted = layers
    names = [n for n in ALL if "trim" not in n] + ["quote[form=direct].p@exact"]
    names += ["attribution[kind=named].f1@overlap"]
    expected = score(gold, predicted, names, resamples=0).to_json()
    left, right = table(gold), table(predicted)
    chunked = pa.concat_tables([right.slice(i, 1) for i in range(len(right))])
    for a, b in ((left, right), (gold, right), (left, predicted), (left, chunked)):
        assert score(a, b, names, resamples=0).to_json() == expected


@settings(deadline=None, max_examples=60)
@given(layer_pairs(labels=("quote", "claim"), most=7), st.sampled_from(MATCHES))
def test_lists_of_errors_show_the_best_of_the_maximum_matchings(layers, match) -> None:
    gold, predicted = layers
    texts = documents([a.doc_id for a in gold])
    found = matches(gold, predicted, f"span.f1@{match}", documents=texts)
    by_doc = {a.doc_id: (a.by_id(), b.by_id()) for a, b in zip(gold, predicted, strict=True)}
    pairs, iou = 0, 0.0
    for row in found:
        left, right = by_doc[row.doc_id]
        if row.gold and row.predicted:
            a, b = left[row.gold], right[row.predicted]
            assert a.label == b.label
            chars = brute_force.characters([a]), brute_force.characters([b])
            assert brute_force.fits(match, *chars, TEXT)
            common = (brute_force.letters(c, TEXT) if match == "trim" else c for c in chars)
            pairs, iou = pairs + 1, iou + float(brute_force.iou(*common))
    best = [0.0, 0.0]
    for a, b in zip(gold, predicted, strict=True):
        sides = [brute_force.span_items(x, a, "span", {}) for x in (a, b)]
        best = np.add(best, _best_total(*sides, match))
    assert (pairs, iou) == (best[0], pytest.approx(best[1], abs=1e-5))
    named = [(row.doc_id, row.gold) for row in found if row.gold]
    assert len(set(named)) == len(named)
    counts = score(gold, predicted, [f"span.f1@{match}"], documents=texts, resamples=0)
    tp, fp, fn = counts[f"span.f1@{match}"].counts.sum(axis=0).tolist()
    assert (pairs, len(named), len(found)) == (tp, tp + fn, tp + fp + fn)


def _best_total(left: list, right: list, match: str) -> tuple[float, float]:
    def worth(a, b):
        if a[0] != b[0] or not brute_force.fits(match, a[1], b[1], TEXT):
            return None
        x, y = (brute_force.letters(c[1], TEXT) if match == "trim" else c[1] for c in (a, b))
        return 1, brute_force.iou(x, y), 0

    total = brute_force.best_matching(left, right, worth)
    return float(total[0]), float(total[1])


def test_lists_of_errors_name_attributions() -> None:
    spans = [Span("q", "quote", [(0, 9)]), Span("p", "quote", [(20, 29)])]
    said = [Attribution(id="a", content=("q",)), Attribution(id="b", content=("p",))]
    gold = [Annotation(doc_id="d", spans=spans, attributions=said)]
    found = [Annotation(doc_id="d", spans=spans[:1], attributions=[
        Attribution(id="x", content=("q",)), Attribution(id="y", content=("q",))])]  # fmt: skip
    rows = matches(table(gold), found, HEADLINE)
    assert [row.gold for row in rows] == ["a", "b", None]
    assert {row.predicted for row in rows} == {"x", "y", None}
    with pytest.raises(DataError, match="no pairs"):
        matches(gold, found, "quote.f1@char")


# What the rules say about single cases


def test_the_greedy_counterexample_scores_what_it_should() -> None:
    gold = [quote((0, 9))]
    for predicted in (quote((0, 4), (0, 9)), quote((0, 9), (0, 4))):
        assert score(gold, [predicted], ["quote.f1@exact"])["quote.f1@exact"].value == 2 / 3


def test_a_maximum_matching_is_found_where_greedy_ones_fail() -> None:
    gold, predicted = [quote((0, 10), (0, 20))], [quote((0, 10), (5, 10))]
    # (0, 10) taken with its equal first would leave (0, 20) without partner at iou50.
    assert total(gold, predicted, "quote.f1@iou50") == [2, 0, 0]


def test_the_same_span_twice_is_two_predictions() -> None:
    for match in ("exact", "iou50", "overlap"):
        assert total([quote((0, 5))], [quote((0, 5), (0, 5))], f"quote.f1@{match}") == [1, 1, 0]
    assert total([quote((0, 5))], [quote((0, 5), (0, 5))], "quote.f1@char") == [5, 0, 0]


def test_half_ignored_is_left_out_and_counted() -> None:
    region = Span("i", "ignore", [(0, 10)])
    gold = [Annotation(doc_id="d", spans=[region, Span("q", "quote", [(8, 12)])])]
    predicted = [quote((0, 4), (9, 12), (20, 24))]
    found = score(gold, predicted, ["quote.f1@overlap"])["quote.f1@overlap"]
    assert found.counts.tolist() == [[0, 2, 0]]
    assert found.ignored == 2
    assert found.to_json()["fp"] == 2


def test_labels_must_agree_when_all_are_scored() -> None:
    gold = [Annotation(doc_id="d", spans=[Span("a", "quote", [(0, 5)])])]
    predicted = [Annotation(doc_id="d", spans=[Span("a", "claim", [(0, 5)])])]
    for match in ("exact", "iou50", "overlap", "char"):
        tp, fp, fn = total(gold, predicted, f"span.f1@{match}")
        assert tp == 0
        assert fp == fn > 0


def test_headline_looks_at_content_and_source() -> None:
    def said(content: tuple[int, int], *source: tuple[int, int]) -> list[Annotation]:
        spans = [Span("q", "quote", [content])]
        spans += [Span(f"s{n}", "source", [f]) for n, f in enumerate(source)]
        ids = tuple(f"s{n}" for n in range(len(source)))
        return [
            Annotation(
                doc_id="d",
                spans=spans,
                attributions=[Attribution(id="a", content=("q",), source=ids)],
            )
        ]

    gold = said((0, 10), (12, 20))
    assert total(gold, said((0, 6), (19, 30)), HEADLINE) == [1, 0, 0]
    assert total(gold, said((0, 4), (12, 20)), HEADLINE) == [0, 1, 1]
    assert total(gold, said((0, 10), (20, 30)), HEADLINE) == [0, 1, 1]
    assert total(gold, said((0, 10)), HEADLINE) == [0, 1, 1]
    assert total(said((0, 10)), said((0, 9)), HEADLINE) == [1, 0, 0]
    assert total(gold, said((0, 10), (12, 16), (16, 20)), "attribution.f1@exact") == [1, 0, 0]
    assert total(gold, said((0, 6), (12, 20)), "source.acc@overlap|content") == [1, 0, 0]


def test_trim_compares_letters_and_digits() -> None:
    text = "“Go, 7!” — she"
    docs = [Document(doc_id="d", text=text)]
    gold, predicted = [quote((0, 8))], [quote((1, 6))]
    assert total(gold, predicted, "quote.f1@trim", documents=docs) == [1, 0, 0]
    assert total(gold, predicted, "quote.f1@exact", documents=docs) == [0, 1, 1]
    dash, mark = [quote((9, 10))], [quote((7, 8))]
    assert total(dash, mark, "quote.f1@trim", documents=docs) == [0, 1, 1]
    assert total(dash, dash, "quote.f1@trim", documents=docs) == [1, 0, 0]
    with pytest.raises(DataError, match="needs the text"):
        score(gold, predicted, ["quote.f1@trim"])


def test_sentence_claims_are_scored_on_their_own() -> None:
    spans = [
        Span("a", "claim", [(0, 5)], {"granularity": "sentence"}),
        Span("b", "claim", [(6, 9)]),
    ]
    gold = [Annotation(doc_id="d", spans=spans)]
    none = [Annotation(doc_id="d", spans=())]
    assert total(gold, none, "claim.f1@exact") == [0, 0, 1]
    assert total(gold, none, "span.f1@exact") == [0, 0, 1]
    assert total(gold, none, "claim[granularity=sentence].f1@exact") == [0, 0, 1]
    notes = score(gold, none, ["claim.f1@exact"]).notes
    assert any("whole sentence" in note for note in notes)


def test_missing_documents_count_as_empty_and_are_named() -> None:
    gold = [quote((0, 5), doc_id=f"d{i}") for i in range(3)]
    found = score(gold, gold[1:2], ["quote.r@exact"])
    assert found["quote.r@exact"].value == 1 / 3
    assert found.missing_documents == ("d0", "d2")
    assert found.to_json()["missing_documents"] == ["d0", "d2"]


def test_documents_without_gold_are_told() -> None:
    gold = [quote((0, 5), doc_id="a")]
    texts = documents(["a", "b", "c"])
    notes = score(gold, gold, ["quote.f1@exact"], documents=texts).notes
    assert any("2 more documents" in note for note in notes)


def test_undefined_is_nan_and_null_never_zero() -> None:
    empty = [Annotation(doc_id="d", spans=())]
    found = score(empty, empty, ["quote.p@exact", "quote.f1@char", HEADLINE])
    assert all(math.isnan(s.value) for s in found)
    shape = found.to_json()
    assert shape["undefined"] == ["quote.p@exact", "quote.f1@char", HEADLINE]
    assert shape["measures"][HEADLINE]["value"] is None
    only_gold = score([quote((0, 5))], empty, ["quote.p@exact", "quote.f1@exact"])
    assert math.isnan(only_gold["quote.p@exact"].value)
    assert only_gold["quote.f1@exact"].value == 0


def test_what_is_never_scored_is_refused() -> None:
    text = Document(doc_id="d0", text="x" * 10)
    other = Document(doc_id="d0", text="y" * 10)
    gold = [Annotation(doc_id="d0", sha256=text.sha256, spans=[Span("q", "quote", [(0, 5)])])]
    with pytest.raises(DataError) as error:
        score(gold, [quote((0, 5), doc_id="d8"), quote((0, 5), doc_id="d9")])
    assert [p.doc_id for p in error.value.problems] == ["d8", "d9"]
    wrong = [Annotation(doc_id="d0", sha256=other.sha256, spans=())]
    with pytest.raises(DataError, match="sha256"):
        score(gold, wrong)
    with pytest.raises(DataError, match="sha256"):
        score(gold, [quote((0, 5), doc_id="d0")], documents=[other])
    with pytest.raises(DataError, match=r"span 'q0': ends at 11, the text has 10 code points"):
        score(gold, [quote((0, 11), doc_id="d0")], documents=[text])
    with pytest.raises(DataError, match="stands twice"):
        score(gold, [quote(doc_id="d0"), quote(doc_id="d0")])
    with pytest.raises(DataError, match="stands twice"):
        score(gold, [], documents=[text, text])
    with pytest.raises(DataError, match="not among the documents"):
        score(gold, [], documents=[])
    with pytest.raises(DataError, match="no document"):
        score([], [])


@pytest.mark.parametrize("value", [None, 3, "gold.jsonl", [{"doc_id": "d"}], quote((0, 1))])
def test_what_is_no_layer_is_refused(value) -> None:
    with pytest.raises(DataError, match="Layer"):
        score(value, value)


def _arrow(fragments, kind, label="quote", span_id="q", **more) -> pa.Table:
    span = pa.struct([("id", pa.string()), ("label", pa.string()), ("fragments", pa.list_(kind))])
    spans = pa.array([[{"id": span_id, "label": label, "fragments": fragments}]], pa.list_(span))
    return pa.table({"doc_id": ["d"], "spans": spans, **more})


PAIR = pa.list_(pa.int64())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (_arrow([[3, 3]], PAIR), "empty or ends before"),
        (_arrow([[-1, 3]], PAIR), "outside any text"),
        (_arrow([[0, 2**40]], PAIR), "outside any text"),
        (_arrow([[0, 2**63]], pa.list_(pa.uint64())), "outside any text"),
        (_arrow([[0, 4], [4, 5]], PAIR), "touches or precedes"),
        (_arrow([[0, 4, 5]], PAIR), "not a pair"),
        (_arrow([], PAIR), "no fragments"),
        (_arrow([[0, None]], PAIR), "null"),
        (_arrow([[True, True]], pa.list_(pa.bool_())), "offsets are bool"),
        (_arrow([[0.0, float("nan")]], pa.list_(pa.float64())), "offsets are double"),
        (_arrow([[0, 4]], PAIR, label="qoute"), "unknown label 'qoute'"),
        (_arrow([[0, 4]], PAIR, label=None), "unknown label"),
        (pa.table({"doc_id": ["d"]}), "no column 'spans'"),
        (pa.table({"doc_id": ["d"], "spans": pa.array([None], pa.list_(pa.int8()))}), "null"),
        (pa.table({"doc_id": ["d"], "spans": [[1]]}), "no field 'label'"),
        (pa.table({"doc_id": ["d"], "spans": [1]}), "not a list"),
        (pa.table({"doc_id": [1], "spans": [[]]}), "not text"),
        (pa.table({"doc_id": [None], "spans": [[]]}), "no doc_id"),
    ],
)
def test_faults_of_arrow_tables_are_refused(wrong: pa.Table, message: str) -> None:
    with pytest.raises(DataError, match=message):
        score(wrong, wrong, ["quote.f1@exact"])


@pytest.mark.parametrize(
    ("wrong", "kind", "message"),
    [
        ([0, 4, 5], PAIR, "a fragment is not a pair"),
        (None, PAIR, "a fragment is not a pair"),
        (None, pa.list_(pa.int32(), 2), "a fragment is not a pair"),
        ([0, None], PAIR, "a fragment lacks an offset"),
        ({"start": 0}, pa.struct([("start", pa.int8()), ("end", pa.int8())]), "lacks an offset"),
        ([0, 2**63], pa.list_(pa.uint64()), "a fragment lies outside any text"),
        ([0, 2**40], PAIR, "fragment [0, 1099511627776) lies outside any text"),
    ],
)
def test_a_fragment_at_fault_in_arrow_is_named_by_its_span(wrong, kind, message: str) -> None:
    good = {"start": 0, "end": 1} if pa.types.is_struct(kind) else [0, 1]
    span = pa.struct([("id", pa.string()), ("label", pa.string()), ("fragments", pa.list_(kind))])
    rows = [
        [{"id": "a", "label": "cue", "fragments": [good]}],
        [{"id": "b", "label": "cue", "fragments": [wrong]}],
        [],
        [
            {"id": "c", "label": "cue", "fragments": [good]},
            {"id": "d", "label": "cue", "fragments": [wrong]},
        ],
    ]
    layer = pa.table({"doc_id": list("wxyz"), "spans": pa.array(rows, pa.list_(span))})
    with pytest.raises(DataError) as error:
        score(layer, layer, ["cue.f1@exact"])
    assert [(p.doc_id, p.span) for p in error.value.problems] == [("x", "b"), ("z", "d")]
    assert all(message in str(problem) for problem in error.value.problems)


def test_a_gold_without_any_label_of_the_target_is_told_in_every_form() -> None:
    gold = [Annotation(doc_id="d", spans=[Span("c", "cue", [(0, 5)])])]
    found = [quote((0, 5))]
    for left, right in ((gold, found), (table(gold), table(found))):
        result = score(left, right, ["quote.f1@exact", "quote.r@iou50", HEADLINE])
        assert [score.value for score in result][:1] == [0]
        assert all(math.isnan(score.value) for score in list(result)[1:])
        assert "quote.f1@exact: gold has no quote" in result.notes
        assert f"quote.r@iou50, {HEADLINE}: undefined, there is nothing to count" in result.notes


def test_many_labels_in_one_document_are_counted_as_in_many() -> None:
    """All pairs of them would be too many; only those that overlap are made."""
    n = 20_000
    start = np.arange(n) * 20 + np.random.default_rng(0).integers(0, 5, (2, n))
    one, many = [], []
    for row in start.tolist():
        spans = [Span(f"q{i}", "quote", [(s, s + 6)]) for i, s in enumerate(row)]
        one.append([Annotation(doc_id="d", spans=spans)])
        many.append([Annotation(doc_id=span.id, spans=[span]) for span in spans])
    for match in ("exact", "iou50", "overlap", "char"):
        counts = total(*one, f"quote.f1@{match}")
        assert counts == total(*many, f"quote.f1@{match}")
        assert counts[0] > 0


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"content": ["nobody"]}, "which does not exist"),
        ({"content": ["s"]}, "which is a source"),
        ({"content": []}, "has no content"),
        ({"content": [None]}, "which does not exist"),
    ],
)
def test_faults_of_arrow_attributions_are_refused(roles, message: str) -> None:
    gold = table(
        [
            Annotation(
                doc_id="d", spans=[Span("q", "quote", [(0, 3)]), Span("s", "source", [(4, 5)])]
            )
        ]
    )
    kind = gold.schema.field("attributions").type
    wrong = gold.set_column(3, "attributions", pa.array([[{"id": "a", **roles}]], kind))
    with pytest.raises(DataError, match=message) as error:
        score(wrong, wrong)
    assert error.value.problems[0].attribution == "a"


def test_other_forms_of_fragments_are_read() -> None:
    struct = pa.struct([("start", pa.int32()), ("end", pa.int32())])
    for kind, pair in ((pa.list_(pa.int32(), 2), [0, 5]), (struct, {"start": 0, "end": 5})):
        wrong = _arrow([pair], kind)
        assert total(wrong, [quote((0, 5))], "quote.f1@exact") == [1, 0, 0]


def test_a_hugging_face_dataset_is_read() -> None:
    from datasets import Dataset

    gold = [quote((0, 5), doc_id="a"), quote((3, 9), doc_id="b")]
    dataset = Dataset(table(gold))
    assert total(dataset, gold, "quote.f1@exact") == [2, 0, 0]
    assert total(dataset.select([1]), gold[1:], "quote.f1@exact") == [1, 0, 0]


def test_too_many_overlaps_name_the_document() -> None:
    spans = tuple(Span(f"q{n}", "quote", ((0, 9),)) for n in range(6000))
    gold = [Annotation(doc_id="fine", spans=()), Annotation(doc_id="full", spans=spans)]
    with pytest.raises(DataError, match=r"document 'full'.*36,000,000 pairs"):
        score(gold, gold, ["span.f1@overlap"])
    assert total(gold, gold, "span.f1@exact") == [6000, 0, 0]


# Shapes


def test_the_result_has_the_promised_shape() -> None:
    gold = Layer(name="gold", kind="human", annotations=[quote((0, 5))])
    found = score(gold, gold, [HEADLINE, "quote.f1@exact"])
    shape = found.to_json()
    promised = {"documents", "missing_documents", "measures", "undefined", "trivial"}
    assert promised | {"human_ceiling"} <= set(shape)
    keys = {"value", "low", "high", "tp", "fp", "fn"}
    assert all(set(row) == keys for row in shape["measures"].values())
    assert shape["human_ceiling"] is None
    assert shape["trivial"] == {}
    assert found.per_document() == {
        HEADLINE: {"tp": [0], "fp": [0], "fn": [0]},
        "quote.f1@exact": {"tp": [1], "fp": [0], "fn": [0]},
    }


def test_trivial_systems_stand_beside_every_measure() -> None:
    text = "“We sail,” said Ana. Nobody came."
    docs = [Document(doc_id="d", text=text)]
    spans = [Span("q", "quote", [(0, 10)]), Span("s", "source", [(16, 19)])]
    gold = [
        Annotation(
            doc_id="d",
            spans=spans,
            attributions=[Attribution(id="a", content=("q",), source=("s",))],
        )
    ]
    found = score(gold, gold, documents=docs)
    assert list(found.trivial) == ["nothing", "every-sentence", "every-paragraph", "whole-document"]
    assert all(list(row) == list(DEFAULT) for row in found.trivial.values())
    assert found.trivial["whole-document"]["quote.f1@overlap"] == 1
    assert all(row[HEADLINE] == 0 for row in found.trivial.values())
    assert found.trivial["nothing"]["quote.f1@exact"] == 0
    assert found.trivial["whole-document"]["quote.f1@char"] == pytest.approx(20 / (20 + 22 + 1))


def test_labels_of_people_over_other_texts_are_refused() -> None:
    texts = [Document(doc_id="d", text="Salt is white.")]
    gold = [quote((0, 4), doc_id="d")]
    far = Layer(name="ana", kind="human", annotations=[quote((0, 99), doc_id="d")])
    near = Layer(name="ben", kind="human", annotations=gold)
    other = Layer(
        name="cleo", kind="human", annotations=[msgspec.structs.replace(gold[0], sha256="0" * 64)]
    )
    for people, said in (((far, near), "ends at 99"), ((near, other), "made over a text with")):
        with pytest.raises(DataError, match=said):
            score(gold, gold, ["quote.f1@exact"], documents=texts, humans=people)


def test_human_ceiling_is_micro_over_pairs_of_people() -> None:
    def person(name: str, *annotations: Annotation) -> Layer:
        return Layer(name=name, kind="human", annotations=annotations)

    gold = [quote((0, 5), doc_id="d0"), quote((0, 5), doc_id="d1")]
    people = [
        person("ana", quote((0, 5), doc_id="d0"), quote((0, 5), doc_id="d1")),
        person("ben", quote((0, 5), (7, 9), doc_id="d0")),
        person("cleo", quote((7, 9), (11, 12), (13, 14), doc_id="d0"), quote((0, 5), doc_id="d9")),
    ]
    found = score(gold, gold, ["quote.f1@exact", "quote.p@exact"], humans=people)
    # TP and the rest: ana and ben 1, 1; ana and cleo 0, 4; ben and cleo 1, 3.
    assert found.human_ceiling == {"quote.f1@exact": 4 / 12, "quote.p@exact": 4 / 12}
    assert found.human_documents == found.to_json()["human_documents"] == 1
    assert "people: over the 1 of 2 documents that two or more of them labelled" in found.notes
    assert score(gold, gold, ["quote.f1@exact"], humans=people[:1]).human_ceiling is None
    twice = [people[0], Layer(name="gold", kind="human", annotator="ana", annotations=gold)]
    assert score(gold, gold, ["quote.f1@exact"], humans=twice).human_ceiling is None


def test_documents_of_a_group_are_drawn_together() -> None:
    docs = [Document(doc_id=f"d{i}", text="x" * 20, group=f"g{i // 2}") for i in range(40)]
    gold = [quote((0, 5), doc_id=d.doc_id) for d in docs]
    predicted = [quote((0, 5 if i // 2 % 3 else 4), doc_id=f"d{i}") for i in range(40)]
    alone = score(gold, predicted, ["quote.f1@exact"])["quote.f1@exact"]
    grouped = score(gold, predicted, ["quote.f1@exact"], documents=docs)["quote.f1@exact"]
    assert grouped.value == alone.value
    assert grouped.high - grouped.low > 1.2 * (alone.high - alone.low)


def test_macro_is_the_mean_over_documents_that_have_a_value() -> None:
    gold = [quote((0, 5), doc_id="a"), quote((0, 5), (7, 9), doc_id="b"), quote(doc_id="c")]
    predicted = [quote((0, 5), doc_id="a"), quote(doc_id="b"), quote(doc_id="c")]
    found = score(gold, predicted, ["quote.f1@exact"])["quote.f1@exact"]
    assert found.macro == 0.5
    assert found.value == 2 * 1 / 4


# In scikit-learn's manner


def test_functions_for_scikit_learn() -> None:
    gold = [quote((0, 5), doc_id="a"), quote((0, 5), (7, 9), doc_id="b"), quote(doc_id="c")]
    predicted = [quote((0, 5), doc_id="a"), quote((0, 4), doc_id="b"), quote(doc_id="c")]
    assert span_f1_score(gold, predicted) == pytest.approx(2 / 5)
    assert span_f1_score(gold, predicted, label="quote", match="iou50") == pytest.approx(4 / 5)
    assert span_f1_score(gold, predicted, average="macro") == 0.5
    each = span_f1_score(gold, predicted, average=None, zero_division=1.0)
    assert each.tolist() == [1, 0, 1]
    assert math.isnan(span_f1_score(gold, predicted, label="cue"))
    assert span_f1_score(gold, predicted, label="cue", zero_division=0.0) == 0
    assert math.isnan(attribution_f1_score(gold, predicted))
    assert span_f1_score(np.array(gold, object), np.array(predicted, object)) == 2 / 5
    # The same document twice, as resampling gives it.
    assert span_f1_score([gold[0], gold[0]], [predicted[0], gold[0]]) == 1
    with pytest.raises(DataError, match="same documents in the same order"):
        span_f1_score(gold, predicted[::-1])
    with pytest.raises(DataError, match="same documents"):
        span_f1_score(gold, predicted[:1])
    with pytest.raises(DataError, match="average"):
        span_f1_score(gold, predicted, average="weighted")
    with pytest.raises(MeasureError, match="did you mean 'quote'"):
        span_f1_score(gold, predicted, label="qoute")


def test_functions_work_in_make_scorer() -> None:
    from sklearn.metrics import make_scorer
    from sklearn.model_selection import cross_val_score

    from inquit.eval.extractors.trivial import WholeDocument

    texts = [Document(doc_id=f"d{i}", text="“Yes,” she said.") for i in range(6)]
    y = [quote((0, 16), doc_id=d.doc_id) for d in texts]
    scorer = make_scorer(span_f1_score, label="quote")
    assert cross_val_score(WholeDocument(), texts, y, scoring=scorer, cv=3).tolist() == [1, 1, 1]
