"""From two layers to the counts of a measure: true and false positives, false negatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.vocabulary import LABELS, ROLES

from ..measures import ATTRIBUTION_TARGETS, Measure
from .charsets import AnyIntArray, BoolArray, CharSets, IntArray, covered, shared, totals, union
from .items import Items, Side, ignore_regions, select, trimmed, without_ignored
from .matching import (
    Pairs,
    TooManyPairsError,
    best,
    blocks,
    matched_equal,
    maximum,
    overlapping,
    set_columns,
)

#: With ``acc``: the IoU, in per cent, at which contents are matched.
GIVEN_CONTENT = 50


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts by document, and the items left out by the ignore rule; additive over documents."""

    tp: IntArray
    fp: IntArray
    fn: IntArray
    ignored: int = 0

    @property
    def rows(self) -> IntArray:
        """TP, FP and FN by document, shape (documents, 3)."""
        return np.stack((self.tp, self.fp, self.fn), axis=-1)


class Comparison:
    """Two layers over the same documents, to be counted by any number of measures.

    Parameters
    ----------
    gold, predicted : Side
    doc_ids : sequence of str
        Gold's documents.
    documents : sequence of Document, optional
        The same documents with their text, for measures that need it.
    regions : CharSets, optional
        Characters that nobody is scored on, by document; gold's ``ignore`` spans if left out.
    """

    def __init__(
        self,
        gold: Side,
        predicted: Side,
        doc_ids: Sequence[str],
        documents: Sequence[Document] | None = None,
        regions: CharSets | None = None,
    ) -> None:
        self.gold = gold
        self.predicted = predicted
        self.doc_ids = doc_ids
        self.documents = documents
        self.n_docs = len(doc_ids)
        self.regions = ignore_regions(gold, self.n_docs) if regions is None else regions
        self._items: dict[tuple[object, ...], tuple[Items, Items]] = {}
        self._counts: dict[tuple[object, ...], Counts] = {}

    def counts(self, measure: Measure) -> Counts:
        """Return the counts of a measure by document.

        Raises
        ------
        DataError
            If a measure needs text and there is none, or a document has too many overlaps.
        """
        key = (measure.target, measure.filters, measure.match, measure.given)
        if key not in self._counts:
            self._counts[key] = self.counts_of(measure, *self.items(measure))
        return self._counts[key]

    def counts_of(self, measure: Measure, gold: Items, predicted: Items) -> Counts:
        """Return the counts of some of a measure's items; see `items`.

        Raises
        ------
        DataError
            As `counts`.
        """
        try:
            return self._count(measure, gold, predicted)
        except TooManyPairsError as error:
            raise self._too_many(measure, error) from error

    def pairs(self, measure: Measure) -> tuple[IntArray, IntArray]:
        """Return rows of gold and predicted items that match, for lists of errors.

        Of all maximum matchings it is one with the largest total IoU (of contents).

        Raises
        ------
        DataError
            If too much overlaps, or the measure makes no pairs.
        """
        if measure.match == "char" or measure.given:
            raise DataError(Problem(what=f"{measure} makes no pairs", remedy="use another match"))
        gold, predicted = self.items(measure)
        found: list[tuple[IntArray, IntArray]] = []
        try:
            for pairs in self._compatible(measure, gold, predicted):
                chosen = pairs.take(_best(measure, pairs, gold, predicted))
                found.append((gold.row[chosen.gold], predicted.row[chosen.predicted]))
        except TooManyPairsError as error:
            raise self._too_many(measure, error) from error
        none = np.zeros(0, np.int64)
        columns = zip(*found, strict=True) if found else ((none,), (none,))
        left, right = (np.concatenate(column) for column in columns)
        return left, right

    def items(self, measure: Measure) -> tuple[Items, Items]:
        """Return the gold and the predicted items of a measure."""
        target = "attribution" if measure.given or _joint(measure) else measure.target
        trim = measure.match == "trim"
        key = (target, measure.filters, trim)
        if key in self._items:
            return self._items[key]
        if trim:
            if self.documents is None:
                raise DataError(
                    Problem(
                        what=f"{measure} needs the text of the documents",
                        remedy="score a corpus directory or pass the documents "
                        "(--documents FILE on the command line)",
                    )
                )
            plain = self.items(Measure(target, "f1", "exact", measure.filters))
            gold, predicted = (trimmed(side, self.documents) for side in plain)
        else:
            gold, predicted = (
                without_ignored(select(side, target, measure.filters), self.regions)
                for side in (self.gold, self.predicted)
            )
        self._items[key] = gold, predicted
        return gold, predicted

    def _count(self, measure: Measure, gold: Items, predicted: Items) -> Counts:
        if measure.match == "char":
            return self._characters(gold, predicted)
        if measure.statistic == "acc":
            return self._agreement(measure, gold, predicted)
        if measure.match in ("exact", "trim"):
            tp = self._equal(measure, gold, predicted)
        else:
            tp = np.zeros(self.n_docs, np.int64)
            for pairs in self._compatible(measure, gold, predicted):
                matched = pairs.gold[maximum(pairs.gold, pairs.predicted)]
                tp += np.bincount(gold.doc[matched], minlength=self.n_docs)
        n_gold, n_predicted = (
            np.bincount(side.doc, minlength=self.n_docs) for side in (gold, predicted)
        )
        return Counts(tp, n_predicted - tp, n_gold - tp, gold.ignored + predicted.ignored)

    def _equal(self, measure: Measure, gold: Items, predicted: Items) -> IntArray:
        tp: IntArray = np.zeros(self.n_docs, np.int64)
        for docs, g, p in blocks(gold.doc, predicted.doc, self.n_docs):
            columns: tuple[list[AnyIntArray], list[AnyIntArray]] = ([], [])
            for role in range(_roles(measure)):
                found = set_columns(gold.sets[role].take(g), predicted.sets[role].take(p))
                for side, more in zip(columns, found, strict=True):
                    side += more
            if measure.target == "span":
                columns[0].append(gold.label[g])
                columns[1].append(predicted.label[p])
            doc = gold.doc[g] - docs.start, predicted.doc[p] - docs.start
            tp[docs] = matched_equal(*doc, *columns, docs.stop - docs.start)
        return tp

    def _compatible(self, measure: Measure, gold: Items, predicted: Items) -> Iterator[Pairs]:
        """Yield the compatible pairs of items, whole documents at a time."""
        threshold = GIVEN_CONTENT if measure.given else measure.threshold
        same = measure.match in ("exact", "trim") and not measure.given
        a, b = gold.sets, predicted.sets
        blocks = (_block(measure, side) for side in (gold, predicted))
        for pairs in overlapping(a[0], b[0], *blocks):
            sizes = a[0].sizes[pairs.gold] + b[0].sizes[pairs.predicted]
            keep = 100 * pairs.shared >= threshold * (sizes - pairs.shared)
            if same:
                keep = 2 * pairs.shared == sizes
            kept = pairs.take(keep)
            if not measure.given:
                for role in range(1, _roles(measure)):
                    kept = kept.take(_agree(kept, a[role], b[role], same=same))
            yield kept

    def _agreement(self, measure: Measure, gold: Items, predicted: Items) -> Counts:
        role = list(ROLES).index(measure.target)
        right, wrong = np.zeros(self.n_docs, np.int64), np.zeros(self.n_docs, np.int64)
        a, b = gold.sets[role], predicted.sets[role]
        for pairs in self._compatible(measure, gold, predicted):
            agree = _agree(pairs, a, b, same=measure.match == "exact")
            chosen = _best(measure, pairs, gold, predicted, agree)
            doc = gold.doc[pairs.gold]
            right += np.bincount(doc[chosen & agree], minlength=self.n_docs)
            wrong += np.bincount(doc[chosen & ~agree], minlength=self.n_docs)
        return Counts(right, wrong, np.zeros_like(right), gold.ignored + predicted.ignored)

    def _characters(self, gold: Items, predicted: Items) -> Counts:
        n = self.n_docs * len(LABELS)
        a, b = (
            union((side.doc * len(LABELS) + side.label)[s.owner], s.start, s.end, n)
            for side in (gold, predicted)
            for s in side.sets
        )
        common = totals(b.owner, covered(a, b.owner, b.start, b.end), n)
        tp, n_gold, n_predicted = (
            x.reshape(self.n_docs, len(LABELS)).sum(axis=1) for x in (common, a.sizes, b.sizes)
        )
        return Counts(tp, n_predicted - tp, n_gold - tp, gold.ignored + predicted.ignored)

    def _too_many(self, measure: Measure, error: TooManyPairsError) -> DataError:
        doc = error.block // len(LABELS) if measure.target == "span" else error.block
        return DataError(
            Problem(
                doc_id=self.doc_ids[doc],
                what=f"{error.pairs:,} pairs of gold and predicted labels overlap, too many to "
                f"match for {measure}",
                remedy="look for labels that were repeated; exact and char measures have no limit",
            )
        )


