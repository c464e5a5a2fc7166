"""Keeps what an extractor prints out of what a command prints."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send to stderr what is written to stdout meanwhile, also by C libraries and subprocesses.

    >>> with stdout_to_stderr():
    ...     print("loading the model")
    """
    ours = sys.stdout
    ours.flush()
    with redirect_stdout(sys.stderr):
        try:
            saved = os.dup(1)
        except OSError:  # stdout is closed
            yield
            return
        try:
            with suppress(OSError):
                os.dup2(2, 1)
            yield
        finally:
            ours.flush()
            _flush_c()
            os.dup2(saved, 1)
            os.close(saved)


def _flush_c() -> None:
    """Let C write out what it holds back, which would else come out later, among our output."""
    if os.name == "posix":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).fflush(None)
