"""How far a score may be trusted: bootstrap intervals and paired tests over documents.

The unit that is drawn is the document, or the group of documents that tell one story. Documents
with the same counts are interchangeable, so a resample of n documents is one multinomial draw over
the distinct rows of counts: the same distribution as drawing documents, at a fraction of the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .counting.charsets import IntArray

FloatArray = npt.NDArray[np.float64]
#: From counts, shape (..., columns), to values, shape (...); nan where undefined.
Statistic = Callable[[FloatArray], FloatArray]

#: Fewer units than this give no interval.
LEAST_UNITS = 10
#: Fewer resamples than this are refused: an interval of them is rough.
LEAST_RESAMPLES = 100
#: Fewer units than this take the corrected interval (BCa) instead of plain percentiles.
SMALL = 50
#: An interval needs at least this share of resamples in which the measure is defined.
LEAST_DEFINED = 0.95
#: The last is what results of older versions say.
_TOO_FEW = re.compile(r"fewer than (\d+) (groups(?= of)|documents or groups|documents)")
#: Cells of one table of resamples.
_CELLS = 20_000_000
#: A multinomial draw for one pattern costs about as much as drawing this many documents.
_DRAW_COST = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval; nan, with the reason, where there is none."""

    low: float
    high: float
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Paired:
    """Difference a - b of two systems on the same documents, its interval, and p of no difference.

    ``p`` is two-sided, (k + 1) / (resamples + 1) of a randomisation test.
    """

    difference: float
    interval: Interval
    p: float


