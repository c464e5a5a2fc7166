"""Writing that leaves either the old file or the whole new one, never a part."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .errors import DataError, Problem

#: Leaves room, in file systems that allow 255 bytes, for the name of a temporary file.
LONGEST_NAME = 200
#: How the names of reports end, which may stand in any directory of ours.
_REPORT = "-report.json"


@contextmanager
def atomic_file(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` and rename it to ``path`` when the block succeeds.

    Raises
    ------
    DataError
        If ``path`` exists and ``force`` is false, or the place cannot be written.
    """
    refuse_to_overwrite(path, force=force)
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        with _writable(path):
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(path: Path, content: bytes | str, *, force: bool = False) -> None:
    """Write a whole file at once; see `atomic_file`."""
    with atomic_file(path, force=force) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def atomic_directory(
    path: Path, *, force: bool = False, mark: str, ours: Collection[str] | None = None
) -> Iterator[Path]:
    """Yield an empty directory beside ``path`` that takes its place when the block succeeds.

    With ``force`` an existing directory is replaced as a whole, but only if it is empty or holds
    the file ``mark``, by which we know that it is ours, and nothing but the names in ``ours`` and
    reports.
    """
    refuse_to_replace(path, force=force, mark=mark, ours=ours)
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp"))
    old = temporary.with_suffix(".old")
    try:
        yield temporary
        with _writable(path):
            temporary.chmod(0o777 & ~_umask())
            if path.exists():
                path.rename(old)
            try:
                temporary.rename(path)
            except OSError:
                if old.exists():
                    old.rename(path)
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)


def refuse_to_overwrite(path: Path, *, force: bool = False) -> None:
    """Raise DataError if ``path`` exists and ``force`` is false, or if it is no plain file."""
    with _writable(path):
        is_directory, is_file = path.is_dir(), path.is_file()
        exists = path.exists() or path.is_symlink()
    if is_directory:
        raise _refusal(path, "is a directory", "name a file")
    if (not is_file and path.exists()) or _names_a_stream(path):
        raise _refusal(path, "is no file but a device or a pipe", "name a file")
    if exists and not force:
        raise _refusal(path, "exists", "name another place or pass --force")


def _names_a_stream(path: Path) -> bool:
    """Tell whether a link is a name of an open stream, as /dev/stdout is, wherever that leads."""
    hop = path.absolute()
    for _ in range(40):
        if not hop.is_symlink():
            return False
        hop = hop.parent / hop.readlink()
        if hop.parts[:2] == ("/", "proc") or hop.parts[:3] == ("/", "dev", "fd"):
            return True
    return False


def refuse_to_replace(
    path: Path, *, force: bool = False, mark: str, ours: Collection[str] | None = None
) -> None:
    """Raise DataError if `atomic_directory` would refuse the place; for use before long work."""
    with _writable(path):
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise _refusal(path, "exists and is not a directory", "name another place")
        names = sorted(child.name for child in path.iterdir()) if path.exists() else []
        marked = (path / mark).is_file()
    if names and not force:
        raise _refusal(path, "exists and is not empty", "name another place or pass --force")
    if names and not marked:
        raise _refusal(
            path,
            f"has no {mark}, so it was not made by inquit and is not replaced",
            "name another place",
        )
    stray = [n for n in names if ours is not None and n not in ours and not n.endswith(_REPORT)]
    if stray:
        raise _refusal(
            path / stray[0],
            "would be lost if the directory were replaced",
            "move it away, or name another place",
        )


def file_name(doc_id: str, suffix: str) -> str:
    """Return a file name for a document id: readable, unique, and inside its directory.

    >>> file_name("2019/03: Übersicht", ".txt")
    '2019%2F03%3A %C3%9Cbersicht.txt'
    >>> file_name("..", ".txt")
    '%2E%2E.txt'
    """
    kept = "".join(
        c
        if c.isascii() and (c.isalnum() or c in " _-,()")
        else "".join(f"%{b:02X}" for b in c.encode())
        for c in doc_id
    ).replace("%2E", ".")
    if kept.startswith("."):
        kept = "%2E" * (len(kept) - len(kept.lstrip("."))) + kept.lstrip(".")
    if len(kept) + len(suffix) > LONGEST_NAME:
        digest = hashlib.sha256(doc_id.encode()).hexdigest()[:16]
        kept = kept[: LONGEST_NAME - len(suffix) - len(digest) - 1] + "~" + digest
    return kept + suffix


def _refusal(path: Path, what: str, remedy: str) -> DataError:
    return DataError(Problem(path=str(path), what=what, remedy=remedy))


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        with suppress(ValueError):
            path = path.resolve()
        what = f"cannot be written ({error.strerror or error})"
        raise _refusal(path, what, "name a place you may write to") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
