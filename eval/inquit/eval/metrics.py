"""Scores in scikit-learn's manner: ``(y_true, y_pred, *, ...)``, for ``make_scorer``.

``y`` is a sequence of `Annotation`, one a document, in the same order on both sides.

>>> from inquit.corpus import Annotation, Span
>>> y_true = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])]
>>> y_pred = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 8)])])]
>>> span_f1_score(y_true, y_pred), span_f1_score(y_true, y_pred, match="overlap")
(0.0, 1.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np

from inquit.corpus import Annotation, DataError, Document, Layer, Problem

from .arguments import check_undefined
from .counting.align import documents_by_id, in_order
from .counting.columns import ObjectColumns
from .counting.comparison import Comparison
from .measures import Measure
from .scores import Score

Average = Literal["micro", "macro"] | None
Labels = Layer | Iterable[Annotation]


def span_f1_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    label: str | None = None,
    match: str = "exact",
    average: Average = "micro",
    zero_division: float = float("nan"),
    documents: Iterable[Document] | None = None,
) -> Any:
    """Return the F1 of spans.

    Parameters
    ----------
    y_true, y_pred : sequences of Annotation, length n
        One a document, in the same order.
    label : str, optional
        "quote", "claim", "source", "cue" or "addressee"; all of them, each for itself, if left out.
    match : str
        "exact", "trim", "iouNN", "overlap" or "char".
    average : {"micro", "macro"} or None
        "micro" counts over all documents; "macro" is the mean over the documents in which F1 is
        defined; None gives the value of each document.
    zero_division : float
        What to return where there is nothing to count, on neither side.
    documents : iterable of Document, optional
        Needed for "trim".

    Returns
    -------
    float, or array of shape (n,) with ``average=None``

    Raises
    ------
    DataError
        If the two sides do not hold the same documents in the same order, or an argument is not of
        its kind.
    """
    measure = Measure(label or "span", "f1", match)
    return averaged(y_true, y_pred, measure, average, zero_division, documents)


def attribution_f1_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    match: str = "iou50",
    average: Average = "micro",
    zero_division: float = float("nan"),
    documents: Iterable[Document] | None = None,
) -> Any:
    """Return the F1 of attributions, of content and source together: the headline.

    Parameters and errors are those of `span_f1_score`.
    """
    measure = Measure("attribution", "f1", match)
    return averaged(y_true, y_pred, measure, average, zero_division, documents)


def comparison_of(
    y_true: Labels, y_pred: Labels, documents: Iterable[Document] | None = None
) -> Comparison:
    """Return two sides in scikit-learn's manner, ready to be counted.

    Raises
    ------
    DataError
        If the two sides do not hold the same documents in the same order.
    """
    gold, found = (in_order(ObjectColumns(listed(y))) for y in (y_true, y_pred))
    doc_ids = gold.columns.doc_ids
    if list(doc_ids) != list(found.columns.doc_ids):
        raise DataError(
            Problem(
                what="y_true and y_pred are not labels of the same documents in the same order",
                remedy="give one annotation a document on both sides, or use inquit.eval.score, "
                "which joins by document id",
            )
        )
    known = documents_by_id(documents)
    texts = None if known is None else [known[doc_id] for doc_id in doc_ids]
    return Comparison(gold, found, doc_ids, texts)


def averaged(
    y_true: Labels,
    y_pred: Labels,
    measure: Measure,
    average: Average,
    zero_division: float,
    documents: Iterable[Document] | None,
) -> Any:
    """Return one measure of two sides, averaged as `span_f1_score` says."""
    if average not in ("micro", "macro", None):
        raise DataError(
            Problem(what=f"average is {average!r}", remedy="use 'micro', 'macro' or None")
        )
    check_undefined(zero_division)
    counts = comparison_of(y_true, y_pred, documents).counts(measure)
    result = Score(measure, counts.tp, counts.fp, counts.fn)
    if average is None:
        values = result.by_document
        return np.where(np.isnan(values), zero_division, values)
    value = result.value if average == "micro" else result.macro
    return zero_division if np.isnan(value) else value


def listed(y: Labels) -> list[Annotation]:
    """Return annotations as a list; raise DataError if there is anything else among them."""
    labels = y.annotations if isinstance(y, Layer) else y
    if not isinstance(labels, Iterable) or isinstance(labels, str | Mapping):
        remedy = "give a Layer or a sequence of Annotation"
        raise DataError(Problem(what=f"{type(labels).__name__} is no y", remedy=remedy))
    annotations = list(labels)
    for item in annotations:
        if not isinstance(item, Annotation):
            raise DataError(
                Problem(what=f"y holds {type(item).__name__}", remedy="give inquit annotations")
            )
    return annotations
