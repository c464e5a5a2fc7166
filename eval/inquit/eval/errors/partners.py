"""Partners of gold and predicted units, in the stages that docs/errors.md lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..counting.charsets import BoolArray, IntArray, shared
from ..counting.matching import Pairs, TooManyPairsError, best, overlapping
from .units import CLASSES, LayerUnits, Units


@dataclass(frozen=True, eq=False)
class Partners:
    """Pairs of units of ``gold`` and ``predicted``, and what is known of all or of each of them."""

    gold: Units
    predicted: Units
    pairs: Pairs
    wrong_source: BoolArray
    hit: bool = False
    apart: bool = False
    unlinked: bool = False


def partners(gold: LayerUnits, predicted: LayerUnits) -> list[Partners]:
    """Match all units; those that are still ``free`` afterwards have no partner.

    Raises
    ------
    TooManyPairsError
        ``block`` is the number of the document in which too much overlaps.
    """
    joint = _Overlaps(gold.attributions, predicted.attributions)
    agree = joint.sources_agree()
    found = [
        joint.match(joint.half & agree, ~agree, hit=True),
        joint.match(joint.half, ~agree),
    ]
    lone = _Overlaps(gold.lone, predicted.lone)
    found.append(lone.match(lone.half, hit=True))
    loose = _Overlaps(gold.attributions, predicted.lone)
    found.append(loose.match(loose.half & loose.labels_meet(), unlinked=True))
    found.append(joint.match(joint.every, ~agree, apart=True))
    within = _Overlaps(gold.lone, predicted.contents_of_free())
    found.append(within.match(within.half, hit=True))
    found.append(lone.match(lone.every, apart=True))
    return found


class _Overlaps:
    """All pairs of units of one block whose contents share a character."""

    def __init__(self, gold: Units, predicted: Units) -> None:
        self.gold, self.predicted = gold, predicted
        blocks = gold.block, predicted.block
        if gold.source is not None and predicted.source is None:
            blocks = gold.block, predicted.block // CLASSES
        try:
            parts = list(overlapping(gold.content, predicted.content, *blocks))
        except TooManyPairsError as error:
            here = np.flatnonzero(blocks[0] == error.block)[0]
            raise TooManyPairsError(int(gold.doc[here]), error.pairs) from error
        none = np.zeros(0, np.int64)
        self.pairs = Pairs(
            *(
                np.concatenate([none, *(getattr(part, name) for part in parts)])
                for name in ("gold", "predicted", "shared")
            )
        )
        i, j = self.pairs.gold, self.pairs.predicted
        both = gold.content.sizes[i] + predicted.content.sizes[j]
        self.every = np.ones(len(self.pairs), np.bool_)
        self.half: BoolArray = 2 * self.pairs.shared >= both - self.pairs.shared
        self._iou = self.pairs.shared / (both - self.pairs.shared)
        a, b = gold.forms[i], predicted.forms[j]
        #: What decides between matchings of equal IoU.
        self._alike = (gold.labels[i] == predicted.labels[j]) & ((a == b) | (a == 0) | (b == 0))

    def sources_agree(self) -> BoolArray:
        """Return for which pairs of attributions the headline takes the sources to be the same."""
        a, b = self.gold.source, self.predicted.source
        if a is None or b is None:
            return self.every
        i, j = self.pairs.gold, self.pairs.predicted
        agree: BoolArray = (shared(a, b, i, j) > 0) | ((a.sizes[i] == 0) & (b.sizes[j] == 0))
        return agree

    def labels_meet(self) -> BoolArray:
        """Return for which pairs both sides have a content of one label."""
        meet = self.gold.labels[self.pairs.gold] & self.predicted.labels[self.pairs.predicted]
        found: BoolArray = meet > 0
        return found

    def match(
        self,
        keep: BoolArray,
        wrong_source: BoolArray | None = None,
        *,
        hit: bool = False,
        apart: bool = False,
        unlinked: bool = False,
    ) -> Partners:
        """Match free units of some pairs, as many as possible, with the largest total IoU."""
        i, j = self.pairs.gold, self.pairs.predicted
        rows: IntArray = np.flatnonzero(keep & self.gold.free[i] & self.predicted.free[j])
        try:
            rows = rows[best(i[rows], j[rows], self._iou[rows], self._alike[rows])]
        except TooManyPairsError as error:
            raise TooManyPairsError(int(self.gold.doc[error.block]), error.pairs) from error
        self.gold.free[i[rows]] = False
        self.predicted.free[j[rows]] = False
        wrong = ~self.every if wrong_source is None else wrong_source
        taken = self.pairs.take(rows)
        return Partners(self.gold, self.predicted, taken, wrong[rows], hit, apart, unlinked)
