"""A table: a Parquet or Arrow file, or a data set as ``Dataset.save_to_disk`` leaves it.

A row is a document, with the columns of a layer file: ``doc_id``, ``spans``, and, where there are
any, ``attributions``, ``sha256`` and ``ungrounded``; those of a release are such. Null stands for
what is left out. A fragment is a pair or a struct of ``start`` and ``end``, ``attributes`` a struct
or a map; a struct of lists stands for a list of structs. Other columns are not read. A saved
dictionary of splits is read as one table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from inquit.corpus import Annotation, DataError, Document, Problem
from inquit.corpus.errors import quoted
from inquit.corpus.jsonl import open_for_reading, problems_of

from .result import PartError, Predictions

_COLUMNS = Annotation.__struct_fields__
_SPLITS, _STATE = "dataset_dict.json", "state.json"
_BATCH = 1024


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:  # noqa: ARG001
    """Read a table; every fault of it is told with its row."""
    files = tuple(_files(path))
    problems: list[Problem] = []
    found: dict[str, Annotation] = {}
    place: dict[str, str] = {}
    for file in files:
        try:
            for number, row in enumerate(_rows(file), 1):
                where = f"{file} row {number}"
                annotation, faults = _annotation(row)
                problems += [p.at(path=where) for p in faults]
                if annotation is None:
                    continue
                if annotation.doc_id in found:
                    what = f"stands in {place[annotation.doc_id]} already"
                    remedy = "keep one of the two rows"
                    problems.append(
                        Problem(path=where, doc_id=annotation.doc_id, what=what, remedy=remedy)
                    )
                    continue
                found[annotation.doc_id] = annotation
                place[annotation.doc_id] = where
        except DataError as error:
            problems += error.problems

    def locate(problem: Problem) -> Problem:
        return problem.at(path=place.get(problem.doc_id, str(path)))

    if problems:
        raise PartError(problems, found.values(), locate)
    return Predictions("table", path, tuple(found.values()), files=files, locate=locate)


def _annotation(row: dict[str, Any]) -> tuple[Annotation | None, list[Problem]]:
    raw = {name: value for name, value in row.items() if value is not None}
    doc_id = raw.get("doc_id")
    named = doc_id if isinstance(doc_id, str) else ""
    for name in ("spans", "attributions", "ungrounded"):
        raw |= {name: _turned(raw[name])} if isinstance(raw.get(name), dict) else {}
        if isinstance(raw.get(name), list):
            raw[name] = [_plain(item) for item in raw[name]]
    try:
        return msgspec.convert(raw, Annotation), []
    except (msgspec.ValidationError, DataError):
        return None, [p.at(doc_id=named) for p in problems_of(raw, Annotation)]


def _turned(columns: dict[str, Any]) -> Any:
    """Return a struct of lists, as a ``Sequence`` of structs is stored, as a list of structs."""
    lists = list(columns.values())
    if not all(isinstance(x, list) and len(x) == len(lists[0]) for x in lists):
        return columns
    rows = zip(*lists, strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _plain(item: Any) -> Any:
    """Return a span or attribution of a row as a layer file has it."""
    if not isinstance(item, dict):
        return item
    kept = {name: value for name, value in item.items() if value is not None}
    if isinstance(kept.get("attributes"), (dict, list)):
        given = kept["attributes"]
        pairs = given.items() if isinstance(given, dict) else given
        kept["attributes"] = {name: value for name, value in pairs if value is not None}
    if isinstance(kept.get("fragments"), list):
        kept["fragments"] = [
            (f.get("start"), f.get("end")) if isinstance(f, dict) else f for f in kept["fragments"]
        ]
    return kept


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
                missing = [n for n in ("doc_id", "spans") if n not in batch.schema.names]
                if missing:
                    names = ", ".join(quoted(n, 40) for n in batch.schema.names[:20])
                    what = f"has no column {' and no column '.join(missing)}, but {names}"
                    remedy = "name the columns as in docs/benchmark-your-model.md"
                    raise DataError(Problem(path=str(path), what=what, remedy=remedy))
                part = batch.select([n for n in _COLUMNS if n in batch.schema.names])
                # Arrow believes what a file says of its own layout; what lies crashes the process.
                part.validate(full=True)
                yield from part.to_pylist()
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, DataError):
            raise
        said = (str(error) or type(error).__name__).splitlines()[0]
        what = f"cannot be read as a table ({quoted(said, 200)})"
        raise DataError(Problem(path=str(path), what=what, remedy="save it again")) from error


def _batches(path: Path, stream: Any) -> Iterator[Any]:
    mark = stream.read(6)
    stream.seek(0)
    if mark.startswith(b"PAR1"):
        with pq.ParquetFile(stream) as table:
            known = [n for n in table.schema_arrow.names if n in _COLUMNS]
            if {"doc_id", "spans"} <= {*known}:
                yield from table.iter_batches(_BATCH, columns=known)
            else:
                yield pa.RecordBatch.from_pylist([], schema=table.schema_arrow)
    elif mark == b"ARROW1":
        with pa.ipc.open_file(stream) as reader:
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)
    elif mark.startswith(b"\xff\xff\xff\xff"):
        with pa.ipc.open_stream(stream) as reader:
            yield from reader
    else:
        what = "is neither Parquet nor Arrow"
        raise DataError(Problem(path=str(path), what=what, remedy="save it again"))
