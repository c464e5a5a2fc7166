"""A local Label Studio: started on the loopback address only, its data in one directory."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

import msgspec

from inquit.corpus.errors import DataError, InquitError, Problem
from inquit.corpus.terminal import note, printable

from .credentials import DIRECTORY, FILE, Credentials, default_data_dir

LOOPBACK = "127.0.0.1"
USERNAME = "coordinator@localhost"
LOG = "label-studio.log"
DATABASE = "label_studio.sqlite3"
_LOCK = "lock"
_PASSWORD = "first-password"  # noqa: S105  # a file that exists until there are credentials
_PATIENCE = 600.0
#: What the server may know of our environment; any other name could change a setting of it.
_INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
_SETTINGS = {
    "COLLECT_ANALYTICS": "false",
    "FRONTEND_SENTRY_DSN": "",
    "SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "PYTHONUNBUFFERED": "1",
}
_STARTED = re.compile(rb"Starting development server at http://127\.0\.0\.1:(\d+)/")


@dataclass(frozen=True)
class Server:
    """A running Label Studio; a context manager that stops it.

    Parameters
    ----------
    credentials : Credentials
        Where it answers, and who we are there.
    data_dir : Path
        Holds the database, ``credentials.json`` and the log.
    """

    credentials: Credentials
    data_dir: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.credentials.url

    @property
    def log(self) -> Path:
        """What it wrote since this start."""
        return self.data_dir / LOG

    def stop(self) -> None:
        """Stop the server and everything it started; nothing happens at the second call."""
        _stop(self.process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(data_dir: Path, port: int | None = None) -> Server:
    """Start Label Studio over the data in ``data_dir`` and wait until it answers.

    The first start in a directory makes the database and one user with a random password, and
    gets an access token; both are kept in ``credentials.json``, which only its owner may read.

    Parameters
    ----------
    data_dir : Path
        Made if it does not exist.
    port : int, optional
        A free one when left out.

    Raises
    ------
    InquitError
        If Label Studio is not installed, the directory or the port is in use, or it does not
        start; the message then names its log.
    """
    executable = _executable()
    data_dir = data_dir.absolute()
    if port is not None:
        _refuse_busy(port)
    lock = _lock(data_dir)
    process = None
    try:
        known, password = _known(data_dir)
        with _undisturbed():
            process = _launch(executable, data_dir, port or _free_port(), password, lock)
        hint = "" if known else "; the first time this takes about a minute"
        note(f"starting Label Studio over {data_dir}{hint}")
        url = _wait(process, data_dir / LOG, port)
        credentials = known and Credentials(url, known.token, known.username, known.password)
        if credentials is None:
            credentials = Credentials(url, _new_token(url, password, data_dir), USERNAME, password)
        credentials.save(data_dir / FILE)
        (data_dir / _PASSWORD).unlink(missing_ok=True)
    except BaseException:
        if process is not None:
            _stop(process)
        raise
    finally:
        os.close(lock)  # The server has inherited it and holds it as long as it lives.
    return Server(credentials, data_dir, process)


def serve(data_dir: Path | None = None, port: int = 8080) -> None:
    """Run Label Studio until Ctrl-C, after saying where it is and what to do next."""
    _executable()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, signal.default_int_handler)
    data_dir = (default_data_dir() if data_dir is None else data_dir).absolute()
    # Where the other commands do not look by themselves, they have to be told.
    where = "" if data_dir == default_data_dir() else f"{DIRECTORY}={shlex.quote(str(data_dir))} "
    with start(data_dir, port) as server:
        path = printable(str(server.data_dir / FILE))
        lines = (
            f"Label Studio is ready: {server.url}",
            f"  user name  {server.credentials.username}",
            f'  password   "password" in {path}',
            f"Next, in another terminal: {printable(where)}inquit annotate push DIR",
            "Ctrl-C stops it; the work stays where it is.",
        )
        try:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
            status = server.process.wait()
        except KeyboardInterrupt:
            note("stopped")
            return
    raise InquitError(f"Label Studio ended by itself (status {status}); see {server.log}")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back until the block is done: no server may be started and then forgotten."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    before = {n: handler for n, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, lambda caught, _: held.append(caught))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for caught in held:
            signal.raise_signal(caught)


def _executable() -> str:
    if os.name != "posix":
        raise InquitError(
            "Label Studio can be started by inquit on Linux and macOS only; start it yourself and "
            "set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY"
        )
    found = shutil.which("label-studio", path=sysconfig.get_path("scripts"))
    if found is None:
        raise InquitError(
            f"Label Studio is not installed beside {sys.executable}; "
            "install it with: pip install 'inquit[server]'"
        )
    return found


def _lock(data_dir: Path) -> int:
    """Return the open lock file of the directory; the lock ends when no process has it open."""
    import fcntl

    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(data_dir / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise DataError(
            Problem(path=str(data_dir), what=what, remedy="name a place you may write to")
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        number = os.read(lock, 20).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise DataError(
            Problem(
                path=str(data_dir),
                what=f"a Label Studio runs over this directory already (process {number})",
                remedy="use it, stop it, or name another directory",
            )
        ) from None
    return lock


def _known(data_dir: Path) -> tuple[Credentials | None, str]:
    """Return the credentials of an earlier start, or None and the password of the first user."""
    database = (data_dir / DATABASE).exists()
    if (data_dir / FILE).exists():
        known = Credentials.read(data_dir / FILE)
        if database:
            return known, known.password
    path = data_dir / _PASSWORD
    if path.exists():
        # The first start was broken off, and Label Studio cannot go on with half a database.
        for leftover in data_dir.glob(f"{DATABASE}*"):
            leftover.unlink()
        return None, path.read_text("ascii").strip()
    if database:
        raise DataError(
            Problem(
                path=str(data_dir / FILE),
                what="is missing beside a Label Studio database",
                remedy="put it back, or name another directory",
            )
        )
    password = secrets.token_urlsafe(18)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(password)
    return None, password


def _launch(
    executable: str, data_dir: Path, port: int, password: str, lock: int
) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= _SETTINGS | {
        "HOME": str(data_dir),
        "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
        # An existing user is left as it is. Not in the arguments: everybody can list those.
        "LABEL_STUDIO_USERNAME": USERNAME,
        "LABEL_STUDIO_PASSWORD": password,
    }
    log = os.open(data_dir / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603  # an executable of our own environment
            [executable, "start", "--no-browser", "--internal-host", LOOPBACK, "-p", str(port)],
            cwd=data_dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(lock,),
            umask=0o077,
        )
    finally:
        os.close(log)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{process.pid}\n".encode(), 0)
    return process


def _wait(process: subprocess.Popen[bytes], log: Path, port: int | None) -> str:
    """Return the URL as soon as the server answers there."""
    opener = _opener()
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        # Label Studio takes the next port when one is busy; its log says which one it has.
        started = _STARTED.search(log.read_bytes())
        if process.poll() is not None:
            raise InquitError(
                f"Label Studio ended while it started (status {process.returncode}); see {log}"
            )
        if started and port is not None and int(started[1]) != port:
            raise _busy(port)
        if started:
            url = f"http://{LOOPBACK}:{int(started[1])}"
            try:
                with opener.open(f"{url}/health", timeout=5) as answer:
                    up = b"UP" in answer.read(1000)
            except OSError:
                up = False
            if up and process.poll() is None:
                return url
        time.sleep(0.2)
    raise InquitError(f"Label Studio did not answer within {_PATIENCE:.0f} seconds; see {log}")


def _new_token(url: str, password: str, data_dir: Path) -> str:
    """Log in as a browser does and return a personal access token (it is shown only once)."""
    cookies = CookieJar()
    opener = _opener(HTTPCookieProcessor(cookies))

    def post(path: str, form: dict[str, str]) -> bytes:
        crumb = next((c.value or "" for c in cookies if c.name == "csrftoken"), "")
        body = urlencode({"csrfmiddlewaretoken": crumb, **form}).encode()
        headers = {"X-CSRFToken": crumb, "Referer": url}
        request = Request(url + path, body, headers)  # noqa: S310  # http on the loopback address
        with opener.open(request, timeout=60) as answer:
            content: bytes = answer.read()
        return content

    try:
        opener.open(f"{url}/user/login/", timeout=60).close()
        post("/user/login/", {"email": USERNAME, "password": password})
        answer = msgspec.json.decode(post("/api/token/", {}), type=dict[str, str])
        return answer["token"]
    except HTTPError as error:
        error.close()
        why = f"status {error.code}"
    except (OSError, msgspec.MsgspecError, KeyError) as error:
        why = type(error).__name__
    raise InquitError(f"Label Studio at {url} gave no access token ({why}); see {data_dir / LOG}")


def _opener(*handlers: HTTPCookieProcessor) -> OpenerDirector:
    return build_opener(ProxyHandler({}), *handlers)  # No proxy may see this.


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        # The server leads its own process group.
        os.killpg(process.pid, number)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        number: int = probe.getsockname()[1]
        return number


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise _busy(port) from error


def _busy(port: int) -> InquitError:
    return InquitError(f"port {port} is not free; stop what uses it or name another with --port")
