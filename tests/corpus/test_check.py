from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from generators import labelled_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer
from inquit.corpus.check import RULES, CheckResult, check
from inquit.corpus.inline import loads

SOUND = """\
<quote#q1>“We sail,”</q1> <cue#c1>said</c1> <source#s1>Ana Reyes</s1>. <ignore#g>Read more</g>
"""


def inline(body: str, doc_id: str = "d", roles: str = "content = ['q1']") -> tuple[Any, Any]:
    header = f"+++\ndoc_id = '{doc_id}'\n[attributions]\na1 = {{ {roles} }}\n+++\n"
    return loads(header + body)


def written(folder: Path, *pairs: tuple[Document, Annotation]) -> Path:
    layer = Layer(name="gold", kind="human", annotations=[annotation for _, annotation in pairs])
    Corpus(CorpusInfo(name="c"), [document for document, _ in pairs], [layer]).write(folder)
    return folder


def broken(result: CheckResult) -> dict[str, list[str]]:
    return {
        rule: [str(problem) for problem in problems]
        for rule, problems in result.problems.items()
        if problems
    }


def only(folder: Path, rule: str, severity: str = "warning") -> list[str]:
    """Return the breaches of a rule, where no other rule is broken."""
    result = check(folder)
    assert list(broken(result)) == [rule]
    assert RULES[rule][0] == severity
    assert result.count("error" if severity == "error" else "warning") == len(broken(result)[rule])
    return broken(result)[rule]


def test_a_sound_corpus_breaks_no_rule(tmp_path: Path) -> None:
    roles = "content = ['q1'], source = ['s1'], cue = ['c1']"
    result = check(written(tmp_path / "c", inline(SOUND, roles=roles)))
    assert broken(result) == {}
    assert (result.documents, result.layers) == (1, 1)
    assert (result.count("error"), result.count("warning")) == (0, 0)
    assert list(result.problems) == list(RULES)


def test_white_space_at_an_edge(tmp_path: Path) -> None:
    path = written(tmp_path / "c", inline("<quote#q1> a </q1>b<q1>\nc</q1>\n"))
    messages = only(path, "outer-space")
    assert len(messages) == 2
    assert messages[0].startswith(f"{path}/layers/gold.jsonl:1: document 'd': span 'q1': ")
    assert "quote fragment [0, 3) has white space at its edge" in messages[0]


def test_a_cut_word(tmp_path: Path) -> None:
    (message,) = only(written(tmp_path / "c", inline("den<quote#q1>ied</q1>\n")), "cut-word")
    assert "quote begins at 3 inside a word: 'den|ied'" in message


def test_a_cut_character(tmp_path: Path) -> None:
    body = "<quote#q1>e</q1>&#x301; \U0001f44d\U0001f3fd\n"
    (message,) = only(written(tmp_path / "c", inline(body)), "cut-character")
    assert "quote ends at 1 inside a character" in message


def test_a_span_that_stands_twice(tmp_path: Path) -> None:
    pair = inline("<quote#q1><quote#q2>a</q2></q1>\n", roles="content = ['q1', 'q2']")
    (message,) = only(written(tmp_path / "c", pair), "same-span-twice")
    assert "span 'q2': has the label and the fragments of span 'q1'" in message


def test_spans_in_no_attribution(tmp_path: Path) -> None:
    body = "<quote#q1>a</q1> <quote#q2>b</q2> <source#s>c</s> <cue#c>d</c> <claim#cl>e</cl>\n"
    found = broken(check(written(tmp_path / "c", inline(body))))
    assert list(found) == ["quote-alone", "role-alone"]
    assert "span 'q2': quote in no attribution" in found["quote-alone"][0]
    assert [message.split("'")[3] for message in found["role-alone"]] == ["s", "c"]


def test_labels_in_what_is_ignored(tmp_path: Path) -> None:
    body = "<ignore#g1>a <quote#q1>b</q1></g1> <claim#x>c <ignore#g2>d</x> e</g2>\n"
    messages = only(written(tmp_path / "c", inline(body)), "inside-ignore")
    assert ["'q1': quote shares text with ignore 'g1'" in messages[0]] == [True]
    assert ["'x': claim shares text with ignore 'g2'" in messages[1]] == [True]


def test_one_text_twice(tmp_path: Path) -> None:
    documents = [Document(doc_id=name, text="same\r\n") for name in "ab"]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    (message,) = only(tmp_path / "c", "duplicate-text", "error")
    assert message.endswith(
        "documents.jsonl:2: document 'b': has the same text as document 'a'; keep one of the two"
    )


