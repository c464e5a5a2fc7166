"""A run that is killed and started again sends no request twice: real processes, real signals."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from model_server import ModelServer, completion, model

from inquit.corpus import Corpus, CorpusInfo, Document, Layer
from inquit.eval.extractors.rules import RuleExtractor

KEY = "sk-test-0123456789abcdef"
TEXT = "“Crane {} has failed,” said Mara Quill. It rained.\n"
INQUIT = [sys.executable, "-c", "import sys; from inquit.cli import main; main(sys.argv[1:])"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    documents = [Document(doc_id=f"d{i:02}", text=TEXT.format(i)) for i in range(24)]
    gold = Layer(name="gold", kind="rule", annotations=tuple(RuleExtractor().predict(documents)))
    info = CorpusInfo(name="cranes", version="1", licence="CC0-1.0", languages=("en",))
    Corpus(info, documents, [gold]).write(tmp_path / "corpus")
    return tmp_path / "corpus"


class Runs:
    """Runs of one benchmark by one model, each in a process of its own."""

    def __init__(self, server: ModelServer, corpus: Path, *parameters: str) -> None:
        given = [f'base_url="{server.url}"', 'model="rule-1"', *parameters]
        self.arguments = [
            *INQUIT, "eval", "run", "llm", "--on", corpus, "--json", "--resamples", "0",
            "--measure", "attribution.f1@iou50", *(f"--param={p}" for p in given),
        ]  # fmt: skip
        self.environment = {
            **os.environ,
            "OPENAI_API_KEY": KEY,
            "INQUIT_LLM_CACHE": str(corpus.parent / "cache"),
        }

    def start(self, *more: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*map(str, self.arguments), *map(str, more)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, *more: object) -> tuple[int, Any, str]:
        out, err, code = self.wait(self.start(*more))
        return code, json.loads(out), err

    @staticmethod
    def wait(process: subprocess.Popen[str]) -> tuple[str, str, int]:
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err
        assert KEY not in out + err
        return out, err, process.returncode


def sent(server: ModelServer) -> Counter[str]:
    return Counter(seen.digest for seen in server.seen)


def until(server: ModelServer, count: int, process: subprocess.Popen[str]) -> None:
    while server.count < count and process.poll() is None:
        time.sleep(0.005)


def test_killed_at_any_time_and_started_again_it_sends_no_request_twice(corpus, tmp_path):
    chance = random.Random(7)
    with ModelServer(lambda seen: replace(model(seen), wait=0.15)) as server:
        runs = Runs(server, corpus, "concurrency=3")
        for goal in (1, 5, 9, 14):
            process = runs.start()
            until(server, goal, process)
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            process.communicate()
        code, shown, err = runs.finish("--out", tmp_path / "r.json")
        counts = sent(server)
        assert len(counts) == 24
        assert set(counts.values()) == {1}
        lost = shown["failed"]
        assert len(lost) <= 3 * 4
        assert all("resend=true" in why for why in lost.values())
        assert code == (1 if lost else 0)
        assert all(f"({why})" in err for why in lost.values())
        result = json.loads((tmp_path / "r.json").read_text())
        assert result.get("failed", {}) == lost
        predicted = (tmp_path / "r.predictions.jsonl").read_text().splitlines()
        assert len(predicted) == 24 - len(lost)

        # Asked to, it sends those again, and only those.
        code, shown, _ = runs.finish("--param=resend=true")
        assert (code, shown["failed"]) == (0, {})
        assert shown["measures"]["attribution.f1@iou50"]["value"] == 1
        assert shown["usage"]["requests"] == len(lost)
        assert server.count == 24 + len(lost)
        assert max(sent(server).values()) <= 2


def test_killed_while_it_sends_again_it_sends_no_request_a_third_time(corpus):
    chance = random.Random(11)
    bad = completion("no")
    with ModelServer(lambda _: bad) as server:
        runs = Runs(server, corpus, "concurrency=3")
        _, shown, err = runs.finish()
        assert len(shown["failed"]) == server.count == 24
        assert "24 documents ('d00', 'd01', 'd02', ...): llm failed (the answer is not JSON" in err
        server.react = lambda _: replace(bad, wait=0.15)
        for goal in (26, 35):
            process = runs.start("--param=resend=true")
            until(server, goal, process)
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            process.communicate()
        server.react = lambda _: bad
        _, shown, _ = runs.finish("--param=resend=true")
        requests = server.count
        assert set(sent(server).values()) <= {1, 2}
        # Those under way at a kill count as sent again, though some may not have left.
        assert 48 - 2 * 3 <= requests <= 48
        assert shown["usage"]["requests"] < 48 - 35 + 6
        assert len(shown["failed"]) == 24


#: Runs an extractor over a text in a child that kills itself before the n-th thing it does to files
#: and sockets, then in a child that lives; for n from 1 until no child was killed.
MOMENTS = """
import os, pathlib, signal, sys, threading
import httpx, inquit.eval.extractors.llm.extractor as module
from inquit.corpus import Document
STEPS = {"open", "write", "flush", "fsync", "ftruncate", "flock", "mkdir", "replace", "rename",
         "unlink", "close"}
