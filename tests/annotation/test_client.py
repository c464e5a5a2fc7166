"""Every way a server can fail has one message; no secret is ever in it."""

from __future__ import annotations

import base64
import json
import logging
import re
import socket
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from commands import inquit
from studio import Answer, Proxy, Request, server

from inquit.annotation import client
from inquit.annotation.client import LabelStudioError, NoAnswerError, connect
from inquit.annotation.credentials import (
    DIRECTORY,
    FILE,
    TOKEN,
    URL,
    Credentials,
    checked_url,
    default_data_dir,
)
from inquit.annotation.server import Server
from inquit.corpus.directory import Corpus, CorpusInfo
from inquit.corpus.errors import DataError
from inquit.corpus.model import Document

SECRET = "tok-4f1d9be2c7"
RELEASE = json.dumps({"release": "1.23.2", "label-studio-os-package": {}}).encode()


@pytest.fixture(autouse=True)
def _no_credentials_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (URL, TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(DIRECTORY, str(tmp_path / "label-studio"))


def refusal(url: str, token: str = SECRET) -> str:
    with pytest.raises(LabelStudioError) as raised:
        connect(Credentials(url, token))
    shown = "".join(traceback.format_exception(raised.value))
    assert token not in shown
    # Not even hidden: what reports errors elsewhere follows these.
    assert raised.value.__cause__ is None
    assert isinstance(raised.value.__context__, ImportError | None)
    return str(raised.value)


def jwt(**claims: object) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join([*coded, "c2lnbmF0dXJl"])


# ------------------------------------------------------------------------------- credentials


def test_credentials_never_show_their_secrets(tmp_path: Path) -> None:
    found = Credentials("http://127.0.0.1:8080", SECRET, "ana@example.org", "pass-word")
    for shown in (repr(found), str(found), f"{found}", f"{[found]}"):
        assert SECRET not in shown
        assert "pass-word" not in shown
    path = tmp_path / "new" / FILE
    found.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Credentials.read(path) == found
    found.save(path)
    assert [p.name for p in path.parent.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"url": "http://127.0.0.1:1", "token": "tok-4f1d9be2c7"', "is not JSON"),
        (b"\xff", "is not JSON"),
        (b'{"url": "http://127.0.0.1:1", "tok": "tok-4f1d9be2c7"}', "missing required field"),
        (b'{"url": "http://far.example", "token": "tok-4f1d9be2c7"}', "unencrypted"),
        (b'{"url": "http://127.0.0.1:1", "token": "tok-4f1d9be2c7\\n"}', "line break"),
    ],
)
def test_a_spoiled_file_is_named_without_its_content(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / FILE
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as raised:
        Credentials.read(path)
    assert str(path) in str(raised.value)
    assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_the_environment_comes_first_then_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="no Label Studio is known; start one with"):
        Credentials.load()
    stored = Credentials("http://127.0.0.1:1", "stored")
    stored.save(default_data_dir() / FILE)
    assert Credentials.load() == stored
    monkeypatch.setenv(URL, "https://ls.example.org/")
    with pytest.raises(DataError, match=f"{URL} is set, {TOKEN} is not"):
        Credentials.load()
    monkeypatch.setenv(TOKEN, SECRET)
    assert Credentials.load() == Credentials("https://ls.example.org", SECRET)
    monkeypatch.delenv(URL)
    with pytest.raises(DataError, match=f"{TOKEN} is set, {URL} is not"):
        Credentials.load()


def test_where_data_lie_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DIRECTORY)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "inquit" / "label-studio"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert default_data_dir() == Path.home() / ".local" / "share" / "inquit" / "label-studio"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://ls.example.org", "unencrypted"),
        ("http://localhost.example.org", "unencrypted"),
        ("http://0.0.0.0:8080", "unencrypted"),
        ("http://10.0.0.7", "unencrypted"),
        ("https://ana:tok-4f1d9be2c7@ls.example.org", "holds a user name"),
        ("https://ls.example.org/?token=tok-4f1d9be2c7", "has a query"),
        ("ls.example.org", "is not a URL"),
        ("ftp://127.0.0.1", "is not a URL"),
        ("http://127.0.0.1:99999", "is not a URL"),
        ("http://[::1", "is not a URL"),
        ("http://127.0.0.1\r\nHost: x", "is not a URL"),
        ("", "is not a URL"),
    ],
)
def test_no_token_is_sent_where_others_can_read_it(url: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        Credentials(url, SECRET)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:1", "https://a.b/ls"]
)
def test_places_a_token_may_go(url: str) -> None:
    assert checked_url(url) == checked_url(url + "/") == url


