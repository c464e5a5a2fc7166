"""`check_extractor` passes what keeps the rules, and names the rule that is broken."""

from __future__ import annotations

import itertools
import random
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from model_server import ModelServer
from sklearn.pipeline import make_pipeline

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Span
from inquit.eval.extractors.base import Extractor
from inquit.eval.extractors.checks import CHECKS, ExtractorCheckError, check_extractor
from inquit.eval.extractors.registry import EXTRACTORS, ExtractorError, load


class Learner(Extractor):
    """Learns the first word of quotes and finds it again; keeps every rule."""

    needs_fit = True

    def __init__(self, least: int = 1, random_state: int | None = None) -> None:
        self.least = least
        self.random_state = random_state

    def learn(self, documents, annotations) -> None:
        self.words_ = sorted(
            {d.slice(s)[0] for d, a in zip(documents, annotations, strict=True) for s in a.spans}
        )

    def extract(self, document: Document) -> Annotation:
        places = {(document.text.find(w), len(w)) for w in self.words_ if w in document.text}
        spans = [Span(f"q{s}-{n}", "quote", [(s, s + n)]) for s, n in places if n >= self.least]
        return Annotation(doc_id=document.doc_id, spans=spans)


@pytest.fixture
def server(monkeypatch, tmp_path) -> Iterator[ModelServer]:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("INQUIT_LLM_CACHE", str(tmp_path / "cache"))
    with ModelServer() as server:
        yield server


def made(name: str, server: ModelServer) -> Extractor:
    parameters = {"base_url": server.url, "model": "rule-1"} if name == "llm" else {}
    return load(name, parameters)


@pytest.mark.parametrize("name", EXTRACTORS)
def test_all_that_come_with_inquit_keep_the_rules(name, server) -> None:
    found = check_extractor(made(name, server), long=20_000)
    assert [c.name for c in found] == list(CHECKS)
    assert {c.outcome for c in found if c.name != "saved"} == {"passed"}


@pytest.mark.parametrize("extractor", [Learner(), make_pipeline(Learner(least=2))])
def test_what_learns_and_pipelines_keep_them(extractor) -> None:
    assert {c.outcome for c in check_extractor(extractor, long=2000)} <= {"passed", "skipped"}
    assert not hasattr(extractor, "words_")


def test_models_are_saved_without_pickle(server) -> None:
    pytest.importorskip("skops", reason="skops is not installed")
    for extractor in (Learner(), *(made(name, server) for name in EXTRACTORS)):
        outcomes = {c.name: c for c in check_extractor(extractor, long=2000)}
        assert outcomes["saved"].outcome == "passed", outcomes["saved"]


class Keeps(Learner):
    def learn(self, documents, annotations) -> None:
        before = getattr(self, "words_", [])
        super().learn(documents, annotations)
        self.words_ = sorted({*before, *self.words_})


class Changes(Learner):
    def learn(self, documents, annotations) -> None:
        super().learn(documents, annotations)
        self.least = 3


class Converts(Learner):
    def __init__(self, least=1, random_state=None) -> None:
        super().__init__(int(f"{least}000"), random_state)


class Eager(Learner):
    def check_fitted(self) -> None:
        self.words_ = getattr(self, "words_", [])


class Counts(Extractor):
    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def extract(self, document: Document) -> Annotation:
        if not document.text.strip():
            return Annotation(doc_id=document.doc_id, spans=())
        return Annotation(
            doc_id=document.doc_id, spans=[Span(f"q{next(self._numbers)}", "quote", [(0, 1)])]
        )


class Chokes(Extractor):
    def extract(self, document: Document) -> Annotation:
        return Annotation(
            doc_id=document.doc_id, spans=[Span("q", "quote", [(0, len(document.text))])]
        )


class Utf16(Extractor):
    def extract(self, document: Document) -> Annotation:
        end = len(document.text.rstrip().encode("utf-16-le")) // 2
        spans = [Span("q", "quote", [(end - 1, end)])] if end else []
        return Annotation(doc_id=document.doc_id, spans=spans)


class Short(Extractor):
    def extract(self, document: Document) -> Annotation:
        if len(document.text) > 1000:
            raise MemoryError("too long")
        return Annotation(doc_id=document.doc_id, spans=())


