"""docs/benchmark-your-model.md and the README run as printed, after ``make demo``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from model_server import ModelServer

from inquit.eval.predictions import read_predictions
from inquit.eval.result import read_result

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "benchmark-your-model.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text("utf-8")


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page, as (language, content)."""
    found: list[tuple[str, str]] = re.findall(
        r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE
    )
    return found


def sh(place: Path, commands: str, **environment: str) -> str:
    """Run shell commands as a user does; return all that they print."""
    done = subprocess.run(
        ["sh", "-eu", "-c", commands],
        cwd=place,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What a user has after ``make demo``: the corpus, and an environment with inquit."""
    bin_ = tmp_path / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "activate").write_text(f'PATH="{bin_}:$PATH"\nexport PATH\n')
    (bin_ / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    main = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    (bin_ / "inquit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -c \'{main}\' "$@"\n')
    for name in ("python", "inquit"):
        (bin_ / name).chmod(0o755)
    articles = ROOT / "corpus" / "articles"
    sh(tmp_path, f". .venv/bin/activate; inquit corpus import inline {articles} build/demo/corpus")
    return tmp_path


def write_script(place: Path, content: str) -> str:
    """Write a block that begins with its file's name; return the name, "" if it has none."""
    named = re.match(r"# (\w+\.py)\n", content)
    if not named:
        return ""
    (place / named[1]).write_text(content, "utf-8")
    return named[1]


def test_the_readme_takes_strings_to_a_page_of_errors(project: Path) -> None:
    start = README.index("**Score your predictions.**")
    found = blocks(README[start : README.index("**Score an extractor**")])
    assert [language for language, _ in found] == ["python", ""]
    assert found[0] in blocks(PAGE)
    assert write_script(project, found[0][1]) == "my_model.py"
    told = sh(project, found[1][1])
    assert "strings.jsonl (strings) against build/demo/corpus" in told
    assert "found in the texts" in told
    result = read_result(project / "mine.json")
    assert result.system.name == "strings"
    assert len(result.doc_ids) == 13
    assert 0 < result.scores()["attribution.f1@iou50"].value < 0.5
    page = (project / "mine.html").read_text("utf-8")
    assert "strings" in page and "budget-vote" in page


def test_the_page_runs_as_printed(project: Path, tmp_path: Path) -> None:
    activate = ". .venv/bin/activate\n"
    ran = []
    with ModelServer() as server:
        for language, content in blocks(PAGE):
            if "pip install" in content:
                continue
            if language == "python" and not write_script(project, content):
                (project / "block.py").write_text(content, "utf-8")
                ran.append(sh(project, activate + "python block.py"))
            elif language == "sh":
                served = content.replace("http://localhost:11434/v1", server.url)
                ran.append(
                    sh(project, activate + served, INQUIT_LLM_CACHE=str(tmp_path / "answers"))
                )
        assert server.count >= 13
    assert len(ran) == 7
    names = ("words", "offsets", "sentences", "llm")
    values = {}
    for name in names:
        result = read_result(project / f"{name}.json")
        assert len(result.doc_ids) == 13
        values[name] = result.measures["attribution.f1@iou50"].value
        assert values[name] is not None
    assert values["llm"] and values["offsets"]
    assert read_result(project / "words.json").system.name == "my model"
    assert re.fullmatch(r"\{'exact': \d+, 'folded': \d+, .*\}\n0\.\d+\n", ran[3])
    assert "my model" in (project / "words.html").read_text("utf-8")
    assert "QuotedSentences" in (project / "both.html").read_text("utf-8")
    check = "from inquit.eval.extractors.checks import check_extractor\n"
    check += "from my_quotes import QuotedSentences\n"
    check += "print({c.outcome for c in check_extractor(QuotedSentences(), long=20_000)})\n"
    (project / "check.py").write_text(check, "utf-8")
    assert "failed" not in sh(project, activate + "python check.py")


def test_the_forms_that_are_shown_are_what_is_read(tmp_path: Path) -> None:
    shown = dict(blocks(FORMATS))
    document = next(json.loads(b) for language, b in blocks(FORMATS) if language == "json")
    corpus = tmp_path / "documents.jsonl"
    corpus.write_text(json.dumps(document), "utf-8")
    from inquit.eval.documents import documents_at

    documents = documents_at(corpus)
    for language, form in (("csv", "offsets_csv"), ("jsonl", "strings")):
        path = tmp_path / language
        path.write_text(shown[language], "utf-8")
        found = read_predictions(path, documents)
        assert found.form == form
        (annotation,) = found.annotations
        assert not annotation.ungrounded
        words = {s.id: documents["harbour"].slice(s) for s in annotation.spans}
        assert words["q1"][0].strip("“”,.") == "We sail"
        assert len(words["q1"]) == 2
        assert words["s1"][0].startswith("Ana Reyes")
        assert annotation.attributions[0].source == ("s1",)
