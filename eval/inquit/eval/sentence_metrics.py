"""Which sentences are worth a check: F1 and average precision over sentences.

A sentence is a claim with ``granularity=sentence``; gold says of each whether it is worth a check
(``check_worthy``). Such claims never take part in the F1 of spans.

>>> from inquit.corpus import Annotation, Span
>>> def claim(number, worthy):
...     attributes = {"granularity": "sentence", "check_worthy": worthy}
...     return Span(f"c{number}", "claim", [(9 * number, 9 * number + 8)], attributes)
>>> y = [Annotation(doc_id="d", spans=[claim(0, "no"), claim(1, "yes"), claim(2, "no")])]
>>> float(sentence_average_precision_score(y, [[0.9, 0.8, 0.1]])), sentence_f1_score(y, y)
(0.5, 1.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from inquit.corpus import Annotation, DataError, Document, Problem, Span

from .arguments import check_undefined
from .measures import Measure
from .metrics import Average, Labels, averaged, listed

_WORTHY = (("check_worthy", "yes"), ("granularity", "sentence"))


def sentence_f1_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    match: str = "exact",
    average: Average = "micro",
    zero_division: float = float("nan"),
    documents: Iterable[Document] | None = None,
) -> Any:
    """Return the F1 of the sentences worth a check: those with ``check_worthy=yes`` on both sides.

    It is the measure ``claim[check_worthy=yes,granularity=sentence].f1@exact``; parameters and
    errors are those of `span_f1_score`.
    """
    measure = Measure("claim", "f1", match, _WORTHY)
    return averaged(y_true, y_pred, measure, average, zero_division, documents)


def sentence_average_precision_score(
    y_true: Labels,
    y_score: Sequence[Sequence[float]],
    *,
    average: Average = "macro",
    zero_division: float = float("nan"),
) -> Any:
    """Return how well scores rank the sentences that are worth a check before the others.

    Average precision as scikit-learn defines it, sentences of equal score taken together.

    Parameters
    ----------
    y_true : sequence of Annotation, length n
    y_score : sequence of n sequences of float
        For each document a score for each of its gold sentences, in the order of the text; more
        is more worth a check.
    average : {"macro", "micro"} or None
        "macro" is the mean over documents that have a sentence worth a check (MAP); "micro" ranks
        the sentences of all documents together; None gives the value of each document.
    zero_division : float
        What to return where no sentence is worth a check.

    Returns
    -------
    float, or array of shape (n,) with ``average=None``

    Raises
    ------
    DataError
        If a gold sentence does not say whether it is worth a check, or scores are missing, too
        many or not finite.
    """
    if average not in ("micro", "macro", None):
        what = f"average is {average!r}"
        raise DataError(Problem(what=what, remedy="use 'micro', 'macro' or None"))
    check_undefined(zero_division)
    annotations = listed(y_true)
    worthy = [_worthy(a) for a in annotations]
    scores = _scores(annotations, worthy, y_score)
    if average == "micro":
        none = np.zeros(0)
        return _precision(
            np.concatenate([none, *worthy]), np.concatenate([none, *scores]), zero_division
        )
    values = [_precision(w, s, float("nan")) for w, s in zip(worthy, scores, strict=True)]
    found = np.array(values, np.float64)
    defined = ~np.isnan(found)
    if average is None:
        return np.where(defined, found, zero_division)
    return float(found[defined].mean()) if defined.any() else zero_division


def _worthy(annotation: Annotation) -> Any:
    sentences = [s for s in annotation.spans if _is_sentence(s)]
    unknown = [s for s in sentences if "check_worthy" not in s.attributes]
    if unknown:
        raise DataError(
            Problem(
                doc_id=annotation.doc_id,
                span=span.id,
                what="is a sentence that does not say whether it is worth a check",
                remedy="give it check_worthy, yes or no",
            )
            for span in unknown
        )
    return np.array([s.attributes["check_worthy"] == "yes" for s in sentences], np.float64)


def _is_sentence(span: Span) -> bool:
    return span.label == "claim" and span.attributes.get("granularity") == "sentence"


def _scores(annotations: list[Annotation], worthy: list[Any], y_score: Any) -> list[Any]:
    if not isinstance(y_score, Iterable):
        what = f"{type(y_score).__name__} is no sequence of scores"
        raise DataError(Problem(what=what, remedy="give one sequence of scores a document"))
    given = list(y_score)
    if len(given) != len(annotations):
        what = f"{len(given)} sequences of scores stand for {len(annotations)} documents"
        raise DataError(Problem(what=what, remedy="give one sequence of scores a document"))
    problems: list[Problem] = []
    found = []
    for annotation, sentences, scores in zip(annotations, worthy, given, strict=True):
        values = np.asarray(scores, np.float64)
        if values.shape != sentences.shape:
            what = f"{values.size} scores stand for {len(sentences)} sentences"
            remedy = "give one score for each gold sentence, in the order of the text"
            problems.append(Problem(doc_id=annotation.doc_id, what=what, remedy=remedy))
        elif not np.isfinite(values).all():
            what, remedy = "holds a score that is no finite number", "give numbers"
            problems.append(Problem(doc_id=annotation.doc_id, what=what, remedy=remedy))
        found.append(values)
    if problems:
        raise DataError(problems)
    return found


def _precision(worthy: Any, scores: Any, undefined: float) -> float:
    from sklearn.metrics import average_precision_score

    if not worthy.any():
        return undefined
    return float(average_precision_score(worthy, scores))
