"""TOML files: what cannot be read, and what is not as asked, told with its line or place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from .errors import DataError, Problem
from .jsonl import open_for_reading

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds; raise DataError if it cannot be read or is none."""
    with open_for_reading(path) as stream:
        content: bytes = stream.read()
    try:
        return parsed(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start} of the file is not UTF-8 ({error.reason})"
        problem = Problem(path=str(path), line=line, what=what, remedy="save the file as UTF-8")
        raise DataError(problem) from error
    except DataError as error:
        raise error.at(path=str(path)) from error


def parsed(text: str) -> dict[str, Any]:
    """Return what TOML says; raise DataError with the line where it is none.

    >>> parsed("a = 1")
    {'a': 1}
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what, line = str(error), None
        if place := _PLACE.search(what):
            where = f", column {place['column']}" if place["line"] else ", it breaks off"
            line = int(place["line"]) if place["line"] else None
            what = what[: place.start()] + where
        remedy = 'write it as TOML does: name = "value", a table as [name]'
        raise DataError(Problem(what=f"is not TOML ({what})", line=line, remedy=remedy)) from error
