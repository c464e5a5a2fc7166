"""A layer file: a line a document, spans with offsets; docs/formats.md has the format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.jsonl import open_for_reading, read_annotations

from .json_lines import mixed
from .result import Locate, Predictions


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:  # noqa: ARG001
    """Read a layer file; words among the offsets are named as such."""
    try:
        annotations = tuple(read_annotations(path))
    except DataError as error:
        words = list(mixed(path))
        told = {(p.line, p.span) for p in words}
        others = [p for p in error.problems if (p.line, p.span) not in told]
        raise DataError(sorted([*others, *words], key=lambda p: p.line or 0)) from error
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
