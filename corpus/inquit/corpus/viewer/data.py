"""Documents and labels as the compact data that ``viewer.js`` reads.

A page holds each text once, and labels as arrays: spans name their label, and attributions their
spans, by number. Offsets stay code points; the script converts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..model import Annotation, Document
from ..vocabulary import LABELS

#: What is listed beside a text: attributions, and the quotes and claims that stand in none.
TARGETS: Final = ("attribution", "claim", "quote")
#: The value of what lacks a property.
NONE: Final = "(none)"
#: A field of more values than this is no property to filter by.
MOST_VALUES: Final = 200
_FACTS = ("publisher", "published", "url", "language", "licence", "split", "group")

#: Spans, attributions and ungrounded ones of one annotation, see `annotation_data`.
Labels = list[list[Any]]
#: One line of the list beside a text, see `items_of`.
Item = list[int]


@dataclass
class Facets:
    """What can be filtered by: names, and for each its values, numbered through all of them.

    >>> facets = Facets()
    >>> facets.number("form", "direct"), facets.number("form", "mixed"), facets.number("form", "direct")
    (0, 1, 0)
    >>> facets.to_json()
    [['form', [[0, 'direct'], [1, 'mixed']]]]
    """  # noqa: E501  # what it prints is one line

    names: dict[str, dict[str, int]] = field(default_factory=dict)
    count: int = 0

    def number(self, name: str, value: str) -> int:
        """Return the number of a value, a new one if it was not seen before."""
        values = self.names.setdefault(name, {})
        if value not in values:
            values[value] = self.count
            self.count += 1
        return values[value]

    def to_json(self) -> list[list[Any]]:
        """Return names with their numbered values; a name of one value tells nothing."""
        return [
            [name, [[number, value] for value, number in values.items()]]
            for name, values in self.names.items()
            if len(values) > 1
        ]


@dataclass(frozen=True)
class Doc:
    """A document as the page holds it, and the numbers of its facets."""

    document: Document
    facets: tuple[int, ...] = ()


def document_data(doc: Doc) -> dict[str, Any]:
    """Return a document: id, title, language, facts, text and facets."""
    document = doc.document
    facts = [(name, getattr(document, name)) for name in _FACTS]
    facts += [(f"meta.{name}", _shown(value)) for name, value in document.meta.items()]
    return {
        "id": document.doc_id,
        "title": document.title or document.doc_id,
        "language": "" if document.language == "und" else document.language,
        "facts": [[name, value] for name, value in facts if value],
        "text": document.text,
        "facets": list(doc.facets),
    }


def annotation_data(annotation: Annotation) -> Labels:
    """Return labels as ``[spans, attributions, ungrounded]``.

    A span is ``[id, label, offsets, attributes?]``, an attribution ``[id, content, source, cue,
    addressee, entity?]`` with numbers of spans (ungrounded ones are counted behind the spans), an
    ungrounded one ``[id, label, text, attributes?]``.

    >>> from inquit.corpus import Attribution, Span
    >>> spans = [Span("q", "quote", [(0, 5)]), Span("s", "source", [(9, 12)])]
    >>> said = Attribution(id="a", content=["q"], source=["s"])
    >>> annotation_data(Annotation(doc_id="d", spans=spans, attributions=[said]))
    [[['q', 0, [0, 5]], ['s', 2, [9, 12]]], [['a', [0], [1], [], []]], []]
    """
    place = _places(annotation)
    spans = [
        [
            span.id,
            LABELS.index(span.label),
            [offset for fragment in span.fragments for offset in fragment],
            *_given(span.attributes),
        ]
        for span in annotation.spans
    ]
    attributions: list[Any] = []
    for attribution in annotation.attributions:
        roles = [[place[i] for i in ids] for _, ids in attribution.roles()]
        attributions.append([attribution.id, *roles, *_given(attribution.entity)])
    ungrounded = [
        [item.id, LABELS.index(item.label), item.text, *_given(item.attributes)]
        for item in annotation.ungrounded
    ]
    return [spans, attributions, ungrounded]


def items_of(annotation: Annotation, kinds: int = 1) -> list[Item]:
    """Return what is listed beside a text that is compared with nothing, in text order.

    An item is ``[target, kinds, number in gold, number in the prediction, start, *facets]``; the
    target counts `TARGETS`, ``kinds`` is a set of bits, and -1 stands for nothing. Numbers are
    those of attributions if the target is one; -2 - n then stands for span n on its own.

    Parameters
    ----------
    annotation : Annotation
    kinds : int
        What all items are said to be.
    """
    place = _places(annotation)
    starts = [span.start for span in annotation.spans] + [-1] * len(annotation.ungrounded)
    found = []
    used: set[int] = set()
    for number, attribution in enumerate(annotation.attributions):
        content = [place[i] for i in attribution.content]
        used.update(content)
        start = min(starts[i] for i in content)
        found.append([0, kinds, number, -1, start])
    for number, span in enumerate(annotation.spans):
        if span.label in TARGETS and number not in used:
            found.append([TARGETS.index(span.label), kinds, number, -1, span.start])
    return sorted(found, key=lambda item: (item[4], item[0], item[2]))


def document_facets(documents: Sequence[Document], facets: Facets) -> list[Doc]:
    """Return documents with what they can be filtered by: publisher, language, fields of meta.

    A field with more than `MOST_VALUES` values, or with another value in (nearly) every document,
    is left out.
    """
    fields = ["publisher", "language", *dict.fromkeys(k for d in documents for k in d.meta)]
    found: list[list[int]] = [[] for _ in documents]
    for position, name in enumerate(fields):
        meta = position > 1
        rows = [_values(d.meta.get(name) if meta else getattr(d, name)) for d in documents]
        every = {value for row in rows for value in row}
        listed = meta and any(isinstance(d.meta.get(name), list) for d in documents)
        if len(every) > MOST_VALUES or (not listed and len(every) > max(2, len(documents) // 2)):
            continue
        for row, numbers in zip(rows, found, strict=True):
            numbers += [facets.number(f"meta.{name}" if meta else name, v) for v in row]
    return [Doc(d, tuple(numbers)) for d, numbers in zip(documents, found, strict=True)]


def _places(annotation: Annotation) -> Mapping[str, int]:
    ids = [*(s.id for s in annotation.spans), *(u.id for u in annotation.ungrounded)]
    return {name: number for number, name in enumerate(ids)}


def _given(value: Any) -> Iterator[Any]:
    if value:
        yield value


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _values(value: object) -> list[str]:
    if isinstance(value, list):
        return list(dict.fromkeys(value)) or [NONE]
    return [NONE if value in (None, "") else _shown(value)]
