"""Corpora that come in folders within folders: finding their files, and the split they stand in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ..errors import DataError, Problem, encodable
from ..vocabulary import SPLITS
from .intake import Intake

Split = Literal["train", "dev", "test"]
_NOTHING: Mapping[str, str] = {}


def files_below(
    intake: Intake, suffix: str, *, skipped: Mapping[str, str] = _NOTHING
) -> list[Path]:
    """Return the source's files with a suffix, subfolders included, by path.

    The source may be one such file. What else is there is reported: a folder without such files
    as one, like a folder that ``skipped`` names, with its reason. Links to folders and hidden
    folders are not followed. Finding no file at all is a problem of the intake.

    Raises
    ------
    DataError
        If the source is a file without the suffix, or a folder of it cannot be read.
    """
    source = intake.source
    if source.is_file():
        if source.suffix.lower() != suffix:
            what, remedy = f"is not a {suffix} file", f"name a {suffix} file or a folder"
            raise DataError(Problem(path=str(source), what=what, remedy=remedy))
        return [source]
    found = _below(intake, source, suffix, skipped) or []
    if not found:
        intake.problems.append(
            Problem(
                path=str(source),
                what=f"holds no {suffix} file",
                remedy="name the folder that holds the corpus",
            )
        )
    return found


def folders_of(path: Path, source: Path) -> list[str]:
    """Return the names of the folders a file stands in, from its own up to the source."""
    if source.is_file():
        return [encodable(source.resolve().parent.name)]
    inner = path.relative_to(source).parts[:-1]
    return [encodable(name) for name in (*reversed(inner), source.resolve().name)]


def split_of(folders: list[str]) -> Split | None:
    """Return the split that the nearest of these folders is named for."""
    for name in folders:
        if name in SPLITS:
            return name  # type: ignore[return-value]  # SPLITS holds what Split lists
    return None


def _below(
    intake: Intake, folder: Path, suffix: str, skipped: Mapping[str, str]
) -> list[Path] | None:
    """Return the files below a folder, None if there are none; then nothing is reported yet."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise DataError(Problem(path=str(folder), what=what, remedy="check the path")) from error
    found: list[Path] = []
    unread: list[tuple[Path, str]] = []
    for path in entries:
        if intake.leads_out(path):
            continue
        if not path.is_dir():
            if path.is_file() and path.suffix.lower() == suffix:
                found.append(path)
            else:
                unread.append((path, f"not a {suffix} file"))
        elif path.name in skipped:
            unread.append((path, skipped[path.name]))
        elif path.is_symlink() or path.name.startswith("."):
            unread.append((path, "a link to a folder" if path.is_symlink() else "a hidden folder"))
        elif inner := _below(intake, path, suffix, skipped):
            found += inner
        else:
            unread.append((path, f"a folder without {suffix} files"))
    if not found and folder != intake.source:
        return None
    for path, reason in unread:
        intake.changed("unread", path, reason)
    return found