class Nags(Extractor):
    def predict(self, X):
        return [Annotation(doc_id=X[0].doc_id, spans=())]


class FirstQuote(Extractor):
    """Finds the first quotation; the others derive from it what is wrong with them."""

    def extract(self, document: Document) -> Annotation:
        start, end = self.place(document.text)
        spans = [Span("q", "quote", [(start, end)])] if 0 <= start < end else []
        return Annotation(doc_id=document.doc_id, spans=spans)

    def place(self, text: str) -> tuple[int, int]:
        return text.find("“"), text.find("”") + 1


class Utf16Dropped(FirstQuote):
    def place(self, text):
        start, end = (len(text[:n].encode("utf-16-le")) // 2 for n in super().place(text))
        return (start, end) if end <= len(text) else (0, 0)


class Utf8Clamped(FirstQuote):
    def place(self, text):
        return tuple(min(len(text[:n].encode()), len(text)) for n in super().place(text))


class Utf8Verified(FirstQuote):
    def place(self, text):
        start, end = (len(text[:n].encode()) for n in super().place(text))
        return (start, end) if text[start : start + 1] == "“" else (0, 0)


class Tidies(FirstQuote):
    def place(self, text):
        start, end = super().place(re.sub(r"\s+", " ", text))
        return start, min(end, len(text))


class Composes(FirstQuote):
    def place(self, text):
        return super().place(unicodedata.normalize("NFC", text))


class Notes(FirstQuote):
    def extract(self, document):
        document.meta["seen"] = True
        return super().extract(document)


class Reverses(FirstQuote):
    def predict(self, X):
        found = super().predict(X)
        if isinstance(X, list):
            X.reverse()
        return found


class Sorts(Learner):
    def fit(self, X, y=None):
        y.sort(key=lambda a: a.doc_id, reverse=True)
        return super().fit(X, y[::-1])


class Words(FirstQuote):
    def score(self, X, y):
        return "0.5"


class Strips(FirstQuote):
    def place(self, text):
        return super().place(text.strip())


class Flags(FirstQuote):
    def __init__(self, seen=0, words=None):
        self.seen = seen
        self.words = words

    def predict(self, X):
        found = super().predict(X)
        self.seen += 1
        return found


class Gathers(Flags):
    def predict(self, X):
        if self.words is not None:
            self.words.append(len(X))
        return FirstQuote.predict(self, X)


class Seeds(FirstQuote):
    def place(self, text):
        random.seed(0)
        return super().place(text)


class SeedsNumpy(FirstQuote):
    def place(self, text):
        np.random.seed(0)
        return super().place(text)


class Draws(FirstQuote):
    def place(self, text):
        random.random()
        return super().place(text)


class Boundless(FirstQuote):
    def score(self, X, y):
        return float("-inf")


class NoNumber(FirstQuote):
    def score(self, X, y):
        return float("nan")


class Private(Learner):
    def learn(self, documents, annotations):
        super().learn(documents, annotations)
        self._words = self.words_


class Bare(Learner):
    def learn(self, documents, annotations):
        super().learn(documents, annotations)
        self.lexicon = self.words_


@pytest.mark.parametrize(
    ("kind", "broken", "said"),
    [
        (Utf16Dropped, "astral characters", "offsets count code points"),
        (Utf8Clamped, "astral characters, text as it stands", "offsets count code points"),
        (Utf8Verified, "astral characters, text as it stands", "offsets count code points"),
        (Tidies, "text as it stands", "not of a normalised one"),
        (Composes, "text as it stands", "not of a normalised one"),
        (Notes, "input unchanged", "predict changes the documents"),
        (Reverses, "input unchanged", "predict changes the documents it is given, or their list"),
        (Sorts, "input unchanged", "fit changes the documents or labels"),
        (Words, "score", "score returns str, not a float"),
        (Boundless, "score", "score returns -inf"),
        (Strips, "text as it stands", "not of a normalised one"),
        (Flags, "parameters", "predict changes parameters"),
        (partial(Gathers, words=[]), "parameters", "predict changes parameters, or what they hold"),
        (Seeds, "randomness", "it seeds random for the whole program"),
        (SeedsNumpy, "randomness", "it seeds numpy.random for the whole program"),
        (Bare, "learned names", "fit sets lexicon; end"),
    ],
)
def test_only_the_broken_rule_fails(kind, broken, said) -> None:
    failed = [c for c in check_extractor(kind(), long=2000, raises=False) if c.outcome == "failed"]
    assert ", ".join(c.name for c in failed) == broken
    assert said in failed[0].message


@pytest.mark.parametrize("kind", [FirstQuote, Draws, Private])
def test_what_they_derive_from_keeps_the_rules(kind) -> None:
    before = random.getstate()
    outcomes = {c.name: c.outcome for c in check_extractor(kind(), long=2000)}
    assert outcomes["score"] == outcomes["randomness"] == "passed"
    assert kind is Draws or random.getstate() == before


def test_a_score_that_is_no_number_is_told() -> None:
    outcomes = {c.name: c for c in check_extractor(NoNumber(), long=2000)}
    assert outcomes["score"].outcome == "skipped"
    assert "score is nan here" in outcomes["score"].message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (FirstQuote, r"FirstQuote is a class; .*check_extractor\(FirstQuote\(\)\)"),
        (None, "NoneType has no fit"),
        ("rules", "str has no fit.*load"),
    ],
)
def test_what_is_no_instance_is_refused(given, said) -> None:
    with pytest.raises(ExtractorError, match=said):
        check_extractor(given)


