"""The results that a page is about: read, checked against each other, joined with their corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inquit.corpus import Annotation, Corpus, DataError, Problem

from ..comparing.results import differing
from ..result import Result, again, digest, read_predictions, read_result
from ..run import open_corpus
from . import cut


@dataclass(frozen=True)
class Input:
    """A result, where it was read from, and its predictions by document (None: not kept)."""

    path: Path
    result: Result
    predictions: dict[str, Annotation] | None


def read_inputs(paths: Sequence[Path]) -> list[Input]:
    """Read results with their predictions.

    Raises
    ------
    DataError
        If a file is broken, or the results are not of one benchmark.
    """
    found: list[Input] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            result = read_result(path)
            layer = read_predictions(path, result)
            found.append(Input(path, result, None if layer is None else layer.by_document()))
        except DataError as error:
            problems += error.problems
    for other in found[1:]:
        first = found[0]
        problems += differing(first.result, other.result, str(first.path), str(other.path))
    if problems:
        raise DataError(problems)
    return found


def find_corpus(inputs: Sequence[Input], directory: Path | None) -> Corpus:
    """Read the corpus that the results are about; ``directory`` goes before what they say.

    Raises
    ------
    DataError
        If it is not found, or its gold is not what was scored against.
    """
    first = inputs[0]
    way = first.result.benchmark.directory
    place = directory or (first.path.parent / way if way else None)
    if directory is not None and not directory.is_dir():
        remedy = "pass --on DIR with the corpus that was scored"
        raise DataError(Problem(path=str(directory), what="is no directory", remedy=remedy))
    if place is None or not place.is_dir():
        what = f"the corpus is not at {place}" if place else "does not say where its corpus is"
        remedy = "pass --on DIR"
        raise DataError(Problem(path=str(first.path), what=what, remedy=remedy))
    corpus = open_corpus(place)
    labels = corpus.layer(first.result.benchmark.layer).by_document()
    gold = [labels[doc_id] for doc_id in first.result.doc_ids if doc_id in labels]
    if digest(gold) != first.result.benchmark.gold_sha256:
        raise DataError(
            Problem(
                path=str(place),
                what=f"its layer {first.result.benchmark.layer} is not the gold of {first.path}",
                remedy="pass --on DIR with the corpus that was scored, or "
                f"{again(first.result.system.kind)}",
            )
        )
    return corpus


def names_of(inputs: Sequence[Input]) -> list[str]:
    """Name the systems; those of one name also by their files, each name once.

    Long names are cut, see `cut.name`.
    """
    found: list[str] = []
    plain = [cut.name(item.result.system.name) for item in inputs]
    for name, item in zip(plain, inputs, strict=True):
        told = name if plain.count(name) == 1 else cut.name(name, item.path.stem)
        again = sum(other == told or other.startswith(f"{told} #") for other in found)
        found.append(f"{told} #{again + 1}" if again else told)
    return found
