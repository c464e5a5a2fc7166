"""How long to wait before a request is tried again."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_FIRST, _LONGEST = 1.0, 60.0
_random = random.SystemRandom()


def delay(attempt: int) -> float:
    """Return seconds to wait after a failed attempt (0 is the first): 1, 2, 4 ... 60, jittered."""
    return float(min(_LONGEST, _FIRST * 2 ** min(attempt, 16)) * _random.uniform(0.5, 1.0))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a header Retry-After asks for, None if it is not there or not valid.

    >>> retry_after("7"), retry_after("soon"), retry_after(None)
    (7.0, None, None)
    >>> retry_after("Wed, 21 Oct 2015 07:28:30 GMT", datetime(2015, 10, 21, 7, 28, tzinfo=UTC))
    30.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), 10**9))
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


class Gate:
    """What all threads wait at: a time before which nothing is sent, and a bell that ends it."""

    def __init__(self) -> None:
        self._opens = 0.0
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def hold(self, seconds: float) -> None:
        """Let nobody through for some seconds."""
        with self._lock:
            self._opens = max(self._opens, time.monotonic() + seconds)

    def wait(self) -> None:
        """Return when the gate is open, or closed for good."""
        while (left := self._opens - time.monotonic()) > 0 and not self._closed.wait(left):
            pass

    def sleep(self, seconds: float) -> None:
        """Wait for some seconds, or until the gate is closed for good."""
        self._closed.wait(seconds)

    def close(self) -> None:
        """End all waiting, now and later."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed.is_set()
