"""Which label matched which: what lists of errors are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inquit.corpus import Corpus, Document

from ..measures import ATTRIBUTION_TARGETS, Measure
from .align import align, documents_by_id
from .charsets import IntArray
from .columns import columns_of
from .comparison import Comparison
from .items import Items, Side


@dataclass(frozen=True, slots=True)
class Match:
    """A gold and a predicted label that match, or one of them alone (the other is None).

    ``gold`` and ``predicted`` are ids of spans, or of attributions, in the document.
    """

    doc_id: str
    gold: str | None
    predicted: str | None


def matches(
    gold: Any,
    predicted: Any,
    measure: str | Measure,
    *,
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None = None,
) -> list[Match]:
    """Return every label that a measure counts, with its partner if it has one.

    The pairs are a maximum matching with the largest total IoU. They stand in the order of gold's
    documents and labels, and what is predicted alone stands at the end of its document.

    Parameters and errors are those of `scoring.score`; ``char`` and ``acc`` measures make no pairs.

    >>> from inquit.corpus import Annotation, Span
    >>> gold = [Annotation(doc_id="d", spans=[Span("a", "cue", [(0, 4)])])]
    >>> found = [Annotation(doc_id="d", spans=[Span("x", "cue", [(1, 4)])])]
    >>> matches(gold, found, "cue.f1@iou50")
    [Match(doc_id='d', gold='a', predicted='x')]
    """
    wanted = Measure.parse(measure)
    known = documents_by_id(documents)
    left, right, _ = align(columns_of(gold), columns_of(predicted, texts=known), known)
    doc_ids = left.columns.doc_ids
    texts = None if known is None else [known[doc_id] for doc_id in doc_ids]
    comparison = Comparison(left, right, doc_ids, texts)
    pairs = comparison.pairs(wanted)
    joint = wanted.target in ATTRIBUTION_TARGETS
    items = comparison.items(wanted)
    names = [_names(side, joint) for side in (left, right)]
    partner = dict(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))
    found: list[tuple[int, Match]] = []
    for row, doc in _rows(items[0]):
        other = partner.get(row)
        name = None if other is None else names[1](other)
        found.append((doc, Match(doc_ids[doc], names[0](row), name)))
    taken = set(partner.values())
    found += [
        (doc, Match(doc_ids[doc], None, names[1](row)))
        for row, doc in _rows(items[1])
        if row not in taken
    ]
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def _rows(items: Items) -> Iterator[tuple[int, int]]:
    order: IntArray = np.argsort(items.doc, kind="stable")
    return zip(items.row[order].tolist(), items.doc[order].tolist(), strict=True)


def _names(side: Side, joint: bool) -> Any:
    return side.columns.attribution_id if joint else side.columns.span_id
