"""Answers on disk: what was sent, and what came back.

For a request with key K, ``K.json`` holds the answer and ``K.sent`` the time at which it was sent.
The second is written before the request goes out, locked while it is under way, and put back or
removed once its outcome is known. So, whenever the process is killed: an answer that had arrived
is there, whole; and a request that was under way is known to have been sent. Both files number the
sendings of their request, so that one that is sent again is known, too; tries within a run are one
sending.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from inquit.corpus.errors import DataError, Problem

from . import locks
from .reply import Reply

_FORMAT = 1
_POLL = 0.05
#: Bytes.
_LONGEST_MARK = 4096
#: Bytes that are reserved for an answer before its request is sent; longer ones are rare.
_ROOM = 64 * 1024
#: The environment's name for the directory.
DIRECTORY = "INQUIT_LLM_CACHE"


class StoreInterruptedError(Exception):
    """The wait for somebody else's claim was ended."""


class Stored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of an answer's file. It holds neither the request nor the key."""

    inquit_llm_reply: int = _FORMAT
    key: str
    url: str
    received: str
    reply: Reply
    #: Of what the model wrote; "" in what inquit kept before it wrote this.
    sha256: str = ""
    sending: Annotated[int, msgspec.Meta(ge=1)] = 1


def answers_directory(chosen: str = "") -> Path:
    """Return where answers are kept: as named, else INQUIT_LLM_CACHE, else the user's cache.

    Raises
    ------
    DataError
        If that can be no place.
    """
    try:
        named = chosen or os.environ.get(DIRECTORY, "")
        if "\0" in named:
            raise ValueError("NUL")
        return Path(named).expanduser().absolute() if named else _usual_directory()
    except (RuntimeError, ValueError):  # no such user, or no home
        what = "there is no such place for answers"
        remedy = f"name a directory: --param cache_dir, or the environment's {DIRECTORY}"
        raise DataError(Problem(path=chosen, what=what, remedy=remedy)) from None


def _usual_directory() -> Path:
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        home = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return base / "inquit" / "llm"


