"""Scores of parts of the data: of some documents, or of some of the labels.

A slice by a property of *documents* keeps the documents that have the value, and is the measure
over them. A slice by a property of *items* cannot be that, for gold and prediction may differ in
the property: its recall is that of the gold items with the value against all predictions, its
precision that of the predicted items with the value against all of gold. Both are maximum
matchings of their own, so they depend on no order; there is no F1 of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, overload

import numpy as np

from inquit.corpus import Corpus, Document

from .arguments import check_drawing, names_of
from .counting.align import align, documents_by_id, texts_of
from .counting.charsets import BoolArray, IntArray
from .counting.columns import columns_of
from .counting.comparison import Comparison, Counts
from .counting.items import Items
from .measures import HEADLINE, Measure, parse_all
from .scores import Score, statistic
from .scoring import groups_of
from .slice_values import (
    ATTRIBUTE_SLICES,
    ITEM_SLICES,
    NONE,
    Members,
    Whole,
    check_slices,
    document_members,
    item_members,
    needs_documents,
    why_not,
)
from .uncertainty import FloatArray, Interval, interval


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
    """

    value: str
    documents: int
    scores: dict[str, Score]
    predicted_in: int | None = None

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
        from .notebook import slices_html

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


class Slices(tuple[Sliced, ...]):
    """What `slice_scores` returns: a tuple of `Sliced` that a notebook shows as tables."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: SupportsIndex) -> Sliced: ...

    @overload
    def __getitem__(self, index: slice) -> Slices: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Sliced | Slices:
        if isinstance(index, slice):
            return Slices(super().__getitem__(index))
        return super().__getitem__(index)

    def _repr_html_(self) -> str:
        from .notebook import slices_html

        return slices_html(self)


def slice_scores(
    gold: Any,
    predicted: Any,
    slices: Iterable[str],
    measures: Iterable[str | Measure] = (HEADLINE,),
    *,
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Slices:
    """Score parts of the data; docs/scoring.md says what each slice is.

    Parameters
    ----------
    gold, predicted, documents, resamples, confidence, seed
        As for `scoring.score`.
    slices : iterable of str
        See `slice_values.definitions`.
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
    names = names_of(slices, "slice")
    wanted = parse_all(measures)
    known = documents_by_id(documents)
    left, right, _ = align(columns_of(gold), columns_of(predicted, texts=known), known)
    doc_ids = left.columns.doc_ids
    texts = None if known is None else texts_of(doc_ids, known)
    check_slices(names, texts)
    comparison = Comparison(left, right, doc_ids, texts)
    slicer = _Slicer(comparison, texts, groups_of(texts), resamples, confidence, seed)
    return Slices(slicer.sliced(name, measure) for name in names for measure in wanted)


@dataclass(frozen=True, eq=False)
class _Slicer:
    comparison: Comparison
    documents: Sequence[Document] | None
    groups: Sequence[object] | None
    resamples: int
    confidence: float
    seed: int

    def sliced(self, name: str, measure: Measure) -> Sliced:
        if name not in ITEM_SLICES:
            if self.documents is None:
                raise needs_documents(name)
            parts = tuple(self._documents(name, measure, self.documents))
            return Sliced(name, measure, parts, "", self.confidence)
        if why := why_not(name, measure):
            return Sliced(name, measure, (), why, self.confidence)
        return self._items(name, measure)

    def _documents(
        self, name: str, measure: Measure, documents: Sequence[Document]
    ) -> Iterator[Part]:
        counts = self.comparison.counts(measure)
        rows = np.stack((counts.tp, counts.fp, counts.fn), axis=-1)
        for value, mask in document_members(name, documents).items():
            score = self._score(measure, rows * mask[:, None], mask)
            yield Part(value, int(mask.sum()), {measure.statistic: score})

    def _items(self, name: str, measure: Measure) -> Sliced:
        gold, predicted = self.comparison.items(measure)
        sides = self.comparison.gold, self.comparison.predicted
        mine, theirs = (
            _taken(item_members(name, Whole.of(side, measure), self.documents), items)
            for side, items in zip(sides, (gold, predicted), strict=True)
        )
        note = ""
        precise = measure.statistic in ("p", "f1")
        if precise and name in ATTRIBUTE_SLICES and not _told(theirs):
            precise = False
            note = f"no prediction has {name}: no precision"
        parts = []
        for value in mine:
            if not mine[value].any() and not (precise and theirs[value].any()):
                continue
            scores = {}
            docs = _documents_with(gold, mine[value], self.comparison.n_docs)
            where = _documents_with(predicted, theirs[value], self.comparison.n_docs)
            if measure.statistic != "p":
                kept = gold.take(mine[value], 0)
                counts = self.comparison.counts_of(measure, kept, predicted)
                used = "acc" if measure.statistic == "acc" else "r"
                scores[used] = self._part(measure, used, counts, docs)
            if precise:
                kept = predicted.take(theirs[value], 0)
                counts = self.comparison.counts_of(measure, gold, kept)
                scores["p"] = self._part(measure, "p", counts, where)
            parts.append(Part(value, int(docs.sum()), scores, int(where.sum())))
        return Sliced(name, measure, tuple(parts), note, self.confidence)

    def _part(self, measure: Measure, used: str, counts: Counts, docs: BoolArray) -> Score:
        of = Measure(measure.target, used, measure.match, measure.filters, measure.given)
        none = np.zeros_like(counts.tp)
        fp, fn = (counts.fp, none) if used != "r" else (none, counts.fn)
        return self._score(of, np.stack((counts.tp, fp, fn), axis=-1), docs)

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


def _taken(members: Members, items: Items) -> Members:
    return {value: mask[items.row] for value, mask in members.items()}


def _told(members: Members) -> bool:
    """Tell whether any item has the property at all."""
    return any(bool(mask.any()) for value, mask in members.items() if value != NONE)


def _documents_with(items: Items, mask: BoolArray, n_docs: int) -> BoolArray:
    return np.bincount(items.doc[mask], minlength=n_docs) > 0
