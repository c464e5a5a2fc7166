"""What a slice goes by: a property of each document, or of each gold and predicted item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.errors import InquitError, did_you_mean, quoted
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS, ROLES

from ..counting.charsets import BoolArray, CharSets, IntArray, ranges
from ..counting.items import IGNORE, Items, Side, any_role, select
from ..counting.matching import TooManyPairsError, overlapping
from ..measures import ATTRIBUTION_TARGETS, Measure

#: The value of what lacks the property.
NONE: Final = "(none)"
META: Final = "meta."

#: Fields of documents that may be sliced by; so may every ``meta.FIELD``.
DOCUMENT_SLICES: Final = {
    "publisher": "who published the document",
    "language": "language of the document",
    "split": "split of the document",
}
#: Attributes that may be sliced by: those with listed values.
ATTRIBUTE_SLICES: Final = {
    name: f"{name} of the {label}"
    for label, attributes in ATTRIBUTES.items()
    for name, values in attributes.items()
    if values
}
#: What follows from offsets.
PLACE_SLICES: Final = {
    "nested": "inside a larger item of the same label (attributions: of another's content)",
    "discontinuous": "the characters have a gap",
    "crosses-paragraph": "begins and ends in different paragraphs",
    "distance": "characters between content and source (attributions only)",
    "length": "number of characters (attributions: of the content)",
}
ITEM_SLICES: Final = {**ATTRIBUTE_SLICES, **PLACE_SLICES}

DISTANCES: Final = (10, 50, 200)
LENGTHS: Final = (20, 50, 100, 200)
NO_SOURCE: Final = "no source"

#: For each value, in the order to show them, which of some items have it.
Members = dict[str, BoolArray]


class SliceError(InquitError, ValueError):
    """A slice that does not exist."""


@dataclass(frozen=True, eq=False)
class Whole:
    """All spans, or all attributions, of one side, as rows of its columns."""

    side: Side
    items: Items
    joint: bool

    @classmethod
    def of(cls, side: Side, measure: Measure) -> Whole:
        """Return the rows that a measure's items are taken from."""
        if measure.given or measure.target in ATTRIBUTION_TARGETS:
            return cls(side, select(side, "attribution", ()), True)
        columns = side.columns
        row = np.arange(len(columns.label))
        spans = Items(side.documents_of_spans(), columns.label, (columns.fragments,), row)
        return cls(side, spans, False)


def check_slices(names: Sequence[str], documents: Sequence[Document] | None) -> None:
    """Raise SliceError for every name that no slice has, or that no document can answer."""
    problems = []
    known = [*DOCUMENT_SLICES, *ITEM_SLICES]
    fields = {META + key for document in documents or () for key in document.meta}
    for name in names:
        if name in known or (name.startswith(META) and (documents is None or name in fields)):
            continue
        what = (
            f"no document has {quoted(name)}"
            if name.startswith(META)
            else (f"there is no slice {quoted(name)}")
        )
        every = [*known, *sorted(fields)]
        listed = f"known: {', '.join(every)}" + ("" if fields else ", meta.FIELD")
        problems.append(f"{what}; {did_you_mean(name, every) or listed}")
    if problems:
        raise SliceError("\n".join(problems))


def document_members(name: str, documents: Sequence[Document]) -> Members:
    """Return which documents have which value of a field; those with a list have each of it.

    >>> documents = [Document(doc_id="a", text="", meta={"desk": "home"}),
    ...              Document(doc_id="b", text="")]
    >>> document_members("meta.desk", documents)
    {'home': array([ True, False]), '(none)': array([False,  True])}
    """
    found: dict[str, BoolArray] = {}
    for number, document in enumerate(documents):
        for value in _document_values(name, document):
            found.setdefault(value, np.zeros(len(documents), np.bool_))[number] = True
    order = sorted(found, key=lambda value: (value == NONE, -int(found[value].sum()), value))
    return {value: found[value] for value in order}


def item_members(name: str, whole: Whole, documents: Sequence[Document] | None) -> Members:
    """Return which rows have which value of an item's property.

    A row may have no value (it is of a label without this attribute) or several (an attribution of
    two quotes).

    Raises
    ------
    DataError
        If paragraphs are asked for and there is no text, or too much overlaps.
    """
    if name in ATTRIBUTE_SLICES:
        return _attribute(name, whole)
    if name == "nested":
        return _yes_no(_nested(whole))
    first = whole.items.sets[0]
    if name == "discontinuous":
        return _yes_no(first.counts > 1)
    if name == "length":
        return _binned(first.sizes, LENGTHS)
    if name == "distance":
        return _distance(whole)
    if documents is None:
        raise needs_documents(name)
    return _yes_no(_crosses(whole, documents))


def why_not(name: str, measure: Measure) -> str:
    """Return why an item slice says nothing about a measure; "" if it does."""
    joint = bool(measure.given) or measure.target in ATTRIBUTION_TARGETS
    if name == "distance" and not joint:
        return "only attributions have a distance from source to content"
    known = joint or measure.target == "span" or name in ATTRIBUTES[measure.target]
    return f"a {measure.target} has no {name}" if name in ATTRIBUTE_SLICES and not known else ""


