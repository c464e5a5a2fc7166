"""The labels of overlapping windows as those of one text.

An *item* is an attribution with its spans, or a span in no attribution (a claim). Two items of
different windows are the same if their contents have one label and cover, of the text that both
windows hold, the same characters to at least half (IoU). Of two that are the same the one stays
that lies further from where its window was cut, the first if both lie as far; so a quote that ends
with its window gives way to the whole of it. What only one window has, stays. Contents that are not
in the text are the same if their words are, and those of their roles.

Of what stays, spans of one label over the same characters are one span, and attributions of the
same spans are one attribution, also where one window has them twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from inquit.corpus import Annotation, Attribution, Document, Span, Ungrounded
from inquit.corpus.vocabulary import LABELS, ROLES

from .windows import Window

_SAME = 0.5
#: Characters of a cell, by which items are looked for.
_CELL = 64
_Label = Span | Ungrounded


@dataclass(frozen=True)
class _Item:
    """Labels by role, offsets in the whole text; a span in no attribution has no role."""

    place: int
    window: Window
    roles: dict[str, tuple[_Label, ...]]
    said: bool

    @property
    def content(self) -> tuple[_Label, ...]:
        return self.roles["content"]

    @cached_property
    def fragments(self) -> list[tuple[int, int]]:
        return sorted(f for span in self.content if isinstance(span, Span) for f in span.fragments)

    @cached_property
    def stretches(self) -> list[tuple[int, int]]:
        """The characters of the content as stretches that do not touch, in order."""
        found: list[tuple[int, int]] = []
        for start, end in self.fragments:
            if found and start <= found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((start, end))
        return found

    @cached_property
    def kind(self) -> tuple[object, ...]:
        """What two items that may be the same have in common."""
        return self.said, self.labels, bool(self.fragments)

    @cached_property
    def labels(self) -> frozenset[str]:
        return frozenset(label.label for label in self.content)

    @property
    def room(self) -> float:
        """Characters to the nearest place where the window was cut."""
        fragments = self.fragments
        if not fragments:
            return -1.0
        before = math.inf if self.window.first else fragments[0][0] - self.window.start
        behind = math.inf if self.window.last else self.window.end - max(e for _, e in fragments)
        return min(before, behind)


def merge(document: Document, parts: Sequence[tuple[Window, Annotation]]) -> Annotation:
    """Return the labels of a document from those of its windows, see the head of this module.

    Parameters
    ----------
    document : Document
    parts : sequence of (Window, Annotation)
        In the order of the text; offsets count from the window's start.

    Returns
    -------
    Annotation
        With new ids, numbered in the order of the text.
    """
    items = [
        item
        for place, (window, labels) in enumerate(parts)
        for item in _items(place, window, labels)
    ]
    return _joined(document, _distinct(items))


def _items(place: int, window: Window, labels: Annotation) -> Iterator[_Item]:
    known: dict[str, _Label] = {span.id: _moved(span, window.start) for span in labels.spans}
    known |= {item.id: item for item in labels.ungrounded}
    used: set[str] = set()
    for attribution in labels.attributions:
        roles = {role: tuple(known[i] for i in ids) for role, ids in attribution.roles()}
        used.update(i for _, ids in attribution.roles() for i in ids)
        yield _Item(place, window, roles, said=True)
    for name, label in known.items():
        if name not in used:
            yield _Item(place, window, {"content": (label,)}, said=False)


def _moved(span: Span, by: int) -> Span:
    fragments = tuple((start + by, end + by) for start, end in span.fragments)
    return Span(span.id, span.label, fragments, span.attributes)


def _distinct(items: list[_Item]) -> list[_Item]:
    """Return the items without those that another window has too, in their order."""
    # What one window says more than once stays or goes together.
    alike: dict[tuple[object, ...], list[int]] = {}
    for i in sorted(range(len(items)), key=lambda i: -items[i].room):
        item = items[i]
        what = tuple(item.fragments) if item.fragments else _words(item)
        alike.setdefault((item.place, *item.kind, what), []).append(i)
    kept: list[int] = []
    known: dict[object, list[_Item]] = {}
    for found in alike.values():
        item = items[found[0]]
        cells = list(_cells(item))
        if not any(_same(item, other) for cell in cells for other in known.get(cell, ())):
            kept += found
            for cell in cells:
                known.setdefault(cell, []).append(item)
    return [items[i] for i in sorted(kept)]


def _cells(item: _Item) -> Iterator[object]:
    """Yield where those stand that may be the same: they have a cell in common."""
    if not item.fragments:
        yield item.kind, _words(item)
    for start, end in item.stretches:
        for cell in range(start // _CELL, -(-end // _CELL)):
            yield item.kind, cell


def _same(one: _Item, other: _Item) -> bool:
    """Whether two items of one kind, that share a cell, are one."""
    if one.place == other.place or not one.fragments:
        return one.place != other.place
    low = max(one.window.start, other.window.start)
    high = min(one.window.end, other.window.end)
    here, there = (_clipped(item.stretches, low, high) for item in (one, other))
    shared = _shared(here, there)
    return shared > 0 and shared >= _SAME * (_length(here) + _length(there) - shared)


def _words(item: _Item) -> tuple[tuple[str, ...], ...]:
    """Return the words of what is not in the text, by role."""
    return tuple(
        tuple(label.text for label in item.roles.get(role, ()) if isinstance(label, Ungrounded))
        for role in ROLES
    )


def _clipped(stretches: list[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    return [(max(s, low), min(e, high)) for s, e in stretches if s < high and e > low]


def _length(stretches: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in stretches)


def _shared(here: list[tuple[int, int]], there: list[tuple[int, int]]) -> int:
    """Return how many characters two lists of stretches have in common."""
    found = i = j = 0
    while i < len(here) and j < len(there):
        found += max(0, min(here[i][1], there[j][1]) - max(here[i][0], there[j][0]))
        if here[i][1] < there[j][1]:
            i += 1
        else:
            j += 1
    return found


def _joined(document: Document, items: list[_Item]) -> Annotation:
    spans: dict[tuple[str, tuple[tuple[int, int], ...]], Span] = {}
    ungrounded: dict[tuple[int, str], Ungrounded] = {}
    for item in items:
        for label in (label for labels in item.roles.values() for label in labels):
            if isinstance(label, Span):
                spans.setdefault((label.label, label.fragments), label)
            else:
                ungrounded.setdefault((item.place, label.id), label)
    numbers = dict.fromkeys(LABELS, 0)
    named: dict[object, str] = {}
    made: list[Span] = []
    lost: list[Ungrounded] = []
    for found, span in sorted(spans.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        numbers[span.label] += 1
        named[found] = f"{span.label}-{numbers[span.label]}"
        made.append(Span(named[found], span.label, span.fragments, span.attributes))
    for place, missing in ungrounded.items():
        numbers[missing.label] += 1
        named[place] = f"{missing.label}-{numbers[missing.label]}"
        lost.append(Ungrounded(named[place], missing.label, missing.text, missing.attributes))
    said: dict[tuple[tuple[str, ...], ...], None] = {}
    for item in items:
        if item.said:
            ids = ({named[_name(item, x)]: None for x in item.roles[role]} for role in ROLES)
            said.setdefault(tuple(tuple(sorted(names)) for names in ids))
    attributions = [
        Attribution(id=f"attribution-{n}", content=content, source=source, cue=cue, addressee=to)
        for n, (content, source, cue, to) in enumerate(said, 1)
    ]
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(made),
        attributions=tuple(attributions),
        ungrounded=tuple(lost),
    )


def _name(item: _Item, label: _Label) -> object:
    return (label.label, label.fragments) if isinstance(label, Span) else (item.place, label.id)
