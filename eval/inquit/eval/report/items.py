"""Attributions of gold and of a prediction side by side: found, missed, spurious."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inquit.corpus import Annotation, Attribution, Document
from inquit.corpus.vocabulary import ROLES

from ..counting.align import align
from ..counting.columns import ObjectColumns
from ..counting.comparison import Comparison
from ..measures import HEADLINE, Measure

State = Literal["found", "missed", "spurious"]


@dataclass(frozen=True)
class Side:
    """One attribution in words: for each role its id and words, one pair a span."""

    id: str
    entity: str | None
    roles: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Row:
    """A gold attribution and its predicted partner, or one of them alone.

    ``ignored`` tells that it lies in a region that nobody is scored on.
    """

    state: State
    gold: Side | None
    predicted: Side | None
    start: int
    ignored: bool = False

    @property
    def same(self) -> bool:
        """Whether both sides have the same words in content and source."""
        if self.gold is None or self.predicted is None:
            return False
        a, b = self.gold.roles, self.predicted.roles
        return all(_words(a[role]) == _words(b[role]) for role in ("content", "source"))


def compared(
    documents: Sequence[Document],
    gold: Sequence[Annotation],
    predicted: Mapping[str, Annotation],
) -> list[list[Row]]:
    """Return for each document its attributions in text order, matched as the headline does.

    Parameters
    ----------
    documents, gold : sequences, length n
        In the same order.
    predicted : mapping of document id to Annotation
        What is missing in it counts as empty.
    """
    found = [predicted.get(d.doc_id) or Annotation(doc_id=d.doc_id, spans=()) for d in documents]
    left, right, _ = align(
        ObjectColumns(gold), ObjectColumns(found), {d.doc_id: d for d in documents}
    )
    comparison = Comparison(left, right, [d.doc_id for d in documents], documents)
    measure = Measure.parse(HEADLINE)
    pairs = dict(zip(*(rows.tolist() for rows in comparison.pairs(measure)), strict=True))
    scored = [set(items.row.tolist()) for items in comparison.items(measure)]
    result: list[list[Row]] = []
    first_gold = first_predicted = 0
    for document, a, b in zip(documents, gold, found, strict=True):
        rows: list[Row] = []
        partners = set()
        for number, attribution in enumerate(a.attributions, first_gold):
            partner = pairs.get(number)
            other = None
            if partner is not None:
                partners.add(partner)
                other = b.attributions[partner - first_predicted]
            state: State = "missed" if other is None else "found"
            rows.append(
                Row(
                    state,
                    _side(document, a, attribution),
                    None if other is None else _side(document, b, other),
                    _start(a, attribution),
                    ignored=number not in scored[0],
                )
            )
        for number, attribution in enumerate(b.attributions, first_predicted):
            if number not in partners:
                side = _side(document, b, attribution)
                ignored = number not in scored[1]
                rows.append(Row("spurious", None, side, _start(b, attribution), ignored=ignored))
        first_gold += len(a.attributions)
        first_predicted += len(b.attributions)
        result.append(sorted(rows, key=lambda row: (row.start, row.gold is None)))
    return result


def _side(document: Document, annotation: Annotation, attribution: Attribution) -> Side:
    spans = annotation.by_id()
    roles = {
        role: [(i, " … ".join(document.slice(spans[i]))) for i in ids]
        for role, ids in attribution.roles()
    }
    return Side(attribution.id, attribution.entity, {role: roles[role] for role in ROLES})


def _start(annotation: Annotation, attribution: Attribution) -> int:
    spans = annotation.by_id()
    return min(spans[i].start for i in attribution.content)


def _words(spans: list[tuple[str, str]]) -> list[str]:
    return [words for _, words in spans]
