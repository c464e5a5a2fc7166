"""`check_extractor` passes what keeps the rules, and names the rule that is broken."""

from __future__ import annotations

import itertools
import re
from importlib import import_module
from pathlib import Path

import pytest
from sklearn.pipeline import make_pipeline

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Span
from inquit.eval.extractors.base import Extractor
from inquit.eval.extractors.checks import CHECKS, ExtractorCheckError, check_extractor
from inquit.eval.extractors.registry import EXTRACTORS, load


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


@pytest.mark.parametrize("name", EXTRACTORS)
def test_all_that_come_with_inquit_keep_the_rules(name) -> None:
    found = check_extractor(load(name))
    assert [c.name for c in found] == list(CHECKS)
    assert {c.outcome for c in found if c.name != "saved"} == {"passed"}


@pytest.mark.parametrize("made", [Learner(), make_pipeline(Learner(least=2))])
def test_what_learns_and_pipelines_keep_them(made) -> None:
    assert {c.outcome for c in check_extractor(made, long=2000)} <= {"passed", "skipped"}
    assert not hasattr(made, "words_")


def test_models_are_saved_without_pickle() -> None:
    pytest.importorskip("skops", reason="skops is not installed")
    for made in (Learner(), *map(load, EXTRACTORS)):
        outcomes = {c.name: c for c in check_extractor(made, long=2000)}
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
    assert str(caught.value).startswith(f"{kind.__name__} fails {len(failed)} checks\n")


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
