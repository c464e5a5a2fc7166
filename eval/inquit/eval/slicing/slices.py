"""Scores of parts of the data: of some documents, or of some of the labels.

A slice by a property of *documents* keeps the documents that have the value, and is the measure
over them. A slice by a property of *items* cannot be that, for gold and prediction may differ in
the property: its recall is that of the gold items with the value against all predictions, its
precision that of the predicted items with the value against all of gold. Both are maximum
matchings of their own, so they depend on no order; there is no F1 of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inquit.corpus import Corpus, Document, Layer

from ..arguments import check_drawing, layers_of, names_of
from ..counting.align import align, documents_by_id, texts_of
from ..counting.charsets import BoolArray, IntArray
from ..counting.columns import columns_of
from ..counting.comparison import Comparison
from ..measures import HEADLINE, Measure, parse_all
from ..scores import Score, statistic
from ..scoring import groups_of
from ..uncertainty import FloatArray, Interval, interval
from .baselines import Beside, Place, slice_baselines, why_not_sliced
from .counts import Piece, pieces_of
from .shown import Shown
from .values import check_slices


@dataclass(frozen=True, eq=False)
class Part:
    """One value of a slice.

    Parameters
    ----------
    value : str
    documents : int
        Documents with this value; for a slice of items, those with such a gold item.
    scores : dict of str to Score
        For a slice of documents, the measure itself under its statistic's name. For a slice of
        items "r" and, if it can be told, "p"; "acc" for such a measure. Counts that a statistic
        does not use are 0; arrays run over all of gold's documents.
    predicted_in : int or None
        For a slice of items, the documents with such a predicted item: precision is over these.
    beside : Beside
        What trivial systems and people reach on the same part.
    """

    value: str
    documents: int
    scores: dict[str, Score]
    predicted_in: int | None = None
    beside: Beside = field(default_factory=Beside)

    def documents_of(self, statistic: str) -> int:
        """Return over how many documents one of the scores is."""
        if statistic == "p" and self.predicted_in is not None:
            return self.predicted_in
        return self.documents


@dataclass(frozen=True, eq=False)
class Sliced:
    """One measure by one property.

    ``note`` says what cannot be told, and why; a slice that says nothing about the measure has no
    parts. ``confidence`` is that of the intervals.
    """

    name: str
    measure: Measure
    parts: tuple[Part, ...]
    note: str = ""
    confidence: float = 0.95

    def __getitem__(self, value: str) -> Part:
        return {part.value: part for part in self.parts}[value]

    def _repr_html_(self) -> str:
        from ..notebook import slices_html

        return slices_html([self])

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval score --slice --json`` prints."""
        return {
            "slice": self.name,
            "measure": str(self.measure),
            "note": self.note,
            "parts": [
                {
                    "value": part.value,
                    "documents": part.documents,
                    "scores": {
                        name: {
                            **score.to_json(),
                            "documents": part.documents_of(name),
                            "why_no_interval": score.interval.why_none,
                        }
                        for name, score in part.scores.items()
                    },
                    **part.beside.to_json(),
                }
                for part in self.parts
            ],
        }


def counts_of(statistic: str, score: Score) -> tuple[str, str]:
    """Return what the counts behind one statistic of a part are called, and the counts.

    TP, FP and FN for F1; of the others, how many of how many.
    """
    tp, fp, fn = score.counts.sum(axis=0).tolist()
    if statistic == "f1":
        return "TP FP FN", f"{tp:,} {fp:,} {fn:,}"
    return "of", f"{tp:,} / {tp + (fn if statistic == 'r' else fp):,}"


