"""Extractors as scikit-learn estimators, the trivial ones, the segments, and the registry."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from generators import documents, texts
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import make_pipeline

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
)
from inquit.eval.counting.columns import ObjectColumns
from inquit.eval.counting.segments import SegmentColumns
from inquit.eval.extractors.base import Extractor
from inquit.eval.extractors.registry import EXTRACTORS, ExtractorError, load, parse_parameters
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.extractors.segment import paragraphs, sentences
from inquit.eval.extractors.trivial import EveryParagraph, EverySentence, Nothing, WholeDocument
from inquit.eval.extractors.trivial_labels import SCORED, SEGMENTS, predict

TRIVIAL = [Nothing, EverySentence, EveryParagraph, WholeDocument]


class Parrot(Extractor):
    """Learns the words of the quotes and finds them again."""

    needs_fit = True

    def __init__(self, longest: int = 1000) -> None:
        self.longest = longest

    def learn(self, documents: list[Document], annotations: list[Annotation]) -> None:
        self.known_ = sorted(
            {
                words
                for document, annotation in zip(documents, annotations, strict=True)
                for span in annotation.spans
                if span.label == "quote"
                for words in document.slice(span)
                if len(words) <= self.longest
            }
        )

    def extract(self, document: Document) -> Annotation:
        places = [(document.text.find(w), len(w)) for w in self.known_ if w in document.text]
        spans = tuple(Span(f"q{s}", "quote", ((s, s + n),)) for s, n in places)
        return Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=spans)


def example(number: int) -> tuple[Document, Annotation]:
    text = f"“Boat {number % 3} has sailed,” Mara Quill said."
    document = Document(doc_id=f"d{number}", text=text, group=f"g{number // 2}")
    end = text.index("”") + 1
    spans = (
        Span("q", "quote", ((0, end),)),
        Span("s", "source", ((end + 1, end + 11),)),
        Span("c", "cue", ((end + 12, end + 16),)),
    )
    said = Attribution(id="a", content=("q",), source=("s",), cue=("c",))
    return document, Annotation(
        doc_id=document.doc_id, sha256=document.sha256, spans=spans, attributions=(said,)
    )


@pytest.fixture
def labelled() -> tuple[list[Document], list[Annotation]]:
    pairs = [example(n) for n in range(12)]
    return [d for d, _ in pairs], [a for _, a in pairs]


@pytest.mark.parametrize("kind", [*TRIVIAL, RuleExtractor, Parrot])
def test_the_conventions_of_scikit_learn_hold(kind, labelled):
    X, y = labelled
    extractor = kind()
    copy = clone(extractor)
    assert copy is not extractor and copy.get_params() == extractor.get_params()
    assert copy.set_params(**extractor.get_params()) is copy
    assert copy.fit(X, y) is copy
    first, second = copy.predict(X), clone(copy).fit(X, y).predict(X)
    assert first == second
    assert [a.doc_id for a in first] == [d.doc_id for d in X]
    assert [a.sha256 for a in first] == [d.sha256 for d in X]
    assert copy.predict([]) == []


@pytest.mark.parametrize("kind", [RuleExtractor, Parrot])
def test_extractors_cross_validate_by_group(kind, labelled):
    X, y = labelled
    groups = [d.group for d in X]
    found = cross_validate(kind(), X, y, groups=groups, cv=GroupKFold(3), error_score="raise")
    assert found["test_score"].shape == (3,)
    if kind is RuleExtractor:
        assert found["test_score"].tolist() == [1, 1, 1]


def test_extractors_take_object_arrays_and_live_in_pipelines(labelled):
    X, y = labelled
    array = np.array(X, dtype=object)
    assert RuleExtractor().predict(array) == RuleExtractor().predict(X)
    piped = make_pipeline("passthrough", Parrot()).fit(X, y)
    assert len(piped.predict(array[:2])) == 2


def test_a_grid_search_picks_the_better_parameter(labelled):
    X, y = labelled
    search = GridSearchCV(RuleExtractor(), {"uncued_words": [3, 9]}, cv=2, error_score="raise")
    assert search.fit(X, y).best_score_ == 1
    learned = GridSearchCV(Parrot(), {"longest": [1, 100]}, cv=2, scoring=quotes_found)
    assert learned.fit(X, y).best_params_ == {"longest": 100}


def quotes_found(estimator, X, y):
    return sum(len(a.spans) for a in estimator.predict(X))


def test_what_learns_must_be_fitted_with_labels(labelled):
    X, y = labelled
    with pytest.raises(NotFittedError, match="has not been fitted"):
        Parrot().predict(X)
    with pytest.raises(DataError, match="y is missing"):
        Parrot().fit(X)
    assert RuleExtractor().fit(X).predict(X[:1])[0].spans
    assert Parrot().fit(X, y).__sklearn_tags__().requires_fit
    assert not RuleExtractor().__sklearn_tags__().requires_fit


def test_score_is_the_headline(labelled):
    X, y = labelled
    assert RuleExtractor().score(X, y) == 1
    assert Nothing().score(X, y) == 0
    assert np.isnan(Nothing().score(X[:1], Nothing().predict(X[:1])))


def test_wrong_input_is_named(labelled):
    X, y = labelled
    for wrong in ("text", X[0], 5, ["text"], [None]):
        with pytest.raises(DataError, match=r"give .*inquit documents"):
            Nothing().predict(wrong)
    with pytest.raises(DataError, match="11 annotations stand for 12 documents"):
        Parrot().fit(X, y[1:])
    with pytest.raises(DataError, match="stands beside labels of document 'd1'"):
        Parrot().fit(X, [*y[1:], y[0]])
    with pytest.raises(DataError, match="y holds a str; give inquit annotations"):
        Parrot().fit(X[:1], ["quote"])
    for wrong, said in ((X[0], "a Document"), (None, "None"), ("abc", "a str"), (5, "an int")):
        with pytest.raises(DataError, match=f"X is {said}; give a sequence of inquit documents"):
            Nothing().predict(wrong)
    with pytest.raises(DataError, match="y is an int; give a sequence of inquit annotations"):
        Parrot().fit(X[:1], 5)


def test_labels_outside_the_text_are_refused(labelled):
    class Wild(Extractor):
        def extract(self, document):
            spans = (Span("q", "quote", ((0, 10_000),)),)
            return Annotation(doc_id=document.doc_id, spans=spans)

    with pytest.raises(DataError, match="ends at 10000"):
        Wild().predict(labelled[0])


def test_trivial_systems_label_every_segment_with_every_scored_label():
    document = Document(doc_id="d", text="One. Two!\n\nThree?\n")
    found = {name: predict(name, document) for name in SEGMENTS}
    assert {name: len(a.spans) for name, a in found.items()} == {
        "nothing": 0,
        "every-sentence": 15,
        "every-paragraph": 10,
        "whole-document": 5,
    }
    quotes = [s.fragments for s in found["every-paragraph"].spans if s.label == "quote"]
    assert quotes == [((0, 9),), ((11, 17),)]
    assert all(a.source == () for a in found["every-sentence"].attributions)
    assert len(found["every-sentence"].attributions) == 3


@pytest.mark.parametrize(("kind", "name"), [*zip(TRIVIAL, SEGMENTS, strict=True)])
def test_estimators_and_functions_are_the_same_systems(kind, name):
    document = Document(doc_id="d", text="“No.” She left.\nHe stayed.")
    assert kind().predict([document]) == [predict(name, document)]


@given(documents())
def test_trivial_systems_label_any_text(document):
    for name in SEGMENTS:
        assert not list(predict(name, document).problems_with(document))


@given(st.lists(texts(), max_size=3), st.sampled_from([*SEGMENTS]))
def test_columns_of_segments_are_those_of_the_labels(found, name):
    docs = [Document(doc_id=f"d{n}", text=text) for n, text in enumerate(found)]
    objects = ObjectColumns([predict(name, document) for document in docs])
    segments = [SEGMENTS[name](document.text) for document in docs]
    columns = SegmentColumns([d.doc_id for d in docs], segments, SCORED)
    assert columns.doc_ids == objects.doc_ids
    assert rows_of(columns) == rows_of(objects)
    assert columns.has("form", "direct").tolist() == [False] * len(objects.doc)


def rows_of(columns):
    """Return the spans and attributions of some columns, whatever order they stand in."""
    sets, joined = columns.fragments, columns.attributions
    spans = {
        (int(columns.doc[row]), columns.span_id(row)): (
            int(columns.label[row]),
            sets.start[sets.bounds[row] : sets.bounds[row + 1]].tolist(),
            sets.end[sets.bounds[row] : sets.bounds[row + 1]].tolist(),
        )
        for row in range(len(columns.doc))
    }
    attributions = {
        (int(joined.doc[row]), columns.attribution_id(row)): {
            role: [columns.span_id(i) for i in r.index[r.bounds[row] : r.bounds[row + 1]].tolist()]
            for role, r in joined.roles.items()
        }
        for row in range(len(joined.doc))
    }
    return spans, attributions


@given(texts())
def test_segments_are_ordered_disjoint_and_cover_all_that_is_visible(text):
    for split in (sentences, paragraphs):
        found = split(text)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
        assert all(text[s:e] and text[s:e] == text[s:e].strip() for s, e in found)
        covered = {i for s, e in found for i in range(s, e)}
        assert all(i in covered for i, c in enumerate(text) if not c.isspace())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Roe and J. K. Lund met. They left.", 2),
        ("It cost 3.50 crowns. So what?", 2),
        ("“Stop!” he said. “No.” Then he left.", 3),
        ("She paused … and went on. Then …", 2),
        ("The U.S. delegation left. Why?", 2),
        ("z.B. das Schiff. Es sank.", 2),
        ("« Oui ! » Elle partit.", 2),
        ("你好。再见。", 2),
        ("A wrapped\nline ends here.", 1),
        ("A title\nA line", 2),
        ("", 0),
        (" \n\t", 0),
    ],
)
def test_sentences(text, expected):
    assert len(sentences(text)) == expected


@pytest.mark.parametrize("piece", [".", "...x", ". ", "a", "(", '."', "\n", "Mr. ", "x\r\n"])
def test_long_texts_without_structure_are_cut_without_loss(piece):
    text = piece * (100_000 // len(piece))
    covered = "".join(text[start:end] for start, end in sentences(text))
    assert len("".join(covered.split())) == len("".join(text.split()))


def test_the_example_in_the_docs_runs_as_printed(labelled, tmp_path, monkeypatch):
    X, y = labelled
    gold = Layer(name="gold", kind="model", annotations=tuple(y))
    Corpus(CorpusInfo(name="mine"), X, [gold]).write(tmp_path / "mycorpus")
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[2] / "docs" / "extractors.md").read_text("utf-8")
    first, second = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:2]
    names: dict[str, object] = {}
    exec(first + second, names)
    assert names["FirstSentence"]().predict(X)[0].spans[0].fragments == ((0, len(X[0].text)),)


def test_every_extractor_stands_in_the_docs():
    page = (Path(__file__).parents[2] / "docs" / "extractors.md").read_text("utf-8")
    for name in (*EXTRACTORS, *RuleExtractor().get_params()):
        assert f"`{name}`" in page


def test_extractors_are_found_by_name():
    for name in EXTRACTORS:
        assert isinstance(load(name), Extractor)
    assert load("rules", {"indirect": False}).indirect is False
    assert isinstance(load("inquit.eval.extractors.trivial:Nothing"), Nothing)


def test_extractors_of_ones_own_are_found_in_the_current_directory(tmp_path, monkeypatch):
    (tmp_path / "my_quotes.py").write_text(
        "from sklearn.pipeline import make_pipeline\n"
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "class Mine(RuleExtractor):\n    pass\n"
        "class Bare:\n    pass\n"
        "class Strict(RuleExtractor):\n"
        "    def __init__(self, model):\n        self.model = model\n"
        "ready = make_pipeline(Mine())\n"
    )
    (tmp_path / "my_broken.py").write_text("import no_such_module\n")
    monkeypatch.chdir(tmp_path)
    assert type(load("my_quotes:Mine", {"uncued_words": 3})).__name__ == "Mine"
    assert "mine" in load("my_quotes:ready").named_steps
    for name, message in {
        "my_quotes:Mien": "did you mean 'Mine'",
        "my_quotes:": "has no ''",
        "my_quotes:Bare": r"has no fit\(\)",
        "my_quotes:Strict": "cannot be made without model; pass --param model=",
        "my_broken:Mine": "cannot be imported .*no_such_module",
        "nowhere.at_all:Mine": "cannot be imported",
    }.items():
        with pytest.raises(ExtractorError, match=message):
            load(name)


def test_what_an_extractor_needs_may_be_given(tmp_path, monkeypatch):
    (tmp_path / "my_needs.py").write_text(
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "class Mine(RuleExtractor):\n"
        "    def __init__(self, model, size=3):\n"
        "        self.model, self.size = model, size\n"
    )
    monkeypatch.chdir(tmp_path)
    assert load("my_needs:Mine", {"model": "m"}).get_params() == {"model": "m", "size": 3}
    with pytest.raises(ExtractorError, match="without model"):
        load("my_needs:Mine", {"size": 4})


@pytest.mark.parametrize(
    ("init", "message"),
    [
        ("self, k=1): self.q = k", "cannot tell its parameters .AttributeError.*'k'"),
        ("self, *a, **k): pass", "cannot tell its parameters .RuntimeError"),
        ("self): raise SystemExit(3)", "cannot be made .SystemExit: 3"),
    ],
)
def test_a_constructor_that_keeps_no_rules_is_told(tmp_path, monkeypatch, init, message):
    name = f"my_init_{len(init)}"
    (tmp_path / f"{name}.py").write_text(
        "from inquit.eval.extractors.base import Extractor\n"
        f"class Mine(Extractor):\n    def __init__({init}\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=message):
        load(f"{name}:Mine")


@pytest.mark.parametrize("method", ["get_params", "set_params"])
def test_parameters_that_cannot_be_told_or_set_are_told(tmp_path, monkeypatch, method):
    name = f"my_broken_{method}"
    (tmp_path / f"{name}.py").write_text(
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "class Mine(RuleExtractor):\n"
        f"    def {method}(self, *a, **k): raise OSError('x')\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=rf"'{name}:Mine' .*\(OSError: x\)"):
        load(f"{name}:Mine")


def test_unknown_names_and_parameters_say_what_was_meant():
    with pytest.raises(ExtractorError, match="did you mean 'every-sentence'"):
        load("every_sentence")
    with pytest.raises(ExtractorError, match="known: rules, llm, nothing"):
        load("transformer")
    with pytest.raises(ExtractorError, match="no parameter 'indirekt'; did you mean 'indirect'"):
        load("rules", {"indirekt": True})
    with pytest.raises(ExtractorError, match="it has: none"):
        load("nothing", {"x": 1})


def test_parameters_are_written_as_in_toml():
    given = ["a=1", "b=0.5", "c=true", 'd="x=y"', 'e=["p", "q"]']
    assert parse_parameters(given) == {"a": 1, "b": 0.5, "c": True, "d": "x=y", "e": ["p", "q"]}
    for wrong in ("a", "a=", "=1", "a=no", "a=1\nb=2", "a-b=1"):
        with pytest.raises(ExtractorError, match="is not KEY=VALUE"):
            parse_parameters([wrong])
    with pytest.raises(ExtractorError, match="given twice"):
        parse_parameters(["a=1", "a=2"])


@pytest.mark.parametrize("name", ["os:path", "odd_things:x", "odd_things:function"])
def test_what_is_no_estimator_is_refused(tmp_path, monkeypatch, name):
    (tmp_path / "odd_things.py").write_text("x = 5\ndef function(): ...\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=r"is not an estimator but a .*; name a class"):
        load(name)


def test_an_estimator_that_changes_its_parameters_is_refused(tmp_path, monkeypatch):
    (tmp_path / "odd_maker.py").write_text(
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "class Mine(RuleExtractor):\n"
        "    def __init__(self, verbs=()):\n"
        "        self.verbs = list(verbs)\n"
        "made = Mine(verbs=['hum'])\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=r"'odd_maker:made' cannot be cloned \(RuntimeError"):
        load("odd_maker:made")


def test_a_module_that_ends_the_program_is_told(tmp_path, monkeypatch):
    (tmp_path / "odd_quitter.py").write_text("raise SystemExit(0)\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExtractorError, match=r"cannot be imported \(SystemExit: 0\)"):
        load("odd_quitter:X")
