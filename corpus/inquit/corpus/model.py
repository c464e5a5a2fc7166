"""The model: documents, and the spans and attributions that annotators put over them.

Every object is frozen and checked when it is made; what exists is valid on its own. What needs
the text (offsets inside it, the checksum) is checked by `Annotation.problems_with`.
"""

from __future__ import annotations

import hashlib
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Literal, Protocol

import msgspec
from msgspec.structs import force_setattr

from .errors import DataError, Problem, quoted
from .vocabulary import ATTRIBUTES, KINDS, LABELS, ROLES

ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
LAYER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MAX_OFFSET = 2**31 - 1

Fragment = tuple[int, int]
MetaValue = str | bool | int | float | list[str]


class Document(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One text and what is known about it.

    The text is never normalised, stripped or re-encoded. NUL and lone surrogates are refused.

    Parameters
    ----------
    doc_id : str
        Unique in its corpus; one line, no control characters.
    text : str
        Offsets count its code points.
    sha256 : str
        Hexadecimal SHA-256 of the UTF-8 bytes of ``text``. Computed when left out, else verified.
    language : str
        BCP 47 tag, "und" when unknown.
    licence : str
        SPDX expression, or "restricted".
    split : {"train", "dev", "test"}, optional
    group : str, optional
        Story or cluster: documents of one group may not be separated by a split.
    meta : dict
        Anything else: strings, numbers, booleans or lists of strings.

    Raises
    ------
    DataError
        With every problem found.

    >>> Document(doc_id="a", text="hi").sha256[:8]
    '8f434346'
    """

    doc_id: str
    text: str
    sha256: str = ""
    language: str = "und"
    licence: str = "restricted"
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    split: Literal["train", "dev", "test"] | None = None
    group: str | None = None
    meta: dict[str, MetaValue] = {}

    def __post_init__(self) -> None:
        problems = list(_document_problems(self))
        if not problems:
            digest = hashlib.sha256(self.text.encode()).hexdigest()
            if not self.sha256:
                force_setattr(self, "sha256", digest)
            elif self.sha256 != digest:
                problems.append(
                    Problem(
                        what=f"sha256 is {quoted(self.sha256, 12)}, the text has {digest[:9]}...",
                        remedy="the text was changed after it was stored: restore the original",
                    )
                )
        if problems:
            raise DataError(p.at(doc_id=_named(self.doc_id)) for p in problems)

    def slice(self, span: Span) -> tuple[str, ...]:
        """Return the words of a span, one string a fragment."""
        return tuple(self.text[start:end] for start, end in span.fragments)


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A labelled stretch of text; it may have several fragments.

    Parameters
    ----------
    id : str
        Unique in its annotation; ASCII letters, digits and ``_ . : -``.
    label : str
        One of `vocabulary.LABELS`.
    fragments : sequence of (start, end)
        Half-open code point offsets; ascending, not empty, not touching.
    attributes : dict of str to str
        As `vocabulary.ATTRIBUTES` allows for the label.

    >>> Span("q1", "quote", [(0, 4), (9, 12)], {"form": "direct"}).fragments
    ((0, 4), (9, 12))
    >>> Span("q1", "quote", [(4, 4)])
    Traceback (most recent call last):
    inquit.corpus.errors.DataError: span 'q1': empty fragment [4, 4); give an end after the start
    """

    id: str
    label: str
    fragments: tuple[Fragment, ...]
    attributes: dict[str, str] = {}

    def __post_init__(self) -> None:
        problems = list(_span_problems(self))
        if problems:
            raise DataError(p.at(span=_named(self.id)) for p in problems)
        force_setattr(self, "fragments", tuple((int(s), int(e)) for s, e in self.fragments))

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.fragments[-1][1]


class Attribution(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Who said what: span ids by role.

    ``content`` holds one or more quotes or claims, ``source``, ``cue`` and ``addressee`` any
    number. No source means that the text hides it. ``entity`` names who it is attributed to where
    a corpus knows that without saying which words tell it; it stands only beside an empty source
    (a source span has an entity of its own).

    >>> Attribution(id="a1", content=["q1"], source=["s1"]).cue
    ()
    """

    id: str
    content: tuple[str, ...]
    source: tuple[str, ...] = ()
    cue: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    entity: str = ""

    def __post_init__(self) -> None:
        problems = list(_attribution_problems(self))
        if problems:
            raise DataError(p.at(attribution=_named(self.id)) for p in problems)
        for role in ROLES:
            force_setattr(self, role, tuple(getattr(self, role)))

    def roles(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (role, span ids), in the order of `vocabulary.ROLES`."""
        for role in ROLES:
            yield role, getattr(self, role)


class Ungrounded(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A prediction made in words that are not in the text: a span without a place.

    It stays a prediction and counts as a false positive. ``text`` is what was predicted, never a
    part of the document; a corpus holds none (what is labelled stands in the text).

    >>> Ungrounded("q1", "quote", "I never said that").text
    'I never said that'
    """

    id: str
    label: str
    text: str
    attributes: dict[str, str] = {}

    def __post_init__(self) -> None:
        problems = [*_label_problems(self), *_predicted_text_problems(self)]
        if problems:
            raise DataError(p.at(span=_named(self.id)) for p in problems)


class Annotation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The labels of one annotator over one document: a line of a layer file.

    Attributions name spans, or ungrounded ones by their ids where a prediction has such.

    Spans and attributions are sets: whatever order they are given in, they stand in text order
    (start, longest first, label, id), so two annotations with the same labels are equal.

    >>> spans = [Span("s", "source", [(9, 12)]), Span("q", "quote", [(0, 5)])]
    >>> said = Attribution(id="a", content=["q"], source=["s"])
    >>> a = Annotation(doc_id="d", spans=spans, attributions=[said])
    >>> [span.id for span in a.spans]
    ['q', 's']
    """

    doc_id: str
    sha256: str = ""
    spans: tuple[Span, ...]
    attributions: tuple[Attribution, ...] = ()
    ungrounded: tuple[Ungrounded, ...] = ()

    def __post_init__(self) -> None:
        problems = list(_annotation_problems(self))
        if problems:
            raise DataError(p.at(doc_id=_named(self.doc_id)) for p in problems)
        spans = sorted(self.spans, key=_text_order)
        force_setattr(self, "ungrounded", tuple(sorted(self.ungrounded, key=attrgetter("id"))))
        ids = chain((s.id for s in spans), (u.id for u in self.ungrounded))
        place = {name: i for i, name in enumerate(ids)}
        force_setattr(self, "spans", tuple(spans))
        attributions = [_in_text_order(a, place) for a in self.attributions]
        attributions.sort(key=lambda a: (place[a.content[0]], a.id))
        force_setattr(self, "attributions", tuple(attributions))

    def by_id(self) -> dict[str, Span]:
        """Return the spans by their ids; ungrounded ones are not among them."""
        return {span.id: span for span in self.spans}

    def problems_with(self, document: Document) -> Iterator[Problem]:
        """Yield what is wrong with these labels over this document's text."""
        if self.doc_id != document.doc_id:
            yield Problem(
                doc_id=self.doc_id,
                what=f"labels are joined with document {quoted(document.doc_id)}",
                remedy="join labels with the document they name",
            )
            return
        if self.sha256 and self.sha256 != document.sha256:
            yield other_text(self.sha256, document.sha256, "this text").at(doc_id=self.doc_id)
            return
        length = len(document.text)
        for span in self.spans:
            if span.end > length:
                yield Problem(
                    doc_id=self.doc_id,
                    span=span.id,
                    what=f"ends at {span.end}, the text has {length} code points",
                    remedy="give offsets in code points, half-open, inside the text",
                )


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """The labels of one annotator over some documents, and how they came to be.

    Two layers are equal if their annotations are; provenance does not take part.

    Parameters
    ----------
    name : str
        File name in the corpus: letters, digits and ``_ . -``. Gold is named "gold".
    annotations : sequence of Annotation
        At most one a document.
    kind : {"human", "model", "rule", "adjudicated"}
    annotator : str
        Pseudonym of the person, or name of the system; the layer's name when left out.
    guidelines : str
        Version of the guidelines that were followed.
    derived : sequence of str
        Names of attributes that were computed, not labelled.
    made_by : str
        In words: by what and from what the layer was made.
    """

    name: str
    annotations: tuple[Annotation, ...]
    kind: Literal["human", "model", "rule", "adjudicated"]
    annotator: str = ""
    guidelines: str = ""
    derived: tuple[str, ...] = ()
    made_by: str = ""

    def __post_init__(self) -> None:
        check_layer_name(self.name)
        if self.kind not in KINDS:
            what = f"kind {quoted(str(self.kind))} of layer {quoted(self.name)} is unknown"
            raise DataError(Problem(what=what, remedy=f"use one of {', '.join(KINDS)}"))
        force_setattr(self, "annotator", self.annotator or self.name)
        force_setattr(self, "annotations", tuple(self.annotations))
        force_setattr(self, "derived", tuple(self.derived))
        seen: set[str] = set()
        problems = [
            Problem(
                doc_id=a.doc_id,
                what=f"stands twice in layer {quoted(self.name)}",
                remedy="a layer holds one annotation a document",
            )
            for a in self.annotations
            if a.doc_id in seen or seen.add(a.doc_id)  # type: ignore[func-returns-value]  # set.add
        ]
        if problems:
            raise DataError(problems)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Layer):
            return NotImplemented
        return self.by_document() == other.by_document()

    def by_document(self) -> dict[str, Annotation]:
        """Return the annotations by document id."""
        return {a.doc_id: a for a in self.annotations}


def other_text(found: str, wanted: str, of: str) -> Problem:
    """Return what is wrong with the sha256 of labels: it is not ``wanted``, that ``of`` a text.

    >>> print(other_text("zz", "8f434346", "the document"))
    sha256 'zz' is none: it has 64 hexadecimal digits; give that of the document, or leave it out
    """
    if not _SHA256.fullmatch(found.lower()):
        what = f"sha256 {quoted(found, 12)} is none: it has 64 hexadecimal digits"
        return Problem(what=what, remedy="give that of the document, or leave it out")
    if found.lower() == wanted:
        what = f"sha256 {quoted(found, 12)} is in upper case"
        return Problem(what=what, remedy="write it in lower case")
    what = f"labels were made over a text with sha256 {quoted(found, 12)}, "
    what += f"{of} has {quoted(wanted, 12)}"
    return Problem(what=what, remedy="score or join labels only with the text they were made on")


def check_layer_name(name: str) -> None:
    """Raise DataError unless the name can be a file name in every file system."""
    if not LAYER_NAME.fullmatch(name) or name.endswith("."):
        raise DataError(
            Problem(
                what=f"{quoted(name)} cannot name a layer",
                remedy="use 1 to 64 ASCII letters, digits, '_', '-' or '.', "
                "a letter or digit first, no '.' last",
            )
        )


def _named(value: object) -> str:
    return value if isinstance(value, str) and value else repr(value)


def _text_order(span: Span) -> tuple[int, int, str, str]:
    return span.start, -span.end, span.label, span.id


def _in_text_order(attribution: Attribution, place: dict[str, int]) -> Attribution:
    roles = {role: tuple(sorted(ids, key=place.__getitem__)) for role, ids in attribution.roles()}
    return Attribution(id=attribution.id, entity=attribution.entity, **roles)


def text_problem(text: str) -> Problem | None:
    """Return what makes a text unfit to be stored, if anything does."""
    nul = text.find("\0")
    if nul >= 0:
        return Problem(what=f"NUL at code point {nul}", remedy="remove it from the source")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return Problem(
            what=f"lone surrogate U+{ord(text[error.start]):04X} at code point {error.start}",
            remedy="decode the source in full; half a character cannot be stored",
        )
    return None


def _document_problems(document: Document) -> Iterator[Problem]:
    for name in ("doc_id", "language", "licence"):
        value = getattr(document, name)
        if not isinstance(value, str) or not value or value != value.strip() or len(value) > 500:
            yield Problem(
                what=f"{name} {quoted(str(value))} is empty, too long or has white space around it",
                remedy=f"give a {name} of 1 to 500 characters",
            )
    for name in (
        "doc_id",
        "language",
        "licence",
        "title",
        "published",
        "publisher",
        "url",
        "group",
    ):
        value = getattr(document, name)
        if value is None:
            continue
        if not isinstance(value, str):
            yield Problem(what=f"{name} is {type(value).__name__}", remedy="give a string")
        elif _CONTROL.search(value):
            yield Problem(
                what=f"{name} {quoted(value)} holds a line break or control character",
                remedy="give one line of plain text",
            )
    if isinstance(document.language, str) and not _LANGUAGE.fullmatch(document.language):
        yield Problem(
            what=f"language {quoted(document.language)} is no BCP 47 tag",
            remedy="use a tag such as en, de-AT or zh-Hant, or und",
        )
    if not isinstance(document.text, str):
        yield Problem(what=f"text is {type(document.text).__name__}", remedy="give a string")
    elif problem := text_problem(document.text):
        yield problem
    if document.split not in (None, "train", "dev", "test"):
        yield Problem(
            what=f"split {quoted(str(document.split))} is unknown", remedy="use train, dev or test"
        )
    yield from _meta_problems(document.meta)


def _meta_problems(meta: dict[str, Any]) -> Iterator[Problem]:
    for key, value in meta.items():
        values = value if isinstance(value, list) else [value]
        whole = isinstance(value, (str, bool, int, float, list))
        if not whole or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
            yield Problem(
                what=f"meta {quoted(key)} is {type(value).__name__}",
                remedy="give a string, number, boolean or list of strings",
            )
        elif isinstance(value, float) and not -1e308 < value < 1e308:
            yield Problem(what=f"meta {quoted(key)} is {value}", remedy="give a finite number")
        elif isinstance(value, int) and abs(value) >= 2**63:
            yield Problem(what=f"meta {quoted(key)} is too large", remedy="give it as a string")
        elif any(isinstance(v, str) and text_problem(v) for v in [key, *values]):
            yield Problem(
                what=f"meta {quoted(key)} holds NUL or a lone surrogate", remedy="remove it"
            )


def _span_problems(span: Span) -> Iterator[Problem]:
    yield from _label_problems(span)
    yield from _fragment_problems(span.fragments)


def _predicted_text_problems(item: Ungrounded) -> Iterator[Problem]:
    if not isinstance(item.text, str):
        yield Problem(what=f"text is {type(item.text).__name__}", remedy="give a string")
    elif problem := text_problem(item.text):
        yield problem


def _label_problems(span: Span | Ungrounded) -> Iterator[Problem]:
    if not isinstance(span.id, str) or not ID.fullmatch(span.id):
        yield Problem(
            what=f"span id {quoted(str(span.id))} is not valid",
            remedy="use 1 to 128 ASCII letters, digits, '_', '.', ':' or '-'",
        )
    if span.label not in LABELS:
        yield Problem(
            what=f"unknown label {quoted(str(span.label))}",
            remedy=f"use one of {', '.join(LABELS)}",
        )
    else:
        yield from _attribute_problems(span)


def _attribute_problems(span: Span | Ungrounded) -> Iterator[Problem]:
    known = ATTRIBUTES[span.label]
    for name, value in span.attributes.items():
        if name not in known:
            allowed = ", ".join(known) or "none"
            yield Problem(
                what=f"a {span.label} has no attribute {quoted(str(name))}",
                remedy=f"its attributes are: {allowed}",
            )
            continue
        values = known[name]
        if values is not None and value not in values:
            yield Problem(
                what=f"{name} {quoted(str(value))} is unknown",
                remedy=f"use one of {', '.join(values)}",
            )
        elif values is None and (fault := _line_fault(value)):
            yield Problem(what=f"{name} {quoted(str(value))} {fault[0]}", remedy=fault[1])


def _line_fault(value: object) -> tuple[str, str] | None:
    if isinstance(value, str) and value.strip() and not _CONTROL.search(value):
        return None
    return "is empty or holds control characters", "give one line of text or leave it out"


def _fragment_problems(fragments: Sequence[Any]) -> Iterator[Problem]:
    if len(fragments) == 0:
        yield Problem(what="has no fragments", remedy="give at least one [start, end)")
    behind = -1
    for fragment in fragments:
        try:
            start, end = fragment
            if not (type(start) is type(end) is int):
                start, end = _whole_number(start), _whole_number(end)
        except (TypeError, ValueError):
            yield Problem(
                what=f"fragment {quoted(repr(fragment))} is not a pair of whole numbers",
                remedy="give [start, end)",
            )
            return
        if min(start, end) < 0 or max(start, end) > MAX_OFFSET:
            yield Problem(
                what=f"fragment [{_shown(start)}, {_shown(end)}) lies outside any text",
                remedy=f"give offsets from 0 to {MAX_OFFSET}",
            )
        elif end == start:
            yield Problem(
                what=f"empty fragment [{start}, {end})", remedy="give an end after the start"
            )
        elif end < start:
            yield Problem(
                what=f"fragment [{start}, {end}) ends before it starts",
                remedy="give start first, then end",
            )
        elif start <= behind:
            yield Problem(
                what=f"fragment [{start}, {end}) touches or precedes the one that ends at {behind}",
                remedy="give fragments in ascending order with a gap between them",
            )
        if end <= MAX_OFFSET:
            behind = max(behind, end)


def _whole_number(value: Any) -> int:
    """Return what counts as a whole number, NumPy's too; a boolean of either does not."""
    if isinstance(value, bool) or getattr(value, "dtype", None) == "bool":
        raise TypeError
    return operator.index(value)


def _shown(offset: int) -> str:
    """Return an offset in digits while it is short; Python writes out 4,300 at most."""
    if offset.bit_length() <= 128:
        return str(offset)
    return f"{'-' if offset < 0 else ''}10^{int(offset.bit_length() * 0.30103)}"


def _attribution_problems(attribution: Attribution) -> Iterator[Problem]:
    if not isinstance(attribution.id, str) or not ID.fullmatch(attribution.id):
        yield Problem(
            what=f"attribution id {quoted(str(attribution.id))} is not valid",
            remedy="use 1 to 128 ASCII letters, digits, '_', '.', ':' or '-'",
        )
    if not attribution.content:
        yield Problem(what="has no content", remedy="name the quote or claim that is attributed")
    for role, ids in attribution.roles():
        if isinstance(ids, str) or not all(isinstance(i, str) for i in ids):
            yield Problem(what=f"{role} is not a list of span ids", remedy="give a list of strings")
        elif len(set(ids)) < len(ids):
            yield Problem(what=f"{role} names a span twice", remedy="name each span once")
    if not attribution.entity and isinstance(attribution.entity, str):
        return
    if attribution.source:
        yield Problem(what="has an entity beside a source", remedy="give the entity to the source")
    elif fault := _line_fault(attribution.entity):
        yield Problem(what=f"entity {quoted(str(attribution.entity))} {fault[0]}", remedy=fault[1])


def _annotation_problems(annotation: Annotation) -> Iterator[Problem]:
    if not isinstance(annotation.doc_id, str) or not annotation.doc_id:
        yield Problem(what="doc_id is empty", remedy="name the document")
    yield from joint_problems(
        chain(annotation.spans, annotation.ungrounded), annotation.attributions
    )


class _Labelled(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...


class _Said(Protocol):
    @property
    def id(self) -> str: ...
    def roles(self) -> Iterator[tuple[str, Sequence[str]]]: ...


def joint_problems(
    items: Iterable[_Labelled], attributions: Iterable[_Said], *, whole: bool = True
) -> Iterator[Problem]:
    """Yield what is wrong between the labels of a document: ids given twice, what roles name.

    Parameters
    ----------
    items : iterable
        Spans and ungrounded ones, or what has their ids and labels. Of a label that does not exist
        it is not said that it cannot fill a role.
    attributions : iterable
    whole : bool
        Whether all items are there; else it is not told that one does not exist.
    """
    labels: dict[str, str] = {}
    for span in items:
        if span.id in labels:
            yield Problem(span=span.id, what="id stands twice", remedy="give each span its own id")
        labels[span.id] = span.label
    seen: set[str] = set()
    for attribution in attributions:
        if attribution.id in seen:
            yield Problem(
                attribution=attribution.id,
                what="id stands twice",
                remedy="give each attribution its own id",
            )
        seen.add(attribution.id)
        for role, ids in attribution.roles():
            for span_id in ids:
                label = labels.get(span_id)
                if label is None:
                    if whole:
                        yield Problem(
                            attribution=attribution.id,
                            what=f"{role} names span {quoted(span_id)}, which does not exist",
                            remedy="add the span or remove the reference",
                        )
                elif label not in ROLES[role] and label in LABELS:
                    yield Problem(
                        attribution=attribution.id,
                        what=f"{role} names span {quoted(span_id)}, which is a {label}",
                        remedy=f"{role} takes {' or '.join(ROLES[role])}",
                    )