def interval(
    counts: IntArray,
    statistic: Statistic,
    *,
    groups: Sequence[Hashable] | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return the bootstrap interval of a statistic of summed counts.

    Percentile method; BCa below 50 units; none below 10 units.

    Parameters
    ----------
    counts : int array, shape (documents, columns)
    statistic : callable
        From sums of counts, shape (..., columns), to values, shape (...).
    groups : sequence, length documents, optional
        Documents of equal group are drawn together.
    resamples : int
    confidence : float
        Between 0 and 1.
    seed : int
        The result depends on this and the counts, not on the order of documents.

    >>> f1 = lambda c: 2 * c[..., 0] / (2 * c[..., 0] + c[..., 1] + c[..., 2])
    >>> round(interval(np.array([[1, 0, 1]] * 30), f1).low, 3)
    0.667
    >>> interval(np.array([[1, 0, 1]] * 9), f1).why_none
    'fewer than 10 documents (9)'
    """
    units = by_group(np.asarray(counts, np.int64), groups)
    name = unit_name(len(units), len(counts))
    return _interval(units, name, statistic, resamples, confidence, seed)


def _interval(
    units: IntArray,
    name: str,
    statistic: Statistic,
    resamples: int,
    confidence: float,
    seed: int,
) -> Interval:
    if len(units) < LEAST_UNITS:
        return _none(f"fewer than {LEAST_UNITS} {name} ({len(units)})")
    value = float(statistic(units.sum(axis=0).astype(np.float64)))
    if np.isnan(value):
        return _none("the measure is undefined")
    patterns, times = _patterns(units)
    values = _resampled(patterns, times, statistic, resamples, np.random.default_rng(seed))
    defined = values[~np.isnan(values)]
    if len(defined) < LEAST_DEFINED * resamples:
        return _none("too few documents have what the measure counts")
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if len(units) < SMALL:
        tails = _corrected(tails, value, defined, patterns, times, statistic)
    low, high = np.quantile(defined, tails).tolist()
    return Interval(low, high)


def compare(
    a: IntArray,
    b: IntArray,
    statistic: Statistic,
    *,
    groups: Sequence[Hashable] | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Paired:
    """Compare two systems by their counts on the same documents.

    Paired approximate randomisation: if the systems did not differ, their counts on a document
    could be swapped. The number of swaps among documents with the same counts is one binomial
    draw.

    Parameters
    ----------
    a, b : int arrays, shape (documents, columns)
    statistic, groups, confidence, seed
        As for `interval`. With the same seed, b against a gives the same p and the interval
        mirrored.

    >>> f1 = lambda c: 2 * c[..., 0] / (2 * c[..., 0] + c[..., 1] + c[..., 2])
    >>> a, b = np.array([[[3, 1, 0]] * 20 + [[2, 0, 4]] * 20, [[1, 1, 2]] * 30 + [[4, 0, 0]] * 10])
    >>> there, back = compare(a, b, f1), compare(b, a, f1)
    >>> (there.p, there.interval.low) == (back.p, -back.interval.high)
    True
    """
    width = a.shape[1]
    both = by_group(np.concatenate((a, b), axis=1).astype(np.int64), groups)
    name = unit_name(len(both), len(a))
    turned = np.roll(both, width, axis=1)
    order = _order(both, turned)
    units = turned if order < 0 else both
    found = _compared(units, name, statistic, resamples, confidence, seed)
    low, high = found.interval.low, found.interval.high
    if order < 0:
        # 0 - x, for -x could be a negative zero.
        ends = Interval(0 - high, 0 - low, found.interval.why_none)
        return Paired(0 - found.difference, ends, found.p)
    if order == 0:
        # Nothing tells the two apart, so that neither end may be farther from 0.
        far = (high - low) / 2
        return Paired(found.difference, Interval(0 - far, far, found.interval.why_none), found.p)
    return found


def _compared(
    units: IntArray,
    name: str,
    statistic: Statistic,
    resamples: int,
    confidence: float,
    seed: int,
) -> Paired:
    width = units.shape[1] // 2

    def difference(counts: FloatArray) -> FloatArray:
        return statistic(counts[..., :width]) - statistic(counts[..., width:])

    observed = float(difference(units.sum(axis=0).astype(np.float64)))
    if np.isnan(observed):
        return Paired(observed, _none("the measure is undefined"), float("nan"))
    # Swapping changes the sums by a document's difference; equal differences are interchangeable,
    # and so are opposite ones once the total starts from the other side.
    change = units[:, width:] - units[:, :width]
    first = change[np.arange(len(change)), (change != 0).argmax(axis=1)]
    flipped = first < 0
    start = units[:, :width].sum(axis=0) + change[flipped].sum(axis=0)
    moves, times = _patterns(np.where(flipped[:, None], -change, change)[first != 0])
    total = units[:, :width].sum(axis=0) + units[:, width:].sum(axis=0)
    rng = np.random.default_rng(seed)
    extreme = 0
    for size in _portions(resamples, len(moves)):
        left = start + _heads(rng, times, size) @ moves.astype(np.float64)
        values = difference(np.concatenate((left, total - left), axis=-1))
        # Where the measure is undefined nothing speaks against "no difference".
        extreme += int((~(np.abs(values) < abs(observed) - 1e-12)).sum())
    found = _interval(units, name, difference, max(resamples // 5, 1000), confidence, seed)
    return Paired(observed, found, (extreme + 1) / (resamples + 1))


def adjusted(p: Sequence[float]) -> list[float]:
    """Return p-values corrected for the number of comparisons (Benjamini-Hochberg); nan stays.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    from scipy.stats import false_discovery_control

    values = np.asarray(p, np.float64)
    known = ~np.isnan(values)
    if known.any():
        values[known] = false_discovery_control(values[known])
    return [float(value) for value in values]


def by_group(counts: IntArray, groups: Sequence[Hashable] | None) -> IntArray:
    """Return counts summed by group; without groups the counts themselves."""
    if groups is None:
        return counts
    numbers: dict[Hashable, int] = {}
    place = np.array([numbers.setdefault(group, len(numbers)) for group in groups], np.int64)
    summed = np.zeros((len(numbers), counts.shape[1]), np.int64)
    np.add.at(summed, place, counts)
    return summed


def unit_name(units: int, documents: int) -> str:
    """Return what the units that are drawn are called."""
    return "groups of documents" if units < documents else "documents"


def too_few(found: Interval) -> str:
    """Return "under 10 documents", or groups, if that is why there is no interval; else "".

    >>> too_few(Interval(0.1, 0.2))
    ''
    """
    told = _TOO_FEW.match(found.why_none)
    return f"under {told[1]} {told[2]}" if told else ""


def _patterns(units: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct rows, in a fixed order, and how often each stands."""
    if not len(units):
        return units, np.zeros(0, np.int64)
    order = np.lexsort(units.T)
    rows = units[order]
    first = np.flatnonzero(np.concatenate(([True], (rows[1:] != rows[:-1]).any(axis=1))))
    return rows[first], np.diff(np.append(first, len(rows)))


def _order(one: IntArray, other: IntArray) -> int:
    """Return 1 or -1 where one comes before or after the other by what they count, else 0."""
    sums = [tuple(units.sum(axis=0).tolist()) for units in (one, other)]
    if sums[0] != sums[1]:
        return (sums[0] > sums[1]) - (sums[0] < sums[1])
    keys = [(*zip(*(p.tolist() for p in _patterns(units)), strict=True),) for units in (one, other)]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def _resampled(
    patterns: IntArray, times: IntArray, statistic: Statistic, resamples: int, rng: Any
) -> FloatArray:
    """Return the statistic of bootstrap resamples."""
    n = int(times.sum())
    rows = patterns.astype(np.float64)
    values = []
    if len(patterns) * _DRAW_COST < n:
        for size in _portions(resamples, len(patterns)):
            values.append(statistic(rng.multinomial(n, times / n, size) @ rows))
    else:
        of_unit = np.repeat(np.arange(len(patterns)), times)
        for size in _portions(resamples, len(patterns) + n):
            drawn = of_unit[rng.integers(0, n, (size, n), dtype=np.int32)]
            often = [np.bincount(units, minlength=len(patterns)) for units in drawn]
            values.append(statistic(np.stack(often) @ rows))
    return np.concatenate(values)


def _heads(rng: Any, times: IntArray, size: int) -> FloatArray:
    """Return how many of ``times[i]`` coins show heads, ``size`` times over."""
    heads = np.empty((size, len(times)))
    once = times == 1
    n = int(once.sum())
    bits = np.frombuffer(rng.bytes(size * (n // 8 + 1)), np.uint8).reshape(size, n // 8 + 1)
    heads[:, once] = np.unpackbits(bits, axis=1)[:, :n]
    heads[:, ~once] = rng.binomial(times[~once], 0.5, (size, len(times) - n))
    return heads


def _corrected(
    tails: FloatArray,
    value: float,
    resampled: FloatArray,
    patterns: IntArray,
    times: IntArray,
    statistic: Statistic,
) -> FloatArray:
    """Return the tails of the BCa interval (Efron 1987); the given ones where it has no meaning."""
    from scipy.special import ndtr, ndtri

    below = ((resampled < value).mean() + (resampled <= value).mean()) / 2
    left_out = statistic((times @ patterns - patterns).astype(np.float64))
    if not 0 < below < 1 or np.isnan(left_out).any():
        return tails
    centred = np.average(left_out, weights=times) - left_out
    spread = float(times @ centred**2)
    if spread <= 0:
        return tails
    acceleration = float(times @ centred**3) / (6 * spread**1.5)
    bias = ndtri(below)
    z = bias + ndtri(tails)
    if not np.isfinite(z).all():  # confidence is so near to 1 that a tail is 1
        return tails
    corrected: FloatArray = ndtr(bias + z / (1 - acceleration * z))
    return corrected


def _portions(resamples: int, width: int) -> list[int]:
    """Split the resamples so that a portion of them fits in memory."""
    size = max(1, min(resamples, _CELLS // max(width, 1)))
    full, rest = divmod(resamples, size)
    return [size] * full + ([rest] if rest else [])


def _none(why: str) -> Interval:
    return Interval(float("nan"), float("nan"), why)
