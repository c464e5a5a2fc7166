"""Maximum one-to-one matching of items, by document, at the speed of sorting.

Two ways, by what makes a pair compatible:

- being *equal* (exact, trim): items with equal keys match, as many as the rarer side has.
- *overlapping* by some rule (overlap, iou, attributions): `overlapping` lists the pairs that share
  a character, a rule keeps some, `maximum` picks the most that leave no item in two pairs.

Everything is a numpy array; no loop runs over spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .charsets import AnyIntArray, BoolArray, CharSets, IntArray, ascending, bounds_of, ranges

#: Overlapping pairs of fragments that one document may have; beyond, memory would run out.
PAIR_LIMIT = 30_000_000
#: Overlapping pairs of fragments that are held at once, unless one document has more.
CHUNK = 4_000_000
#: Items of one side that are compared for being equal at once, in whole documents: few enough to
#: stay in the cache.
BLOCK = 16_384
#: Items on the smaller side of a tangle that `best` solves, and cells of its table.
TANGLE_LIMIT = 2_000
TABLE_LIMIT = 25_000_000
#: Fragments of a set beyond which it is compared as a whole, not fragment by fragment.
MANY = 8


class TooManyPairsError(Exception):
    """More overlapping pairs in one block than `PAIR_LIMIT`."""

    def __init__(self, block: int, pairs: int) -> None:
        super().__init__(block, pairs)
        self.block = block
        self.pairs = pairs


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a gold and a predicted item, each pair once, and the characters they share."""

    gold: IntArray
    predicted: IntArray
    shared: IntArray

    def __len__(self) -> int:
        return len(self.gold)

    def take(self, index: IntArray | BoolArray) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.gold[index], self.predicted[index], self.shared[index])


def overlapping(
    gold: CharSets, predicted: CharSets, gold_block: IntArray, predicted_block: IntArray
) -> Iterator[Pairs]:
    """Yield all pairs of items of one block that share a character, whole blocks at a time.

    Only pairs that do overlap are ever made: of two overlapping fragments one starts inside the
    other, so a fragment's partners are two runs in the sorted starts of the other side.

    Parameters
    ----------
    gold, predicted : CharSets
    gold_block, predicted_block : int arrays
        Items are compared only within a block (a document, or one label of a document).

    Raises
    ------
    TooManyPairsError
        If one block has more than `PAIR_LIMIT` overlapping pairs of fragments.
    """
    if not len(gold.start) or not len(predicted.start):
        return
    stride = max(int(gold.end.max()), int(predicted.end.max()))
    g = _Fragments.of(gold, gold_block, stride)
    p = _Fragments.of(predicted, predicted_block, stride)
    # For each predicted fragment the gold ones that start inside it, and the other way round,
    # where starting at the same place counts only once.
    first_g = np.searchsorted(g.start, p.start)
    count_g = np.searchsorted(g.start, p.end) - first_g
    first_p = np.searchsorted(p.start, g.start, side="right")
    count_p = np.searchsorted(p.start, g.end) - first_p
    for of_g, of_p in _chunks(g, p, count_g, count_p, stride):
        a, b = count_g[of_p], count_p[of_g]
        left = np.concatenate((ranges(first_g[of_p], a), np.repeat(np.arange(*_span(of_g)), b)))
        right = np.concatenate((np.repeat(np.arange(*_span(of_p)), a), ranges(first_p[of_g], b)))
        common = np.minimum(g.end[left], p.end[right]) - np.maximum(g.start[left], p.start[right])
        pairs = Pairs(g.item[left], p.item[right], common)
        yield pairs if gold.single and predicted.single else _joined(pairs, len(predicted))


