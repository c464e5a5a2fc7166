"""Sentences worth a check: against scikit-learn over the sentences themselves."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from inquit.corpus import Annotation, DataError, Span
from inquit.eval import sentence_average_precision_score, sentence_f1_score, span_f1_score


def debate(doc_id: str, worthy) -> Annotation:
    spans = [
        Span(
            f"c{i}", "claim", [(9 * i, 9 * i + 8)],
            {"granularity": "sentence", "check_worthy": "yes" if w else "no"},
        )
        for i, w in enumerate(worthy)
    ]  # fmt: skip
    return Annotation(doc_id=doc_id, spans=spans)


@pytest.fixture
def drawn():
    rng = np.random.default_rng(3)
    sizes = (40, 7, 25)
    gold = [rng.random(n) < 0.3 for n in sizes]
    found = [rng.random(n) < 0.4 for n in sizes]
    scores = [rng.integers(0, 9, n) / 10 for n in sizes]
    gold[1][:] = False
    return gold, found, scores


def test_f1_is_that_of_the_sentences(drawn) -> None:
    gold, found, _ = drawn
    y_true, y_pred = ([debate(f"d{i}", w) for i, w in enumerate(x)] for x in (gold, found))
    wanted = f1_score(np.concatenate(gold), np.concatenate(found))
    assert sentence_f1_score(y_true, y_pred) == pytest.approx(wanted)
    each = sentence_f1_score(y_true, y_pred, average=None)
    assert each == pytest.approx([f1_score(a, b) for a, b in zip(gold, found, strict=True)])
    assert np.isnan(span_f1_score(y_true, y_pred, label="claim"))


def test_average_precision_is_that_of_the_sentences(drawn) -> None:
    gold, _, scores = drawn
    y = [debate(f"d{i}", w) for i, w in enumerate(gold)]
    each = [average_precision_score(gold[i], scores[i]) for i in (0, 2)]
    assert sentence_average_precision_score(y, scores) == pytest.approx(np.mean(each))
    found = sentence_average_precision_score(y, scores, average=None, zero_division=-1)
    assert found == pytest.approx([each[0], -1, each[1]])
    together = average_precision_score(np.concatenate(gold), np.concatenate(scores))
    assert sentence_average_precision_score(y, scores, average="micro") == pytest.approx(together)
    for average in ("micro", "macro"):
        assert np.isnan(sentence_average_precision_score(y[1:2], scores[1:2], average=average))
        assert np.isnan(sentence_average_precision_score([], [], average=average))


def test_what_is_refused() -> None:
    y = [debate("d", [True, False])]
    bare = Span("c", "claim", [(0, 8)], {"granularity": "sentence"})
    for y_true, scores, said in (
        (y, [[1]], "1 scores stand for 2 sentences"),
        (y, [], "0 sequences of scores stand for 1 documents"),
        (y, [[1, float("nan")]], "no finite number"),
        (
            [Annotation(doc_id="d", spans=[bare])],
            [[1]],
            "span 'c': is a sentence that does not say",
        ),
    ):
        with pytest.raises(DataError, match=said):
            sentence_average_precision_score(y_true, scores)
    with pytest.raises(DataError, match="average is 'mean'"):
        sentence_average_precision_score(y, [[1, 0]], average="mean")
