"""Answers on disk: what was sent, and what came back.

For a request with key K, ``K.json`` holds the answer and ``K.sent`` the time at which it was sent.
The second is written before the request goes out, locked while it is under way, and emptied or
removed once its outcome is known. So, whenever the process is killed: an answer that had arrived
is there, whole; and a request that was under way is known to have been sent.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from inquit.corpus.errors import DataError, Problem

from . import locks
from .reply import Reply

_FORMAT = 1
_POLL = 0.05
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


def default_directory() -> Path:
    """Return where answers are kept: the environment's INQUIT_LLM_CACHE, else the user's cache."""
    if chosen := os.environ.get(DIRECTORY):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        home = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return base / "inquit" / "llm"


class Claim:
    """One request, ours alone until the claim ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @property
    def sent(self) -> str:
        """When the request was sent without an outcome, "" if it was not."""
        os.lseek(self._handle, 0, os.SEEK_SET)
        return os.read(self._handle, 64).decode("ascii", "replace").strip()

    def mark_sent(self) -> None:
        """Note, before it happens, that the request is sent."""
        self.clear()
        os.write(self._handle, datetime.now(UTC).isoformat(timespec="seconds").encode() + b"\n")
        os.fsync(self._handle)
        _sync(self._path.parent)

    def clear(self) -> None:
        """Note that the outcome of the request is known and was no answer."""
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)

    def read(self) -> Reply | None:
        """Return the stored answer, None if there is none; raise DataError if it is damaged."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            found = msgspec.json.decode(content, type=Stored)
        except (msgspec.DecodeError, RecursionError):
            found = None
        if found is None or found.key != self._path.stem or found.inquit_llm_reply != _FORMAT:
            raise DataError(
                Problem(
                    path=str(self._path),
                    what="is no stored answer, or a damaged one",
                    remedy="delete it to send its request again",
                )
            )
        return found.reply

    def keep(self, reply: Reply, url: str) -> None:
        """Store the answer."""
        stored = Stored(
            key=self._path.stem,
            url=url,
            received=datetime.now(UTC).isoformat(timespec="seconds"),
            reply=reply,
        )
        # One name is enough, since the claim is ours; a killed write leaves at most this file.
        temporary = self._path.with_suffix(".tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(stored) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._path)
        _sync(self._path.parent)


class Store:
    """A directory of answers."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @contextmanager
    def claim(self, key: str, stopped: Callable[[], bool] = lambda: False) -> Iterator[Claim]:
        """Yield a request to whom nobody else, in this or another process, has a claim now.

        Waits for a claim of somebody else to end.

        Raises
        ------
        StoreInterruptedError
            If ``stopped`` says so before.
        OSError
            If the directory cannot be written.
        """
        path = self.directory / key[:2] / f"{key}.json"
        mark = path.with_suffix(".sent")
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        handle = _locked(mark, stopped)
        claim = Claim(path, handle)
        try:
            yield claim
        finally:
            try:
                if path.exists() or not claim.sent:
                    with suppress(OSError):
                        mark.unlink()
            finally:
                locks.release(handle)


def _locked(mark: Path, stopped: Callable[[], bool]) -> int:
    while True:
        handle = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
        while not locks.acquire(handle):
            if stopped():
                os.close(handle)
                raise StoreInterruptedError
            time.sleep(_POLL)
        # Its last holder may have removed the file between our opening and locking it.
        if os.fstat(handle).st_nlink:
            return handle
        locks.release(handle)


def _sync(directory: Path) -> None:
    """Make a new name survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