def maximum(gold: IntArray, predicted: IntArray) -> BoolArray:
    """Return which pairs make up a maximum one-to-one matching.

    Parameters
    ----------
    gold, predicted : int arrays, shape (pairs,)
        The compatible pairs, each once.

    >>> maximum(np.array([0, 0, 1]), np.array([0, 1, 0]))
    array([False,  True,  True])
    """
    chosen = _alone(gold, predicted)
    rest = np.flatnonzero(~chosen)
    if len(rest):
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import maximum_bipartite_matching

        rows, n = _renumbered(gold[rest])
        columns, m = _renumbered(predicted[rest])
        graph = csr_matrix((np.ones(len(rest), np.int8), (rows, columns)), shape=(n, m))
        partner = maximum_bipartite_matching(graph, perm_type="column")
        chosen[rest] = partner[rows] == columns
    return chosen


def best(
    gold: IntArray, predicted: IntArray, iou: Any, bonus: BoolArray | None = None
) -> BoolArray:
    """Return, of all maximum matchings, one with the largest total IoU.

    Among those the one with the most pairs that have a ``bonus`` is taken, so what is counted over
    such pairs does not depend on the order of anything. IoU counts in millionths.

    Raises
    ------
    TooManyPairsError
        If more items hang together than `TANGLE_LIMIT`; ``block`` is then one of the gold items.
    """
    chosen = _alone(gold, predicted)
    rest = np.flatnonzero(~chosen)
    if not len(rest):
        return chosen
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows, n = _renumbered(gold[rest])
    columns, m = _renumbered(predicted[rest])
    graph = coo_matrix((np.ones(len(rest), np.int8), (rows, columns + n)), shape=(n + m, n + m))
    _, component = connected_components(graph, directed=False)
    order = np.argsort(component[rows], kind="stable")
    cuts = np.flatnonzero(np.diff(component[rows][order])) + 1
    extra = np.zeros(len(rest), np.int64) if bonus is None else bonus[rest].astype(np.int64)
    weight = np.rint(np.asarray(iou)[rest] * 1_000_000).astype(np.int64)
    for part in np.split(order, cuts):
        i, height = _renumbered(rows[part])
        j, width = _renumbered(columns[part])
        most = min(height, width)
        if most > TANGLE_LIMIT or height * width > TABLE_LIMIT:
            raise TooManyPairsError(int(gold[rest[part[0]]]), height * width)
        # One pair more outweighs all IoU, one millionth of IoU all bonuses; exact below 2**53.
        value = weight[part] * (most + 1) + extra[part]
        table = np.zeros((height, width))
        table[i, j] = value + (most + 1) * (1_000_000 * most + 1)
        taken = np.full(height, -1)
        taken_rows, taken_columns = linear_sum_assignment(table, maximize=True)
        taken[taken_rows] = taken_columns
        chosen[rest[part]] = taken[i] == j
    return chosen


def blocks(
    gold_doc: IntArray, predicted_doc: IntArray, n_docs: int
) -> Iterator[tuple[slice, slice, slice]]:
    """Yield slices of documents, and of the gold and the predicted items that lie in them.

    All at once if the items do not stand in the order of the documents.

    >>> list(blocks(np.array([0, 1]), np.array([1, 1, 1]), 3))
    [(slice(0, 3, None), slice(0, 2, None), slice(0, 3, None))]
    """
    sides = (gold_doc, predicted_doc)
    cuts = [doc[BLOCK::BLOCK] for doc in sides] if all(map(ascending, sides)) else []
    edges = np.unique(np.concatenate(([0, n_docs], *cuts)))
    ends = np.stack((edges, *(np.searchsorted(doc, edges) for doc in sides)), axis=1).tolist()
    for starts, stops in pairwise(ends):
        docs, of_gold, of_predicted = map(slice, starts, stops)
        yield docs, of_gold, of_predicted


