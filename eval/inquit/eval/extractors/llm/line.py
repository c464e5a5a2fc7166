"""The connection of one exchange, which may be cut from outside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Line:
    """What an exchange has come to; httpx calls it at each step (its extension ``trace``).

    ``sending`` tells whether bytes of the request may have left, ``is_cut`` whether `cut` was
    called.
    """

    def __init__(self) -> None:
        self.sending = self.is_cut = False
        self._stream: Any = None
        self._lock = threading.Lock()

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Note a step."""
        if event.endswith("send_request_headers.started"):
            # What asks a proxy for a way is not the request.
            self.sending |= getattr(info.get("request"), "method", b"") != b"CONNECT"
        opened = info.get("return_value")
        if hasattr(opened, "get_extra_info"):
            with self._lock:
                self._stream = opened
                if self.is_cut:
                    self._shut()

    def cut(self) -> None:
        """End the exchange now: whoever reads or writes is woken."""
        with self._lock:
            self.is_cut = True
            self._shut()

    def _shut(self) -> None:
        found = self._stream.get_extra_info("socket") if self._stream is not None else None
        if isinstance(found, socket.socket):
            with suppress(OSError):
                # That of a TLS socket would take its state from the thread that reads.
                socket.socket.shutdown(found, socket.SHUT_RDWR)
