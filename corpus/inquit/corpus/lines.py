"""Where in a JSONL file a document stands: line numbers for messages, looked up when needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from .errors import DataError, Problem
from .jsonl import open_for_reading


class _Named(msgspec.Struct):
    doc_id: str


def with_lines(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Fill in the line of every problem that names a JSONL file and a document, but no line."""
    numbers: dict[str, dict[str, int]] = {}
    for problem in problems:
        if problem.line is None and problem.doc_id and problem.path.endswith(".jsonl"):
            if problem.path not in numbers:
                numbers[problem.path] = line_numbers(Path(problem.path))
            yield problem.at(line=numbers[problem.path].get(problem.doc_id))
        else:
            yield problem


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of several files, each once, file by file in the order of their lines."""
    found = dict.fromkeys(problems)
    place = {path: i for i, path in enumerate(dict.fromkeys(p.path for p in found))}
    return sorted(found, key=lambda p: (place[p.path], p.line or 0))


def line_numbers(path: Path) -> dict[str, int]:
    """Return the first line, from 1, of each document in a file; skip what cannot be read."""
    decoder = msgspec.json.Decoder(_Named)
    numbers: dict[str, int] = {}
    with suppress(DataError), open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                numbers.setdefault(decoder.decode(line).doc_id, number)
    return numbers