def equal_keys(
    gold: Sequence[AnyIntArray],
    predicted: Sequence[AnyIntArray],
    n_gold: int,
    n_predicted: int,
    limit: int = 2**62,
) -> IntArray:
    """Return one number an item, gold's first, equal where all columns are equal.

    The numbers are from 0 and below ``limit``, or below the number of items if that is more.

    >>> equal_keys([np.array([1, 2]), np.array([5, 0])], [np.array([2]), np.array([0])], 2, 1)
    array([11, 12, 12])
    """
    every: IntArray = np.zeros(n_gold + n_predicted, np.int64)
    sides = every[:n_gold], every[n_gold:]
    keys = 1
    for column in zip(gold, predicted, strict=True):
        width = _width(*column)
        if keys * width > 2**62:
            keys = _rank(every)
        if keys * width > 2**62:
            column = _ranked(*column)
            width = _width(*column)
        for side, values in zip(sides, column, strict=True):
            if keys > 1:
                side *= width
            side += values
        keys *= width
    if keys > limit:
        _rank(every)
    return every


def set_columns(gold: CharSets, predicted: CharSets) -> tuple[list[IntArray], list[IntArray]]:
    """Return columns, for `equal_keys`, that are equal where the sets are equal."""
    if gold.single and predicted.single:
        left, right = ([sets.start, sets.end - sets.start] for sets in (gold, predicted))
        return left, right
    keys = (np.zeros(len(gold), np.int64), np.zeros(len(predicted), np.int64))
    offset = 1
    # Sets with different numbers of fragments differ; there are few such numbers.
    for count in np.flatnonzero(np.bincount(gold.counts)[1:]) + 1:
        rows = [np.flatnonzero(sets.counts == count) for sets in (gold, predicted)]
        sides = list(zip((gold, predicted), rows, strict=True))
        if count > MANY:
            known: dict[bytes, int] = {}
            found = tuple(_numbered(sets, r, known) for sets, r in sides)
        else:
            left, right = (
                [x[sets.bounds[r] + k] for k in range(count) for x in (sets.start, sets.end)]
                for sets, r in sides
            )
            every = equal_keys(left, right, len(rows[0]), len(rows[1]), limit=0)
            found = every[: len(rows[0])], every[len(rows[0]) :]
        for side in (0, 1):
            keys[side][rows[side]] = found[side] + offset
        offset += len(rows[0]) + len(rows[1])
    # What only predictions have equals nothing in gold, and is not empty.
    keys[1][~np.isin(predicted.counts, gold.counts) & (predicted.counts > 0)] = offset
    return [keys[0]], [keys[1]]


def matched_equal(
    gold_doc: IntArray,
    predicted_doc: IntArray,
    gold: Sequence[AnyIntArray],
    predicted: Sequence[AnyIntArray],
    n_docs: int,
) -> IntArray:
    """Return the size of the maximum matching of equal items, by document.

    Parameters
    ----------
    gold_doc, predicted_doc : int arrays
        Document of each item.
    gold, predicted : sequences of int arrays
        Columns; items are equal where all of them are.
    """
    n_gold, n_predicted = len(gold_doc), len(predicted_doc)
    if not n_gold or not n_predicted:
        return np.zeros(n_docs, np.int64)
    bits = 61 - n_docs.bit_length()
    # One sort of both sides, the side in the last bit: equal items stand together.
    every = equal_keys(gold, predicted, n_gold, n_predicted, limit=2**bits)
    bits = int(every.max()).bit_length()
    every[:n_gold] += gold_doc << bits
    every[n_gold:] += predicted_doc << bits
    every <<= 1
    every[n_gold:] += 1
    # Layers are mostly in order: a sort that merges runs is then many times as fast.
    every.sort(kind="stable")
    change = every[1:] ^ every[:-1]
    # Where a run of gold items ends and one of equal predicted items begins.
    meet = np.flatnonzero(change == 1)
    doc = every[meet] >> (bits + 1)
    if change.all():
        return np.bincount(doc, minlength=n_docs)
    last = np.append(np.flatnonzero(change), len(change))
    size = np.diff(last, prepend=-1)
    run = np.searchsorted(last, meet)
    pairs = np.minimum(size[run], size[run + 1])
    return np.bincount(doc, weights=pairs, minlength=n_docs).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Fragments:
    """Fragments in the order of their starts, in coordinates that keep blocks apart."""

    start: IntArray
    end: IntArray
    item: IntArray

    @classmethod
    def of(cls, sets: CharSets, block: IntArray, stride: int) -> _Fragments:
        offset = block[sets.owner] * stride
        start, end, item = offset + sets.start, offset + sets.end, sets.owner
        if not ascending(start):
            order = np.argsort(start, kind="stable")
            start, end, item = start[order], end[order], item[order]
        return cls(start, end, item)


