"""A real Label Studio: on the loopback address only, secrets in one file, gone when told."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from inquit.annotation.credentials import FILE, Credentials
from inquit.annotation.server import DATABASE, LOG, Server, start
from inquit.corpus.errors import InquitError

COMMAND = [sys.executable, "-c", "from inquit.cli import main; main()", "annotate", "serve"]


@pytest.fixture
def earlier(label_studio: Server, tmp_path: Path) -> Path:
    """A data directory as an earlier start left it: a copy of the running server's."""
    there = tmp_path / "earlier"
    there.mkdir()
    for name in (FILE, ".env"):
        shutil.copy(label_studio.data_dir / name, there)
    with (
        closing(sqlite3.connect(label_studio.data_dir / DATABASE)) as source,
        closing(sqlite3.connect(there / DATABASE)) as target,
    ):
        source.backup(target)
    return there


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def nobody_holds(data_dir: Path) -> bool:
    """Whether no process of the server is left: each of them holds the lock."""
    import fcntl

    with (data_dir / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_it_answers_on_the_loopback_address_only(label_studio: Server) -> None:
    port = int(label_studio.url.rsplit(":", 1)[1])
    assert httpx.get(f"{label_studio.url}/health").json() == {"status": "UP"}
    with socket.socket() as other:
        # Bound to 0.0.0.0 it would answer here too.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_the_token_opens_it(label_studio: Server) -> None:
    answer = httpx.post(
        f"{label_studio.url}/api/token/refresh", json={"refresh": label_studio.credentials.token}
    )
    bearer = {"Authorization": f"Bearer {answer.json()['access']}"}
    assert httpx.get(f"{label_studio.url}/api/projects", headers=bearer).status_code == 200


def test_a_stranger_cannot_sign_up(label_studio: Server) -> None:
    with httpx.Client(base_url=label_studio.url) as client:
        client.get("/user/signup/")
        form = {"email": "stranger@example.org", "password": "let-me-in-please"}
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
        assert client.post("/user/signup/", data=form).status_code == 403
        assert client.post("/user/signup/?token=guess", data=form).status_code == 403


def test_its_pages_report_to_nobody(label_studio: Server) -> None:
    page = httpx.get(f"{label_studio.url}/user/login/").text
    assert "sentry.io" not in page
    assert "collect_analytics = false" in page


def test_secrets_stay_in_one_private_file(label_studio: Server) -> None:
    known = label_studio.credentials
    assert Credentials.read(label_studio.data_dir / FILE) == known
    assert mode(label_studio.data_dir / FILE) == mode(label_studio.log) == 0o600
    assert mode(label_studio.data_dir / DATABASE) == 0o600
    log = label_studio.log.read_text()
    assert "Starting development server" in log
    for secret in (known.token, known.password):
        assert secret not in log
        assert secret not in repr(label_studio)
    arguments = Path(f"/proc/{label_studio.process.pid}/cmdline")
    if arguments.exists():
        assert known.password not in arguments.read_text()


def test_one_server_a_directory(label_studio: Server) -> None:
    with pytest.raises(InquitError, match=rf"already \(process {label_studio.process.pid}\)"):
        start(label_studio.data_dir)


def test_a_busy_port_is_an_error(tmp_path: Path, busy_port: int) -> None:
    with pytest.raises(InquitError, match=f"port {busy_port} is not free; .*--port"):
        start(tmp_path / "new", busy_port)
    assert not (tmp_path / "new").exists()


def test_serve_keeps_user_and_token_and_stops_at_ctrl_c(earlier: Path) -> None:
    before, port = Credentials.read(earlier / FILE), free_port()
    process = subprocess.Popen(
        [*COMMAND, "--data-dir", str(earlier), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        lines = [process.stdout.readline() for _ in range(4)]
        after = Credentials.read(earlier / FILE)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    said = "".join(lines) + rest
    assert process.returncode == 0, errors
    assert (after.token, after.password) == (before.token, before.password)
    assert after.url == f"http://127.0.0.1:{port}"
    for needed in (
        after.url,
        after.username,
        str(earlier / FILE),
        f"INQUIT_LABEL_STUDIO_DIR={earlier}",
    ):
        assert needed in said
    assert "starting Label Studio" in errors
    for secret in (after.token, after.password):
        assert secret not in said + errors
    assert nobody_holds(earlier)


def break_off(data_dir: Path) -> None:
    """Start a server in an empty directory and end it before it answers."""
    (data_dir / LOG).unlink(missing_ok=True)
    process = subprocess.Popen(
        [*COMMAND, "--data-dir", str(data_dir), "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        while not (data_dir / LOG).exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert nobody_holds(data_dir)


def test_a_first_start_may_be_broken_off(tmp_path: Path) -> None:
    break_off(tmp_path)
    assert not (tmp_path / FILE).exists()
    assert mode(tmp_path / "first-password") == 0o600
    password = (tmp_path / "first-password").read_text()
    # Label Studio cannot go on with half a database; nobody has worked in this one.
    (tmp_path / DATABASE).write_bytes(b"half")
    break_off(tmp_path)
    assert (tmp_path / "first-password").read_text() == password
    assert not (tmp_path / DATABASE).exists() or (tmp_path / DATABASE).read_bytes() != b"half"


def test_a_server_that_dies_is_one_error_with_its_log(earlier: Path) -> None:
    (earlier / DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(InquitError, match="ended while it started") as caught:
        start(earlier)
    assert str(earlier / LOG) in str(caught.value)
    assert (earlier / FILE).exists()
    assert nobody_holds(earlier)


def test_a_database_without_credentials_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    with pytest.raises(InquitError, match="put it back, or name another directory"):
        start(tmp_path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InquitError, match="cannot be written"):
        start(tmp_path / "file" / "data")


def test_without_label_studio_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda name: os.fspath(tmp_path))
    with pytest.raises(InquitError, match=r"pip install 'inquit\[server\]'"):
        start(tmp_path / "data")
