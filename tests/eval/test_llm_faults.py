"""Language models as extractors, against a real server on this machine that misbehaves."""

from __future__ import annotations

import errno
import gzip
import json
import logging
import os
import re
import socket
import threading
import time
import traceback
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from model_server import ModelServer, Reaction, Seen, completion, error, labels, model
from msgspec import structs

from inquit.corpus import Corpus, CorpusInfo, DataError, Document, Layer
from inquit.eval.extractors.base import ExtractorStopped
from inquit.eval.extractors.llm.extractor import LanguageModelExtractor
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.run import run, save, task

KEY = "sk-test-0123456789abcdef"
TEXT = "“Crane {} has failed,” said Mara Quill. It rained.\n"
GOOD = json.dumps(labels(TEXT.format(0)), ensure_ascii=False)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("INQUIT_LLM_CACHE", str(tmp_path / "cache"))


def documents(n: int) -> list[Document]:
    return [Document(doc_id=f"d{i}", text=TEXT.format(i)) for i in range(n)]


def extractor(server: ModelServer, **parameters: object) -> LanguageModelExtractor:
    given = {"retries": 1, "timeout": 5.0, **parameters}
    return LanguageModelExtractor(base_url=server.url, model="rule-1", **given)  # type: ignore[arg-type]


def outcomes(one: LanguageModelExtractor, X: list[Document]) -> dict[str, str]:
    """Return why each document failed, "" for those that did not."""
    return {d.doc_id: str(fault or "") for d, _, fault in one.predict_each(X)}


# Tried again


@pytest.mark.parametrize("date", [False, True])
def test_retry_after_is_respected(date):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    busy = error(429, Retry_After=then if date else "2")
    with ModelServer(model, busy) as server:
        found = extractor(server, concurrency=1).predict(documents(2))
    assert all(annotation.attributions for annotation in found)
    assert server.count == 3
    # A date has no fractions of a second.
    assert server.times[1] - server.times[0] >= (1.5 if date else 2)


def test_who_is_told_to_wait_lets_the_others_wait_too():
    first = threading.Event()

    def busy_once(seen: Seen) -> Reaction:
        if not first.is_set():
            first.set()
            return error(429, Retry_After="2")
        return replace(model(seen), wait=0.3)

    with ModelServer(busy_once) as server:
        found = extractor(server, concurrency=2).predict(documents(6))
    assert len(found) == 6
    told = server.times[0]
    assert sum(told + 0.5 < t < told + 1.9 for t in server.times) == 0


def test_a_wait_longer_than_allowed_ends_the_run():
    begun = time.monotonic()
    with ModelServer(lambda _: error(429, Retry_After="3600")) as server:
        told = "answered 429: 'no'; it asks to wait 3,600 seconds, and max_wait is 30"
        with pytest.raises(ExtractorStopped, match=told):
            outcomes(extractor(server, max_wait=30, concurrency=1), documents(9))
    assert server.count == 1
    assert time.monotonic() - begun < 10


def test_who_gives_up_lets_the_others_wait_all_the_same():
    with ModelServer(model, error(429, Retry_After="1")) as server:
        failed = outcomes(extractor(server, retries=0, concurrency=1), documents(2))
    assert "tried 1 time" in failed["d0"]
    assert failed["d1"] == ""
    assert server.times[1] - server.times[0] >= 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408, 529])
def test_an_error_of_the_server_is_tried_again(status):
    with ModelServer(model, error(status)) as server:
        assert extractor(server).predict(documents(1))[0].attributions
    assert server.count == 2


@pytest.mark.parametrize(
    ("reaction", "told"),
    [
        (error(500, "out of memory"), "answered 500: 'out of memory', tried 2 times"),
        (Reaction(503, b"<html>busy</html>", {}), "answered 503"),
        (Reaction(drop_after=0), "hung up"),
        (replace(completion(GOOD), drop_after=40), "hung up"),
        (replace(completion(GOOD), wait=1.5), "no whole answer within 0.3 seconds"),
    ],
)
def test_what_goes_on_failing_is_listed_and_asked_again_by_the_next_run(reaction, told):
    with ModelServer(model, reaction, reaction) as server:
        failed = outcomes(extractor(server, timeout=0.3, concurrency=1), documents(2))
        assert told in failed["d0"]
        assert failed["d1"] == ""
        assert server.count == 3
        assert outcomes(extractor(server), documents(2)) == {"d0": "", "d1": ""}
    assert server.count == 4