def _chunks(
    g: _Fragments, p: _Fragments, count_g: IntArray, count_p: IntArray, stride: int
) -> Iterator[tuple[slice, slice]]:
    """Yield slices of gold and predicted fragments, whole blocks, about `CHUNK` pairs each."""
    if int(count_g.sum()) + int(count_p.sum()) <= CHUNK:
        yield slice(0, len(g.start)), slice(0, len(p.start))
        return
    n = int(max(g.start[-1], p.start[-1]) // stride) + 1
    pairs = np.bincount(p.start // stride, weights=count_g, minlength=n)
    pairs += np.bincount(g.start // stride, weights=count_p, minlength=n)
    worst = int(pairs.argmax())
    if pairs[worst] > PAIR_LIMIT:
        raise TooManyPairsError(worst, int(pairs[worst]))
    before = np.cumsum(pairs)
    block = 0
    while block < n:
        reached = before[block - 1] if block else 0
        following = max(int(np.searchsorted(before, reached + CHUNK, side="right")), block + 1)
        cut = np.array([block, following]) * stride
        of_g, of_p = np.searchsorted(g.start, cut), np.searchsorted(p.start, cut)
        yield slice(*of_g.tolist()), slice(*of_p.tolist())
        block = following


def _span(part: slice) -> tuple[int, int]:
    return part.start, part.stop


def _joined(pairs: Pairs, width: int) -> Pairs:
    """Join the pairs of fragments of the same two items."""
    key = pairs.gold * width + pairs.predicted
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else order
    shared = np.diff(bounds_of(pairs.shared[order])[np.append(first, len(key))])
    taken = order[first]
    return Pairs(pairs.gold[taken], pairs.predicted[taken], shared)


def _alone(gold: IntArray, predicted: IntArray) -> BoolArray:
    """Return which pairs meet no other pair."""
    if not len(gold):
        return np.zeros(0, np.bool_)
    alone: BoolArray = (np.bincount(gold)[gold] == 1) & (np.bincount(predicted)[predicted] == 1)
    return alone


def _renumbered(values: IntArray) -> tuple[IntArray, int]:
    """Return the values as numbers from 0 without gaps, and how many there are."""
    used = np.zeros(int(values.max()) + 1, np.int32)
    used[values] = 1
    place = np.cumsum(used) - 1
    return place[values].astype(np.int32), int(place[-1]) + 1


def _numbered(sets: CharSets, rows: IntArray, known: dict[bytes, int]) -> IntArray:
    """Return a number for each of some sets, the same for equal ones; ``known`` holds them."""
    fragments = zip(sets.bounds[rows].tolist(), sets.bounds[rows + 1].tolist(), strict=True)
    keys = (sets.start[a:b].tobytes() + sets.end[a:b].tobytes() for a, b in fragments)
    return np.array([known.setdefault(key, len(known)) for key in keys], np.int64)


def _width(a: AnyIntArray, b: AnyIntArray) -> int:
    return max((int(x.max()) for x in (a, b) if len(x)), default=0) + 1


def _ranked(a: AnyIntArray, b: AnyIntArray) -> tuple[IntArray, IntArray]:
    """Return keys as ranks: the same equalities in small numbers."""
    every: IntArray = np.concatenate((a, b), dtype=np.int64)
    _rank(every)
    return every[: len(a)], every[len(a) :]


def _rank(keys: IntArray) -> int:
    """Put the rank of each key in its place; return how many ranks there are."""
    values, keys[:] = np.unique(keys, return_inverse=True)
    return len(values)
