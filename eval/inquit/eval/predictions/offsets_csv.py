"""A CSV of offsets: a row a fragment.

RFC 4180: commas, quotes doubled inside quotes, UTF-8 (with or without byte order mark), any line
ending; the first row names the columns, in any order.

``doc_id,start,end,label`` are required. A row is a span of one fragment, unless there is a column
``id``: rows of one document and id are then the fragments of one span; its first row says what it
is, in the others the remaining cells repeat that or are empty. A row with a doc_id and nothing else
says that nothing was found in that document.

A column named as an attribute (``form``, ``kind`` ...) holds that attribute; an empty cell is none.
``attribution`` names the attributions that a span takes part in, by ids divided by blanks; its role
follows from its label (a quote or claim is content). ``text`` repeats the words at the offsets and
is held against the document; ``sha256`` is that of the document's text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from inquit.corpus import Annotation, Attribution, DataError, Document, Problem, Span
from inquit.corpus.errors import did_you_mean, quoted
from inquit.corpus.jsonl import open_for_reading
from inquit.corpus.model import MAX_OFFSET, Fragment
from inquit.corpus.terminal import counted
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS, ROLES

from .result import PartError, Predictions

T = TypeVar("T")

REQUIRED: Final = ("doc_id", "start", "end", "label")
#: Columns that hold attributes.
ATTRIBUTE_COLUMNS: Final = tuple(
    dict.fromkeys(name for known in ATTRIBUTES.values() for name in known)
)
COLUMNS: Final = (*REQUIRED, "id", *ATTRIBUTE_COLUMNS, "attribution", "text", "sha256")
_ROLE_OF: Final = {label: role for role, labels in ROLES.items() for label in labels}
_DIGITS = len(str(MAX_OFFSET))
_WHOLE = "write it in digits only; offsets count code points and are half-open"


class _Row:
    """A span as far as it was read: the line of its first row, and what its rows say.

    ``whole`` tells whether each of its rows has offsets that can be read.
    """

    __slots__ = ("attributes", "attributions", "fragments", "label", "line", "whole")

    def __init__(
        self, line: int, label: str, attributes: dict[str, str], attributions: str
    ) -> None:
        self.line = line
        self.label = label
        self.fragments: list[tuple[Fragment, int]] = []
        self.attributes = attributes
        self.attributions = attributions
        self.whole = True


class _Labels:
    """What was read of one document."""

    __slots__ = ("empty", "line", "sha256", "spans")

    def __init__(self, line: int) -> None:
        self.line = line
        self.sha256 = ""
        self.empty: int | None = None
        self.spans: dict[str, _Row] = {}


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:
    """Read a CSV of offsets; every fault of it is told with its line."""
    table = _Table(path, documents)
    table.read(_content(path))
    annotations = tuple(table.annotations())
    if table.problems:
        problems = sorted(table.problems, key=lambda p: p.line or 0)
        raise PartError(problems, annotations, table.located)
    notes: tuple[str, ...] = ()
    if "text" in table.place and documents is None:
        notes = ("the column 'text' was not verified: the documents are not known",)
    return Predictions("offsets_csv", path, annotations, notes, files=(path,), locate=table.located)


class _Table:
    """The rows of a file, gathered by document and span, with every fault found."""

    def __init__(self, path: Path, documents: Mapping[str, Document] | None) -> None:
        self.problems: list[Problem] = []
        self.place: dict[str, int] = {}
        self._attributes: list[tuple[str, int]] = []
        self._path = str(path)
        self._texts = documents
        self._documents: dict[str, _Labels] = {}
        # By document ("" for any): attributions that rows may name which are of no span.
        self._unsure: dict[str, set[str]] = {}
        self._cut = False

    def read(self, content: str) -> None:
        """Read all rows."""
        reader = csv.reader(io.StringIO(content, newline=""), strict=True)
        line = 1
        # The reader's own limit is of all of Python, and below the length of a long article.
        limit = csv.field_size_limit(min(len(content) + 1, MAX_OFFSET))
        try:
            for row in reader:
                if not row:
                    pass
                elif not self.place:
                    if not self._header(row, line):
                        return
                elif len(row) != len(self.place):
                    self._may_name(row[self.place["doc_id"] :][:1], row)
                    what = f"has {counted(len(row), 'cell')}, the first row has {len(self.place)}"
                    self._fault(line, what, "give one cell a column; quote cells with commas")
                else:
                    self._row(line, row)
                line = reader.line_num + 1
        except csv.Error as error:
            self._cut = True
            what = f"cannot be read as CSV ({error}); nothing behind it was read"
            self._fault(line, what, 'quote a cell with ", and double each " inside it')
        finally:
            csv.field_size_limit(limit)

    def _header(self, row: list[str], line: int) -> bool:
        if len(row) == 1 and any(mark in row[0] for mark in ";\t"):
            mark = "semicolons" if ";" in row[0] else "tabs"
            self._fault(line, f"columns are divided by {mark}", "divide them by commas")
            return False
        meant = set()
        for name in dict.fromkeys(row):
            if name not in COLUMNS:
                likely = name.strip(" \"'\t").lower()
                meant.add(likely)
                remedy = did_you_mean(likely, COLUMNS) or f"columns are: {', '.join(COLUMNS)}"
                if name == "role":
                    remedy = "take it out: the role of a span follows from its label"
                self._fault(line, f"there is no column {quoted(name)}", remedy)
            elif row.count(name) > 1:
                self._fault(line, f"column {quoted(name)} stands twice", "keep one of the two")
        for name in REQUIRED:
            if name not in row and name not in meant:
                self._fault(line, f"column {quoted(name)} is missing", "name it in the first row")
        self.place = {name: i for i, name in enumerate(row)}
        self._attributes = [(c, i) for c, i in self.place.items() if c in ATTRIBUTE_COLUMNS]
        return not self.problems

    def _row(self, line: int, row: list[str]) -> None:
        place = self.place
        doc_id, label = row[place["doc_id"]], row[place["label"]]
        attributions = row[place["attribution"]] if "attribution" in place else ""
        if not doc_id:
            self._may_name([], [attributions])
            self._fault(line, "doc_id is empty", "name the document")
            return
        labels = self._documents.get(doc_id)
        if labels is None:
            labels = self._documents[doc_id] = _Labels(line)
        if "sha256" in place and (sha256 := row[place["sha256"]]):
            if labels.sha256 and labels.sha256 != sha256:
                what = "sha256 is not that of the rows above"
                self._fault(line, what, "give a document one sha256", doc_id)
            labels.sha256 = labels.sha256 or sha256
        if not label and not any(
            cell for name, cell in zip(place, row, strict=True) if name not in ("doc_id", "sha256")
        ):
            labels.empty = line
            return
        name = row[place["id"]] if "id" in place else f"row-{line}"
        if not name:
            self._may_name([doc_id], [attributions])
            remedy = "give each span an id, or leave the column out"
            self._fault(line, "id is empty", remedy, doc_id)
        fragment = self._fragment(line, row, doc_id, name)
        if fragment is not None and "text" in place and (words := row[place["text"]]):
            self._verify(line, doc_id, name, fragment, words)
        if not name:
            return
        attributes = {c: v for c, i in self._attributes if (v := row[i])}
        known = labels.spans.get(name)
        if known is None:
            known = labels.spans[name] = _Row(line, label, attributes, attributions)
        elif (
            label not in ("", known.label)
            or attributions not in ("", known.attributions)
            or not attributes.items() <= known.attributes.items()
        ):
            what = f"says something else of the span than line {known.line}"
            self._fault(line, what, "repeat what stands there, or use another id", doc_id, name)
        if fragment is None:
            known.whole = False
        else:
            known.fragments.append((fragment, line))

    def _may_name(self, doc_id: list[str], cells: list[str]) -> None:
        """Note what may be attributions of a document, or of any."""
        found = self._unsure.setdefault(doc_id[0] if doc_id else "", set())
        found.update(*(cell.split(" ") for cell in cells))

    def _fragment(self, line: int, row: list[str], doc_id: str, span: str) -> Fragment | None:
        found = []
        for name in ("start", "end"):
            cell = row[self.place[name]]
            if not (cell.isascii() and cell.isdigit()):
                what = f"{name} {quoted(cell)} is no offset" if cell else f"{name} is empty"
                self._fault(line, what, _WHOLE, doc_id, span)
            elif cell[0] == "0" and cell != "0":
                what, remedy = f"{name} {quoted(cell)} begins with a zero", "write it without"
                self._fault(line, what, remedy, doc_id, span)
            elif len(cell) > _DIGITS or int(cell) > MAX_OFFSET:
                what = f"{name} {quoted(cell)} lies outside any text"
                self._fault(line, what, f"give offsets from 0 to {MAX_OFFSET}", doc_id, span)
            else:
                found.append(int(cell))
        if len(found) < 2:
            return None
        start, end = found
        if end <= start:
            what = "is empty" if start == end else "ends before it starts"
            remedy = "give an end behind the start"
            self._fault(line, f"[{start}, {end}) {what}", remedy, doc_id, span)
            return None
        return start, end

    def _verify(self, line: int, doc_id: str, span: str, fragment: Fragment, words: str) -> None:
        document = self._texts.get(doc_id) if self._texts is not None else None
        if document is None:
            return
        there = document.text[slice(*fragment)]
        if there != words:
            what = f"text is {quoted(words)}, the document has {quoted(there)} there"
            remedy = "give offsets in code points over the document's own text"
            self._fault(line, what, remedy, doc_id, span)

    def annotations(self) -> Iterator[Annotation]:
        """Yield the labels of each document; of one with faults, the spans that could be read."""
        for doc_id, labels in self._documents.items():
            if labels.empty is not None and labels.spans:
                what = "says that nothing was found, other rows name labels of the document"
                self._fault(labels.empty, what, "keep one of the two", doc_id)
            spans = [
                (row, self._made(partial(_span, name, row), doc_id))
                for name, row in labels.spans.items()
            ]
            yield from self._annotation(doc_id, labels, spans)

    def _annotation(
        self, doc_id: str, labels: _Labels, spans: list[tuple[_Row, Span | None]]
    ) -> Iterator[Annotation]:
        make = partial(Annotation, doc_id=doc_id, sha256=labels.sha256)
        joins = [
            self._made(partial(Attribution, id=name, entity="", **roles), doc_id)
            for name, roles in self._roles(doc_id, labels).items()
        ]
        found = [(row, span) for row, span in spans if span is not None]
        if len(found) == len(spans) and all(row.whole for row, _ in found):
            said = [join for join in joins if join is not None]
            every = tuple(span for _, span in found)
            whole = self._made(partial(make, spans=every, attributions=tuple(said)), doc_id)
            if whole is not None:
                yield whole
                return
        # What is left has its place in the text, whatever else is at fault.
        with suppress(DataError):
            yield make(spans=tuple(span for row, span in found if row.fragments))

    def _roles(self, doc_id: str, labels: _Labels) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return what each attribution names, by role; not those of which that is not known."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        unsure = self._unsure.get(doc_id, set()) | self._unsure.get("", set())
        for name, row in labels.spans.items():
            if not row.attributions:
                continue
            role = _ROLE_OF.get(row.label)
            joined = row.attributions.split(" ")
            if row.label not in LABELS:
                unsure.update(joined)
            elif role is None:
                what = f"{quoted(row.label)} takes no part in an attribution"
                self._fault(row.line, what, "leave the cell empty", doc_id, name)
            elif "" in joined or len(set(joined)) < len(joined):
                unsure.update(joined)
                what = f"attribution {quoted(row.attributions)} is not a list of ids"
                self._fault(row.line, what, "divide ids by one blank, each once", doc_id, name)
            else:
                for attribution in joined:
                    roles = found.setdefault(attribution, dict.fromkeys(ROLES, ()))
                    roles[role] += (name,)
        return {
            name: roles
            for name, roles in found.items()
            if roles["content"] or not (self._cut or name in unsure)
        }

    def _made(self, make: Callable[[], T], doc_id: str) -> T | None:
        try:
            return make()
        except DataError as error:
            self.problems += [self.located(p.at(doc_id=doc_id)) for p in error.problems]
            return None

    def located(self, problem: Problem) -> Problem:
        """Return a problem with the line on which its span, attribution or document stands."""
        labels = self._documents.get(problem.doc_id)
        if labels is None:
            return problem.at(path=self._path)
        row = labels.spans.get(problem.span)
        if row is None and problem.attribution:
            named = (
                r for r in labels.spans.values() if problem.attribution in r.attributions.split()
            )
            row = next(named, None)
        return problem.at(path=self._path, line=labels.line if row is None else row.line)

    def _fault(self, line: int, what: str, remedy: str, doc_id: str = "", span: str = "") -> None:
        self.problems.append(
            Problem(path=self._path, line=line, doc_id=doc_id, span=span, what=what, remedy=remedy)
        )


def _span(name: str, row: _Row) -> Span:
    """Return the span, or, if none of its offsets can be read, one that stands for it."""
    if len(row.fragments) > 1:
        row.fragments.sort()
        for (first, line), (second, other) in zip(row.fragments, row.fragments[1:], strict=False):
            if first == second:
                what = f"repeats line {min(line, other)}"
                raise DataError(
                    Problem(line=max(line, other), span=name, what=what, remedy="keep one of them")
                )
    fragments = tuple(f for f, _ in row.fragments) or ((0, 1),)
    return Span(name, row.label, fragments, row.attributes)


def _content(path: Path) -> str:
    """Return the text of the file; raise DataError if it is no UTF-8 or holds NUL."""
    with open_for_reading(path) as stream:
        content: bytes = stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The object of the error lacks the byte order mark.
        line = error.object.count(b"\n", 0, error.start) + 1
        what = f"is not UTF-8 (0x{error.object[error.start]:02X}: {error.reason})"
        remedy = "save the file as CSV in UTF-8"
        raise DataError(Problem(path=str(path), line=line, what=what, remedy=remedy)) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        remedy = "save the file as CSV in UTF-8"
        raise DataError(Problem(path=str(path), line=line, what="holds NUL", remedy=remedy))
    return text