TRICKLES = {
    "body": replace(completion(GOOD), trickle=0.02),
    "status": Reaction(raw=b"HTTP/1.1 200 OK", trickle=0.4),
    "header": Reaction(raw=b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 500, trickle=0.02),
    "interim": Reaction(raw=b"HTTP/1.1 102 Processing\r\n\r\n" * 20, trickle=0.02),
    "no length": Reaction(raw=b"HTTP/1.1 200 OK\r\n\r\n" + completion(GOOD).body, trickle=0.02),
}


@pytest.mark.parametrize("part", TRICKLES)
def test_an_answer_that_trickles_in_is_not_waited_for(part):
    with ModelServer(lambda _: TRICKLES[part]) as server:
        begun = time.monotonic()
        failed = outcomes(extractor(server, timeout=0.5, retries=0), documents(1))
    assert "no whole answer within 0.5 seconds" in failed["d0"]
    assert time.monotonic() - begun < 5


def test_a_request_that_could_not_be_sent_is_not_noted_as_sent(monkeypatch):
    with ModelServer() as server:
        one = extractor(server)
        with monkeypatch.context() as broken, pytest.raises(ExtractorStopped, match="reached"):
            broken.setattr(socket, "create_connection", lambda *_, **__: 1 / 0)
            outcomes(one, documents(1))
        assert outcomes(one, documents(1)) == {"d0": ""}


# Answers that are no use


