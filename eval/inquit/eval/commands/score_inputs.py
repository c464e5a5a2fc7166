"""What ``inquit eval score`` is given: corpus directories, releases and layer files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
import typer

from inquit.corpus import Corpus, DataError, Document, Layer, Problem
from inquit.corpus.directory import DOCUMENTS, INFO, LAYERS
from inquit.corpus.errors import quoted
from inquit.corpus.jsonl import open_for_reading, read_annotations, read_documents
from inquit.corpus.vocabulary import GOLD

from ..counting.columns import Columns, ObjectColumns
from ..run import described, open_corpus

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Inputs:
    """Labels to compare, the documents where they are known, and the layers of people."""

    gold: Columns
    predicted: Columns
    documents: Mapping[str, Document] | None
    humans: tuple[Layer, ...]


@dataclass(frozen=True)
class _Labels:
    columns: Columns
    documents: Mapping[str, Document] | None = None
    humans: tuple[Layer, ...] = ()


def read_inputs(
    gold: Path, layer: str | None, predicted: Path, pred_layer: str | None, documents: Path | None
) -> Inputs:
    """Read both sides and the documents.

    Raises
    ------
    DataError
        With every fault of every file.
    typer.BadParameter
        If an option does not fit what GOLD and PRED are.
    """
    if not gold.is_dir() and layer is not None:
        raise typer.BadParameter("GOLD is a layer file", param_hint="--layer")
    if not predicted.is_dir() and pred_layer is not None:
        raise typer.BadParameter("PRED is a layer file", param_hint="--pred-layer")
    if gold.is_dir() and documents is not None:
        raise typer.BadParameter("GOLD holds its own documents", param_hint="--documents")
    if predicted.is_dir() and pred_layer is None:
        names = ", ".join(described(predicted)[0].layers) or "none"
        raise typer.BadParameter(
            f"PRED is a corpus: say which of its layers is scored ({names})",
            param_hint="--pred-layer",
        )
    problems: list[Problem] = []
    known: Mapping[str, Document] | None = None
    if documents is not None:
        known = _collected(problems, _documents, documents)
    left = _collected(problems, _labels, gold, layer)
    right = _collected(problems, _labels, predicted, pred_layer)
    if problems or left is None or right is None:
        raise DataError(problems)
    if left.columns.doc_ids and not right.columns.doc_ids:
        raise DataError(
            Problem(
                path=right.columns.origin,
                what="holds no document, so nothing is predicted",
                remedy="give each document a line, also one without labels",
            )
        )
    if known is None:
        known = left.documents if left.documents is not None else right.documents
    return Inputs(left.columns, right.columns, known, left.humans)


@contextmanager
def located() -> Iterator[None]:
    """Add to the problems with labels the line of the file on which they stand."""
    try:
        yield
    except DataError as error:
        paths = {p.path for p in error.problems if p.path and p.line is None}
        lines = {path: _lines(Path(path)) for path in paths if Path(path).is_file()}
        raise DataError(
            p.at(line=lines[p.path].get(p.doc_id)) if p.path in lines else p for p in error.problems
        ) from error


def _collected(
    problems: list[Problem], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Return what a reader returns; add its problems to the list if it fails."""
    try:
        return read(*args, **kwargs)
    except DataError as error:
        problems += error.problems
        return None


def _labels(path: Path, layer: str | None) -> _Labels:
    if not path.is_dir():
        return _Labels(ObjectColumns(list(read_annotations(path)), str(path)))
    info, usual = described(path)
    layer = layer or usual
    # Where gold is one person's choice it repeats that person's layer, and is no second person.
    people = [
        name for name, x in info.layers.items() if x.kind == "human" and name not in (GOLD, usual)
    ]
    if (path / INFO).is_file():
        corpus = Corpus.read(path, layers=dict.fromkeys([layer, *people]))
        file = path / LAYERS / f"{layer}.jsonl"
    else:
        corpus, file = open_corpus(path), path
        if layer not in corpus.layers:
            names = ", ".join(sorted(corpus.layers))
            what, remedy = f"has no layer {quoted(layer)}", f"its layers are: {names}"
            raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    humans = tuple(corpus.layers[name] for name in people)
    return _Labels(
        ObjectColumns(corpus.layer(layer).annotations, str(file)), corpus.documents, humans
    )


def _documents(path: Path) -> dict[str, Document]:
    file = path / DOCUMENTS if path.is_dir() and (path / INFO).is_file() else path
    return {document.doc_id: document for document in read_documents(file)}


def _lines(path: Path) -> dict[str, int]:
    """Return the line on which each document's labels stand."""
    found: dict[str, int] = {}
    with open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                found.setdefault(msgspec.json.decode(line)["doc_id"], number)
    return found
