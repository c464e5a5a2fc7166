"""What `sklearn.metrics.classification_report` is for classes, for spans and attributions.

>>> from inquit.corpus import Annotation, Span
>>> y_true = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])]
>>> y_pred = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])]
>>> print(span_classification_report(y_true, y_pred))
              precision  recall  f1-score  support
<BLANKLINE>
       quote       1.00    1.00      1.00        1
<BLANKLINE>
   micro avg       1.00    1.00      1.00        1
   macro avg       1.00    1.00      1.00        1
weighted avg       1.00    1.00      1.00        1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.vocabulary import LABELS

from .arguments import check_undefined
from .measures import Measure
from .metrics import Labels, comparison_of
from .scores import statistic

Report = dict[str, dict[str, float]]
_NAMES = {"precision": "p", "recall": "r", "f1-score": "f1"}
_MICRO, _MACRO, _WEIGHTED = "micro avg", "macro avg", "weighted avg"


def span_classification_report(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: Sequence[str] | None = None,
    match: str = "exact",
    digits: int = 2,
    output_dict: bool = False,
    zero_division: float = float("nan"),
    documents: Iterable[Document] | None = None,
) -> Any:
    """Return precision, recall, F1 and support of each label, and their averages.

    Parameters
    ----------
    y_true, y_pred : sequences of Annotation, length n
        One a document, in the same order.
    labels : sequence of str, optional
        Those that either side has if left out.
    match : str
        As for `span_f1_score`. With ``char`` the support counts characters.
    digits : int
        Of the text.
    output_dict : bool
        Whether to return numbers instead of text.
    zero_division : float
        Stands for what is undefined, 0 / 0.
    documents : iterable of Document, optional
        Needed for "trim".

    Returns
    -------
    str, or dict of dict of float
        A row a label; "micro avg" counts over these labels, "macro avg" is the mean of the labels
        in which a number is defined, "weighted avg" weighs them by support.

    Raises
    ------
    DataError
        If the two sides do not hold the same documents in the same order.
    """
    comparison = comparison_of(y_true, y_pred, documents)
    scored = [label for label in LABELS if label != "ignore"] if labels is None else list(labels)
    counts = {}
    for label in dict.fromkeys(scored):
        found = comparison.counts(Measure(label, "f1", match))
        row = np.array([found.tp.sum(), found.fp.sum(), found.fn.sum()])
        if labels is not None or row.any():
            counts[label] = row
    return _reported(counts, digits, output_dict, zero_division, averages=True)


def attribution_report(
    y_true: Labels,
    y_pred: Labels,
    *,
    measures: Mapping[str, str] | None = None,
    digits: int = 2,
    output_dict: bool = False,
    zero_division: float = float("nan"),
    documents: Iterable[Document] | None = None,
) -> Any:
    """Return how much of who said what was found, from the loosest to the strictest view.

    Parameters
    ----------
    y_true, y_pred, digits, output_dict, zero_division, documents
        As for `span_classification_report`.
    measures : dict of str to str, optional
        A name for each ``target@match``; if left out, spans and attributions at IoU of one half,
        then attributions and triples exactly.

    Returns
    -------
    str, or dict of dict of float
        A row a measure; there are no averages, for the rows count different things.

    >>> from inquit.corpus import Annotation, Attribution, Span
    >>> spans = [Span("q", "quote", [(0, 9)]), Span("s", "source", [(10, 13)])]
    >>> said = [Attribution(id="a", content=["q"], source=["s"])]
    >>> y = [Annotation(doc_id="d", spans=spans, attributions=said)]
    >>> attribution_report(y, y, output_dict=True)["attribution@iou50"]
    {'precision': 1.0, 'recall': 1.0, 'f1-score': 1.0, 'support': 1}
    """
    comparison = comparison_of(y_true, y_pred, documents)
    wanted = {name: name for name in _USUAL} if measures is None else dict(measures)
    counts = {}
    for name, written in wanted.items():
        target, at, match = written.partition("@")
        if not at:
            problem = Problem(
                what=f"{written!r} is not target@match", remedy="write, say, attribution@iou50"
            )
            raise DataError(problem)
        found = comparison.counts(Measure.parse(f"{target}.f1@{match}"))
        counts[name] = np.array([found.tp.sum(), found.fp.sum(), found.fn.sum()])
    return _reported(counts, digits, output_dict, zero_division, averages=False)


_USUAL = (
    "quote@iou50",
    "claim@iou50",
    "source@iou50",
    "cue@iou50",
    "attribution@iou50",
    "attribution@exact",
    "triple@exact",
)


def _reported(
    counts: dict[str, Any], digits: int, output_dict: bool, zero_division: float, *, averages: bool
) -> Any:
    check_undefined(zero_division)
    rows = {name: _row(row) for name, row in counts.items()}
    if averages:
        rows |= _averages(rows, np.sum([*counts.values(), [0, 0, 0]], axis=0))
    for row in rows.values():
        for name in _NAMES:
            row[name] = zero_division if np.isnan(row[name]) else row[name]
    return rows if output_dict else _text(rows, digits)


def _row(counts: Any) -> dict[str, float]:
    row = {name: float(statistic(short, counts)) for name, short in _NAMES.items()}
    return {**row, "support": int(counts[0] + counts[2])}


def _averages(rows: Report, total: Any) -> Report:
    support = np.array([row["support"] for row in rows.values()], np.float64)
    macro: dict[str, float] = {}
    weighted: dict[str, float] = {}
    for name in _NAMES:
        values = np.array([row[name] for row in rows.values()])
        known = ~np.isnan(values)
        macro[name] = float(values[known].mean()) if known.any() else float("nan")
        weight = support[known]
        heavy = bool(weight.sum())
        weighted[name] = float(np.average(values[known], weights=weight)) if heavy else float("nan")
    n = int(support.sum())
    return {
        _MICRO: _row(total),
        _MACRO: {**macro, "support": n},
        _WEIGHTED: {**weighted, "support": n},
    }


def _text(rows: Report, digits: int) -> str:
    headings = [*_NAMES, "support"]
    width = max(map(len, rows), default=0)
    cells = {
        name: [*(f"{row[k]:.{digits}f}" for k in _NAMES), f"{row['support']:,}"]
        for name, row in rows.items()
    }
    widths = [
        max(len(heading), *(len(row[i]) for row in cells.values()), 0)
        for i, heading in enumerate(headings)
    ]
    lines = [
        " " * width + "".join(f"  {h:>{w}}" for h, w in zip(headings, widths, strict=True)),
        "",
    ]
    for name, row in cells.items():
        if name == _MICRO:
            lines.append("")
        lines.append(
            f"{name:>{width}}" + "".join(f"  {c:>{w}}" for c, w in zip(row, widths, strict=True))
        )
    return "\n".join(lines)
