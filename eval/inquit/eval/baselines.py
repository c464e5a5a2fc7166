"""What every score is seen against: systems that read nothing, and people among themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from inquit.corpus import Document, Layer

from .counting.align import align, in_order
from .counting.charsets import CharSets
from .counting.columns import ObjectColumns
from .counting.comparison import Comparison
from .counting.items import Side
from .measures import Measure
from .scores import statistic


def trivial_values(
    gold: Side, documents: Sequence[Document], measures: Sequence[Measure], regions: CharSets
) -> dict[str, dict[str, float]]:
    """Return the value of each measure for each trivial system.

    Parameters
    ----------
    gold : Side
    documents : sequence of Document
        In gold's order.
    measures : sequence of Measure
    regions : CharSets
        Characters that nobody is scored on, by document.
    """
    from .extractors.trivial_labels import TRIVIAL

    doc_ids = [document.doc_id for document in documents]
    found: dict[str, dict[str, float]] = {}
    for name, system in TRIVIAL.items():
        labels = in_order(ObjectColumns([system(document) for document in documents]))
        comparison = Comparison(gold, labels, doc_ids, documents, regions)
        found[name] = {str(m): _value(m, comparison) for m in measures}
    return found


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
    if len(layers) < 2:
        return None
    place = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    totals = {str(measure): np.zeros(3, np.int64) for measure in measures}
    pairs = 0
    for a, b in combinations(layers, 2):
        theirs = b.by_document()
        first = [x for x in a.annotations if x.doc_id in theirs and x.doc_id in place]
        if a.annotator == b.annotator or not first:
            continue
        pairs += 1
        second = [theirs[x.doc_id] for x in first]
        left, right, _ = align(ObjectColumns(first, a.name), ObjectColumns(second, b.name))
        rows = np.array([place[x.doc_id] for x in first], np.int64)
        texts = None if documents is None else [documents[row] for row in rows]
        common = [x.doc_id for x in first]
        comparison = Comparison(left, right, common, texts, regions.take(rows))
        for measure in measures:
            counts = comparison.counts(measure)
            totals[str(measure)] += [counts.tp.sum(), counts.fp.sum(), counts.fn.sum()]
    if not pairs:
        return None
    return {
        str(m): float(statistic("acc" if m.statistic == "acc" else "f1", totals[str(m)]))
        for m in measures
    }


def in_common(layers: Sequence[Layer], doc_ids: Sequence[str]) -> int:
    """Return how many documents two people or more labelled: what `human_ceiling` is over."""
    people: dict[str, set[str]] = {doc_id: set() for doc_id in doc_ids}
    for layer in layers:
        for annotation in layer.annotations:
            if annotation.doc_id in people:
                people[annotation.doc_id].add(layer.annotator)
    return sum(len(found) > 1 for found in people.values())


def _value(measure: Measure, comparison: Comparison) -> float:
    counts = comparison.counts(measure)
    summed = [counts.tp.sum(), counts.fp.sum(), counts.fn.sum()]
    return float(statistic(measure.statistic, summed))
