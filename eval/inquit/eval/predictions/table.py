"""A table: a Parquet or Arrow file, or a data set as ``Dataset.save_to_disk`` leaves it.

A row is a document, with the columns of a layer file: ``doc_id``, ``spans``, and, where there are
any, ``attributions``, ``sha256`` and ``ungrounded``; those of a release are such. Null stands for
what is left out. A fragment is a pair or a struct of ``start`` and ``end``, ``attributes`` a struct
or a map; a struct of lists stands for a list of structs. Spans may have words (``text``) instead of
fragments: those of a table are strings then, and are found as those of a strings file. Other
columns are not read; other fields inside a column are refused where they are not null. A saved
dictionary of splits is read as one table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from inquit.corpus import Annotation, DataError, Document, Problem, Span
from inquit.corpus.decoding import IN_QUOTES
from inquit.corpus.errors import quoted
from inquit.corpus.jsonl import left_of, open_for_reading, problems_of

from ..counting.arrow_schema import NAMES, twice_in
from ..grounding.strings import StringAnnotation, string_problems
from .json_lines import of_both
from .result import Grounding, PartError, Predictions
from .strings import grounded

_COLUMNS = Annotation.__struct_fields__
_SPLITS, _STATE = "dataset_dict.json", "state.json"
_BATCH = 1024
_IN_FRAGMENTS: Final = "`fragments["
_FRAGMENT: Final = ("start", "end")
_LISTS: Final = {"spans": "span", "attributions": "attribution", "ungrounded": "span"}


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:
    """Read a table; every fault of it is told with its row."""
    files = tuple(_files(path))
    table = _Table(str(path), words=holds_strings(path))
    for file in files:
        try:
            for number, row in enumerate(_rows(file), 1):
                table.add(f"{file} row {number}", row)
        except DataError as error:
            table.problems += error.problems
    table.check()
    found, grounding = tuple(table.annotations.values()), None
    if table.words:
        strings = list(table.strings.values())
        found, grounding = grounded(strings, path, documents, table.locate)
    return Predictions("table", path, found, grounding=grounding, files=files, locate=table.locate)


def holds_strings(path: Path) -> bool:
    """Tell whether the first span of a table has words; what cannot be read has none."""
    with suppress(DataError):
        for file in _files(path):
            for row in _rows(file):
                if (words := _words(row)) is not None:
                    return words
    return False


def of_strings(
    table: Any, documents: Mapping[str, Document] | None
) -> tuple[tuple[Annotation, ...], Grounding]:
    """Find the strings of an Arrow table in the documents.

    Raises
    ------
    DataError
        With every fault of the table, among them offsets beside strings; or without documents.
    """
    rows = table.select([n for n in _COLUMNS if n in table.column_names]).to_pylist()
    said = (words for row in rows if (words := _words(row)) is not None)
    read_rows = _Table("", words=next(said, False))
    for number, row in enumerate(rows, 1):
        read_rows.add(f"row {number}", row)
    read_rows.check()
    if documents is None:
        what = "the spans of the table have `text`, which is found in documents only"
        remedy = "pass documents if these are predictions; gold gives `fragments`"
        raise DataError(Problem(what=what, remedy=remedy))
    return grounded(list(read_rows.strings.values()), Path(), documents, read_rows.locate)


class _Table:
    """The rows of a table, of offsets or of words, with every fault found."""

    def __init__(self, path: str, *, words: bool) -> None:
        self.words = words
        self.problems: list[Problem] = []
        self.annotations: dict[str, Annotation] = {}
        self.strings: dict[str, StringAnnotation] = {}
        self._path = path
        self._place: dict[str, str] = {}

    def add(self, where: str, row: dict[str, Any]) -> None:
        """Read a row."""
        dropped: list[Problem] = []
        raw = _plain_row(row, dropped)
        doc_id = raw.get("doc_id")
        named = doc_id if isinstance(doc_id, str) else ""
        self.problems += [p.at(doc_id=named, path=where) for p in dropped]
        again = self._place.get(named)
        if again:
            what, remedy = f"stands in {again} already", "keep one of the two rows"
            self.problems.append(Problem(path=where, doc_id=named, what=what, remedy=remedy))
        elif named:
            self._place[named] = where
        made, left, faults = self._made(raw)
        strange = {p.span for p in dropped if p.what.startswith(_IN_FRAGMENTS)}
        faults = [
            p for p in faults if p.span not in strange or not p.what.startswith(_IN_FRAGMENTS)
        ]
        self.problems += [_of_table(p).at(doc_id=named, path=where) for p in faults]
        if again:
            return
        if isinstance(made, StringAnnotation):
            self.strings[named] = made
        elif (found := made or left) is not None:
            self.annotations[named] = found

    def _made(self, raw: dict[str, Any]) -> tuple[Any, Annotation | None, list[Problem]]:
        """Return what a row says; else what can be read of it, and its faults."""
        try:
            return msgspec.convert(raw, StringAnnotation if self.words else Annotation), None, []
        except (msgspec.ValidationError, DataError):
            if self.words:
                return None, left_of(raw | {"spans": []}, Annotation, Span), [*string_problems(raw)]
            return None, left_of(raw, Annotation, Span), [*_faults(raw)]

    def check(self) -> None:
        """Raise the faults, with what could be read."""
        if self.problems:
            bare = [
                Annotation(doc_id=s.doc_id, sha256=s.sha256, spans=())
                for s in self.strings.values()
            ]
            raise PartError(self.problems, [*self.annotations.values(), *bare], self.locate)

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the row in which its document stands."""
        return problem.at(path=self._place.get(problem.doc_id, self._path))