def needs_documents(name: str) -> DataError:
    """Return the error for a slice that cannot be told without the documents."""
    return DataError(
        Problem(
            what=f"slice {quoted(name)} needs the documents",
            remedy="score a corpus directory or pass the documents "
            "(--documents FILE on the command line)",
        )
    )


def _document_values(name: str, document: Document) -> Sequence[str]:
    if name.startswith(META):
        value = document.meta.get(name[len(META) :])
    else:
        value = getattr(document, name)
    if isinstance(value, list):
        return list(dict.fromkeys(value)) or [NONE]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [NONE if value in (None, "") else str(value)]


def _attribute(name: str, whole: Whole) -> Members:
    label = next(label for label, attributes in ATTRIBUTES.items() if name in attributes)
    columns = whole.side.columns
    found: Members = {}
    for value in ATTRIBUTES[label][name] or ():
        has = columns.has(name, value)
        found[value] = any_role(columns, has) if whole.joint else has
    rest = ~np.logical_or.reduce(list(found.values()))
    if not whole.joint:
        rest &= columns.label == LABELS.index(label)
    return {**found, NONE: rest}


def _nested(whole: Whole) -> BoolArray:
    items = whole.items
    sets, block = items.sets[0], items.doc * len(LABELS) + items.label
    kept = np.flatnonzero(items.label != IGNORE)
    taken, blocks = sets.take(kept), block[kept]
    inside = np.zeros(len(items.doc), np.bool_)
    try:
        for pairs in overlapping(taken, taken, blocks, blocks):
            sizes = taken.sizes[pairs.gold]
            within = (pairs.shared == sizes) & (taken.sizes[pairs.predicted] > sizes)
            inside[kept[pairs.gold[within]]] = True
    except TooManyPairsError as error:
        raise DataError(
            Problem(
                path=whole.side.columns.origin,
                what=f"{error.pairs:,} pairs of labels of one document overlap, too many for "
                "slice 'nested'",
                remedy="look for labels that were repeated, or leave this slice out",
            )
        ) from error
    return inside


def _crosses(whole: Whole, documents: Sequence[Document]) -> BoolArray:
    from ..extractors.segment import paragraphs

    sets, doc = whole.items.sets[0], whole.items.doc
    found = np.zeros(len(doc), np.bool_)
    order = np.argsort(doc, kind="stable")
    cuts = np.searchsorted(doc[order], np.arange(len(documents) + 1))
    for number, document in enumerate(documents):
        rows = order[cuts[number] : cuts[number + 1]]
        if not len(rows):
            continue
        starts, ends = np.array(paragraphs(document.text), np.int64).reshape(-1, 2).T
        first = np.searchsorted(ends, sets.start[sets.bounds[rows]], side="right")
        last = np.searchsorted(starts, sets.end[sets.bounds[rows + 1] - 1] - 1, side="right") - 1
        # Only visible characters count; white space seems to reach further, never less far.
        for row in rows[last > first].tolist():
            visible = _visible(document.text, sets, row)
            found[row] = len(set(np.searchsorted(starts, visible, side="right").tolist())) > 1
    return found


def _visible(text: str, sets: CharSets, row: int) -> tuple[int, int]:
    """Return the places of an item's first and last character that is no white space."""
    fragments = slice(sets.bounds[row], sets.bounds[row + 1])
    runs = zip(sets.start[fragments].tolist(), sets.end[fragments].tolist(), strict=True)
    shown = [(start, end) for start, end in runs if text[start:end].strip()]
    if not shown:
        return 0, 0
    first, last = shown[0], shown[-1]
    return (
        first[1] - len(text[slice(*first)].lstrip()),
        last[0] + len(text[slice(*last)].rstrip()) - 1,
    )


def _distance(whole: Whole) -> Members:
    content = whole.items.sets[0]
    source = whole.items.sets[list(ROLES).index("source")]
    counts = source.counts[content.owner]
    other = ranges(source.bounds[:-1][content.owner], counts)
    mine = np.repeat(np.arange(len(content.start)), counts)
    gap = np.maximum(
        content.start[mine] - source.end[other], source.start[other] - content.end[mine]
    )
    least = np.full(len(content), np.iinfo(np.int64).max)
    np.minimum.at(least, content.owner[mine], np.maximum(gap, 0))
    none = source.counts == 0
    return {**_binned(least, DISTANCES, ~none), NO_SOURCE: none}


def _binned(values: IntArray, edges: Sequence[int], kept: BoolArray | None = None) -> Members:
    """Return which values lie in which bin; the edges belong to the bin above."""
    bins = np.searchsorted(np.array(edges), values, side="right")
    lows = (0, *edges)
    names = [f"{a}–{b - 1}" for a, b in zip(lows, edges, strict=False)] + [f"{edges[-1]}+"]
    return {
        name: (bins == number) if kept is None else (bins == number) & kept
        for number, name in enumerate(names)
    }


def _yes_no(mask: BoolArray) -> Members:
    return {"yes": mask, "no": ~mask}


def definitions() -> Mapping[str, str]:
    """Return every slice with its definition in a line."""
    return {**ITEM_SLICES, **DOCUMENT_SLICES, "meta.FIELD": "a field of the documents' meta"}
