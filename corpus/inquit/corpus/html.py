"""A document with its labels in colour, as HTML without scripts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup, escape

from .errors import DataError
from .model import Annotation, Document, Span
from .vocabulary import LABELS

LANES = 6
_SHORT = {
    "quote": "q",
    "claim": "cl",
    "source": "s",
    "cue": "cue",
    "addressee": "ad",
    "ignore": "ig",
}
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TAG_LENGTH = 8


@dataclass(frozen=True)
class LabelledDocument:
    """A document with its labels, shown in colour by a notebook.

    Parameters
    ----------
    document : Document
    annotation : Annotation, optional

    Raises
    ------
    DataError
        If the labels do not fit the document.

    >>> shown = LabelledDocument(Document(doc_id="d", text="<b> he"))
    >>> "&lt;b&gt; he" in shown._repr_html_()
    True
    """

    document: Document
    annotation: Annotation | None = None

    def __post_init__(self) -> None:
        labels = self.annotation
        if labels is not None and (problems := list(labels.problems_with(self.document))):
            raise DataError(problems)

    def _repr_html_(self) -> str:
        document = self.document
        return notebook(
            Markup('<p class="iq-title">{}</p>').format(document.title or document.doc_id),
            legend(),
            labelled(document, self.annotation),
        )


def labelled(document: Document, annotation: Annotation | None = None) -> Markup:
    """Return a document's text with its labels, as a fragment to be styled with `style`.

    The text is cut at every boundary of a span; each piece stands in one element for each span
    that covers it, so spans may nest and cross. The element's text is the document's text, code
    point for code point, and never markup.

    >>> d = Document(doc_id="d", text="<b> he")
    >>> print(labelled(d, Annotation(doc_id="d", spans=[Span("q1", "quote", [(0, 3)])])))
    ... # doctest: +ELLIPSIS
    <div class="iq iq-text" dir="auto" lang=""><span class="iq-span iq-quote iq-lane-0" ...>&lt;b&gt;</span> he</div>
    """  # noqa: E501  # what it prints is one line
    spans = annotation.spans if annotation is not None else ()
    # Empty where the language is unknown: the words are not in that of the page around them.
    language = "" if document.language == "und" else document.language
    parts = [Markup('<div class="iq iq-text" dir="auto" lang="{}">').format(language)]
    tag_of = tags(annotation) if annotation is not None else {}
    lane_of = lanes(spans)
    for start, end, covering in runs(spans, len(document.text)):
        for span in covering:
            parts.append(_opening(span, start, tag_of[span.id], lane_of[span.id]))
        parts.append(shown(document.text[start:end]))
        parts.append(Markup("</span>") * len(covering))
    parts.append(Markup("</div>"))
    return Markup("").join(parts)


def style() -> str:
    """Return the style sheet that `labelled` and `legend` need; all its classes begin ``iq``."""
    return _resource("labels.css")


def notebook(*parts: Markup) -> str:
    """Return a fragment for a notebook: our own HTML with the style it needs, and no script.

    The style reaches nothing outside the fragment: all its classes begin ``iq``. The fragment is
    a plain string, for notebooks join it with others, which `Markup` would escape.
    """
    sheet = Markup(style() + _resource("notebook.css"))  # noqa: S704  # our own files
    body = Markup("").join(parts)
    return str(Markup('<div class="iq-notebook"><style>{}</style>{}</div>').format(sheet, body))


def legend() -> Markup:
    """Return a list of the labels in their colours."""
    items = Markup("").join(
        Markup(
            '<li><span class="iq-span iq-{0}"><span class="iq-tag">{1}</span> {0}</span></li>'
        ).format(label, _SHORT[label])
        for label in LABELS
    )
    return Markup('<ul class="iq iq-legend">{}</ul>').format(items)


def tags(annotation: Annotation) -> dict[str, str]:
    """Return a short name for each span id: the id itself, or if ids are long a numbered label.

    >>> tags(Annotation(doc_id="d", spans=[Span("0123456789", "quote", [(0, 5)])]))
    {'0123456789': 'q1'}
    """
    if all(len(span.id) <= _TAG_LENGTH for span in annotation.spans):
        return {span.id: span.id for span in annotation.spans}
    count = dict.fromkeys(LABELS, 0)
    found = {}
    for span in annotation.spans:
        count[span.label] += 1
        found[span.id] = f"{_SHORT[span.label]}{count[span.label]}"
    return found


def runs(spans: tuple[Span, ...], length: int) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Cut a text at every boundary: yield (start, end, spans that cover it, longest first).

    >>> s, t = Span("s", "quote", [(0, 4)]), Span("t", "claim", [(2, 6)])
    >>> [(start, end, [x.id for x in covering]) for start, end, covering in runs((s, t), 7)]
    [(0, 2, ['s']), (2, 4, ['s', 't']), (4, 6, ['t']), (6, 7, [])]
    """
    opening: dict[int, list[Span]] = {}
    closing: dict[int, list[Span]] = {}
    for span in spans:
        for start, end in span.fragments:
            opening.setdefault(start, []).append(span)
            closing.setdefault(end, []).append(span)
    inside: list[Span] = []
    position = 0
    for offset in sorted({*opening, *closing, length}):
        if offset > position:
            yield position, offset, tuple(inside)
        position = offset
        gone = {span.id for span in closing.get(offset, ())}
        inside = [span for span in inside if span.id not in gone] + opening.get(offset, [])
        inside.sort(key=_outermost)


def lanes(spans: tuple[Span, ...]) -> dict[str, int]:
    """Give each span a lane of its own among those that overlap it; short spans come first.

    >>> lanes((Span("outer", "quote", [(0, 9)]), Span("inner", "claim", [(2, 6)])))
    {'inner': 0, 'outer': 1}
    """
    taken: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for span in sorted(spans, key=_outermost, reverse=True):
        free = (
            number
            for number, lane in enumerate(taken)
            if not any(s < end and start < e for s, e in lane for start, end in span.fragments)
        )
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane] += span.fragments
        found[span.id] = lane
    return found


def _resource(name: str) -> str:
    return (files("inquit.corpus") / "resources" / name).read_text(encoding="utf-8")


def _outermost(span: Span) -> tuple[int, int, int, str]:
    return -_size(span), span.start, LABELS.index(span.label), span.id


def _size(span: Span) -> int:
    return sum(end - start for start, end in span.fragments)


def _opening(span: Span, start: int, tag: str, lane: int) -> Markup:
    told = ""
    if start == span.start:
        told = tag
    elif any(start == begin for begin, _ in span.fragments):
        told = f"…{tag}"
    attributes = ", ".join(f"{name} {value}" for name, value in span.attributes.items())
    title = f"{span.label} {span.id}" + (f": {attributes}" if attributes else "")
    return Markup('<span class="iq-span iq-{} iq-lane-{}" data-span="{}" title="{}"{}>').format(
        span.label,
        min(lane, LANES - 1),
        span.id,
        title,
        Markup(' data-tag="{}"').format(told) if told else "",
    )


def shown(text: str) -> Markup:
    """Return text escaped; each control that could steer the line stands isolated, and is shown."""
    if not any(c in _DIRECTION or unicodedata.category(c) == "Cc" for c in text):
        return escape(text)
    return Markup("").join(_character(c) for c in text)


def _character(c: str) -> Markup:
    if c == "\r":
        return Markup("&#13;")  # a raw one would be read as a line feed
    if c in _DIRECTION or (unicodedata.category(c) == "Cc" and c not in "\n\t"):
        return Markup('<span class="iq-control" data-code="U+{:04X}">{}</span>').format(ord(c), c)
    return escape(c)
