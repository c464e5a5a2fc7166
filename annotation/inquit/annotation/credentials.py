"""Where Label Studio is and the secret that opens it; the secret is never shown."""

from __future__ import annotations

import ipaddress
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from inquit.corpus.errors import DataError, Problem, quoted

FILE = "credentials.json"
DIRECTORY = "INQUIT_LABEL_STUDIO_DIR"
URL = "LABEL_STUDIO_URL"
TOKEN = "LABEL_STUDIO_API_KEY"  # noqa: S105  # the name of a variable


def default_data_dir() -> Path:
    """Return the directory in which ``inquit annotate serve`` keeps its server's data.

    It is the environment's INQUIT_LABEL_STUDIO_DIR, else ``inquit/label-studio`` in the user's
    data directory (XDG_DATA_HOME, else ``~/.local/share``).
    """
    if chosen := os.environ.get(DIRECTORY):
        return Path(chosen).expanduser().absolute()
    home = os.environ.get("XDG_DATA_HOME", "")
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share"
    return base / "inquit" / "label-studio"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A Label Studio server and who we are there.

    ``repr`` and ``str`` show neither token nor password.

    Parameters
    ----------
    url : str
        Where the server answers, without query; https, or http on a loopback address.
    token : str
        Personal access token (or a legacy token, where the server takes those).
    username, password : str
        For logging in with a browser; empty when not known.

    Raises
    ------
    DataError
        If the URL or token cannot be used; a token is never sent in the clear to another machine.

    >>> Credentials("http://127.0.0.1:8080/", "secret")
    Credentials('http://127.0.0.1:8080')
    """

    url: str
    token: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", checked_url(self.url))
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            raise DataError(
                Problem(
                    what="the Label Studio token is empty or holds a line break or odd characters",
                    remedy="copy it again from Account & Settings in Label Studio",
                )
            )

    def __repr__(self) -> str:
        return f"Credentials({self.url!r})"

    def save(self, path: Path) -> None:
        """Write a file that only its owner may read, from its first byte on."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # mkstemp creates its file with mode 0600; the rename keeps that.
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(msgspec.json.encode(self) + b"\n")
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            what = f"cannot be written ({error.strerror or error})"
            raise DataError(
                Problem(path=str(path), what=what, remedy="name a place you may write to")
            ) from error

    @classmethod
    def read(cls, path: Path) -> Credentials:
        """Read what `save` wrote; raise DataError, without the content, if that cannot be done."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            what = f"cannot be read ({error.strerror or error})"
        except msgspec.ValidationError as error:
            if isinstance(error.__cause__, DataError):
                raise error.__cause__.at(path=str(path)) from None
            what = f"does not hold credentials ({error})"
        except (msgspec.DecodeError, UnicodeDecodeError):
            what = "is not JSON"
        raise DataError(
            Problem(path=str(path), what=what, remedy="write it again with 'inquit annotate serve'")
        )

    @classmethod
    def load(cls, data_dir: Path | None = None) -> Credentials:
        """Find the credentials: the environment first, else the file that ``serve`` wrote.

        Parameters
        ----------
        data_dir : Path, optional
            Where ``credentials.json`` lies; `default_data_dir` when left out.
        """
        url, token = os.environ.get(URL, ""), os.environ.get(TOKEN, "")
        if url and token:
            return cls(url, token)
        if url or token:
            have, lack = (URL, TOKEN) if url else (TOKEN, URL)
            raise DataError(
                Problem(
                    what=f"{have} is set, {lack} is not",
                    remedy="set both, or neither to use the server of 'inquit annotate serve'",
                )
            )
        path = (data_dir or default_data_dir()) / FILE
        if not path.exists():
            raise DataError(
                Problem(
                    what="no Label Studio is known",
                    remedy=f"start one with 'inquit annotate serve', or set {URL} and {TOKEN} "
                    f"(looked for {path})",
                )
            )
        return cls.read(path)


def checked_url(url: str) -> str:
    """Return a server's URL without its last slash; raise DataError if no token may go there.

    >>> checked_url("http://ls.example.org")
    Traceback (most recent call last):
    inquit.corpus.errors.DataError: http://ls.example.org would carry the token unencrypted to \
another machine; use https, or http on 127.0.0.1
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None:
        # Not quoted: what stands before the @ is a secret.
        raise DataError(
            Problem(what="the Label Studio URL holds a user name", remedy="take it out of the URL")
        )
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not host or port == 0 or not plain:
        raise DataError(
            Problem(
                what=f"{quoted(url)} is not a URL of a server",
                remedy="give something like http://127.0.0.1:8080",
            )
        )
    if parts.query or parts.fragment:
        raise DataError(
            Problem(what="the Label Studio URL has a query", remedy="give it without '?' and '#'")
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise DataError(
            Problem(
                what=f"{parts.scheme}://{parts.netloc} would carry the token unencrypted to "
                "another machine",
                remedy="use https, or http on 127.0.0.1",
            )
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
