"""``SHA256SUMS``: what ``sha256sum --check`` reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import DataError, Problem, quoted
from ..jsonl import open_for_reading
from .layout import CARD, CROISSANT, INFO, SUMS, ReleasedFile, table_place

_LINE = re.compile(r"(?P<sum>[0-9a-f]{64}) [ *](?P<path>.+)")
_AGAIN = "fetch or make the release again"


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with open_for_reading(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sums(files: Iterable[ReleasedFile]) -> str:
    """Return the content of ``SHA256SUMS``, by path."""
    return "".join(f"{f.sha256}  {f.path}\n" for f in sorted(files, key=lambda f: f.path))


def verified_tables(directory: Path) -> list[str]:
    """Check every file of a release against ``SHA256SUMS`` and return the paths of its tables.

    Only names that a release can have are looked at, so that no list leads out of the directory.

    Raises
    ------
    DataError
        With every file that is missing, changed, unlisted or misnamed.
    """
    problems: list[Problem] = []
    listed: dict[str, str] = {}
    for number, line in enumerate(_lines(directory / SUMS), 1):
        match = _LINE.fullmatch(line)
        name = match["path"] if match else line
        if match is None or not _is_ours(name) or name in listed:
            problems.append(
                Problem(
                    path=str(directory / SUMS),
                    line=number,
                    what=f"{quoted(name)} is not a file of a release, or stands twice",
                    remedy=_AGAIN,
                )
            )
        else:
            listed[name] = match["sum"]
    problems += _changed(directory, listed)
    problems += _unlisted(directory, listed)
    if problems:
        raise DataError(problems)
    return sorted(name for name in listed if table_place(name))


def _is_ours(name: str) -> bool:
    return name in (INFO, CARD, CROISSANT) or table_place(name) is not None


def _lines(path: Path) -> list[str]:
    with open_for_reading(path) as stream:
        content: bytes = stream.read()
    try:
        return content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(
            Problem(path=str(path), what=f"byte {error.start} is not ASCII", remedy=_AGAIN)
        ) from error


def _changed(directory: Path, listed: dict[str, str]) -> Iterator[Problem]:
    for name in (INFO, CARD, CROISSANT):
        if name not in listed:
            yield Problem(path=str(directory / SUMS), what=f"does not list {name}", remedy=_AGAIN)
    for name, expected in listed.items():
        path = directory / name
        if not path.is_file():
            yield Problem(path=str(path), what="is missing", remedy=_AGAIN)
        elif (found := sha256_of(path)) != expected:
            yield Problem(
                path=str(path),
                what=f"was changed: {SUMS} has {expected[:12]}..., the file {found[:12]}...",
                remedy=_AGAIN,
            )


def _unlisted(directory: Path, listed: dict[str, str]) -> Iterator[Problem]:
    for path in sorted(directory.glob("*/*.parquet")):
        name = path.relative_to(directory).as_posix()
        if table_place(name) and name not in listed:
            yield Problem(path=str(path), what=f"is not listed in {SUMS}", remedy=_AGAIN)
