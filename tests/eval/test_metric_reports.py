"""Reports in scikit-learn's manner: the numbers of `score`, laid out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from layers import documents, layer_pairs

from inquit.corpus import Annotation, DataError, Span
from inquit.eval import attribution_report, score, span_classification_report
from inquit.eval.measures import MeasureError

NAMES = {"precision": "p", "recall": "r", "f1-score": "f1"}


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@settings(max_examples=40, deadline=None)
@given(layer_pairs())
def test_every_number_is_that_of_score(pair) -> None:
    gold, predicted = pair
    docs = documents([a.doc_id for a in gold])
    for match in ("exact", "trim", "iou50", "char"):
        found = span_classification_report(
            gold, predicted, match=match, output_dict=True, documents=docs
        )
        for label, row in found.items():
            if label.endswith("avg"):
                continue
            measures = [f"{label}.{s}@{match}" for s in NAMES.values()]
            alone = score(gold, predicted, measures, documents=docs, trivial=False, resamples=0)
            for (name, _), one in zip(NAMES.items(), alone, strict=True):
                assert same(row[name], one.value)
            assert row["support"] == alone[measures[0]].counts.sum(axis=0)[[0, 2]].sum()
        if match == "exact":
            whole = score(gold, predicted, ["span.f1@exact"], resamples=0)["span.f1@exact"]
            assert same(found["micro avg"]["f1-score"], whole.value)
    found = attribution_report(gold, predicted, output_dict=True)
    alone = score(gold, predicted, ["attribution.f1@iou50", "triple.f1@exact"], resamples=0)
    assert same(found["attribution@iou50"]["f1-score"], alone["attribution.f1@iou50"].value)
    assert same(found["triple@exact"]["f1-score"], alone["triple.f1@exact"].value)


def labels(*spans: tuple[str, int, int]) -> list[Annotation]:
    return [
        Annotation(
            doc_id="d", spans=[Span(f"x{i}", n, [(a, b)]) for i, (n, a, b) in enumerate(spans)]
        )
    ]


def test_averages_leave_out_what_is_undefined() -> None:
    gold = labels(("quote", 0, 5), ("quote", 6, 9), ("cue", 0, 2))
    found = span_classification_report(
        gold, labels(("quote", 0, 5), ("source", 1, 2)), output_dict=True
    )
    assert list(found) == ["quote", "source", "cue", "micro avg", "macro avg", "weighted avg"]
    assert found["quote"] == {"precision": 1, "recall": 0.5, "f1-score": 2 / 3, "support": 2}
    assert math.isnan(found["source"]["recall"]) and math.isnan(found["cue"]["precision"])
    assert found["micro avg"] == {
        "precision": 1 / 2,
        "recall": 1 / 3,
        "f1-score": 2 / 5,
        "support": 3,
    }
    assert found["macro avg"]["precision"] == np.mean([1, 0])
    assert found["macro avg"]["recall"] == np.mean([0.5, 0])
    assert found["weighted avg"]["recall"] == pytest.approx((2 * 0.5 + 0) / 3)
    zero = span_classification_report(gold, gold, labels=["quote", "claim"], zero_division=0.0)
    assert " claim       0.00    0.00      0.00        0" in zero


def test_text_lays_out_the_numbers() -> None:
    gold = labels(("quote", 0, 5), ("quote", 6, 9))
    shown = span_classification_report(gold, labels(("quote", 0, 5)), digits=3).splitlines()
    assert shown[0].split() == ["precision", "recall", "f1-score", "support"]
    assert shown[2].split() == ["quote", "1.000", "0.500", "0.667", "2"]
    assert len({len(line) for line in shown if line}) == 1
    assert "attribution@exact        nan" in attribution_report(gold, gold)
    empty = [Annotation(doc_id="d", spans=[])]
    assert "micro avg" in span_classification_report(empty, empty)
    assert "micro avg" in span_classification_report([], [])


def test_what_is_refused() -> None:
    gold = labels(("quote", 0, 5))
    with pytest.raises(DataError, match="same documents in the same order"):
        span_classification_report(gold, [Annotation(doc_id="e", spans=[])])
    with pytest.raises(DataError, match="is not target@match"):
        attribution_report(gold, gold, measures={"x": "attribution"})
    with pytest.raises(MeasureError, match="did you mean 'quote'"):
        span_classification_report(gold, gold, labels=["quotes"])
    named = attribution_report(gold, gold, measures={"direct": "quote[form=direct]@exact"})
    assert named.splitlines()[2].split() == ["direct", "nan", "nan", "nan", "0"]
