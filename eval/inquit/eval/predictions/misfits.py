"""What does not fit gold or the texts in labels that have faults of their own, told with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from inquit.corpus import Annotation, DataError, Document, Problem

from ..counting.align import align
from ..counting.columns import ObjectColumns
from .result import Locate, PartError


class _Side(Protocol):
    @property
    def annotations(self) -> tuple[Annotation, ...]: ...
    @property
    def locate(self) -> Locate: ...


def as_part(side: _Side | None, part: PartError | None) -> PartError | None:
    """Return what could be read of a side: all of it, a part, or None for nothing."""
    if side is None:
        return part
    return PartError([], side.annotations, side.locate, whole=True)


def misfits(
    gold: PartError | None,
    predicted: PartError | None,
    documents: Mapping[str, Document] | None,
) -> list[Problem]:
    """Return what does not fit in that part of the labels that could be read.

    Parameters
    ----------
    gold, predicted : PartError or None
        What could be read. Of documents that gold may know in lines that cannot be read, it is
        not told that gold does not know them.
    documents : mapping of str to Document, optional
    """
    there = predicted.left if predicted else ()
    known = gold.left if gold else ()
    names = {a.doc_id for a in known}
    unsure = [a.doc_id for a in there if a.doc_id not in names]
    if gold and gold.whole:
        unsure = []
    if documents is not None:
        unsure = [doc_id for doc_id in unsure if doc_id in documents]
    stand_in = [Annotation(doc_id=doc_id, spans=()) for doc_id in dict.fromkeys(unsure)]
    if gold is None and documents is None:
        return []
    try:
        align(ObjectColumns([*known, *stand_in], "gold"), ObjectColumns(there, "pred"), documents)
    except DataError as error:
        sides = {"gold": gold, "pred": predicted}
        return [
            side.locate(replace(p, path=""))
            for p in error.problems
            if (side := sides.get(p.path)) is not None
        ]
    return []