PLACES = ("store.py", "locks.py", "pathlib.py", "pathlib/__init__.py", "pathlib/_local.py")

def run(url, cache, n, kill_at):
    X = [Document(doc_id="d", text=f"“Crane {n} has failed,” said Mara Quill.\\n")]
    one = module.LanguageModelExtractor(
        base_url=url, model="rule-1", cache_dir=f"{cache}/{n}", concurrency=1)
    done = [0]
    def step():
        done[0] += 1
        if done[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
    def called(frame, event, function):
        if event == "c_call" and frame.f_code.co_filename.endswith(PLACES):
            if function.__name__ in STEPS:
                step()
    if kill_at:
        sys.addaudithook(lambda event, _: event == "socket.connect" and step())
        threading.setprofile(called)
    for document, labels, fault in one.predict_each(X):
        if labels is None and "resend=true" not in str(fault):
            os._exit(3)
        if labels is not None and not labels.attributions:
            os._exit(4)
    os._exit(0)

url, cache = sys.argv[1:]
n, status = 0, -9
while status == -9:
    n += 1
    for kill_at in (n, 0):
        child = os.fork() or run(url, cache, n, kill_at)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if kill_at:
            status = code
        elif code:
            sys.exit(f"after a kill at {n}: {code}")
print(n)
"""


def test_killed_between_any_two_steps_it_sends_no_request_twice(tmp_path):
    with ModelServer() as server:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", MOMENTS, server.url, str(tmp_path)],
            env={**os.environ, "OPENAI_API_KEY": KEY},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        moments = int(done.stdout)
        assert moments > 15
        counts = sent(server)
        assert max(counts.values()) == 1
        # In all but those killed between the note that it is sent and the sending, it was sent.
        assert len(counts) >= moments - 6


@pytest.fixture
def by_hand() -> Iterator[None]:
    """Let Ctrl-C reach what is started here, also where a shell has put the tests behind."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("by_hand")
def test_stopped_by_hand_it_keeps_what_is_under_way(corpus):
    with ModelServer(lambda seen: replace(model(seen), wait=1.0)) as server:
        runs = Runs(server, corpus, "concurrency=3")
        process = runs.start()
        until(server, 3, process)
        process.send_signal(signal.SIGINT)
        _, err, code = runs.wait(process)
        assert code == 130, err
        assert server.count == 3
        server.react = model
        code, shown, _ = runs.finish()
        assert (code, shown["failed"]) == (0, {})
        assert shown["usage"]["requests"] == 21
        assert shown["usage"]["answers"] == 24
    assert set(sent(server).values()) == {1}


@pytest.mark.usefixtures("by_hand")
def test_stopped_by_hand_twice_it_ends_at_once_and_knows_what_was_sent(corpus):
    with ModelServer(lambda seen: replace(model(seen), wait=20.0)) as server:
        runs = Runs(server, corpus, "concurrency=3", "timeout=60")
        process = runs.start()
        until(server, 3, process)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith("waiting for 3 answers under way, at most 60 seconds")
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err, code = runs.wait(process)
        assert (code, time.monotonic() - begun < 15) == (130, True), err
        server.react = model
        code, shown, _ = runs.finish()
    assert len(shown["failed"]) == 3
    assert all("resend=true" in why for why in shown["failed"].values())
    assert set(sent(server).values()) == {1}


def test_two_runs_at_a_time_share_their_answers(corpus):
    with ModelServer(lambda seen: replace(model(seen), wait=0.1)) as server:
        runs = Runs(server, corpus, "concurrency=2")
        pair = [runs.start(), runs.start()]
        ended = [runs.wait(process) for process in pair]
        assert [code for *_, code in ended] == [0, 0]
        shown = [json.loads(out) for out, *_ in ended]
        assert shown[0]["measures"] == shown[1]["measures"]
        assert sum(s["usage"]["requests"] for s in shown) == server.count == 24
        # A third sends nothing, and needs no server.
    code, again, _ = runs.finish()
    assert (code, again["usage"]["requests"], again["usage"]["cached"]) == (0, 0, 24)
    assert again["measures"] == shown[0]["measures"]


def test_a_run_tells_what_it_used(corpus):
    with ModelServer() as server:
        runs = Runs(server, corpus, "price_input=10", "price_output=100.0")
        runs.arguments.remove("--json")
        out, err, code = runs.wait(runs.start())
    assert code == 0, err
    assert (
        "24 requests sent; 24 answers, 0 times from the cache; 2,400 + 480 tokens, cost 0.072"
    ) in " ".join(out.split())
    out, _, _ = runs.wait(runs.start())
    assert (
        "no requests sent; 24 answers, 24 times from the cache; 2,400 + 480 tokens, cost 0.072; "
        "in this run 0 + 0 tokens, cost 0"
    ) in " ".join(out.split())