@pytest.mark.parametrize(
    ("kind", "broken", "said"),
    [
        (Keeps, {"refit"}, "fitted a second time"),
        (Changes, {"parameters"}, "fit changes parameters"),
        (Eager, {"not fitted"}, "does not raise sklearn.exceptions.NotFittedError"),
        (Counts, {"in order", "determinism"}, "depend on the order"),
        (Chokes, {"empty document"}, "empty fragment"),
        (Utf16, {"astral characters"}, "code points"),
        (Short, {"long document"}, "MemoryError: too long"),
        (Nags, {"in order", "empty corpus"}, "1 annotations stand for 6 documents"),
    ],
)
def test_each_broken_rule_is_named(kind, broken, said) -> None:
    found = {c.name: c for c in check_extractor(kind(), long=2000, raises=False)}
    failed = {name for name, c in found.items() if c.outcome == "failed"}
    assert broken <= failed
    with pytest.raises(ExtractorCheckError) as caught:
        check_extractor(kind(), long=2000)
    assert said in str(caught.value)
    checks = "1 check" if len(failed) == 1 else f"{len(failed)} checks"
    assert str(caught.value).startswith(f"{kind.__name__} fails {checks}\n")


def test_a_constructor_that_does_more_than_store_is_caught() -> None:
    with pytest.raises(ExtractorCheckError, match="parameters: "):
        check_extractor(Converts(), long=2000)


def test_documents_of_ones_own() -> None:
    documents = [Document(doc_id=f"d{i}", text=f"No {i} is here.") for i in range(4)]
    y = [Annotation(doc_id=d.doc_id, spans=[Span("q", "quote", [(0, 4)])]) for d in documents]
    assert check_extractor(Learner(), documents, y, long=100)
    with pytest.raises(DataError, match="3 annotations stand for 4 documents"):
        check_extractor(Learner(), documents, y[1:])


def test_the_examples_in_the_docs_run(tmp_path, monkeypatch) -> None:
    documents = [
        Document(doc_id=f"d{i}", text=f"“No {i},” he said.", group=f"g{i // 2}") for i in range(12)
    ]
    y = [Annotation(doc_id=d.doc_id, spans=[Span("q", "quote", [(0, 6)])]) for d in documents]
    gold = Layer(name="gold", kind="model", annotations=y)
    Corpus(CorpusInfo(name="mine"), documents, [gold]).write(tmp_path / "mycorpus")
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[2] / "docs" / "extractors.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:4]
    assert "GroupedStratifiedKFold(3)" in blocks[2] and "check_extractor" in blocks[3]
    (tmp_path / "page_of_extractors.py").write_text("\n".join(blocks), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert import_module("page_of_extractors").FirstSentence().characters == 40