def _joint(measure: Measure) -> bool:
    return measure.target in ATTRIBUTION_TARGETS


def _roles(measure: Measure) -> int:
    """Return how many of an item's sets a measure looks at."""
    return len(ATTRIBUTION_TARGETS.get(measure.target, ("content",)))


def _block(measure: Measure, items: Items) -> IntArray:
    return items.doc * len(LABELS) + items.label if measure.target == "span" else items.doc


def _agree(pairs: Pairs, a: CharSets, b: CharSets, *, same: bool) -> BoolArray:
    """Return for which pairs a role agrees: both empty, or a common character, or all common."""
    sizes = a.sizes[pairs.gold], b.sizes[pairs.predicted]
    common = shared(a, b, pairs.gold, pairs.predicted)
    if same:
        equal: BoolArray = (common == sizes[0]) & (common == sizes[1])
        return equal
    agree: BoolArray = (common > 0) | ((sizes[0] == 0) & (sizes[1] == 0))
    return agree


def _best(
    measure: Measure, pairs: Pairs, gold: Items, predicted: Items, bonus: BoolArray | None = None
) -> BoolArray:
    sizes = gold.sets[0].sizes[pairs.gold], predicted.sets[0].sizes[pairs.predicted]
    iou = pairs.shared / (sizes[0] + sizes[1] - pairs.shared)
    try:
        return best(pairs.gold, pairs.predicted, iou, bonus)
    except TooManyPairsError as error:
        block = _block(measure, gold)[error.block]
        raise TooManyPairsError(int(block), error.pairs) from error
