"""What docs/language-models.md shows works as printed, but for the address of the server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from model_server import ModelServer, model

from inquit.eval.extractors.llm.extractor import LanguageModelExtractor
from inquit.eval.extractors.llm.wire import LIMIT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "language-models.md").read_text("utf-8")
PRINTED = "http://127.0.0.1:8080/v1"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A directory with the command ``inquit`` and the checkout's corpus."""
    command = tmp_path / "bin" / "inquit"
    command.parent.mkdir()
    code = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n')
    command.chmod(0o755)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    return tmp_path


def test_the_commands_of_the_page_run_as_printed(shell):
    environment = {
        **os.environ,
        "PATH": f"{shell / 'bin'}:{os.environ['PATH']}",
        "INQUIT_LLM_CACHE": str(shell / "cache"),
        "OPENAI_API_KEY": "sk-test-0123456789abcdef",
    }
    counts, results = [], []
    with ModelServer(model) as server:
        for block in blocks("sh"):
            assert PRINTED in block
            script = "set -e\n" + block.replace(PRINTED, server.url)
            done = subprocess.run(
                ["bash", "-c", script], cwd=shell, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout + done.stderr
            counts.append(server.count)
            results.append(json.loads((shell / "model.json").read_text()))
    # The first asks, the others are answered by the cache.
    assert counts == [counts[0]] * 3
    first, priced, again = (result["usage"] for result in results)
    assert first["requests"] == first["answers"] == counts[0] == 13
    assert priced["cost"] == pytest.approx(counts[0] * (100 * 0.15 + 20 * 0.60) / 1e6)
    assert (again["requests"], again["cached"]) == (0, counts[0])
    assert "<html" in (shell / "model.html").read_text("utf-8")
    kept = [p.read_text("utf-8") for p in shell.rglob("*") if p.is_file() and p.name != "inquit"]
    assert not any(environment["OPENAI_API_KEY"] in text for text in kept)


def test_the_python_of_the_page_runs_as_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INQUIT_LLM_CACHE", str(tmp_path))
    (block,) = blocks("python")
    with ModelServer() as server:
        exec(compile(block.replace(PRINTED, server.url), "page", "exec"), {})
    assert "('Mara Quill',)" in capsys.readouterr().out


def test_the_page_names_every_parameter_and_no_other():
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE.split("| parameter |")[1], re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(LanguageModelExtractor().get_params())


def test_the_numbers_of_the_page_are_the_defaults():
    known = LanguageModelExtractor()
    assert f"`window` characters ({known.window:,})" in PAGE
    assert f"`overlap` ({known.overlap:,})" in PAGE
    assert f"`retries` times ({known.retries})" in PAGE
    assert f"longer than {LIMIT >> 20} MiB" in PAGE
    waits = (known.concurrency, known.timeout, known.retries, known.max_wait)
    told = (
        "a time (%d), seconds for one (%d), tries after the first (%d), seconds between them (%d)"
    )
    assert told % waits in PAGE
