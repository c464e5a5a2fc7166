"""What every score is seen against: systems that read nothing, and people among themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Protocol

import numpy as np

from inquit.corpus import Document, Layer
from inquit.corpus.vocabulary import GOLD

from .counting.align import align, in_order
from .counting.charsets import BoolArray, CharSets, IntArray
from .counting.columns import ObjectColumns
from .counting.comparison import Comparison
from .counting.items import Side
from .counting.segments import SegmentColumns
from .measures import Measure
from .scores import statistic

#: What the star beside a trivial system's value says.
HIGHER = "* a system that reads nothing scores higher"


def trivial_comparisons(
    gold: Side, documents: Sequence[Document], regions: CharSets
) -> Iterator[tuple[str, Comparison]]:
    """Yield each trivial system with what it predicts, beside gold.

    Parameters
    ----------
    gold : Side
    documents : sequence of Document
        In gold's order.
    regions : CharSets
        Characters that nobody is scored on, by document.
    """
    from .extractors.trivial_labels import SCORED, SEGMENTS

    doc_ids = [document.doc_id for document in documents]
    for name, segments in SEGMENTS.items():
        found = [segments(document.text) for document in documents]
        labels = in_order(SegmentColumns(doc_ids, found, SCORED))
        yield name, Comparison(gold, labels, doc_ids, documents, regions)


def human_comparisons(
    layers: Sequence[Layer],
    doc_ids: Sequence[str],
    documents: Sequence[Document] | None,
    regions: CharSets,
) -> Iterator[tuple[IntArray, Comparison]]:
    """Yield each pair of people: the places of their common documents, and their labels.

    Neither side is gold; which is the left one means nothing. Pairs without a common document are
    left out.

    Raises
    ------
    DataError
        If their labels are over different texts, or lie outside the text.
    """
    place = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    for a, b in combinations(layers, 2):
        theirs = b.by_document()
        first = [x for x in a.annotations if x.doc_id in theirs and x.doc_id in place]
        if a.annotator == b.annotator or not first:
            continue
        second = [theirs[x.doc_id] for x in first]
        rows = np.array([place[x.doc_id] for x in first], np.int64)
        common = [x.doc_id for x in first]
        texts = None if documents is None else [documents[row] for row in rows]
        known = None if texts is None else dict(zip(common, texts, strict=True))
        left, right, _ = align(ObjectColumns(first, a.name), ObjectColumns(second, b.name), known)
        yield rows, Comparison(left, right, common, texts, regions.take(rows))


class _Kind(Protocol):
    @property
    def kind(self) -> str: ...


def people_in(layers: Mapping[str, _Kind], scored: str) -> list[str]:
    """Return the names of the layers of people, but for gold and the one that is scored against.

    Gold is often made from the others, so that they would seem to agree with one more person.
    """
    return [n for n, x in layers.items() if x.kind == "human" and n not in (GOLD, scored)]


def trivial_values(
    gold: Side, documents: Sequence[Document], measures: Sequence[Measure], regions: CharSets
) -> dict[str, dict[str, float]]:
    """Return the value of each measure for each trivial system; see `trivial_comparisons`."""
    return {
        name: {str(m): _value(m, comparison) for m in measures}
        for name, comparison in trivial_comparisons(gold, documents, regions)
    }


def human_ceiling(
    layers: Sequence[Layer],
    doc_ids: Sequence[str],
    documents: Sequence[Document] | None,
    measures: Sequence[Measure],
    regions: CharSets,
) -> dict[str, float] | None:
    """Return how well people agree: micro over all pairs of annotators on common documents.

    Neither of two people is gold, so precision, recall and F1 are all 2 TP / (2 TP + FP + FN).

    Returns
    -------
    dict or None
        None if no two people labelled a common document.
    """
    totals = {str(measure): np.zeros(3, np.int64) for measure in measures}
    pairs = 0
    for _, comparison in human_comparisons(layers, doc_ids, documents, regions):
        pairs += 1
        for measure in measures:
            totals[str(measure)] += comparison.counts(measure).rows.sum(axis=0)
    if not pairs:
        return None
    return {str(m): float(statistic(between_people(m), totals[str(m)])) for m in measures}


def between_people(measure: Measure) -> str:
    """Return the statistic that a measure is where neither side is gold."""
    return "acc" if measure.statistic == "acc" else "f1"


def in_common(layers: Sequence[Layer], doc_ids: Sequence[str]) -> BoolArray:
    """Return which documents two people or more labelled: what `human_ceiling` is over."""
    people: dict[str, set[str]] = {doc_id: set() for doc_id in doc_ids}
    for layer in layers:
        for annotation in layer.annotations:
            if annotation.doc_id in people:
                people[annotation.doc_id].add(layer.annotator)
    return np.array([len(found) > 1 for found in people.values()], np.bool_)


def _value(measure: Measure, comparison: Comparison) -> float:
    return float(statistic(measure.statistic, comparison.counts(measure).rows.sum(axis=0)))
