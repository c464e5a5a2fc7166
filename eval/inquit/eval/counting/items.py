"""What is scored: the spans or attributions of a layer that a measure looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inquit.corpus import Document
from inquit.corpus.vocabulary import LABELS, ROLES

from ..measures import ATTRIBUTION_TARGETS
from .charsets import (
    AnyIntArray,
    BoolArray,
    CharSets,
    IntArray,
    bounds_of,
    covered,
    merged,
    totals,
    union,
)
from .columns import NOWHERE, Columns

IGNORE = LABELS.index("ignore")
CLAIM = LABELS.index("claim")
#: Puts characters that are neither letters nor digits out of the way of those that are.
_ASIDE = 2**31


@dataclass(frozen=True, eq=False)
class Items:
    """Spans or attributions of one layer, numbered from 0.

    Parameters
    ----------
    doc : int array
        Document of each, as gold counts the documents.
    label : int8 array
        Label of each; 0 for attributions.
    sets : tuple of CharSets
        The span's characters; for an attribution those of each role, in the order of `ROLES`.
    rows : int array, or None
        Row of each in its `Columns`; None: every row.
    ignored : int
        Number of items left out because half of them lies in a region nobody is scored on.
    """

    doc: IntArray
    label: AnyIntArray
    sets: tuple[CharSets, ...]
    rows: IntArray | None
    ignored: int = 0

    @cached_property
    def row(self) -> IntArray:
        """Row of each in its `Columns`."""
        return np.arange(len(self.doc)) if self.rows is None else self.rows

    def take(self, mask: BoolArray, ignored: int) -> Items:
        """Return some of the items, saying how many were left out."""
        sets = tuple(s.take(mask) for s in self.sets)
        return Items(self.doc[mask], self.label[mask], sets, self.row[mask], ignored)


@dataclass(frozen=True, eq=False)
class Side:
    """A layer and the number in gold of each of its documents."""

    columns: Columns
    place: IntArray

    def documents_of_spans(self) -> IntArray:
        """Return the document of each span, as gold counts them."""
        return self.columns.doc if self._in_order else self.place[self.columns.doc]

    @cached_property
    def _in_order(self) -> bool:
        return bool((self.place == np.arange(len(self.place))).all())


def select(side: Side, target: str, filters: Sequence[tuple[str, str]]) -> Items:
    """Return the items of a target that pass the filters; see `measures.Measure`."""
    columns = side.columns
    if target in ATTRIBUTION_TARGETS:
        given = columns.attributions
        keep = np.ones(len(given.doc), np.bool_)
        for name, value in filters:
            keep &= any_role(columns, columns.has(name, value))
        row = np.flatnonzero(keep)
        lists = (given.roles[role] for role in ROLES)
        sets = tuple(merged(columns.fragments, r.bounds, r.index).take(row) for r in lists)
        return Items(side.place[given.doc[row]], np.zeros(len(row), np.int8), sets, row)
    label = columns.label
    keep = label != IGNORE if target == "span" else label == LABELS.index(target)
    for name, value in filters:
        keep &= columns.has(name, value)
    if target in ("span", "claim") and "granularity" not in dict(filters):
        keep &= ~sentence_claims(columns)
    doc = side.documents_of_spans()
    if keep.all():
        return Items(doc, label, (columns.fragments,), None)
    row = np.flatnonzero(keep)
    return Items(doc[row], label[row], (columns.fragments.take(row),), row)


def sentence_claims(columns: Columns) -> BoolArray:
    """Return which spans are claims made of whole sentences, which are scored on their own."""
    claims: BoolArray = columns.label == CLAIM
    return claims & columns.has("granularity", "sentence") if claims.any() else claims


def ignore_regions(side: Side, n_docs: int) -> CharSets:
    """Return for each document the characters that nobody is scored on."""
    rows = np.flatnonzero(side.columns.label == IGNORE)
    if not len(rows):
        return CharSets(np.zeros(n_docs + 1, np.int64), rows, rows)
    sets = side.columns.fragments.take(rows)
    return union(side.documents_of_spans()[rows][sets.owner], sets.start, sets.end, n_docs)


def without_ignored(items: Items, regions: CharSets) -> Items:
    """Leave out the items at least half of whose (content) characters are in the regions."""
    if not len(regions.start):
        return items
    first = items.sets[0]
    inside = covered(regions, items.doc[first.owner], first.start, first.end)
    out = 2 * totals(first.owner, inside, len(first)) >= first.sizes
    return items.take(~out, int(out.sum())) if out.any() else items


def trimmed(items: Items, documents: Sequence[Document]) -> Items:
    """Return the items with offsets that count letters and digits only.

    What holds no letter or digit at all keeps its characters, apart from all others: a dash is
    not the same cue as a colon.

    Parameters
    ----------
    documents : sequence of Document
        The documents in gold's order.
    """
    sets = tuple(_trimmed(s, items.doc, documents) for s in items.sets)
    return Items(items.doc, items.label, sets, items.rows, items.ignored)


def _trimmed(sets: CharSets, doc: IntArray, documents: Sequence[Document]) -> CharSets:
    of = doc[sets.owner]
    order = np.argsort(of, kind="stable")
    used = np.flatnonzero(np.bincount(of)) if len(of) else of
    cuts = np.searchsorted(of[order], np.append(used, len(documents)))
    start, end = sets.start.copy(), sets.end.copy()
    for number, first, last in zip(used.tolist(), cuts[:-1], cuts[1:], strict=True):
        before = _letters_before(documents[number].text)
        rows = order[first:last]
        rows = rows[sets.start[rows] < NOWHERE]
        start[rows], end[rows] = before[sets.start[rows]], before[sets.end[rows]]
    full = end > start
    kept = union(sets.owner[full], start[full], end[full], len(sets))
    bare = np.flatnonzero((kept.counts == 0) & (sets.counts > 0))
    if not len(bare):
        return kept
    aside = sets.take(bare)
    every = CharSets(
        bounds_of(np.concatenate((kept.counts, aside.counts))),
        np.concatenate((kept.start, aside.start + _ASIDE)),
        np.concatenate((kept.end, aside.end + _ASIDE)),
    )
    index = np.arange(len(sets))
    index[bare] = len(sets) + np.arange(len(bare))
    return every.take(index)


def _letters_before(text: str) -> IntArray:
    """Return for each offset of a text how many letters and digits stand before it."""
    return bounds_of(np.fromiter(map(str.isalnum, text), np.int64, len(text)))


def any_role(columns: Columns, wanted: BoolArray) -> BoolArray:
    """Return which attributions have a content or source among the wanted spans."""
    given = columns.attributions
    found = np.zeros(len(given.doc), np.bool_)
    for role in ("content", "source"):
        ragged = given.roles[role]
        owner = np.repeat(np.arange(len(found)), np.diff(ragged.bounds))
        found[owner[wanted[ragged.index]]] = True
    return found
