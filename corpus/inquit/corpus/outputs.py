"""Which files a command may write: never one that belongs to a corpus or a release."""

from __future__ import annotations

from pathlib import Path

from .directory import DOCUMENTS, INFO, LAYERS
from .errors import DataError, Problem
from .files import refuse_to_overwrite

# Names as in release.layout, which takes long to import.
_RELEASE = "release.toml"
_RELEASE_FILES = ("README.md", "SHA256SUMS", "croissant.json")
_RELEASE_TABLES = ("data", "annotations", "remaining")


def refuse_output(path: Path, *, force: bool = False) -> None:
    """Raise DataError if ``path`` may not be written; for use before long work.

    Its folder has to be there: one that is not is more often mistyped than meant. With ``force`` a
    file is replaced, but never one of a corpus directory or a release, whatever stands there.
    """
    refuse_to_overwrite(path, force=force)
    if _is_part(path.absolute()) or _is_part(path.resolve()):
        raise DataError(
            Problem(
                path=str(path),
                what="belongs to a corpus or a release and is not overwritten",
                remedy="name another place",
            )
        )
    if not path.parent.is_dir():
        raise DataError(
            Problem(
                path=str(path),
                what="cannot be written: its folder does not exist",
                remedy="make the folder, or name another place",
            )
        )


def _is_part(path: Path) -> bool:
    place, above = path.parent, path.parent.parent
    if (place / INFO).is_file() and path.name in (INFO, DOCUMENTS):
        return True
    if (above / INFO).is_file() and place.name == LAYERS and path.suffix == ".jsonl":
        return True
    if (place / _RELEASE).is_file() and path.name in (_RELEASE, *_RELEASE_FILES):
        return True
    tables = (above / _RELEASE).is_file() and place.name in _RELEASE_TABLES
    return tables and path.suffix == ".parquet"
