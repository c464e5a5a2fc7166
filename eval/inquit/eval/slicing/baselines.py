"""What the parts of a slice are seen against: systems that read nothing, and people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inquit.corpus import Document, Layer

from ..baselines import between_people, human_comparisons, in_common, trivial_comparisons
from ..counting.charsets import BoolArray, CharSets, IntArray
from ..counting.comparison import Comparison
from ..counting.items import Side
from ..measures import Measure
from ..scores import known_values, statistic
from .counts import pieces_of
from .values import ITEM_SLICES, document_members, why_not

#: A slice and a measure, and the value that a part has.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Beside:
    """What others reach on one part of the data.

    Parameters
    ----------
    trivial : dict of str to dict
        For each trivial system, the value of each statistic; one that cannot be told (precision of
        a system that predicts no such property) is left out. Empty without the documents' text.
    human_ceiling : dict or None
        Value of each statistic between people; None where no two of them labelled such a document.
        For a slice of items recall and precision are one number: of both people's items with the
        value, the share that the other has too.
    human_documents : int or None
        How many documents the human ceiling is over.
    """

    trivial: dict[str, dict[str, float]] = field(default_factory=dict)
    human_ceiling: dict[str, float] | None = None
    human_documents: int | None = None

    @property
    def people(self) -> float:
        """The human ceiling as one number, which it is for every statistic; nan without one."""
        return next(iter((self.human_ceiling or {}).values()), float("nan"))

    def to_json(self) -> dict[str, Any]:
        """Return the values; None for what is undefined."""
        ceiling = self.human_ceiling
        return {
            "trivial": {name: known_values(row) for name, row in self.trivial.items()},
            "human_ceiling": None if ceiling is None else known_values(ceiling),
            "human_documents": self.human_documents,
        }


def slice_baselines(
    gold: Side,
    documents: Sequence[Document] | None,
    humans: Sequence[Layer],
    regions: CharSets,
    wanted: Iterable[tuple[str, Measure]],
    *,
    trivial: bool = True,
) -> dict[Place, Beside]:
    """Return what trivial systems and people reach, for each slice, measure and value.

    Parameters
    ----------
    gold : Side
    documents : sequence of Document, optional
        In gold's order; without them there are no trivial systems.
    humans : sequence of Layer
    regions : CharSets
        Characters that nobody is scored on, by document.
    wanted : iterable of (str, Measure)
        Slices that exist, and measures; a slice that says nothing about a measure has no part.
    trivial : bool
        Whether to score the trivial systems.
    """
    pairs = [(name, measure) for name, measure in wanted if not why_not_sliced(name, measure)]
    systems: dict[Place, dict[str, dict[str, float]]] = {}
    if trivial and documents is not None:
        for system, comparison in trivial_comparisons(gold, documents, regions):
            for name, measure in pairs:
                pieces, _ = pieces_of(comparison, name, measure, documents)
                for value, piece in pieces.items():
                    row = {key: _value(key, counts) for key, counts in piece.counts.items()}
                    systems.setdefault((name, str(measure), value), {})[system] = row
    doc_ids = gold.columns.doc_ids
    people = list(human_comparisons(humans, doc_ids, documents, regions))
    common = in_common(humans, doc_ids)
    ceilings: dict[Place, tuple[dict[str, float], int]] = {}
    for name, measure in pairs if people else ():
        parts = (
            _items_of_people(people, name, measure, len(doc_ids))
            if name in ITEM_SLICES
            else _documents_of_people(people, name, measure, documents, common)
        )
        for value, (rate, over) in parts.items():
            if count := int(over.sum()):
                ceilings[name, str(measure), value] = rate, count
    return {
        place: Beside(systems.get(place, {}), *ceilings.get(place, (None, None)))
        for place in {**systems, **ceilings}
    }


def why_not_sliced(name: str, measure: Measure) -> str:
    """Return why a slice says nothing about a measure; "" if it does."""
    return why_not(name, measure) if name in ITEM_SLICES else ""


_People = Sequence[tuple[IntArray, Comparison]]
_Parts = dict[str, tuple[dict[str, float], BoolArray]]


def _documents_of_people(
    people: _People,
    name: str,
    measure: Measure,
    documents: Sequence[Document] | None,
    common: BoolArray,
) -> _Parts:
    totals = np.zeros((len(common), 3), np.int64)
    for rows, comparison in people:
        totals[rows] += comparison.counts(measure).rows
    return {
        value: (
            {measure.statistic: _value(between_people(measure), totals[mask])},
            mask & common,
        )
        for value, mask in document_members(name, documents or ()).items()
    }


def _items_of_people(people: _People, name: str, measure: Measure, n: int) -> _Parts:
    """Take each person's items with the value against all of the other's, and add both."""
    one_way = "acc" if measure.statistic == "acc" else "r"
    shown = {"f1": ("r", "p")}.get(measure.statistic, (measure.statistic,))
    asked = Measure(measure.target, one_way, measure.match, measure.filters, measure.given)
    totals: dict[str, IntArray] = {}
    over: dict[str, BoolArray] = {}
    for rows, there in people:
        back = Comparison(
            there.predicted, there.gold, there.doc_ids, there.documents, there.regions
        )
        for comparison in (there, back):
            for value, piece in pieces_of(comparison, name, asked, there.documents)[0].items():
                counts = piece.counts[one_way].sum(axis=0)
                totals[value] = totals.get(value, np.zeros(3, np.int64)) + counts
                over.setdefault(value, np.zeros(n, np.bool_))[rows] |= piece.documents
    return {
        value: (dict.fromkeys(shown, _value(one_way, counts[None])), over[value])
        for value, counts in totals.items()
    }


def _value(name: str, counts: IntArray) -> float:
    return float(statistic(name, counts.sum(axis=0)))