# ------------------------------------------------------------------- servers that are not right


def test_nothing_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    message = refusal(f"http://127.0.0.1:{port}")
    assert message.startswith(f"http://127.0.0.1:{port} cannot be reached (")
    assert "inquit annotate serve" in message


def test_it_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SOON", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert "does not answer in time" in refusal(f"http://127.0.0.1:{listener.getsockname()[1]}")


def test_it_hangs_up() -> None:
    with server(lambda _: None) as url:
        assert f"{url} broke off (RemoteProtocolError)" in refusal(url)


def test_a_plain_web_server_is_not_a_label_studio(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("hello")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as web:
        assert web.stdout is not None
        port = re.search(rb"port (\d+)", web.stdout.readline())
        assert port is not None
        message = refusal(f"http://127.0.0.1:{int(port[1])}")
        web.terminate()
    assert "is not a Label Studio (/api/version has status 404)" in message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b"<html>"), "is not a Label Studio"),
        (Answer(200, b"[1]"), "is not a Label Studio"),
        (Answer(200, b'{"release": 3}'), "is not a Label Studio"),
        (Answer(200, b'{"release": "9.9.9"}'), "is not a Label Studio"),
        (Answer(200, b"\xff\xfe"), "is not a Label Studio"),
        (Answer(302, b"", {"Location": "http://elsewhere.example/"}), "redirects to another"),
        (Answer(503, b"busy"), "answers with status 503"),
        (Answer(200, RELEASE.replace(b"1.23", b"1.9")), r"too old \(1\.9\); inquit needs 1.23"),
    ],
)
def test_what_does_not_look_right_gets_no_token(answer: Answer, message: str) -> None:
    asked: list[Request] = []

    def note(request: Request) -> Answer:
        asked.append(request)
        return answer

    with server(note) as url:
        assert re.search(message, refusal(url))
    (request,) = asked
    assert SECRET not in repr(request)


@pytest.mark.parametrize("token", [SECRET, jwt(exp=4e9, token_type="refresh")])
def test_a_redirect_later_does_not_carry_the_token_away(token: str) -> None:
    elsewhere: list[Request] = []

    def note(request: Request) -> Answer:
        elsewhere.append(request)
        return Answer(200, b"{}")

    with server(note) as other:

        def answer(request: Request) -> Answer:
            if "version" in request.path:
                return Answer(200, RELEASE)
            return Answer(307, b"", {"Location": f"{other}{request.path}"})

        with server(answer) as url:
            refusal(url, token)
    assert not elsewhere


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"not json"),
        Answer(200, b"[]"),
        Answer(500, b"<html>Authorization: Token tok-4f1d9be2c7</html>"),
        Answer(400, b'{"detail": "header was Token tok-4f1d9be2c7 and sessionid=abc.def"}'),
        Answer(401, json.dumps({"detail": jwt(exp=4e9)}).encode()),
        Answer(403, b'{"detail": {"token": "tok-4f1d9be2c7"}}'),
        Answer(418, b"[" * 100_000),
    ],
)
def test_an_answer_that_repeats_our_secrets_does_not_show_them(answer: Answer) -> None:
    def reply(request: Request) -> Answer:
        cookie = {"Set-Cookie": "sessionid=s3ss10n; Path=/"}
        return (
            Answer(200, RELEASE) if "version" in request.path else answer._replace(headers=cookie)
        )

    with server(reply) as url:
        try:
            connect(Credentials(url, SECRET)).__exit__()
        except LabelStudioError as error:
            shown = "".join(traceback.format_exception(error))
            for secret in (SECRET, "s3ss10n", "abc.def", jwt(exp=4e9)):
                assert secret not in shown
            assert len(str(error)) < 700


