"""The counts of one comparison, part by part: what the scores of a slice are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inquit.corpus import Document

from ..counting.charsets import BoolArray, IntArray
from ..counting.comparison import Comparison
from ..counting.items import Items
from ..measures import Measure
from .values import (
    ATTRIBUTE_SLICES,
    ITEM_SLICES,
    NONE,
    Members,
    Whole,
    document_members,
    item_members,
    needs_documents,
)


@dataclass(frozen=True, eq=False)
class Piece:
    """The counts of one value of a slice.

    Parameters
    ----------
    documents : bool array
        Those with the value; for a slice of items, with such a gold item.
    predicted_in : bool array or None
        For a slice of items, those with such a predicted item.
    counts : dict of str to int array, shape (documents, 3)
        TP, FP and FN by statistic: the measure's own for a slice of documents, for a slice of
        items "r" (or "acc") and, if it can be told, "p". Counts that a statistic does not use are
        0.
    """

    documents: BoolArray
    predicted_in: BoolArray | None
    counts: dict[str, IntArray]

    def over(self, statistic: str) -> BoolArray:
        """Return which documents one of the statistics is over."""
        if statistic == "p" and self.predicted_in is not None:
            return self.predicted_in
        return self.documents


def pieces_of(
    comparison: Comparison, name: str, measure: Measure, documents: Sequence[Document] | None
) -> tuple[dict[str, Piece], str]:
    """Return the counts of a measure for each value of a slice, and what cannot be told.

    Raises
    ------
    DataError
        If the slice needs documents and there are none, or too much overlaps.
    """
    if name in ITEM_SLICES:
        return _of_items(comparison, name, measure, documents)
    if documents is None:
        raise needs_documents(name)
    rows = comparison.counts(measure).rows
    pieces = {
        value: Piece(mask, None, {measure.statistic: rows * mask[:, None]})
        for value, mask in document_members(name, documents).items()
    }
    return pieces, ""


def _of_items(
    comparison: Comparison, name: str, measure: Measure, documents: Sequence[Document] | None
) -> tuple[dict[str, Piece], str]:
    gold, predicted = comparison.items(measure)
    sides = comparison.gold, comparison.predicted
    mine, theirs = (
        _taken(item_members(name, Whole.of(side, measure), documents), items)
        for side, items in zip(sides, (gold, predicted), strict=True)
    )
    note = ""
    precise = measure.statistic in ("p", "f1")
    if precise and name in ATTRIBUTE_SLICES and not _told(theirs):
        precise = False
        note = f"no prediction has {name}: no precision"
    pieces = {}
    for value in mine:
        found: dict[str, IntArray] = {}
        if measure.statistic != "p":
            kept = gold.take(mine[value], 0)
            counts = comparison.counts_of(measure, kept, predicted)
            if measure.statistic == "acc":
                found["acc"] = counts.rows
            else:
                found["r"] = counts.rows * (1, 0, 1)
        if precise:
            kept = predicted.take(theirs[value], 0)
            found["p"] = comparison.counts_of(measure, gold, kept).rows * (1, 1, 0)
        pieces[value] = Piece(
            _documents_with(gold, mine[value], comparison.n_docs),
            _documents_with(predicted, theirs[value], comparison.n_docs),
            found,
        )
    return pieces, note


def _taken(members: Members, items: Items) -> Members:
    return {value: mask[items.row] for value, mask in members.items()}


def _told(members: Members) -> bool:
    """Tell whether any item has the property at all."""
    return any(bool(mask.any()) for value, mask in members.items() if value != NONE)


def _documents_with(items: Items, mask: BoolArray, n_docs: int) -> BoolArray:
    return np.bincount(items.doc[mask], minlength=n_docs) > 0