def _plain_row(row: dict[str, Any], dropped: list[Problem]) -> dict[str, Any]:
    """Return a row as a layer file has it; what would be lost by that is added to ``dropped``."""
    raw = {name: value for name, value in row.items() if value is not None}
    for name, place in _LISTS.items():
        raw |= {name: _turned(raw[name])} if isinstance(raw.get(name), dict) else {}
        if isinstance(raw.get(name), list):
            items = []
            for number, item in enumerate(raw[name]):
                lost: list[Problem] = []
                items.append(_plain(item, lost))
                known = isinstance(item, dict) and isinstance(item.get("id"), str)
                where = {place: item["id"]} if known else {}
                dropped += [
                    (p if known else replace(p, what=f"`{name}[{number}]`: {p.what}")).at(**where)
                    for p in lost
                ]
            raw[name] = items
    return raw


def _words(row: dict[str, Any]) -> bool | None:
    """Tell whether the first span of a row has words; None if it has neither words nor offsets."""
    spans = _plain_row(row, []).get("spans")
    for span in spans if isinstance(spans, list) else ():
        if isinstance(span, dict) and ("fragments" in span or "text" in span):
            return "fragments" not in span
    return None


def _faults(raw: dict[str, Any]) -> Iterator[Problem]:
    """Yield the faults of a row of offsets; words among them are named as such."""
    spans = raw.get("spans")
    words = {}
    for span in spans if isinstance(spans, list) else ():
        if isinstance(span, dict) and "text" in span and isinstance(span.get("id"), str):
            remedy = "put strings and offsets into tables of their own"
            words[span["id"]] = of_both(both="fragments" in span, remedy=remedy)
    yield from (p for p in problems_of(raw, Annotation) if p.span not in words)
    yield from (problem.at(span=name) for name, problem in words.items())


