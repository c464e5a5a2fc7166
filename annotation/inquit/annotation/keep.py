"""What a pull keeps beside the corpus, and which layers it may replace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus.directory import LAYERS, LayerInfo, read_info, write_layer
from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.files import write_atomic
from inquit.corpus.jsonl import read_annotations
from inquit.corpus.model import Layer

#: The directory beside the corpus; it holds e-mail addresses and is not released.
BESIDE = "label-studio"
REFUSED = "refused.jsonl"
HISTORY = "annotations.jsonl"
_PULLED = "pulled.json"


def open_beside(directory: Path) -> Path:
    """Return the directory beside the corpus, made if need be, and kept out of git."""
    beside = directory / BESIDE
    try:
        beside.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        what = f"cannot be made ({error.strerror or error})"
        remedy = "name a corpus that you may write to"
        raise DataError(Problem(path=str(beside), what=what, remedy=remedy)) from error
    ignore = beside / ".gitignore"
    if not ignore.exists():
        write_atomic(ignore, "*\n")
    return beside


def keep_export(beside: Path, content: bytes) -> Path:
    """Keep an export under the time of now, unless the last one is the same."""
    earlier = sorted(beside.glob("export-*.json"))
    if earlier and earlier[-1].read_bytes() == content:
        return earlier[-1]
    path = beside / f"export-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    write_atomic(path, content)
    return path


def write_json_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Write lines of JSON; what JSON cannot hold is written as text."""
    write_atomic(path, b"".join(_encoded(line) for line in lines), force=True)


def checksums(beside: Path) -> dict[str, str]:
    """Return the SHA-256 of each layer file as the last pull wrote it."""
    path = beside / _PULLED
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        problem = Problem(path=str(path), what=str(error), remedy="remove it and use --force once")
        raise DataError(problem) from None


def write_layers(
    directory: Path,
    layers: Iterable[Layer],
    accounted: Collection[tuple[str, str]],
    *,
    force: bool = False,
) -> set[str]:
    """Write those layers that changed, all or none, and return their names.

    Parameters
    ----------
    accounted : collection of (layer, document)
        Labels that may go: it is known why they are no longer there.

    Raises
    ------
    DataError
        If a layer was not written by a pull here or was edited since, or if labels would go of
        which the server has nothing any more; not with ``force``.
    """
    beside = directory / BESIDE
    info = read_info(directory)
    known = checksums(beside)
    changed, problems = [], []
    for layer in layers:
        path = directory / LAYERS / f"{layer.name}.jsonl"
        content = b"".join(msgspec.json.encode(a) + b"\n" for a in layer.annotations)
        old = path.read_bytes() if path.exists() else None
        if old == content and info.layers.get(layer.name) == LayerInfo.of(layer):
            known[layer.name] = _sha256(content)
            continue
        changed.append((layer, content))
        if old is not None and not force:
            ours = known.get(layer.name) == _sha256(old)
            problems += _gone(path, layer, accounted) if ours else [_foreign(path, beside)]
    if problems:
        raise DataError(problems)
    for layer, content in changed:
        write_layer(directory, layer, force=True)
        known[layer.name] = _sha256(content)
        write_atomic(beside / _PULLED, msgspec.json.encode(known) + b"\n", force=True)
    return {layer.name for layer, _ in changed}


def _foreign(path: Path, beside: Path) -> Problem:
    return Problem(
        path=str(path),
        what="was not written by a pull here, or was edited since",
        remedy=f"rename that layer, give the person another name in {beside / 'annotators.toml'}, "
        "or pass --force to replace it",
    )


def _gone(path: Path, layer: Layer, accounted: Collection[tuple[str, str]]) -> list[Problem]:
    there = layer.by_document()
    return [
        Problem(
            path=str(path),
            doc_id=old.doc_id,
            what=f"was labelled by {quoted(layer.name)}, but Label Studio has nothing of it now",
            remedy="find out why, or pass --force to drop these labels",
        )
        for old in read_annotations(path)
        if old.doc_id not in there and (layer.name, old.doc_id) not in accounted
    ]


def _encoded(line: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(line, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        text = json.dumps({**line, "item": "nested too deeply; see the export"})
    except ValueError:
        text = json.dumps({**line, "item": repr(line.get("item"))})
    # A lone surrogate becomes the escape that JSON has for it.
    return text.encode(errors="backslashreplace") + b"\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
