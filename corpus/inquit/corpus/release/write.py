"""Writing a release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from ..directory import Corpus
from ..errors import DataError, Problem
from ..files import atomic_directory
from ..model import Document
from ..vocabulary import GOLD
from . import layout
from .card import card
from .checksums import sha256_of, sums
from .croissant import croissant
from .layout import CONFIGS, FORMAT, Plan, ReleasedFile, ReleaseInfo
from .schema import SCHEMAS, annotation_row, document_row

#: A batch is written when it has this many rows, or documents of this many code points.
BATCH_ROWS = 1000
BATCH_CHARACTERS = 1 << 24

Progress = Callable[[Iterable[Document], str], Iterable[Document]]


def write_release(
    corpus: Corpus,
    directory: Path | str,
    *,
    layer: str = GOLD,
    private: bool = False,
    force: bool = False,
    progress: Progress = lambda documents, _: documents,
) -> tuple[ReleasedFile, ...]:
    """Write a corpus as a Hugging Face dataset.

    The same corpus gives the same bytes (with one version of pyarrow).

    Parameters
    ----------
    corpus : Corpus
    directory : path
        Made as a whole or not at all; with ``force`` an older release there is replaced.
    layer : str
        The layer whose labels stand beside the texts in the configuration ``default``.
    private : bool
        Let texts and labels in that may not be passed on; the card then says so first.
    force : bool
    progress : callable
        Wraps the documents while a table is written; gets the path of the table too.

    Returns
    -------
    tuple of ReleasedFile
        Tables first.

    Raises
    ------
    DataError
        If something may not be released, or the directory cannot be written.
    """
    plan = Plan.of(corpus, layer, private=private)
    with atomic_directory(
        Path(directory), force=force, mark=layout.INFO, ours=layout.OURS
    ) as place:
        try:
            return tuple(_write(plan, place, progress))
        except OSError as error:
            raise DataError(
                Problem(
                    path=str(directory),
                    what=f"cannot be written ({error.strerror or error})",
                    remedy="name a place you may write to, with room on its disk",
                )
            ) from error


def _write(plan: Plan, place: Path, progress: Progress) -> Iterator[ReleasedFile]:
    tables: list[ReleasedFile] = []
    for config in CONFIGS:
        for split, documents in plan.splits.items():
            path = f"{CONFIGS[config]}/{split}.parquet"
            rows = _rows(plan, config, progress(documents, path))
            if table := _write_table(place, path, config, split, rows):
                tables.append(table)
                yield table
    info = ReleaseInfo(format=FORMAT, layer=plan.layer.name, corpus=plan.corpus.info)
    texts = {
        layout.CARD: card(plan, tables),
        layout.CROISSANT: croissant(plan, tables),
        layout.INFO: tomli_w.dumps(msgspec.to_builtins(info)),
    }
    written = []
    for name, content in texts.items():
        (place / name).write_bytes(content.encode())
        written.append(_described(place, name))
    yield from written
    (place / layout.SUMS).write_bytes(sums([*tables, *written]).encode())
    yield _described(place, layout.SUMS)


def _rows(plan: Plan, config: str, documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    released = plan.layer.by_document()
    every = [(layer, layer.by_document()) for layer in plan.corpus.layers.values()]
    for document in documents:
        annotation = released.get(document.doc_id)
        if config == "annotations":
            for layer, annotations in every:
                if document.doc_id in annotations:
                    yield annotation_row(annotations[document.doc_id], layer)
        elif config == "default" and annotation is not None:
            yield document_row(document, annotation)
        elif config == "remaining" and annotation is None:
            yield document_row(document)


def _write_table(
    place: Path, path: str, config: str, split: str, rows: Iterator[dict[str, Any]]
) -> ReleasedFile | None:
    """Write the rows, if there are any."""
    first = next(rows, None)
    if first is None:
        return None
    count = memory = 0
    (place / path).parent.mkdir(exist_ok=True)
    schema = SCHEMAS[config]
    with pq.ParquetWriter(place / path, schema, compression="zstd") as writer:
        for batch in _batches(first, rows):
            arrow = pa.RecordBatch.from_pylist(batch, schema)
            writer.write_batch(arrow)
            count += arrow.num_rows
            memory += arrow.nbytes
    return _described(place, path, config=config, split=split, rows=count, memory=memory)


def _batches(
    first: dict[str, Any], rest: Iterator[dict[str, Any]]
) -> Iterator[list[dict[str, Any]]]:
    batch = [first]
    size = len(first.get("text", ""))
    for row in rest:
        length = len(row.get("text", ""))
        if len(batch) == BATCH_ROWS or size + length > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    yield batch


def _described(place: Path, path: str, **table: Any) -> ReleasedFile:
    file = place / path
    return ReleasedFile(path, bytes=file.stat().st_size, sha256=sha256_of(file), **table)
