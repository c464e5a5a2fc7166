"""Reading a release back: the inverse of `write_release`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ..decoding import made
from ..directory import Corpus
from ..errors import DataError, Problem, quoted
from ..jsonl import open_for_reading
from ..model import Annotation, Attribution, Document, Span
from ..toml import read_toml
from ..vocabulary import SPLITS
from .checksums import verified_tables
from .layout import CONFIGS, FORMAT, INFO, UNSPLIT, ReleaseInfo, table_place
from .schema import SCHEMAS, provenance, row_annotation, row_document

T = TypeVar("T")
_BATCH = 256


def read_release(directory: Path | str) -> Corpus:
    """Read a release as a corpus: every document and every layer with its provenance.

    Documents come by split, within a split in the order of the corpus that was released.

    Raises
    ------
    DataError
        If it is not a release, was changed since it was made, or holds what no release can.
    """
    directory = Path(directory)
    if not (directory / INFO).is_file():
        raise DataError(
            Problem(
                path=str(directory),
                what=f"is not a release: it has no {INFO}",
                remedy="make one with 'inquit corpus release'",
            )
        )
    tables = verified_tables(directory)
    reader = _Reader(read_info(directory / INFO))
    for config, split, path in _in_order(tables):
        reader.read(config, split, directory / path)
    return reader.corpus(directory)


class _Reader:
    """Gathers documents and layers from the tables, and everything wrong with them."""

    def __init__(self, info: ReleaseInfo) -> None:
        self._info = info
        self._problems: list[Problem] = []
        self._documents: list[Document] = []
        self._released: dict[str, tuple[tuple[Span, ...], tuple[Attribution, ...]]] = {}
        self._annotations: dict[str, list[Annotation]] = {name: [] for name in info.corpus.layers}

    def read(self, config: str, split: str, path: Path) -> None:
        try:
            for number, row in enumerate(_rows(path, SCHEMAS[config]), 1):
                for problem in self._take(config, split, row):
                    self._problems.append(problem.at(path=f"{path} row {number}"))
        except DataError as error:
            self._problems += error.problems

    def corpus(self, directory: Path) -> Corpus:
        if not self._problems:
            self._problems += [p.at(path=str(directory)) for p in self._contradictions()]
        if self._problems:
            raise DataError(self._problems)
        layers = [
            described.layer(name, self._annotations[name])
            for name, described in self._info.corpus.layers.items()
        ]
        try:
            return Corpus(self._info.corpus, self._documents, layers)
        except DataError as error:
            raise error.at(path=str(directory)) from None

    def _take(self, config: str, split: str, row: dict[str, Any]) -> Iterator[Problem]:
        document = annotation = None
        if config != "annotations":
            document, problems = _made(row_document, row)
            yield from problems
        if config != "remaining":
            annotation, problems = _made(row_annotation, row)
            yield from problems
        if document is not None:
            self._documents.append(document)
            if (document.split or UNSPLIT) != split:
                yield Problem(
                    doc_id=document.doc_id,
                    what=f"has split {quoted(str(document.split))}, the file is {split}",
                    remedy="make the release again",
                )
        if annotation is not None and config == "default":
            self._released[annotation.doc_id] = (annotation.spans, annotation.attributions)
        elif annotation is not None:
            yield from self._add(annotation, row)

    def _add(self, annotation: Annotation, row: dict[str, Any]) -> Iterator[Problem]:
        name = row["layer"]
        described = self._info.corpus.layers.get(name)
        if described is not None:
            expected = provenance(name, described)
        if described is None or any(row[column] != expected[column] for column in expected):
            yield Problem(
                doc_id=annotation.doc_id,
                what=f"{INFO} does not describe layer {quoted(str(name))} as this row does",
                remedy="make the release again",
            )
        else:
            self._annotations[name].append(annotation)

    def _contradictions(self) -> Iterator[Problem]:
        """Yield where ``default`` and its layer in ``annotations`` do not say the same."""
        layer = self._annotations.get(self._info.layer)
        if layer is None:
            yield Problem(
                what=f"{INFO} names layer {quoted(self._info.layer)} but does not describe it",
                remedy="make the release again",
            )
            return
        stated = {a.doc_id: (a.spans, a.attributions) for a in layer}
        for doc_id in sorted(stated.keys() | self._released.keys()):
            if stated.get(doc_id) != self._released.get(doc_id):
                yield Problem(
                    doc_id=doc_id,
                    what=f"'default' and layer {quoted(self._info.layer)} of 'annotations' differ",
                    remedy="make the release again",
                )


def _in_order(tables: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (config, split, path): splits in their order, documents with labels first."""
    configs = {directory: config for config, directory in CONFIGS.items()}
    found = {place: path for path in tables if (place := table_place(path))}
    for split in SPLITS:
        for directory, config in configs.items():
            if (directory, split) in found:
                yield config, split, found[directory, split]


def read_info(path: Path) -> ReleaseInfo:
    """Read ``release.toml``."""
    raw = read_toml(path)
    if raw.get("format") != FORMAT:
        raise DataError(
            Problem(
                path=str(path),
                what=f"format {quoted(str(raw.get('format')))} is not {FORMAT}",
                remedy="read it with the version of inquit that knows this format",
            )
        )
    try:
        return made(raw, ReleaseInfo)
    except DataError as error:
        raise error.at(path=str(path)) from error


def _rows(path: Path, expected: pa.Schema) -> Iterator[dict[str, Any]]:
    try:
        with open_for_reading(path) as stream, pq.ParquetFile(stream) as table:
            found = table.schema_arrow
            if found.names != expected.names or not _fits(
                pa.struct(list(found)), pa.struct(list(expected))
            ):
                raise DataError(
                    Problem(
                        path=str(path),
                        what="its columns are not those of a release",
                        remedy="see docs/release.md",
                    )
                )
            for batch in table.iter_batches(_BATCH):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        what = f"is not a readable Parquet file ({str(error).splitlines()[0]})"
        raise DataError(
            Problem(path=str(path), what=what, remedy="fetch or make the release again")
        ) from error


def _fits(found: pa.DataType, expected: pa.DataType) -> bool:
    """Return whether the types agree; a struct may lack fields, as those of older vocabularies."""
    if pa.types.is_list(expected):
        return pa.types.is_list(found) and _fits(found.value_type, expected.value_type)
    if pa.types.is_struct(expected):
        known = {field.name: field.type for field in expected}
        return pa.types.is_struct(found) and all(
            field.name in known and _fits(field.type, known[field.name]) for field in found
        )
    return bool(found == expected)


def _made(
    make: Callable[[dict[str, Any]], T], row: dict[str, Any]
) -> tuple[T | None, list[Problem]]:
    try:
        return make(row), []
    except msgspec.DecodeError as error:
        name = row["doc_id"] if isinstance(row["doc_id"], str) else ""
        if isinstance(error.__cause__, DataError):
            return None, [p.at(doc_id=name) for p in error.__cause__.problems]
        what = str(error).replace("`$.", "`")
        return None, [Problem(doc_id=name, what=what, remedy="see docs/release.md")]