def test_a_group_in_two_splits(tmp_path: Path) -> None:
    splits: list[Any] = ["train", "train", "test", None]
    documents = [
        Document(doc_id=f"d{number}", text=f"text {number}", group="storm", split=split)
        for number, split in enumerate(splits)
    ]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    (message,) = only(tmp_path / "c", "group-in-two-splits", "error")
    assert "group 'storm' stands in train ('d0' and 1 more) and test ('d2')" in message


def test_a_document_without_words(tmp_path: Path) -> None:
    documents = [Document(doc_id="a", text=""), Document(doc_id="b", text=" \r\n")]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    messages = only(tmp_path / "c", "empty-text", "error")
    assert ["has no text" in messages[0], "holds white space only" in messages[1]] == [True, True]


def test_labels_that_do_not_fit(tmp_path: Path) -> None:
    path = written(tmp_path / "c", inline("<quote#q1>a</q1>\n"))
    spans = [{"id": "q", "label": "quote", "fragments": [[0, 9]]}]
    lines = [
        {"doc_id": "d", "spans": spans},
        {"doc_id": "e", "spans": []},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    (path / "layers" / "gold.jsonl").write_text(content)
    messages = only(path, "fit", "error")
    assert "span 'q': ends at 9, the text has 1 code points" in messages[0]
    assert "document 'e': is labelled in layer 'gold' but is not in the corpus" in messages[1]
    (path / "layers" / "gold.jsonl").write_text('{"doc_id":"d","sha256":"0","spans":[]}\n')
    assert "sha256 '0' is none: it has 64 hexadecimal digits" in only(path, "fit", "error")[0]


def test_all_faults_of_all_files_are_found_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path / "c", inline("<quote#q1>a b</q1>\n"), inline("<quote#q1>c</q1>\n", "e")
    )
    documents = (path / "documents.jsonl").read_text().splitlines()
    documents[1] = documents[1].replace('"c"', '"\\u0000"')
    (path / "documents.jsonl").write_text("\n".join([*documents, "{"]))
    with (path / "layers" / "gold.jsonl").open("a") as stream:
        stream.write('{"doc_id":"d"}\n')
    (path / "layers" / "stray.jsonl").write_text(
        '{"doc_id":"d","spans":[{"id":"q","label":"claim","fragments":[[0,2]]}]}\n'
    )
    (path / "corpus.toml").write_text('name = "c"\n[layers.gold]\nkind = "human"\n')
    found = broken(check(path))
    assert list(found) == ["info", "document", "annotation", "outer-space"]
    assert "stray.jsonl: is not described in corpus.toml" in found["info"][0]
    assert [message.split(":")[1] for message in found["document"]] == ["2", "3"]
    assert "gold.jsonl:3: document 'd': " in found["annotation"][0]


def test_a_broken_description_does_not_hide_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path / "c", inline("<quote#q1>a </q1>\n"))
    (path / "corpus.toml").write_text("name = ")
    found = broken(check(path))
    assert list(found) == ["info", "outer-space"]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "c", inline("<quote#q1>a</q1>\n"))
    (path / "layers" / "gold.jsonl").unlink()
    (path / "documents.jsonl").unlink()
    found = broken(check(path))
    assert list(found) == ["document", "annotation"]
    assert all("cannot be read (No such file" in messages[0] for messages in found.values())


def test_what_is_no_corpus_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a corpus directory"):
        check(tmp_path)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(labelled_documents(), max_size=3, unique_by=lambda pair: pair[0].doc_id))
def test_what_the_model_accepts_has_no_fault_of_form(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[Document, Annotation]]
) -> None:
    found = broken(check(written(tmp_path_factory.mktemp("check"), *pairs)))
    assert not {"info", "document", "annotation", "fit"} & set(found)


def test_an_empty_corpus_and_an_empty_layer_are_said(tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    (tmp_path / "corpus.toml").write_text('name = "e"\n[layers.gold]\nkind = "human"\n')
    (tmp_path / "documents.jsonl").touch()
    (tmp_path / "layers" / "gold.jsonl").touch()
    found = check(tmp_path).problems
    assert [p.what for p in found["no-document"]] == ["holds no document"]
    assert [p.what for p in found["empty-layer"]] == ["labels no document"]


def test_a_licence_that_nobody_can_look_up_is_said(tmp_path: Path) -> None:
    document = Document(doc_id="d", text="Rain.", licence="all rights reserved")
    Corpus(CorpusInfo(name="e", licence="CC-BY-4.0"), [document]).write(tmp_path / "e")
    (found,) = check(tmp_path / "e").problems["licence"]
    assert "'all rights reserved'" in found.what