class Claim:
    """One request, ours alone until the claim ends.

    ``sendings`` tells how often it was sent before, ``lost`` when for the last time, if the outcome
    of that is not known.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle
        self._before = os.fstat(handle).st_size
        self.stored = _read(path)
        answered = self.stored.sending if self.stored else 0
        marked, sent = self._last_mark()
        self.lost = (sent or "a time that is not known") if marked > answered else ""
        self.sendings = max(marked, answered)

    @property
    def mark(self) -> Path:
        """The file that says that the request was sent."""
        return self._path.with_suffix(".sent")

    def _last_mark(self) -> tuple[int, str]:
        os.lseek(self._handle, 0, os.SEEK_SET)
        return _mark(os.read(self._handle, _LONGEST_MARK))

    def mark_sent(self) -> None:
        """Note, before it happens, that the request is sent; reserve room for its answer."""
        self.clear()
        self._reserve()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        os.lseek(self._handle, 0, os.SEEK_END)
        os.write(self._handle, f"\n{self.sendings + 1} {now}".encode())
        os.fsync(self._handle)
        _sync(self._path.parent)

    def clear(self) -> None:
        """Note that the outcome of the request is known and was no answer."""
        os.ftruncate(self._handle, self._before)

    def keep(self, reply: Reply, url: str) -> None:
        """Store the answer in place of an earlier one."""
        stored = Stored(
            key=self._path.stem,
            url=url,
            received=datetime.now(UTC).isoformat(timespec="seconds"),
            reply=reply,
            sha256=_digest(reply),
            sending=self.sendings + 1,
        )
        with os.fdopen(self._open_temporary(), "wb") as stream:
            stream.write(msgspec.json.encode(stored) + b"\n")
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        self._temporary.replace(self._path)
        _sync(self._path.parent)
        os.ftruncate(self._handle, 0)

    @property
    def _temporary(self) -> Path:
        # One name is enough, since the claim is ours; a killed process leaves at most this file.
        return self._path.with_suffix(".tmp")

    def _open_temporary(self) -> int:
        return _opened(self._temporary, os.O_WRONLY)

    def _reserve(self) -> None:
        """Raise OSError if the disk is too full for an answer, where the system can tell."""
        if not hasattr(os, "posix_fallocate"):
            return
        handle = self._open_temporary()
        try:
            os.posix_fallocate(handle, 0, _ROOM)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
        finally:
            os.close(handle)

    def end(self) -> None:
        """Remove the mark unless it tells what the answer does not."""
        with suppress(OSError):
            self._temporary.unlink()
        marked, _ = self._last_mark()
        found = _read(self._path) if marked else None
        if not marked or (found and marked <= found.sending):
            with suppress(OSError):
                self.mark.unlink()


def _mark(written: bytes) -> tuple[int, str]:
    """Return how often a request was sent, and when for the last time."""
    last = written.decode("ascii", "replace").strip().rpartition("\n")[2]
    number, _, sent = last.partition(" ")
    # A time alone is what inquit wrote before it numbered the sendings.
    return (int(number), sent) if number.isdecimal() else (int(bool(last)), last)


def _digest(reply: Reply) -> str:
    written = "\0".join((reply.content, reply.refusal, reply.finish_reason))
    return hashlib.sha256(written.encode()).hexdigest()


def _read(path: Path) -> Stored | None:
    """Return a stored answer, None if there is none; raise DataError if it is damaged."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = msgspec.json.decode(content, type=Stored)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        found = None
    known = found is not None and (found.inquit_llm_reply, found.key) == (_FORMAT, path.stem)
    if found is None or not known or found.sha256 not in ("", _digest(found.reply)):
        raise DataError(
            Problem(
                path=str(path),
                what="is no stored answer, or a damaged one",
                remedy="delete it to send its request again",
            )
        )
    return found


class Store:
    """A directory of answers."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def _path(self, key: str) -> Path:
        return self.directory / key[:2] / f"{key}.json"

    def read(self, key: str) -> Stored | None:
        """Return the stored answer to a request, None if there is none; writes nothing.

        Raises
        ------
        DataError
            If it is damaged.
        OSError
            If it cannot be read.
        """
        return _read(self._path(key))

    def sendings(self, key: str) -> int:
        """Return how often a request was sent without an outcome that is known; claims nothing."""
        try:
            return _mark(self._path(key).with_suffix(".sent").read_bytes()[:_LONGEST_MARK])[0]
        except OSError:
            return 0

    @contextmanager
    def claim(self, key: str, stopped: Callable[[], bool] = lambda: False) -> Iterator[Claim]:
        """Yield a request to whom nobody else, in this or another process, has a claim now.

        Waits for a claim of somebody else to end.

        Raises
        ------
        StoreInterruptedError
            If ``stopped`` says so before.
        DataError
            If its stored answer is damaged.
        OSError
            If the directory cannot be written.
        """
        path = self._path(key)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        handle = _locked(path.with_suffix(".sent"), stopped)
        try:
            claim = Claim(path, handle)
            try:
                yield claim
            finally:
                claim.end()
        finally:
            locks.release(handle)


def _locked(mark: Path, stopped: Callable[[], bool]) -> int:
    while True:
        handle = _opened(mark, os.O_RDWR)
        while not locks.acquire(handle):
            if stopped():
                os.close(handle)
                raise StoreInterruptedError
            time.sleep(_POLL)
        # Its last holder may have removed the file between our opening and locking it.
        if os.fstat(handle).st_nlink:
            return handle
        locks.release(handle)


def _opened(path: Path, flags: int) -> int:
    # Never through a link, which may lead to a file that is not ours to empty.
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _sync(directory: Path) -> None:
    """Make a new name survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
