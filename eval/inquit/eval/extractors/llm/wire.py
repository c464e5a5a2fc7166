"""One request over HTTP: its answer, or why there is none."""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquit.corpus.errors import DataError, Problem

from .endpoint import Endpoint
from .line import Line

if TYPE_CHECKING:
    import httpx

#: How the names of threads begin in which requests are sent.
THREADS = "inquit-llm"
#: Bytes; a longer answer is not read to its end.
LIMIT = 16 * 2**20
#: For zlib: it sees by itself which of both forms a body has.
_ANY_HEADER = 32 + zlib.MAX_WBITS
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
    except OSError as error:
        what = f"the certificates that the environment names cannot be read ({error.strerror})"
        remedy = "mend or unset SSL_CERT_FILE and SSL_CERT_DIR"
        raise DataError(Problem(what=what, remedy=remedy)) from None
    except (ImportError, ValueError, httpx.InvalidURL):
        # What is wrong is not quoted: such an address may hold a password.
        what = "the proxy that the environment names cannot be used"
        remedy = "mend or unset HTTPS_PROXY, HTTP_PROXY and ALL_PROXY"
        raise DataError(Problem(what=what, remedy=remedy)) from None


def _client(endpoint: Endpoint, timeout: float, connections: int) -> httpx.Client:
    import httpx

    return httpx.Client(
        timeout=httpx.Timeout(timeout, connect=min(timeout, 30.0)),
        # One connection an exchange, so that cutting one cuts no other.
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=0),
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


def exchange(
    client: httpx.Client, endpoint: Endpoint, body: bytes, timeout: float, line: Line
) -> Arrived:
    """Send one request and read its answer.

    Raises
    ------
    NoAnswerError
        If the server cannot be reached, hangs up, takes longer than ``timeout`` seconds for all
        of its answer, or if the line is cut.
    """
    # The time-outs of sockets are for single reads: a server that sends a byte a second has time.
    bell = threading.Timer(timeout, line.cut)
    bell.daemon = True
    bell.start()
    try:
        arrived = _exchanged(client, endpoint, body, line)
        why = ""
    except Exception as error:
        arrived, why = None, _told(error, endpoint, line, timeout)
        if not why:
            raise
    finally:
        bell.cancel()
    # An answer without a length seems whole where the line was cut.
    if arrived is None or line.is_cut:
        raise NoAnswerError(why or _late(timeout), reached=line.sending)
    return arrived


def _exchanged(client: httpx.Client, endpoint: Endpoint, body: bytes, line: Line) -> Arrived:
    with client.stream(
        "POST",
        endpoint.url,
        content=body,
        headers=endpoint.headers(),
        extensions={"trace": line},
    ) as response:
        content = bytearray()
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > LIMIT:
                break
        body = _unpacked(bytes(content), response.headers.get("content-encoding", ""))
        cut = len(content) > LIMIT or len(body) > LIMIT
        return Arrived(response.status_code, response.headers, body[:LIMIT], cut)


def _unpacked(body: bytes, coding: str) -> bytes:
    """Return a body that was packed although nobody asked for it, to just above the limit."""
    if coding.strip().lower() in ("gzip", "x-gzip", "deflate"):
        with suppress(zlib.error):
            return zlib.decompressobj(_ANY_HEADER).decompress(body, LIMIT + 1)
    return body


def _told(error: Exception, endpoint: Endpoint, line: Line, timeout: float) -> str:
    """Return what an error says of the server, "" for one that it cannot be blamed for."""
    import httpx

    if line.is_cut or (line.sending and isinstance(error, httpx.TimeoutException)):
        return _late(timeout)
    if not line.sending:
        return f"cannot be reached ({endpoint.scrub(_why(error))})"
    if isinstance(error, httpx.RemoteProtocolError):
        # Other words of the library quote what the server sent.
        return "hung up" if str(error).startswith(_GONE) else "sent something that is not HTTP"
    if isinstance(error, httpx.TransportError):
        return f"hung up ({endpoint.scrub(_why(error))})"
    return ""


def _late(timeout: float) -> str:
    return f"gave no whole answer within {timeout:g} seconds"


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