def test_an_expired_token_is_told_before_anything_is_sent() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(200, RELEASE)

    with server(answer) as url:
        message = refusal(url, jwt(exp=1))
    assert "does not accept the token: API key has expired" in message
    assert len(asked) == 1


def test_no_proxy_of_the_environment_sees_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Request] = []

    def proxy(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, RELEASE)

    with server(proxy) as url, server(lambda _: Answer(404)) as target:
        monkeypatch.setenv("HTTP_PROXY", url)
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert "is not a Label Studio" in refusal(target)
    assert not seen


def test_without_the_sdk_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "label_studio_sdk.client", None)
    message = refusal("http://127.0.0.1:1")
    assert "pip install 'inquit[annotate]'" in message


# ----------------------------------------------------------------------------- the real server


def test_a_wrong_token_at_the_real_server(label_studio: Server) -> None:
    assert "does not accept the token: Invalid token." in refusal(label_studio.url, "0" * 40)
    other = jwt(exp=4e9, token_type="refresh", jti="x", user_id=1)
    assert "does not accept the token" in refusal(label_studio.url, other)


def test_a_wrong_path_at_the_real_server(label_studio: Server) -> None:
    message = refusal(f"{label_studio.url}/elsewhere", label_studio.credentials.token)
    assert f"check that it runs ('inquit annotate serve'), or {URL} if that is set" in message


def test_no_log_shows_a_secret(label_studio: Server, caplog: pytest.LogCaptureFixture) -> None:
    given: list[str] = []

    def note(request: Request, answer: Answer) -> Answer:
        given.extend(request.headers.get("Authorization", "").split()[-1:])
        given.extend(re.findall(r"sessionid=([^;]+)", answer.headers.get("Set-Cookie", "")))
        return answer

    caplog.set_level(logging.DEBUG)
    with server(Proxy(label_studio.url, note)) as url:
        there = Credentials(url, label_studio.credentials.token, password="pass-word")
        with connect(there) as found:
            found.projects()
            with pytest.raises(LabelStudioError) as raised:
                found.tasks(10**6)
            logging.getLogger("somebody").exception("failed", exc_info=raised.value)
    assert caplog.records
    assert len(given) > 4
    for secret in (there.token, "pass-word", "sessionid", *given):
        assert secret not in caplog.text


def test_a_write_is_never_repeated(label_studio: Server) -> None:
    def spoil(request: Request, answer: Answer) -> Answer:
        return Answer(502) if request.is_post("/import") else answer

    proxy = Proxy(label_studio.url, spoil)
    with server(proxy) as url, connect(Credentials(url, label_studio.credentials.token)) as found:
        project = found.create_project(title="written once", label_config=CONFIG)
        with pytest.raises(NoAnswerError, match="status 502"):
            found.import_tasks(project.id, [{"data": {"text": "a"}}])
        assert len(found.tasks(project.id)) == 1
    assert sum(request.is_post("/import") for request in proxy.seen) == 1


CONFIG = '<View><Text name="text" value="$text"/></View>'


@pytest.mark.parametrize("command", ["push", "pull", "status"])
def test_a_user_sees_one_message_and_exit_code_1(
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Corpus(CorpusInfo(name="c"), [Document(doc_id="d", text="x")]).write(tmp_path / "c")
    ran = inquit(capsys, "annotate", command, tmp_path / "c")
    assert (ran.code, ran.out) == (1, "")
    assert "no Label Studio is known" in ran.err
    with server(lambda _: Answer(404)) as url:
        monkeypatch.setenv(URL, url)
        monkeypatch.setenv(TOKEN, SECRET)
        ran = inquit(capsys, "annotate", command, tmp_path / "c")
    assert (ran.code, ran.out) == (1, "")
    assert "is not a Label Studio" in ran.err
    assert SECRET not in ran.err
    assert "Traceback" not in ran.err
