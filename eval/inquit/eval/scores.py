"""What scoring returns: counts by document, from which everything else derives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .counting.charsets import IntArray
from .measures import Measure
from .uncertainty import FloatArray, Interval


def statistic(name: str, counts: Any) -> FloatArray:
    """Return a statistic of counts, nan where it is 0 / 0.

    Parameters
    ----------
    name : {"p", "r", "f1", "acc"}
    counts : array, shape (..., 3)
        TP, FP and FN; for "acc" the agreeing and the other pairs, and 0.

    >>> statistic("f1", [[3, 1, 2], [0, 0, 0]])
    array([0.66666667,        nan])
    """
    tp, fp, fn = np.moveaxis(np.asarray(counts, np.float64), -1, 0)
    above, below = {
        "p": (tp, tp + fp),
        "r": (tp, tp + fn),
        "f1": (2 * tp, 2 * tp + fp + fn),
        "acc": (tp, tp + fp),
    }[name]
    with np.errstate(divide="ignore", invalid="ignore"):
        result: FloatArray = np.asarray(above / below)
    return result


@dataclass(frozen=True, eq=False)
class Score:
    """One measure over some documents.

    Parameters
    ----------
    measure : Measure
    tp, fp, fn : int arrays, shape (documents,)
        For an ``acc`` measure: pairs that agree, pairs that do not, and 0.
    ignored : int
        Items of both sides left out by the ignore rule.
    interval : Interval
    """

    measure: Measure
    tp: IntArray
    fp: IntArray
    fn: IntArray
    ignored: int = 0
    interval: Interval = field(default_factory=lambda: Interval(np.nan, np.nan, "not computed"))

    @property
    def counts(self) -> IntArray:
        """TP, FP and FN by document, shape (documents, 3)."""
        return np.stack((self.tp, self.fp, self.fn), axis=-1)

    @property
    def totals(self) -> IntArray:
        """TP, FP and FN over all documents."""
        return np.array([self.tp.sum(), self.fp.sum(), self.fn.sum()])

    @property
    def value(self) -> float:
        """The micro value: over all documents as if they were one; nan when undefined."""
        return float(statistic(self.measure.statistic, self.totals))

    @property
    def by_document(self) -> FloatArray:
        """The value of each document; nan where undefined."""
        return statistic(self.measure.statistic, self.counts)

    @property
    def macro(self) -> float:
        """The mean over the documents in which the measure is defined; nan if there is none."""
        values = self.by_document
        defined = values[~np.isnan(values)]
        return float(defined.mean()) if len(defined) else float("nan")

    @property
    def low(self) -> float:
        """Lower end of the interval; nan if there is none."""
        return self.interval.low

    @property
    def high(self) -> float:
        """Upper end of the interval; nan if there is none."""
        return self.interval.high

    def to_json(self) -> dict[str, float | int | None]:
        """Return value, interval and total counts; None for nan."""
        totals = dict(zip(("tp", "fp", "fn"), self.totals.tolist(), strict=True))
        return {
            "value": known(self.value),
            "low": known(self.low),
            "high": known(self.high),
            **totals,
        }


@dataclass(frozen=True, eq=False)
class Scores:
    """All measures of one comparison of predictions with gold.

    Parameters
    ----------
    doc_ids : tuple of str
        Gold's documents, in the order of all arrays.
    missing_documents : tuple of str
        Those without a prediction; they count as empty predictions.
    measures : dict of str to Score
        By the measure's name, in the order asked for.
    trivial : dict of str to dict
        For each trivial system, the value of each measure; empty without the documents' text.
    human_ceiling : dict or None
        Value of each measure between people; None without two human layers on common documents.
    notes : tuple of str
        What a reader has to know: what is missing, undefined or too small to tell.
    groups : tuple or None
        Group of each document, where groups were drawn for the intervals.
    human_documents : int or None
        How many documents the human ceiling is over: those that two people or more labelled. None
        without a ceiling, and where an old result file does not tell.
    confidence : float
        Share of samples whose interval should hold the true value.
    resamples : int or None
        Of the intervals; None where an old result file does not tell.
    """

    doc_ids: tuple[str, ...]
    missing_documents: tuple[str, ...]
    measures: dict[str, Score]
    trivial: dict[str, dict[str, float]] = field(default_factory=dict)
    human_ceiling: dict[str, float] | None = None
    notes: tuple[str, ...] = ()
    groups: tuple[object, ...] | None = None
    human_documents: int | None = None
    confidence: float = 0.95
    resamples: int | None = None

    def __getitem__(self, name: str | Measure) -> Score:
        return self.measures[str(Measure.parse(name))]

    def __iter__(self) -> Iterator[Score]:
        return iter(self.measures.values())

    def __len__(self) -> int:
        return len(self.measures)

    @property
    def undefined(self) -> list[str]:
        """Names of the measures whose value is undefined."""
        return [name for name, score in self.measures.items() if np.isnan(score.value)]

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval score --json`` prints; undefined values are None."""
        ceiling = self.human_ceiling
        return {
            "documents": len(self.doc_ids),
            "missing_documents": list(self.missing_documents),
            "measures": {name: score.to_json() for name, score in self.measures.items()},
            "undefined": self.undefined,
            "trivial": {system: known_values(row) for system, row in self.trivial.items()},
            "human_ceiling": None if ceiling is None else known_values(ceiling),
            "human_documents": self.human_documents,
            "ignored": {name: score.ignored for name, score in self.measures.items()},
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        from .notebook import scores_html

        return scores_html(self)

    def per_document(self) -> dict[str, dict[str, list[int]]]:
        """Return the counts of each measure by document, as plain lists in the order of doc_ids."""
        return {
            name: {"tp": s.tp.tolist(), "fp": s.fp.tolist(), "fn": s.fn.tolist()}
            for name, s in self.measures.items()
        }


def known(value: float) -> float | None:
    """Return a value for JSON; None if it is undefined."""
    return None if np.isnan(value) else float(value)


def written(value: float, form: str = ".3f") -> str:
    """Return a value as tables show it; a dash if it is undefined.

    >>> written(0.5), written(0.5, "+.2f"), written(float("nan"))
    ('0.500', '+0.50', '–')
    """
    return "–" if np.isnan(value) else format(value, form)


def known_values(row: dict[str, float]) -> dict[str, float | None]:
    """Return values for JSON; None for what is undefined."""
    return {name: known(value) for name, value in row.items()}
