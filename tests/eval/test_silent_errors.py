"""Errors that say nothing are told by their kind alone, never by a colon with nothing behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from model_server import ModelServer

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer
from inquit.corpus.errors import InquitError, named, told
from inquit.eval.extractors.base import Extractor
from inquit.eval.extractors.checks import check_extractor
from inquit.eval.extractors.registry import ExtractorError, load
from inquit.eval.run import run, task


class Silent(Extractor):
    def predict(self, X):
        raise NotImplementedError


class SilentOwn(Extractor):
    def predict(self, X):
        raise InquitError


def test_what_an_error_tells() -> None:
    assert named(KeyError("x")) == "KeyError: 'x'"
    assert named(KeyboardInterrupt()) == "KeyboardInterrupt"
    assert told(DataError([])) == "DataError"
    assert told(InquitError("is empty")) == "is empty"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("class Mine(RuleExtractor):\n    def __init__(self): raise ValueError", "cannot be made"),
        ("class Mine(RuleExtractor):\n    def get_params(self, *a, **k): raise ValueError", "tell"),
        ("class Mine(RuleExtractor):\n    def set_params(self, **k): raise ValueError", "take"),
        ("class Made(RuleExtractor):\n    def __sklearn_clone__(self): raise ValueError\n"
         "Mine = Made()", "cannot be cloned"),
        ("raise ValueError", "cannot be imported"),
    ],
)  # fmt: skip
def test_extractors_that_fail_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    name = f"silent_{sum(map(ord, line))}"
    (tmp_path / f"{name}.py").write_text(
        f"from inquit.eval.extractors.rules import RuleExtractor\n{line}\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=rf"{said}.*\(ValueError\)"):
        load(f"{name}:Mine")


def test_checks_and_runs_name_them() -> None:
    failed = [c for c in check_extractor(Silent(), long=100, raises=False) if c.message]
    assert "NotImplementedError" in {c.message for c in failed}
    assert not [c for c in failed if c.message.rstrip().endswith(":")]
    document = Document(doc_id="d", text="x")
    gold = Layer(name="gold", kind="human", annotations=[Annotation(doc_id="d", spans=[])])
    corpus = Corpus(CorpusInfo(name="c"), [document], [gold])
    for extractor, said in ((Silent(), "NotImplementedError"), (SilentOwn(), "InquitError")):
        assert run(extractor, task(corpus), resamples=0).result.failed == {"d": said}


def test_a_language_model_extractor_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with ModelServer() as server:
        extractor = load(
            "llm", {"base_url": server.url, "model": "m", "cache_dir": str(tmp_path / "cache")}
        )
        monkeypatch.setattr(extractor, "_labels", _silent)
        with pytest.raises(DataError, match=r"document 'd': MemoryError$"):
            extractor.predict([Document(doc_id="d", text="“Yes,” she said.")])


def _silent(*_: object) -> Annotation:
    raise MemoryError
