"""A layer file: a line a document, spans with offsets; docs/formats.md has the format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from inquit.corpus import Document, Problem
from inquit.corpus.jsonl import LinesError, all_of, open_for_reading, read_annotations

from .json_lines import mixed
from .result import Locate, PartError, Predictions


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:  # noqa: ARG001  # as every reader
    """Read a layer file; words among the offsets are named as such."""
    try:
        annotations = tuple(all_of(read_annotations(path)))
    except LinesError as error:
        words = list(mixed(path))
        told = {(p.line, p.span) for p in words}
        others = [p for p in error.problems if (p.line, p.span) not in told]
        problems = sorted([*others, *words], key=lambda p: p.line or 0)
        raise PartError.of_lines(LinesError(problems, error.left, error.lines), path) from error
    return Predictions("layer", path, annotations, files=(path,), locate=by_line(path))


def by_line(path: Path) -> Locate:
    """Return what finds the line of a document in JSON lines that were read without fault."""

    @cache
    def lines() -> dict[str, int]:
        found: dict[str, int] = {}
        with open_for_reading(path) as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    found.setdefault(msgspec.json.decode(line)["doc_id"], number)
        return found

    def locate(problem: Problem) -> Problem:
        return problem.at(path=str(path), line=lines().get(problem.doc_id))

    return locate