class Slices(Shown[Sliced]):
    """What `slice_scores` returns: a tuple of `Sliced` that a notebook shows as tables."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from ..notebook import slices_html

        return slices_html(self)


def slice_scores(
    gold: Any,
    predicted: Any,
    slices: Iterable[str],
    measures: Iterable[str | Measure] = (HEADLINE,),
    *,
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None = None,
    humans: Sequence[Layer] = (),
    trivial: bool = True,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Slices:
    """Score parts of the data; docs/scoring.md says what each slice is.

    Parameters
    ----------
    gold, predicted, documents, humans, trivial, resamples, confidence, seed
        As for `scoring.score`.
    slices : iterable of str
        See `slicing.values.definitions`.
    measures : iterable of str or Measure

    Returns
    -------
    Slices
        A tuple: one `Sliced` for each slice and measure.

    Raises
    ------
    SliceError
        If a slice does not exist, or no document has the field.
    DataError
        As `scoring.score`, or if a slice needs documents and there are none.

    >>> from inquit.corpus import Annotation, Span
    >>> def labels(*forms):
    ...     spans = [Span(f"q{i}", "quote", [(9 * i, 9 * i + 5)], {"form": form} if form else {})
    ...              for i, form in enumerate(forms)]
    ...     return [Annotation(doc_id="d", spans=spans)]
    >>> gold, plain = labels("direct", "mixed"), labels(None)
    >>> [found] = slice_scores(gold, plain, ["form"], ["quote.f1@exact"])
    >>> found["direct"].scores["r"].value, found["mixed"].scores["r"].value
    (1.0, 0.0)
    >>> found.note
    'no prediction has form: no precision'
    """
    check_drawing(resamples, confidence, seed)
    humans = layers_of(humans)
    names = names_of(slices, "slice")
    wanted = parse_all(measures)
    known = documents_by_id(documents)
    left, right, _ = align(columns_of(gold), columns_of(predicted, texts=known), known)
    doc_ids = left.columns.doc_ids
    texts = None if known is None else texts_of(doc_ids, known)
    check_slices(names, texts)
    comparison = Comparison(left, right, doc_ids, texts)
    asked = [(name, measure) for name in names for measure in wanted]
    beside = slice_baselines(left, texts, humans, comparison.regions, asked, trivial=trivial)
    slicer = _Slicer(comparison, texts, groups_of(texts), beside, resamples, confidence, seed)
    return Slices(slicer.sliced(name, measure) for name, measure in asked)


@dataclass(frozen=True, eq=False)
class _Slicer:
    comparison: Comparison
    documents: Sequence[Document] | None
    groups: Sequence[object] | None
    beside: Mapping[Place, Beside]
    resamples: int
    confidence: float
    seed: int

    def sliced(self, name: str, measure: Measure) -> Sliced:
        if why := why_not_sliced(name, measure):
            return Sliced(name, measure, (), why, self.confidence)
        pieces, note = pieces_of(self.comparison, name, measure, self.documents)
        parts = tuple(
            self._part(name, measure, value, piece)
            for value, piece in pieces.items()
            if piece.documents.any() or any(piece.over(key).any() for key in piece.counts)
        )
        return Sliced(name, measure, parts, note, self.confidence)

    def _part(self, name: str, measure: Measure, value: str, piece: Piece) -> Part:
        scores = {
            used: self._score(
                Measure(measure.target, used, measure.match, measure.filters, measure.given),
                counts,
                piece.over(used),
            )
            for used, counts in piece.counts.items()
        }
        over = None if piece.predicted_in is None else int(piece.predicted_in.sum())
        beside = self.beside.get((name, str(measure), value), Beside())
        return Part(value, int(piece.documents.sum()), scores, over, beside)

    def _score(self, measure: Measure, rows: IntArray, docs: BoolArray) -> Score:
        def value(sums: FloatArray) -> FloatArray:
            return statistic(measure.statistic, sums)

        found = Interval(float("nan"), float("nan"), "no resamples were asked for")
        if self.resamples:
            drawn = self.groups
            kept = None if drawn is None else [drawn[i] for i in np.flatnonzero(docs)]
            found = interval(
                rows[docs],
                value,
                groups=kept,
                resamples=self.resamples,
                confidence=self.confidence,
                seed=self.seed,
            )
        return Score(measure, rows[:, 0], rows[:, 1], rows[:, 2], interval=found)
