"""Sets of characters as numpy arrays: what spans, roles and unions of spans are made of."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
#: Of any width: what is small is made and read faster.
AnyIntArray = npt.NDArray[np.signedinteger[Any]]
BoolArray = npt.NDArray[np.bool_]


class CharSets:
    """Sets of characters, one an item; each is a run of fragments, ascending and disjoint.

    Parameters
    ----------
    bounds : int array, shape (items + 1,), or None
        The fragments of item ``i`` are those from ``bounds[i]`` up to ``bounds[i + 1]``. None:
        every item has one.
    start, end : int array, shape (fragments,)
        Half-open offsets in code points; kept as they are given until they are asked for.

    >>> sets = CharSets(np.array([0, 2, 3]), np.array([0, 8, 3]), np.array([5, 9, 4]))
    >>> sets.sizes
    array([6, 1])
    """

    def __init__(self, bounds: IntArray | None, start: AnyIntArray, end: AnyIntArray) -> None:
        self._bounds = bounds
        self._start = start
        self._end = end

    def __len__(self) -> int:
        return len(self._start) if self._bounds is None else len(self._bounds) - 1

    @cached_property
    def start(self) -> IntArray:
        """Offset of the first character of each fragment."""
        return self._start.astype(np.int64, copy=False)

    @cached_property
    def end(self) -> IntArray:
        """Offset behind the last character of each fragment."""
        return self._end.astype(np.int64, copy=False)

    @cached_property
    def bounds(self) -> IntArray:
        """Where the fragments of each item begin, and those of the last one end."""
        return np.arange(len(self) + 1) if self._bounds is None else self._bounds

    @cached_property
    def counts(self) -> IntArray:
        """Number of fragments of each item."""
        return np.diff(self.bounds)

    @cached_property
    def single(self) -> bool:
        """Whether every item has exactly one fragment."""
        if self._bounds is None:
            return True
        return len(self._start) == len(self) and bool((self.counts == 1).all())

    @cached_property
    def owner(self) -> IntArray:
        """Item of each fragment."""
        items = np.arange(len(self), dtype=np.int64)
        return items if self.single else np.repeat(items, self.counts)

    @cached_property
    def sizes(self) -> IntArray:
        """Number of characters of each item."""
        lengths = self.end - self.start
        return lengths if self.single else totals(self.owner, lengths, len(self))

    def take(self, index: IntArray | BoolArray | slice) -> CharSets:
        """Return the sets of some items, by their numbers, a mask or a slice."""
        if self.single:
            return CharSets(None, self._start[index], self._end[index])
        counts = self.counts[index]
        rows = ranges(self.bounds[:-1][index], counts)
        return CharSets(bounds_of(counts), self._start[rows], self._end[rows])

    def shifted(self, by: IntArray) -> CharSets:
        """Return the sets with the offsets of each item moved."""
        moved = by[self.owner]
        return CharSets(self._bounds, self.start + moved, self.end + moved)


def bounds_of(counts: IntArray) -> IntArray:
    """Return where each run begins and the last one ends, given the lengths of runs."""
    bounds = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=bounds[1:])
    return bounds


def ranges(first: IntArray, counts: IntArray) -> IntArray:
    """Return ``first[i], first[i] + 1, ...`` (``counts[i]`` numbers) for each i, in one array.

    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    bounds = bounds_of(counts)
    return np.arange(bounds[-1]) + np.repeat(first - bounds[:-1], counts)


def totals(owner: IntArray, values: IntArray, n: int) -> IntArray:
    """Return the sum of the values of each owner; exact up to 2**53."""
    return np.bincount(owner, weights=values, minlength=n).astype(np.int64)


def ascending(values: IntArray) -> bool:
    """Whether values are sorted already: sorting what is sorted costs more than looking."""
    return bool((values[1:] >= values[:-1]).all())


def union(owner: IntArray, start: IntArray, end: IntArray, n: int) -> CharSets:
    """Return, for each of n owners, the union of its fragments; touching fragments are joined.

    >>> sets = union(np.array([1, 1, 1]), np.array([4, 0, 9]), np.array([6, 4, 10]), 2)
    >>> sets.bounds, sets.start, sets.end
    (array([0, 0, 2]), array([0, 9]), array([ 6, 10]))
    """
    if not len(owner):
        return CharSets(np.zeros(n + 1, np.int64), start, end)
    stride = int(end.max()) + 1
    starts, ends = owner * stride + start, owner * stride + end
    if not ascending(starts):
        order = np.argsort(starts)
        starts, ends = starts[order], ends[order]
    reach = np.maximum.accumulate(ends)
    first = np.flatnonzero(np.concatenate(([True], starts[1:] > reach[:-1])))
    last = np.append(first[1:], len(starts)) - 1
    starts, ends = starts[first], reach[last]
    owner = starts // stride
    bounds = bounds_of(np.bincount(owner, minlength=n))
    return CharSets(bounds, starts - owner * stride, ends - owner * stride)


def merged(members: CharSets, bounds: IntArray, index: IntArray) -> CharSets:
    """Return unions of items: set ``i`` joins items ``index[bounds[i]:bounds[i + 1]]``."""
    taken = members.take(index)
    n = len(bounds) - 1
    if taken.single and len(index) == n and bool((np.diff(bounds) == 1).all()):
        return taken
    owner = np.repeat(np.arange(n, dtype=np.int64), np.diff(bounds))
    return union(owner[taken.owner], taken.start, taken.end, n)


def covered(sets: CharSets, item: IntArray, start: IntArray, end: IntArray) -> IntArray:
    """Return how many characters of ``[start, end)`` lie in the set of ``item``, elementwise.

    >>> sets = CharSets(np.array([0, 2]), np.array([0, 8]), np.array([5, 9]))
    >>> covered(sets, np.array([0]), np.array([4]), np.array([20]))
    array([2])
    """
    if not len(sets.start) or not len(start):
        return np.zeros(len(start), np.int64)
    stride = max(int(sets.end.max()), int(end.max())) + 1
    starts = sets.owner * stride + sets.start
    ends = np.concatenate(([0], sets.owner * stride + sets.end))
    before = bounds_of(sets.end - sets.start)

    def up_to(position: IntArray) -> IntArray:
        fragment = np.searchsorted(starts, position, side="right")
        inside: IntArray = before[fragment] - np.maximum(ends[fragment] - position, 0)
        return inside

    return up_to(item * stride + end) - up_to(item * stride + start)


def shared(a: CharSets, b: CharSets, i: IntArray, j: IntArray) -> IntArray:
    """Return how many characters item ``i[n]`` of a and item ``j[n]`` of b have in common."""
    first = a.take(i)
    return totals(first.owner, covered(b, j[first.owner], first.start, first.end), len(first))