def _turned(columns: dict[str, Any]) -> Any:
    """Return a struct of lists, as a ``Sequence`` of structs is stored, as a list of structs."""
    lists = list(columns.values())
    if not all(isinstance(x, list) and len(x) == len(lists[0]) for x in lists):
        return columns
    rows = zip(*lists, strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _plain(item: Any, dropped: list[Problem]) -> Any:
    """Return a span or attribution of a row as a layer file has it."""
    if not isinstance(item, dict):
        return item
    kept = {name: value for name, value in item.items() if value is not None}
    if (pairs := _entries(kept.get("attributes"))) is not None:
        names = [name for name, _ in pairs]
        for name in dict.fromkeys(n for n in names if names.count(n) > 1):
            what = f"attribute {quoted(str(name))} stands twice"
            dropped.append(Problem(what=what, remedy="keep one of the two"))
        kept["attributes"] = {name: value for name, value in pairs if value is not None}
    if isinstance(kept.get("fragments"), list):
        kept["fragments"] = [
            _pair(number, f, dropped) if isinstance(f, dict) else f
            for number, f in enumerate(kept["fragments"])
        ]
    return kept


def _entries(value: Any) -> list[tuple[Any, Any]] | None:
    """Return the entries of a struct, or of a map, of which Arrow makes a list of tuples."""
    if isinstance(value, dict):
        return [*value.items()]
    if isinstance(value, list) and all(isinstance(x, tuple) for x in value):
        return value
    return None


def _pair(number: int, fragment: dict[str, Any], dropped: list[Problem]) -> tuple[Any, Any]:
    for name, value in fragment.items():
        if name not in _FRAGMENT and value is not None:
            what = f"{_IN_FRAGMENTS}{number}]`: unknown field {quoted(name)}"
            dropped.append(Problem(what=what, remedy="its fields are start, end"))
    return fragment.get("start"), fragment.get("end")


def _of_table(problem: Problem) -> Problem:
    """Return a problem with a remedy that a table can follow: nothing in it is in quotes."""
    if problem.remedy != IN_QUOTES:
        return problem
    remedy = "give a column of strings"
    if problem.what.startswith("`label`"):
        remedy = NAMES
    return replace(problem, remedy=remedy)


def _files(path: Path) -> Iterator[Path]:
    """Yield the files that hold the rows; none of them lies outside the folder."""
    if path.is_file():
        yield path
    elif (path / _SPLITS).is_file():
        for name in _names(path / _SPLITS, "splits"):
            yield from _files(_inside(path, name))
    else:
        state = path / _STATE
        if _names(state, "_indices_data_files"):
            what, remedy = "holds a selection of rows", "save it with a newer version of datasets"
            raise DataError(Problem(path=str(state), what=what, remedy=remedy))
        for name in _names(state, "_data_files"):
            yield _inside(path, name)


def _names(path: Path, key: str) -> list[str]:
    """Return the names that a file of a saved data set lists."""
    with open_for_reading(path) as stream:
        content = stream.read()
    try:
        listed = msgspec.json.decode(content, type=dict[str, Any]).get(key) or []
        names = [x["filename"] if isinstance(x, dict) else x for x in listed]
        return msgspec.convert(names, list[str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError) as error:
        what, remedy = "is not that of a saved data set", "save the data set again"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy)) from error


def _inside(folder: Path, name: str) -> Path:
    found = folder / name
    if Path(name).name == name and found.resolve().is_relative_to(folder.resolve()):
        return found
    what = f"names {quoted(name)}, which is outside the folder"
    raise DataError(Problem(path=str(folder), what=what, remedy="save the data set again"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with open_for_reading(path) as stream:
            for batch in _batches(path, stream):
                part = batch.select([n for n in _COLUMNS if n in batch.schema.names])
                # Arrow believes what a file says of its own layout; what lies crashes the process.
                part.validate(full=True)
                yield from part.to_pylist()
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, DataError):
            raise
        said = (str(error) or type(error).__name__).splitlines()[0]
        what = f"cannot be read as a table ({quoted(said, 200)})"
        remedy = "write its strings as UTF-8" if "UTF8" in said else "save it again"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy)) from error


def _batches(path: Path, stream: Any) -> Iterator[Any]:
    mark = stream.read(6)
    stream.seek(0)
    if mark.startswith(b"PAR1"):
        with pq.ParquetFile(stream) as table:
            _check(path, table.schema_arrow)
            known = [n for n in table.schema_arrow.names if n in _COLUMNS]
            yield from table.iter_batches(_BATCH, columns=known)
    elif mark == b"ARROW1":
        with pa.ipc.open_file(stream) as reader:
            _check(path, reader.schema)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)
    elif mark.startswith(b"\xff\xff\xff\xff"):
        with pa.ipc.open_stream(stream) as reader:
            _check(path, reader.schema)
            yield from reader
    else:
        what = "is neither Parquet nor Arrow"
        raise DataError(Problem(path=str(path), what=what, remedy="save it again"))


def _check(path: Path, schema: Any) -> None:
    """Raise DataError unless the columns that are read are there, and each of them once."""
    names = schema.names
    missing = [n for n in ("doc_id", "spans") if n not in names]
    problems = [Problem(what=what, remedy=remedy) for what, remedy in twice_in(schema, _COLUMNS)]
    if missing:
        some = ", ".join(quoted(n, 40) for n in names[:20]) + (", ..." if len(names) > 20 else "")
        what = f"has no column {' and no column '.join(missing)}"
        what += f", but {some}" if names else ": it has no columns"
        remedy = "name the columns as in docs/benchmark-your-model.md"
        problems.append(Problem(what=what, remedy=remedy))
    if problems:
        raise DataError(p.at(path=str(path)) for p in problems)
