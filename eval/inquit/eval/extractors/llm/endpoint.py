"""Where the model answers, and the key that opens it; the key is never shown."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from inquit.corpus.errors import DataError, Problem, quoted

_PATH = "/chat/completions"
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([^u]))")
_HIDDEN = "[key]"
_SPELLED = "(a message that spells out the key)"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
#: The variable of OpenAI's own clients, which need not be set; one that is named must be.
USUAL = "OPENAI_API_KEY"
#: Shorter keys are placeholders such as "EMPTY", which may well stand in an answer.
_SECRET = 8
#: Shorter ones stand in every message, and are not taken out of any.
_SHOWN = 4
#: What is no part of a key: white space, the other half of UTF-16, characters that are not seen.
_BETWEEN = re.compile(r"[^!-~]+")
#: How often a text may be escaped upon escapes.
_DEPTH = 5


def key_in(variable: str) -> str:
    """Return the key that an environment variable holds, "" for no variable.

    Raises
    ------
    DataError
        If the variable is named and not set. Its name is not quoted: it may be a key that was put
        in the wrong place.
    """
    if variable in ("", USUAL):
        return os.environ.get(USUAL, "").strip() if variable else ""
    if not _VARIABLE.fullmatch(variable) or variable not in os.environ:
        raise DataError(
            Problem(
                what="api_key_env names no variable that is set in the environment",
                remedy="give the name of the variable that holds the key, never the key; "
                'or "" for none',
            )
        )
    return os.environ[variable].strip()


def refuse_key(key: str, parameters: Mapping[str, object]) -> None:
    """Raise DataError if a parameter holds the key: parameters are stored and shown."""
    held = [
        Problem(what=f"{name} holds the API key", remedy="keys come from the environment only")
        for name, value in parameters.items()
        if len(key) >= _SECRET and _spelled_in(key, _words(value))
    ]
    if held:
        raise DataError(held)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server.

    Parameters
    ----------
    base_url : str
        Such as ``https://api.openai.com/v1``; no user name, no query.
    key : str
        "" where the server wants none. Sent as a bearer token, over https or to this machine only.
    variable : str
        The environment variable that the key was looked for in.

    Raises
    ------
    DataError
        If the URL or the key cannot be used; the message never holds the key.

    >>> Endpoint("http://127.0.0.1:8080/v1/", "secret-key")
    Endpoint(base_url='http://127.0.0.1:8080/v1')
    """

    base_url: str
    key: str = field(default="", repr=False)
    variable: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _checked_url(self.base_url))
        if self.key and not (self.key.isascii() and self.key.isprintable() and " " not in self.key):
            raise DataError(
                Problem(
                    what="the API key holds a space, a line break or odd characters",
                    remedy="copy it again into the environment",
                )
            )
        if self.key and urlsplit(self.base_url).scheme != "https" and not self.is_local:
            raise DataError(
                Problem(
                    what=f"{self.base_url} would carry the API key unencrypted to another machine",
                    remedy="use https; or, where the server needs no key, pass "
                    "--param 'api_key_env=\"\"'",
                )
            )

    @property
    def url(self) -> str:
        """Where requests go."""
        return self.base_url + _PATH

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def headers(self) -> dict[str, str]:
        """Return the headers of a request, the key among them."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def scrub(self, text: str) -> str:
        """Return what came from the server, or an error that may quote it, without the key."""
        if len(self.key) < _SHOWN:
            return text
        shown = re.sub(re.escape(self.key), _HIDDEN, text, flags=re.IGNORECASE)
        # A body may end within the key.
        ends = shown[-len(self.key) :].lower()
        for length in range(len(self.key) - 1, _SECRET - 1, -1):
            if ends.endswith(self.key[:length].lower()):
                shown = shown[:-length] + _HIDDEN
                break
        return _SPELLED if _spelled_in(self.key, shown) else shown

    def is_in(self, text: str) -> bool:
        """Whether a text holds the key, also in capitals, escaped or with gaps."""
        return len(self.key) >= _SECRET and _spelled_in(self.key, text)


def _spelled_in(key: str, text: str) -> bool:
    key = key.lower()
    for _ in range(_DEPTH):
        for read in (text, unquote(text), unescape(text)):
            lowered = read.lower()
            if key in lowered or (len(key) >= _SECRET and key in _BETWEEN.sub("", lowered)):
                return True
        text, before = _unescaped(text), text
        if text == before:
            break
    return False


def _words(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no number of thousands of digits
        return ""


def _unescaped(text: str) -> str:
    r"""Return text with what JSON may have escaped as it reads: ``\u0041`` and ``\/``."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _checked_url(url: str) -> str:
    if not isinstance(url, str) or not url:
        raise _wrong("no base_url is given")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        # Not quoted: what stands before the @ is a secret.
        raise DataError(
            Problem(
                what="base_url holds a user name or password",
                remedy="take it out; keys come from the environment, see api_key_env",
            )
        )
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise DataError(
            Problem(what="base_url has a query or fragment", remedy="give it without '?' and '#'")
        )
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or not plain:
        raise _wrong(f"base_url {quoted(url)} is no URL of a server")
    trimmed = url.rstrip("/")
    if trimmed.endswith(_PATH):
        raise _wrong(f"base_url {quoted(url)} is the place of requests")
    return trimmed


def _wrong(what: str) -> DataError:
    remedy = (
        """name the server up to /v1: --param 'base_url="http://127.0.0.1:8080/v1"' """.rstrip()
    )
    return DataError(Problem(what=what, remedy=remedy))
