"""A lock on a file that ends with its holder, however that ends."""

from __future__ import annotations

import os
import threading

try:
    import fcntl
except ImportError:  # no POSIX: threads of one process keep apart, processes do not
    fcntl = None  # type: ignore[assignment]  # Windows has none

_held: set[tuple[int, int]] = set()
_guard = threading.Lock()


def acquire(handle: int) -> bool:
    """Lock an open file against other threads and processes; return False if it is locked."""
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    with _guard:
        name = _name(handle)
        if name in _held:
            return False
        _held.add(name)
        return True


def release(handle: int) -> None:
    """Close the file, and with it the lock."""
    if fcntl is None:
        with _guard:
            _held.discard(_name(handle))
    os.close(handle)


def _name(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_dev, found.st_ino
