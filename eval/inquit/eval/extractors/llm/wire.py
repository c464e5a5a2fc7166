"""One request over HTTP: its answer, or why there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquit.corpus.errors import DataError, Problem

from .endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

#: How the names of threads begin in which requests are sent.
THREADS = "inquit-llm"
#: Bytes; a longer answer is not read to its end.
LIMIT = 16 * 2**20
#: How the library says that the connection ended.
_GONE = ("Server disconnected", "peer closed connection")
#: All that log what a server says: headers, the phrase beside the status.
_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "httpcore.socks",
)


@dataclass(frozen=True)
class Arrived:
    """An answer of the server, whatever its status; ``cut`` if it was longer than allowed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


class NoAnswerError(Exception):
    """No answer came.

    ``reached`` tells whether the request may have been read by the server.
    """

    def __init__(self, why: str, *, reached: bool) -> None:
        super().__init__(why)
        self.reached = reached


def open_client(endpoint: Endpoint, timeout: float, connections: int) -> httpx.Client:
    """Return a client that follows no redirects, so that the key goes to one server only."""
    try:
        import httpx
    except ImportError as error:
        what, remedy = "httpx is not installed", "pip install 'inquit[llm]'"
        raise DataError(Problem(what=what, remedy=remedy)) from error
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_is_not_ours)
    try:
        return _client(endpoint, timeout, connections)
    except (ImportError, ValueError, httpx.InvalidURL):
        # What is wrong is not quoted: such an address may hold a password.
        what = "the proxy that the environment names cannot be used"
        remedy = "mend or unset HTTPS_PROXY, HTTP_PROXY and ALL_PROXY"
        raise DataError(Problem(what=what, remedy=remedy)) from None


def _client(endpoint: Endpoint, timeout: float, connections: int) -> httpx.Client:
    import httpx

    return httpx.Client(
        timeout=httpx.Timeout(timeout, connect=min(timeout, 30.0)),
        limits=httpx.Limits(max_connections=connections),
        follow_redirects=False,
        # A proxy named in the environment is for other machines.
        trust_env=not endpoint.is_local,
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "inquit",
        },
    )


def _is_not_ours(_: logging.LogRecord) -> bool:
    """Keep what a server says out of logs: it may send the key back anywhere."""
    return not threading.current_thread().name.startswith(THREADS)


def exchange(client: httpx.Client, endpoint: Endpoint, body: bytes, timeout: float) -> Arrived:
    """Send one request and read its answer.

    Raises
    ------
    NoAnswerError
        If the server cannot be reached, hangs up or takes longer than ``timeout`` seconds.
    """
    import httpx

    ends = time.monotonic() + timeout
    try:
        with client.stream(
            "POST", endpoint.url, content=body, headers=endpoint.headers()
        ) as response:
            content = bytearray()
            for chunk in response.iter_raw():
                content += chunk
                if len(content) > LIMIT:
                    break
                if time.monotonic() > ends:
                    raise NoAnswerError(_late(timeout), reached=True)
            cut = len(content) > LIMIT
            return Arrived(response.status_code, response.headers, bytes(content[:LIMIT]), cut)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NoAnswerError(
            f"cannot be reached ({endpoint.scrub(_why(error))})", reached=False
        ) from None
    except httpx.TimeoutException:
        raise NoAnswerError(_late(timeout), reached=True) from None
    except httpx.RemoteProtocolError as error:
        # Other words of the library quote what the server sent.
        gone = str(error).startswith(_GONE)
        why = "hung up" if gone else "sent something that is not HTTP"
        raise NoAnswerError(why, reached=True) from None
    except httpx.TransportError as error:
        raise NoAnswerError(f"hung up ({endpoint.scrub(_why(error))})", reached=True) from None


def _late(timeout: float) -> str:
    return f"gave no whole answer within {timeout:g} seconds"


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
