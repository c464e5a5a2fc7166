"""The inline form: an article with its labels as tags in the running text, for writing and review.

A file is a TOML header between two lines ``+++``, then the text, then one line feed that does not
belong to it. The grammar is in docs/formats.md; in short::

    +++
    doc_id = "harbour"
    language = "en"
    licence = "CC-BY-4.0"

    [attributions]
    a1 = { content = ["q1"], source = ["s1"], cue = ["c1"] }
    +++
    <quote#q1 form=direct>“We sail,”</q1> <cue#c1>said</c1> <source#s1 kind=named>Ana Reyes</s1>,
    <q1>“at dawn.”</q1>

``&lt;`` and ``&amp;`` stand for the characters that begin a tag or an escape, ``&#xA0;`` for any
character by its code; invisible ones are always written so, that a reviewer can see them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec
import tomli_w

from .decoding import faults
from .errors import DataError, Problem, quoted
from .model import Annotation, Attribution, Document, Span
from .toml import parsed
from .vocabulary import ATTRIBUTES, ROLES

SUFFIX = ".inline"
_FENCE = "+++\n"
_TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[^<>]*)>|&(?P<escape>[^&;<>\s]*);|(?P<stray>[<&])")
_FIRST = re.compile(r"(?P<label>[a-z_]*)#(?P<id>[A-Za-z0-9_.:-]+)(?P<attributes>( .*)?)", re.DOTALL)
_ATTRIBUTE = re.compile(r' (?P<name>[a-z_]+)=(?:(?P<bare>[A-Za-z0-9_.-]+)|"(?P<quoted>[^"]*)")')
_BARE = re.compile(r"[A-Za-z0-9_.-]+")
_ESCAPE = re.compile(r"&([^&;<>\s]*);")
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class _Roles(msgspec.Struct, forbid_unknown_fields=True):
    content: list[str]
    source: list[str] = []
    cue: list[str] = []
    addressee: list[str] = []
    entity: str = ""


def dumps(document: Document, annotation: Annotation | None = None) -> str:
    """Return the inline form of a document with its labels.

    >>> d = Document(doc_id="d", text="A < B, he said.")
    >>> print(dumps(d, Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 5)])])).rstrip())
    +++
    doc_id = "d"
    +++
    <quote#q>A &lt; B</q>, he said.
    """
    if annotation is None:
        annotation = Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=())
    if problems := list(annotation.problems_with(document)):
        raise DataError(problems)
    header = msgspec.to_builtins(document)
    del header["text"], header["sha256"]
    parts = [_FENCE, tomli_w.dumps(header)]
    if annotation.attributions:
        parts.append("\n[attributions]\n")
        parts += [_attribution_line(a) for a in annotation.attributions]
    parts.append(_FENCE)
    position = 0
    for offset, tag in _tags(annotation):
        parts += [_escaped(document.text[position:offset]), tag]
        position = offset
    parts += [_escaped(document.text[position:]), "\n"]
    return "".join(parts)


def loads(source: str, path: str = "") -> tuple[Document, Annotation]:
    """Read the inline form: the inverse of `dumps`.

    Raises
    ------
    DataError
        With every fault of the file, each with its line.
    """
    header, body, first_line = _split(source, path)
    reader = _Body(first_line)
    reader.read(body)
    problems = [p.at(path=path) for p in reader.problems]
    attributions, faults = _attributions(header.pop("attributions", {}))
    problems += [p.at(path=path) for p in faults]
    if reserved := {"text", "sha256"} & header.keys():
        what = f"the header has {' and '.join(sorted(reserved))}"
        problems.append(
            Problem(path=path, what=what, remedy="leave it out, the text follows below")
        )
        header = {k: v for k, v in header.items() if k not in reserved}
    document = None
    fields = {**header, "text": "".join(reader.text)}
    try:
        document = msgspec.convert(fields, Document)
    except msgspec.ValidationError as error:
        problems += [p.at(path=path) for p in _header_problems(error, fields)]
    if problems or document is None:
        raise DataError(problems)
    try:
        return document, Annotation(
            doc_id=document.doc_id,
            sha256=document.sha256,
            spans=tuple(reader.spans),
            attributions=attributions,
        )
    except DataError as error:
        raise error.at(path=path) from None


def _split(source: str, path: str) -> tuple[dict[str, Any], str, int]:
    def refusal(what: str, remedy: str, line: int = 1) -> DataError:
        return DataError(Problem(path=path, line=line, what=what, remedy=remedy))

    if "\r" in source:
        line = source.count("\n", 0, source.index("\r")) + 1
        raise refusal(
            "holds a raw carriage return",
            "write &#xD; if it belongs to the text, else remove it",
            line,
        )
    if not source.startswith(_FENCE):
        raise refusal("does not start with a line '+++'", "start with the header")
    end = source.find("\n" + _FENCE, len(_FENCE) - 1)
    if end < 0:
        raise refusal("the header has no end", "close it with a line '+++'")
    if not source.endswith("\n") or len(source) < end + len(_FENCE) + 2:
        raise refusal("does not end with a line feed", "end the last line", source.count("\n") + 1)
    try:
        header = parsed(source[len(_FENCE) : end + 1])
    except DataError as error:
        (problem,) = error.problems
        # The first line of the header is line 2 of the file.
        line = (problem.line or source.count("\n", 0, end)) + 1
        raise refusal(f"the header {problem.what}", problem.remedy, line) from None
    body_start = end + 1 + len(_FENCE)
    return header, source[body_start:-1], source.count("\n", 0, body_start) + 1


def _attributions(raw: Any) -> tuple[tuple[Attribution, ...], list[Problem]]:
    found: list[Attribution] = []
    problems: list[Problem] = []
    if not isinstance(raw, dict):
        return (), [Problem(what="attributions is not a table", remedy="write [attributions]")]
    for name, roles in raw.items():
        try:
            filled = msgspec.convert(roles, _Roles)
            named = {role: tuple(getattr(filled, role)) for role in ROLES}
            found.append(Attribution(id=name, entity=filled.entity, **named))
        except DataError as error:
            problems += error.problems
        except msgspec.ValidationError:
            problems += [p.at(attribution=name) for p in faults(roles, _Roles)]
    return tuple(found), problems


def _header_problems(error: msgspec.ValidationError, fields: Any) -> Iterator[Problem]:
    if isinstance(error.__cause__, DataError):
        yield from error.__cause__.problems
    else:
        for problem in faults(fields, Document):
            what = f"the header is not valid: {problem.what}"
            yield Problem(line=1, what=what, remedy=problem.remedy)


class _Body:
    """Reads the text and its tags, left to right."""

    def __init__(self, first_line: int) -> None:
        self.text: list[str] = []
        self.problems: list[Problem] = []
        self._line = first_line
        self._length = 0
        self._labels: dict[str, tuple[str, dict[str, str], int]] = {}
        self._fragments: dict[str, list[tuple[int, int]]] = {}
        self._open: dict[str, int] = {}
        self.spans: list[Span] = []

    def read(self, body: str) -> None:
        position = 0
        for token in _TOKEN.finditer(body):
            self._add(body[position : token.start()])
            position = token.end()
            if token["stray"]:
                instead = "&lt;" if token["stray"] == "<" else "&amp;"
                self._fault(f"stray {token['stray']!r}", f"write {instead}")
            elif token["escape"] is not None:
                self._character(token["escape"])
            elif token["close"]:
                self._close(token["tag"])
            else:
                self._open_tag(token["tag"])
            self._line += token[0].count("\n")
        self._add(body[position:])
        for span_id in self._open:
            label, _, line = self._labels[span_id]
            self._fault(f"the {label} is not closed", f"write </{span_id}>", span_id, line)
        for span_id, (label, attributes, line) in self._labels.items():
            if span_id in self._open:
                continue
            try:
                self.spans.append(Span(span_id, label, tuple(self._fragments[span_id]), attributes))
            except DataError as error:
                self.problems += error.at(line=line).problems

    def _add(self, text: str) -> None:
        self.text.append(text)
        self._length += len(text)
        self._line += text.count("\n")

    def _character(self, name: str) -> None:
        try:
            self._add_one(_character(name))
        except ValueError:
            self._fault(f"unknown escape {quoted('&' + name + ';')}", "write & as &amp;")

    def _add_one(self, character: str) -> None:
        self.text.append(character)
        self._length += 1

    def _open_tag(self, tag: str) -> None:
        first = _FIRST.fullmatch(tag)
        span_id = first["id"] if first else tag
        if first:
            if span_id in self._labels:
                self._fault("id stands twice", f"reopen it with <{span_id}>, or rename", span_id)
                return
            attributes = self._attributes(first["attributes"], span_id)
            self._labels[span_id] = (first["label"], attributes, self._line)
            self._fragments[span_id] = []
        elif span_id not in self._labels:
            self._fault(
                f"{quoted('<' + tag + '>')} opens no known span",
                "a span starts as <label#id>; write &lt; for a literal <",
            )
            return
        if span_id in self._open:
            self._fault("is open already", f"close it with </{span_id}> first", span_id)
            return
        self._open[span_id] = self._length

    def _close(self, span_id: str) -> None:
        start = self._open.pop(span_id, None)
        if start is None:
            self._fault(
                f"{quoted('</' + span_id + '>')} closes what is not open",
                "close each tag once, by its id",
            )
            return
        self._fragments[span_id].append((start, self._length))

    def _attributes(self, source: str, span_id: str) -> dict[str, str]:
        attributes: dict[str, str] = {}
        position = 0
        for match in _ATTRIBUTE.finditer(source):
            if match.start() != position:
                break
            position = match.end()
            name = match["name"]
            if name in attributes:
                self._fault(f"{name} stands twice", "give it once", span_id)
            value = match["bare"] or match["quoted"]
            try:
                attributes[name] = _ESCAPE.sub(lambda m: _character(m[1]), value)
            except ValueError:
                self._fault(
                    f"unknown escape in {name}={quoted(value)}", "write & as &amp;", span_id
                )
        if position != len(source):
            self._fault(
                f"cannot read {quoted(source[position:])}",
                'attributes are name=value or name="two words", one space before each',
                span_id,
            )
        return attributes

    def _fault(self, what: str, remedy: str, span: str = "", line: int | None = None) -> None:
        self.problems.append(Problem(what=what, remedy=remedy, span=span, line=line or self._line))


def _character(name: str) -> str:
    if name in _NAMED:
        return _NAMED[name]
    if re.fullmatch(r"#x[0-9A-Fa-f]{1,6}", name):
        return chr(int(name[2:], 16))
    raise ValueError(name)


def _escaped(text: str, also: str = "") -> str:
    return "".join(
        f"&{name};"
        if (name := {"<": "lt", "&": "amp"}.get(c))
        else f"&#x{ord(c):X};"
        if c in also or (c not in " \n\t" and unicodedata.category(c) in _INVISIBLE)
        else c
        for c in text
    )


def _tags(annotation: Annotation) -> Iterator[tuple[int, str]]:
    """Yield (offset, tag): at one offset closing tags first, innermost first, then opening tags."""
    events: list[tuple[int, int, int, int, str]] = []
    for rank, span in enumerate(annotation.spans):
        for number, (start, end) in enumerate(span.fragments):
            opening = f"<{_first_tag(span)}>" if number == 0 else f"<{span.id}>"
            events.append((start, 1, -end, rank, opening))
            events.append((end, 0, -start, -rank, f"</{span.id}>"))
    for offset, *_, tag in sorted(events):
        yield offset, tag


def _first_tag(span: Span) -> str:
    parts = [f"{span.label}#{span.id}"]
    for name in ATTRIBUTES[span.label]:
        if name in span.attributes:
            value = span.attributes[name]
            written = value if _BARE.fullmatch(value) else '"' + _escaped(value, also='">') + '"'
            parts.append(f"{name}={written}")
    return " ".join(parts)


def _attribution_line(attribution: Attribution) -> str:
    key = (
        attribution.id if re.fullmatch(r"[A-Za-z0-9_-]+", attribution.id) else f'"{attribution.id}"'
    )
    roles = [
        f"{role} = [" + ", ".join(f'"{i}"' for i in ids) + "]"
        for role, ids in attribution.roles()
        if ids
    ]
    if attribution.entity:
        roles.append(f"entity = {_toml_string(attribution.entity)}")
    return f"{key} = {{ {', '.join(roles)} }}\n"


def _toml_string(value: str) -> str:
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")