DEEP = "[" * 100_000
FAULTS = {
    "truncated": (completion(GOOD[:-30]), "is not JSON"),
    "prose": (completion("I cannot help with that."), "is not JSON: 'I cannot help"),
    "refusal": (completion(None, refusal="I’m sorry, no."), "refused: 'I’m sorry"),
    "cut": (completion(GOOD[:20], finish_reason="length"), "cut off"),
    "filtered": (completion("", finish_reason="content_filter"), "content filter"),
    "empty": (completion(""), "is empty"),
    "none": (completion(None), "is empty"),
    "list": (completion('["a"]'), "another form"),
    "missing": (completion('{"claims": []}'), "missing required field `attributions`"),
    "unknown": (completion('{"attributions": [], "claims": [], "x": 1}'), "unknown field `x`"),
    "unknown, long": (
        completion(GOOD.replace('"form"', '"\\u001b[31m\\n' + "x" * 10**6 + '"')),
        "field `\\x1b[31m\\nxxx",
    ),
    "twice": (completion(GOOD[:-1] + ', "attributions": []}'), "'attributions' stands twice"),
    "twice within": (completion(GOOD.replace('"form"', '"content": ["x"], "form"')), "twice"),
    "white space": (completion("```\n" + " " * 10**6), "is not JSON"),
    "white thoughts": (completion("<think>" + "\n" * 10**6), "is not JSON"),
    "thoughts": (completion("<think>" * 10**5), "is not JSON"),
    "type": (completion('{"attributions": 5, "claims": []}'), "Expected `array`"),
    "text": (completion(GOOD.replace('"“Crane 0 has failed,”"', "7")), "Expected `str`"),
    "value": (completion(GOOD.replace("direct", "shouted")), "form is 'shouted'"),
    "kind": (completion(GOOD.replace("named", "royal")), "kind is 'royal'"),
    "no content": (completion(GOOD.replace('"“Crane 0 has failed,”"', "")), "content is empty"),
    "no words": (completion(GOOD.replace('"said"', '" "', 1)), "cues[0].text is empty"),
    "nul": (completion(GOOD.replace('"said"', '"sa\\u0000id"', 1)), "NUL"),
    "entity": (completion(GOOD.replace('"entity": "', '"entity": "\\n')), "control"),
    "surrogate": (completion('{"attributions": [], "claims": [], "\ud800": 1}'), "surrogate"),
    "escape": (completion(GOOD.replace('"said"', '"\\ud800"', 1)), "is not JSON"),
    "deep": (completion('{"attributions": [{"content": ' + DEEP), "another form"),
    "many": (
        completion(json.dumps({"attributions": [{"content": ["a"]}] * 100_000, "claims": []})),
        "100,000 strings",
    ),
    "long": (completion(GOOD.replace("said", "… a " * 10**6, 1)), "longer than the text"),
    "a thousand": (
        completion(
            json.dumps({"attributions": [{"content": ["a " * 50]}] * 1000, "claims": []})
        ),
        "30 times as long",
    ),
    "html": (Reaction(body=b"<html>", headers={"Content-Type": "text/html"}), "'text/html'"),
    "half": (Reaction(body=completion(GOOD).body[:50]), "is not JSON"),
    "deep body": (Reaction(body=DEEP.encode()), "is not JSON"),
    "latin": (Reaction(body=b'{"choices": "\xe9"}'), "is not JSON"),
    "no choice": (Reaction(body=b'{"choices": []}'), "no chat completion"),
    "error": (
        Reaction(body=b'{"error": {"message": "rate\\u001b limit", "code": 429}}'),
        "but an error: 'rate\\x1b limit'",
    ),
    "a number": (Reaction(body=b"7"), "no chat completion"),
    "parts": (
        Reaction(body=completion(GOOD).body.replace(b'"content": "', b'"content": 5, "c": "')),
        "not text",
    ),
    "key": (completion(f"your key is {KEY}"), "holds the API key"),
    "spelled key": (completion(GOOD.replace("said", "\\u0073" + KEY[1:], 1)), "holds the API key"),
    "huge": (Reaction(body=b" " * (17 * 2**20)), "longer than 16 MiB"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_of_no_use_fails_its_document_is_kept_and_asked_for_again_on_request(
    fault, tmp_path
):
    reaction, told = FAULTS[fault]
    with ModelServer(model, reaction) as server:
        failed = outcomes(extractor(server, concurrency=1), documents(2))
        assert told in failed["d0"], failed
        assert len(failed["d0"]) < 500
        assert failed["d1"] == ""
        assert outcomes(extractor(server), documents(2)) == failed
        assert server.count == 2
        again = extractor(server, resend=True)
        assert outcomes(again, documents(2)) == {"d0": "", "d1": ""}
        assert server.count == 3
        assert outcomes(extractor(server), documents(2)) == {"d0": "", "d1": ""}
        assert server.count == 3
    assert KEY.encode() not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


@pytest.mark.parametrize("status", [201, 202, 206])
def test_an_answer_with_another_status_of_success_is_an_answer(status):
    with ModelServer(lambda seen: replace(model(seen), status=status)) as server:
        assert outcomes(extractor(server), documents(1)) == {"d0": ""}
        assert outcomes(extractor(server), documents(1)) == {"d0": ""}
    assert server.count == 1


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_an_answer_that_is_packed_unasked_is_unpacked_within_bounds(coding, pack):
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}

    def packed(seen: Seen) -> Reaction:
        assert seen.headers["accept-encoding"] == "identity"
        return replace(model(seen), body=pack(model(seen).body), headers=headers)

    bomb = Reaction(body=pack(b" " * 10**8), headers=headers)
    noise = Reaction(body=b"\x1f\x8b no", headers=headers)
    with ModelServer(packed, bomb, noise) as server:
        failed = outcomes(extractor(server, concurrency=1), documents(3))
    assert "longer than 16 MiB" in failed["d0"]
    assert "is not JSON" in failed["d1"]
    assert failed["d2"] == ""


def test_predict_tells_all_documents_that_failed():
    bad = completion("no")
    with ModelServer(model, bad, bad) as server, pytest.raises(DataError) as caught:
        extractor(server, concurrency=1).predict(documents(3))
    assert [p.doc_id for p in caught.value.problems] == ["d0", "d1"]


def test_a_text_that_fails_in_one_window_is_not_asked_further():
    text = "".join(TEXT.format(i) for i in range(60))
    with ModelServer(model, completion("no")) as server:
        one = extractor(server, window=400, overlap=50, concurrency=1)
        failed = outcomes(one, [Document(doc_id="long", text=text)])
    assert failed["long"].startswith("characters 0 to ")
    assert server.count == 1


# What ends a run


@pytest.mark.parametrize(
    ("reaction", "told"),
    [
        (error(401, f"Incorrect API key provided: {KEY}"), "key is not accepted"),
        (error(402), "has to be paid"),
        (Reaction(403, b"{'error': '\\u0073" + KEY[1:].encode() + b"'"), "may not do this"),
        (error(404, "no model rule-1"), "no such place or model"),
        (error(429, code="insufficient_quota"), "has to be paid"),
        (Reaction(302, b"", {"Location": f"https://evil.example/{KEY}"}), "evil.example"),
    ],
)
def test_a_closed_door_ends_the_run_at_once(reaction, told, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with ModelServer(lambda _: reaction) as server, pytest.raises(ExtractorStopped) as caught:
        extractor(server, concurrency=2).predict(documents(50))
    assert told in str(caught.value)
    assert "waiting" not in capsys.readouterr().err
    assert server.count <= 2
    assert KEY not in str(caught.value) + caplog.text
    assert KEY[1:] not in str(caught.value)


#: Where a server may put the key that was sent to it.
_SPELLED = "".join(f"\\u{ord(c):04x}" for c in KEY)
_HEADERS = {"Location": f"http://x/{KEY}", "Set-Cookie": f"k={KEY}", "Content-Type": f"x/{KEY}"}
_SAID = json.dumps({"error": {"message": KEY, "code": KEY}, "detail": KEY}).encode()
ECHOES = {
    "status line": Reaction(raw=f"{KEY} hello\r\n\r\n".encode()),
    "status": Reaction(raw=f"HTTP/1.1 {KEY} OK\r\n\r\n".encode()),
    "header": Reaction(raw=f"HTTP/1.1 200 OK\r\n{KEY}\r\n\r\n".encode()),
    "length": Reaction(raw=f"HTTP/1.1 200 OK\r\nContent-Length: {KEY}\r\n\r\n".encode()),
    "encoding": Reaction(raw=f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {KEY}\r\n\r\n".encode()),
    "chunk": Reaction(
        raw=f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n".encode()
    ),
    "phrase": replace(completion(GOOD), reason=KEY),
    "phrase of an error": replace(error(400), reason=KEY),
    **{f"all of {n}": Reaction(n, _SAID, _HEADERS) for n in (302, 400, 401, 404, 429, 500)},
    "words": completion(GOOD.replace("said", KEY, 1)),
    "capitals": completion(GOOD.replace("said", KEY.upper(), 1)),
    "percents": completion(GOOD.replace("said", KEY.replace("-", "%2D"), 1)),
    "escaped": completion(GOOD.replace("said", _SPELLED, 1)),
    "escaped twice": completion(GOOD.replace("said", _SPELLED.replace("\\", "\\\\"), 1)),
    "entities": completion(GOOD.replace("said", "".join(f"&#{ord(c)};" for c in KEY), 1)),
    "gaps": completion(GOOD.replace("said", "\u200b".join(KEY), 1)),
    "lines": error(400, f"no {KEY[:9]}\n  {KEY[9:]} here"),
    "start": Reaction(400, f"not {KEY[:-4]}".encode()),
    "halves": Reaction(400, f"not {KEY}".encode("utf-16-le")),
    **{
        f"at {n}": Reaction(400, b" " * (n - 12) + KEY.encode() + b" " * n)
        for n in (300, 2**16, 2**24)
    },
    "name": completion(json.dumps({"attributions": [], KEY: 1})),
    "refusal": completion(None, refusal=f"not for {KEY}"),
    "reason": completion(GOOD, finish_reason=KEY),
    "model": Reaction(body=completion(GOOD).body.replace(b"rule-1", KEY.encode())),
    "type": Reaction(body=b"no", headers=_HEADERS),
}  # fmt: skip


@pytest.mark.parametrize("echo", ECHOES)
def test_a_key_that_the_server_sends_back_is_shown_nowhere(echo, tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with ModelServer(lambda _: ECHOES[echo]) as server:
        one = extractor(server, retries=0)
        try:
            done = run(one, task(corpus(2)), measures=["attribution.f1@iou50"], resamples=0)
        except ExtractorStopped as stopped:
            shown = "".join(traceback.format_exception(stopped))
        else:
            save(done, tmp_path / "r.json")
            shown = str(done.result.failed)
        if echo in ("status line", "status", "header", "length", "encoding", "chunk"):
            assert "sent something that is not HTTP" in shown
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()).decode()
    for told in (shown, kept, caplog.text, *capsys.readouterr()):
        for spelled in (KEY.lower(), _SPELLED, KEY.replace("-", "%2d"), KEY[:12], KEY[-12:]):
            assert spelled not in re.sub("[^!-~]|[\\\\]x00", "", told.lower())


def test_a_key_of_few_letters_is_a_placeholder_and_leaves_messages_as_they_are(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    with ModelServer(lambda _: error(413, "the context is exceeded")) as server:
        failed = outcomes(extractor(server), documents(1))
    assert failed["d0"] == "the server answered 413: 'the context is exceeded'"


@pytest.mark.parametrize(("variable", "told"), [("OPENAI_API_KEY", "is not set"), ("", "is empty")])
def test_a_key_that_is_missing_is_not_called_a_wrong_one(variable, told, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with ModelServer(lambda _: error(401)) as server, pytest.raises(ExtractorStopped) as caught:
        extractor(server, api_key_env=variable).predict(documents(1))
    assert f"no key was sent, since {variable or 'api_key_env'} {told}" in str(caught.value)


def test_a_run_that_ends_midway_goes_on_with_what_it_has():
    def closing(seen: Seen) -> Reaction:
        return error(403) if server.count > 4 else model(seen)

    with ModelServer(closing) as server:
        with pytest.raises(ExtractorStopped, match="answers that came are kept"):
            extractor(server, concurrency=1).predict(documents(9))
        server.react = model
        one = extractor(server)
        one.predict(documents(9))
    assert (one.usage().cached, one.usage().requests) == (4, 5)


def test_a_redirect_is_not_followed():
    with ModelServer() as other:
        away = Reaction(307, b"", {"Location": other.url + "/chat/completions"})
        with ModelServer(lambda _: away) as server, pytest.raises(ExtractorStopped):
            extractor(server).predict(documents(1))
    assert other.count == 0


def test_a_server_that_is_not_there_ends_the_run():
    with ModelServer() as server:
        one = extractor(server)
    with pytest.raises(ExtractorStopped, match=r"cannot be reached.*tried 2 times"):
        one.predict(documents(20))


def test_a_cache_that_cannot_be_written_ends_the_run_before_anything_is_paid(tmp_path):
    (tmp_path / "file").write_text("")
    with ModelServer() as server, pytest.raises(ExtractorStopped, match="cannot be kept"):
        extractor(server, cache_dir=str(tmp_path / "file")).predict(documents(5))
    assert server.count == 0


def test_on_a_full_disk_nothing_is_sent(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with ModelServer() as server:
        with monkeypatch.context() as filled:
            filled.setattr(os, "posix_fallocate", full)
            with pytest.raises(ExtractorStopped, match="No space left on device"):
                extractor(server).predict(documents(5))
        assert server.count == 0
        assert [p for p in (tmp_path / "cache").rglob("*") if p.is_file()] == []
        extractor(server).predict(documents(5))
    kept = [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]
    assert {p.suffix for p in kept} == {".json"}
    assert max(p.stat().st_size for p in kept) < 4000


@pytest.mark.parametrize("suffix", [".sent", ".tmp"])
def test_no_file_is_written_through_a_link(suffix, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("words")
    with ModelServer() as server:
        extractor(server).predict(documents(1))
        (kept,) = (tmp_path / "cache").rglob("*.json")
        kept.unlink()
        kept.with_suffix(suffix).symlink_to(precious)
        with pytest.raises(ExtractorStopped, match="cannot be kept"):
            extractor(server).predict(documents(1))
        assert server.count == 1
    assert precious.read_text() == "words"


def test_certificates_that_are_not_there_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    one = LanguageModelExtractor(base_url="https://192.0.2.1/v1", model="m", retries=0)
    with pytest.raises(DataError, match="SSL_CERT_FILE"):
        one.predict(documents(1))


@pytest.mark.parametrize(
    ("said", "see"), [("response_format is unknown", "structured"), ("no 'seed' here", "omit")]
)
def test_a_field_that_the_server_does_not_know_is_told_with_what_mends_it(said, see):
    with ModelServer(lambda _: error(400, said)) as server:
        assert outcomes(extractor(server), documents(1))["d0"].endswith(f"; see {see}")


def test_a_request_that_is_refused_fails_alone_and_shows_no_key(tmp_path):
    refused = error(400, f"too long\nfor {KEY} \x1b[31m" + "x" * 5000)
    with ModelServer(model, refused) as server:
        failed = outcomes(extractor(server, concurrency=1), documents(2))
        assert failed["d0"].startswith("the server answered 400: 'too long for [key] \\x1b[31mxx")
        assert len(failed["d0"]) < 500
        assert failed["d1"] == ""
        assert server.count == 2
        # Nothing was paid, so the next run asks again.
        assert outcomes(extractor(server), documents(2)) == {"d0": "", "d1": ""}
    assert server.count == 3


def test_a_run_of_which_all_is_refused_ends():
    with ModelServer(lambda _: error(400, "unknown field 'seed'")) as server:
        with pytest.raises(ExtractorStopped, match=r"10 requests were refused.*unknown field"):
            extractor(server, concurrency=1).predict(documents(30))
        assert server.count == 10

    def odd(seen: Seen) -> Reaction:
        return error(413) if server.count % 2 else model(seen)

    with ModelServer(odd) as server:
        failed = outcomes(extractor(server, concurrency=1), documents(40))
    assert sum(map(bool, failed.values())) == 20


def test_a_damaged_answer_is_told_and_not_paid_again(tmp_path):
    with ModelServer() as server:
        extractor(server).predict(documents(1))
        (kept,) = (tmp_path / "cache").rglob("*.json")
        whole = kept.read_bytes()
        kept.write_bytes(whole[:40])
        failed = outcomes(extractor(server, resend=True), documents(1))
        assert "damaged" in failed["d0"]
        assert str(kept) in failed["d0"]
        assert server.count == 1
        kept.write_bytes(whole.replace(b"Crane", b"Crone", 1))
        assert "damaged" in outcomes(extractor(server), documents(1))["d0"]
        kept.write_bytes(re.sub(b'"sha256":"[^"]*",', b"", whole))
        assert outcomes(extractor(server), documents(1)) == {"d0": ""}
        kept.write_bytes(whole.replace(b"Crane", b"Cr\xe9ne", 1))
        for ceiling in (None, 10**6):
            told = outcomes(extractor(server, max_tokens_total=ceiling), documents(1))["d0"]
            assert str(kept) in told
        kept.unlink()
        assert outcomes(extractor(server), documents(1)) == {"d0": ""}
        assert server.count == 2
        kept.write_bytes(kept.read_bytes().replace(b'"input_tokens":100', b'"input_tokens":-5'))
        assert "damaged" in outcomes(extractor(server), documents(1))["d0"]
    assert server.count == 2


def test_a_mark_without_its_time_says_all_the_same_that_the_request_was_sent(tmp_path):
    with ModelServer() as server:
        extractor(server).predict(documents(1))
        (kept,) = (tmp_path / "cache").rglob("*.json")
        kept.unlink()
        kept.with_suffix(".sent").write_text("\n1")
        assert "was sent at a time that is" in outcomes(extractor(server), documents(1))["d0"]
        assert server.count == 1


@pytest.mark.parametrize("mark", ["2026-01-01T00:00:00+00:00\n", "\n1 2026-01-01T00:00:00+00:00"])
def test_what_is_noted_as_sent_is_sent_once_more_and_only_on_request(mark, tmp_path):
    with ModelServer() as server:
        extractor(server).predict(documents(1))
        (kept,) = (tmp_path / "cache").rglob("*.json")
        kept.unlink()
        sent = kept.with_suffix(".sent")
        sent.write_text(mark)
        told = outcomes(extractor(server), documents(1))["d0"]
        assert "was sent at 2026-01-01T00:00:00+00:00" in told
        assert "resend=true" in told
        # Refused without a charge, it may go out again; killed once more, it may not.
        server.first.append(error(400))
        assert "400" in outcomes(extractor(server, resend=True), documents(1))["d0"]
        assert sent.read_text() == mark
        sent.write_text(f"{mark}\n2 2026-01-02T00:00:00+00:00")
        told = outcomes(extractor(server, resend=True), documents(1))["d0"]
        assert "was sent at 2026-01-02" in told
        assert f"delete {sent} to send it once more" in told
        assert server.count == 2


def test_a_cache_that_cannot_be_written_answers_all_the_same(tmp_path):
    with ModelServer() as server:
        extractor(server).predict(documents(2))
        for kept in (tmp_path / "cache").rglob("*.json"):
            # Also the superuser opens no directory for writing.
            kept.with_suffix(".sent").mkdir()
            kept.parent.chmod(0o500)
        assert not any(outcomes(extractor(server), documents(2)).values())
        with pytest.raises(ExtractorStopped, match="cannot be kept"):
            (tmp_path / "cache").chmod(0o500)
            kept.unlink()
            extractor(server).predict(documents(2))
        for place in (tmp_path / "cache", kept.parent):
            place.chmod(0o700)
    assert server.count == 2


# Ceilings and bounds


def test_nothing_is_sent_once_the_ceiling_is_reached():
    with ModelServer() as server:
        one = extractor(server, concurrency=1, max_tokens_total=300)
        failed = outcomes(one, documents(6))
        assert server.count == 3
        assert [bool(failed[f"d{i}"]) for i in range(6)] == [False] * 3 + [True] * 3
        assert "360 tokens were used, the ceiling is 300" in failed["d3"]
        assert (one.usage().input_tokens, one.usage().output_tokens) == (300, 60)
        # The ceiling is that of the whole benchmark: a second run does not add to it.
        assert (
            outcomes(extractor(server, concurrency=1, max_tokens_total=300), documents(6)) == failed
        )
        assert server.count == 3
        assert not any(outcomes(extractor(server), documents(6)).values())
        assert server.count == 6
        # At 0 the cache alone answers.
        failed = outcomes(extractor(server, max_tokens_total=0), documents(7))
        assert [doc_id for doc_id, why in failed.items() if why] == ["d6"]
    assert server.count == 6


def test_a_ceiling_of_cost():
    prices = {"price_input": 1000.0, "price_output": 5000.0}  # .2 an answer
    with ModelServer() as server:
        one = extractor(server, concurrency=1, max_cost=0.5, **prices)
        failed = outcomes(one, documents(6))
        assert "cost 0.6, the ceiling is 0.5" in failed["d5"]
        assert server.count == 3
        assert one.usage().cost == pytest.approx(0.6)
        two = extractor(server, concurrency=1, **prices)
        outcomes(two, documents(6))
    usage = two.usage()
    assert (usage.requests, usage.answers, usage.cached) == (3, 6, 3)
    assert (usage.cost, usage.new_cost) == (pytest.approx(1.2), pytest.approx(0.6))


def test_all_that_is_known_counts_before_anything_is_sent():
    with ModelServer() as server:
        extractor(server).predict(documents(6)[3:])
        one = extractor(server, max_tokens_total=360)
        failed = outcomes(one, documents(6))
        assert server.count == 3
    assert [bool(failed[f"d{i}"]) for i in range(6)] == [True] * 3 + [False] * 3
    assert one.usage().input_tokens == 300


def test_what_a_kill_has_left_open_counts_as_the_largest_answer(tmp_path):
    mark = "\n1 2026-01-01T00:00:00+00:00"
    with ModelServer() as server:
        outcomes(extractor(server, concurrency=1), documents(6)[:3])
        _, *kept = (tmp_path / "cache").rglob("*.json")
        for lost in kept:
            lost.unlink()
            lost.with_suffix(".sent").write_text(mark)
        # One answer and two that are lost; one more fits below the ceiling.
        one = extractor(server, concurrency=1, max_tokens_total=3 * 120 + 10)
        failed = outcomes(one, documents(6))
        assert server.count == 4
        assert sum("was sent at" in why for why in failed.values()) == 2
        assert sum("about 480 tokens" in why for why in failed.values()) == 2
        assert (one.usage().answers, one.usage().input_tokens) == (2, 200)
        # Sent again, they have been paid for twice.
        assert not any(outcomes(extractor(server, resend=True), documents(6)).values())
        assert server.count == 8
        outcomes(extractor(server, max_tokens_total=8 * 120), documents(7))
        assert server.count == 8
        outcomes(extractor(server, max_tokens_total=8 * 120 + 1), documents(7))
        assert server.count == 9


def test_what_was_paid_for_useless_answers_counts_also_when_they_are_replaced():
    bad = completion("no")
    with ModelServer(model, *[bad] * 4) as server:
        outcomes(extractor(server, concurrency=1), documents(6))
        assert server.count == 6
        # Two more fit below the ceiling.
        one = extractor(server, concurrency=1, resend=True, max_tokens_total=6 * 120 + 200)
        failed = outcomes(one, documents(6))
        assert server.count == 8
        assert [bool(failed[f"d{i}"]) for i in range(6)] == [False] * 2 + [True] * 2 + [False] * 2
        assert (one.usage().input_tokens, one.usage().new_input_tokens) == (800, 200)
        again = extractor(server)
        outcomes(again, documents(6))
    assert (again.usage().answers, again.usage().input_tokens) == (6, 800)


def test_an_answer_is_replaced_once_and_only_if_an_earlier_run_asked_for_it():
    with ModelServer(lambda _: completion("no")) as server:
        same = [Document(doc_id=f"s{i}", text=TEXT) for i in range(4)]
        for count in (1, 2, 2, 2):
            failed = outcomes(extractor(server, resend=True), same)
            assert server.count == count
        assert all("is not JSON" in why for why in failed.values())


def test_one_answer_that_cannot_be_read_is_a_gap_in_the_sums_and_no_more():
    half = Reaction(body=completion(GOOD).body[:50])
    with ModelServer(model, completion(GOOD), half) as server:
        one = extractor(server, concurrency=1, max_tokens_total=480, price_input=10.0,
                        price_output=100.0)  # fmt: skip
        failed = outcomes(one, documents(6))
    # The second counts as much as the largest.
    assert [bool(failed[f"d{i}"]) for i in range(6)] == [False, True, False, False, True, True]
    assert "is not JSON" in failed["d1"]
    assert "about 480 tokens were used, the ceiling is 480" in failed["d4"]
    usage = one.usage()
    assert (usage.answers, usage.untold, usage.input_tokens) == (4, 1, 300)
    assert usage.cost == pytest.approx(3 * (100 * 10 + 20 * 100) / 1e6)


def test_a_ceiling_over_answers_of_which_none_can_be_read_ends_soon():
    with ModelServer(lambda _: Reaction(body=b"no")) as server:
        failed = outcomes(extractor(server, concurrency=1, max_tokens_total=10**9), documents(9))
    assert server.count == 3
    assert "the first 3 answers could not be read, so no ceiling" in failed["d8"]


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": -5, "completion_tokens": 1}, {"prompt_tokens": "9"}, [1]]
)
def test_where_the_server_does_not_tell_what_it_used_no_ceiling_can_be_kept(usage):
    def silent(seen: Seen) -> Reaction:
        return completion(json.dumps(labels(seen.text)), usage=usage)

    with ModelServer(silent) as server:
        failed = outcomes(extractor(server, concurrency=1, max_tokens_total=10**9), documents(3))
        assert failed["d0"] == ""
        assert "does not tell" in failed["d1"]
        assert server.count == 1
        one = extractor(server)
        assert not any(outcomes(one, documents(3)).values())
    assert (one.usage().input_tokens, one.usage().cost, one.usage().answers) == (None, None, 3)


def test_no_more_requests_at_a_time_than_allowed():
    with ModelServer(lambda seen: replace(model(seen), wait=0.05)) as server:
        extractor(server, concurrency=3).predict(documents(20))
    assert server.most_at_once == 3


# A run


def corpus(n: int, split: str | None = None) -> Corpus:
    found = [structs.replace(d, split=split) for d in documents(n)]
    if split:
        found.append(Document(doc_id="train", text=TEXT, split="train"))
    gold = Layer(name="gold", kind="rule", annotations=tuple(RuleExtractor().predict(found)))
    info = CorpusInfo(name="cranes", version="1", licence="CC0-1.0", languages=("en",))
    return Corpus(info, found, [gold])


def test_a_run_lists_what_failed_and_says_how_many_and_what_it_cost():
    bad = completion("no")
    with ModelServer(model, bad, bad) as server:
        one = extractor(server, concurrency=1, price_input=10.0, price_output=100.0)
        done = run(one, task(corpus(12)), name="llm", measures=["attribution.f1@iou50"])
    result = done.result
    assert list(result.failed) == ["d0", "d1"] == result.missing_documents
    assert result.failed["d0"].startswith("the answer is not JSON")
    assert result.notes[0] == (
        "2 of 12 documents FAILED, so that all their gold counts as missed: d0, d1; over the "
        "other 10, attribution.f1@iou50 is 1.000"
    )
    assert not any("counted as empty" in note for note in result.notes)
    assert [a.doc_id for a in done.predictions.annotations] == [f"d{i}" for i in range(2, 12)]
    assert result.usage.models == ["rule-1"]
    assert (result.usage.requests, result.usage.answers, result.usage.cached) == (12, 12, 0)
    assert result.usage.cost == pytest.approx(12 * (100 * 10 + 20 * 100) / 1e6)


def test_a_run_sends_failing_requests_no_second_time():
    with ModelServer(lambda _: completion("no")) as server:
        done = run(extractor(server), task(corpus(12)), measures=["attribution.f1@iou50"])
    assert server.count == 12
    assert len(done.result.failed) == 12


def test_a_run_ends_at_a_closed_door_also_in_a_pipeline():
    from sklearn.pipeline import make_pipeline

    with ModelServer(lambda _: error(401)) as server:
        for one in (extractor(server), make_pipeline("passthrough", extractor(server))):
            with pytest.raises(ExtractorStopped, match="key is not accepted"):
                run(one, task(corpus(12, "test")))


def test_a_run_in_a_pipeline_tells_its_usage():
    from sklearn.pipeline import make_pipeline

    with ModelServer() as server:
        one = make_pipeline("passthrough", extractor(server))
        done = run(one, task(corpus(40, "test")), measures=["attribution.f1@iou50"])
    assert done.result.usage.requests == 40
