from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from generators import labelled_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, DataError, Document, Span
from inquit.corpus.jsonl import LinesError, read_annotations, read_documents, write_lines

GOOD = b'{"doc_id":"a","text":"x"}'


def problems(path: Path, *lines: bytes, read: Any = read_documents) -> list[str]:
    path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(DataError) as caught:
        list(read(path))
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(labelled_documents(), max_size=4, unique_by=lambda pair: pair[0].doc_id))
def test_what_is_written_is_read(tmp_path: Path, pairs: list[tuple[Document, Annotation]]) -> None:
    documents, annotations = [d for d, _ in pairs], [a for _, a in pairs]
    assert write_lines(tmp_path / "d.jsonl", documents, force=True) == len(pairs)
    write_lines(tmp_path / "a.jsonl", annotations, force=True)
    assert list(read_documents(tmp_path / "d.jsonl")) == documents
    assert list(read_annotations(tmp_path / "a.jsonl")) == annotations


def test_reading_is_streaming(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(GOOD + b"\nbroken\n")
    reader = read_documents(path)
    assert next(reader) == Document(doc_id="a", text="x")
    with pytest.raises(DataError, match="2: is not JSON"):
        next(reader)


def test_a_line_broken_in_the_middle_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    found = problems(
        tmp_path / "d.jsonl", GOOD, b'{"doc_id":"b","te', b'{"doc_id":"c","text":"\\u0000"}'
    )
    assert len(found) == 2
    assert found[0].startswith("2: is not JSON (")
    assert found[0].endswith("each line holds one whole JSON object")
    assert found[1].startswith("3: document 'c': NUL at code point 0")


def test_a_document_that_stands_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    (message,) = problems(tmp_path / "d.jsonl", GOOD, b"", GOOD)
    assert message == "3: document 'a': stands in line 1 already; keep one of the two lines"


def test_bytes_that_are_not_utf8_are_named_by_their_offset_in_the_file(tmp_path: Path) -> None:
    (message,) = problems(tmp_path / "d.jsonl", GOOD, b'{"doc_id":"b","text":"\xe9"}')
    assert message.startswith(f"2: byte {len(GOOD) + 1 + 22} of the file is not UTF-8 (")


def test_a_lone_surrogate_is_called_one(tmp_path: Path) -> None:
    (message,) = problems(tmp_path / "d.jsonl", b'{"doc_id":"a","text":"x\\ud83d"}')
    assert message.startswith(r"1: holds a lone surrogate, the escape \ud83d")
    (tmp_path / "d.jsonl").write_bytes(b'{"doc_id":"a","text":"x\\ud83d\\ude00"}\n')
    assert next(read_documents(tmp_path / "d.jsonl")).text == "x😀"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"\xef\xbb\xbf" + GOOD, "save the file without a byte order mark"),
        (b"[1, 2]", "holds a list, not an object; write each document as an object on a line"),
        (b"[" * 100_000, "is not JSON ("),
        (b'{"doc_id":"a","text":"x","foo":1}', "unknown field `foo`; its fields are doc_id, text,"),
        (b'{"doc_id":"a","text":"x","titel":1}', "unknown field `titel`; did you mean 'title'?"),
        (b'{"doc_id":"a"}', "field `text` is missing; give a string"),
        (
            b'{"doc_id":"a","text":"x","split":"no"}',
            "`split` is 'no', which is unknown; use one of train, dev",
        ),
        (
            b'{"doc_id":"a","text":"x","meta":{"k":{"l":1}}}',
            "`meta.k` is an object, not true or false,",
        ),
        (b'{"doc_id":"a","text":"x","meta":{"k":NaN}}', "document 'a': meta 'k' is nan; give a"),
        (b'{"doc_id":"a","text":"x","meta":{"k":1e999}}', "document 'a': meta 'k' is inf; give a"),
        (b'{"doc_id":"a","text":"x","sha256":"0"}', "sha256 is '0', the text has"),
    ],
)
def test_what_a_line_of_documents_may_not_be(tmp_path: Path, line: bytes, expected: str) -> None:
    (message,) = problems(tmp_path / "d.jsonl", line)
    assert message.startswith("1: ")
    assert expected in message


def test_every_problem_of_a_line_of_labels_is_told_at_once(tmp_path: Path) -> None:
    line = {
        "doc_id": "a",
        "extra": 1,
        "spans": [
            {"id": "q", "label": "qoute", "fragments": [[5, 1]]},
            {"id": "r", "label": "quote", "fragments": [[0, 1.0]]},
            {"id": "s", "label": "cue"},
            5,
        ],
        "attributions": [{"id": "x", "content": []}],
    }
    found = problems(tmp_path / "l.jsonl", json.dumps(line).encode(), read=read_annotations)
    assert [message.split(": ", 1)[1].split(";")[0] for message in found] == [
        "document 'a': span 'q': unknown label 'qoute'",
        "document 'a': span 'q': fragment [5, 1) ends before it starts",
        "document 'a': span 'r': `fragments[0][1]` is 1.0, not a whole number",
        "document 'a': span 's': field `fragments` is missing",
        "document 'a': `spans[3]` is 5, not an object",
        "document 'a': attribution 'x': has no content",
        "document 'a': unknown field `extra`",
    ]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ("NaN", "`fragments[0][1]` is NaN, not a whole number; give [start, end) in code points"),
        ("Infinity", "`fragments[0][1]` is infinite or too large, not a whole number"),
        ("1e999", "`fragments[0][1]` is infinite or too large, not a whole number"),
        ("true", "`fragments[0][1]` is true, not a whole number"),
        ("null", "`fragments[0][1]` is null, not a whole number"),
        ("1" * 30, "fragment [0, 111111111111111111111111111111) lies outside any text"),
        ("1" * 100, "10^99) lies outside any text"),
    ],
)
def test_an_offset_that_is_none_is_refused_in_its_span(
    offset: str, expected: str, tmp_path: Path
) -> None:
    span = '{"id":"q%d","label":"quote","fragments":[[0,%s]]}'
    line = f'{{"doc_id":"a","spans":[{span % (1, offset)},{span % (2, offset)}]}}'
    found = problems(tmp_path / "l.jsonl", line.encode(), read=read_annotations)
    assert [message.split(": ")[:3] for message in found] == [
        ["1", "document 'a'", f"span 'q{n}'"] for n in (1, 2)
    ]
    assert all(expected in message for message in found)


@pytest.mark.parametrize(("sign", "shown"), [(b"", "10^5000"), (b"-", "-10^5000")])
def test_a_whole_number_too_long_to_read_is_refused_in_its_span(
    sign: bytes, shown: str, tmp_path: Path
) -> None:
    line = b'{"doc_id":"a","spans":[{"id":"q","label":"quote","fragments":[[0,%s]]}]}'
    number = sign + b"1" * 5000
    (message,) = problems(tmp_path / "l.jsonl", line % number, read=read_annotations)
    assert message.startswith("1: document 'a': span 'q': fragment [0, ")
    assert f"{shown}) lies outside any text" in message


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{\n "doc_id": "a",\n "spans": []\n}\n', "is one JSON object over several lines"),
        ('\n{\n "doc_id": "a"\n}\n{\n "doc_id": "b"\n}\n', "is one JSON object over several"),
        ('{"doc_id": "a",\n "spans": []}\n', "is one JSON object over several lines"),
        ('[\n {"doc_id": "a", "spans": []},\n {"doc_id": "b"}\n]\n', "is one JSON array"),
        ('[{"doc_id": "a",\n "spans": []}]\n', "is one JSON array"),
    ],
)
def test_a_file_that_is_one_value_is_told_once(content: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "l.jsonl").write_text(content)
    with pytest.raises(DataError) as caught:
        list(read_annotations(tmp_path / "l.jsonl"))
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.remedy == "write each document on a line of its own"


def test_a_first_line_that_breaks_off_is_not_taken_for_one_value(tmp_path: Path) -> None:
    first, second = problems(
        tmp_path / "l.jsonl", b'{"doc_id":"a",', b'{"doc_id":"b"}', read=read_annotations
    )
    assert first == "1: is not JSON (the line breaks off); each line holds one whole JSON object"
    assert second.startswith("2: document 'b': field `spans` is missing")


def test_a_document_at_fault_that_stands_twice_is_told_as_both(tmp_path: Path) -> None:
    labels = [b'{"doc_id":"a","spans":[]}', b'{"doc_id":"a","spans":null}']
    found = problems(tmp_path / "l.jsonl", *labels, read=read_annotations)
    assert [message.split(": ")[2].split("; ")[0] for message in found] == [
        "`spans` is null, not a list",
        "stands in line 1 already",
    ]


def test_what_can_be_read_of_lines_at_fault_is_kept(tmp_path: Path) -> None:
    good = {"id": "q", "label": "quote", "fragments": [[0, 3]]}
    lines = [
        {"doc_id": "a", "spans": [good], "more": 1},
        {"doc_id": "b", "sha256": 5, "spans": [good]},
        {"doc_id": "c", "spans": [good, {**good, "id": "r", "fragments": [[3, 1]]}, 7]},
        {"doc_id": "d", "spans": []},
        {"doc_id": "d", "spans": None},
    ]
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kept = []
    with pytest.raises(LinesError) as caught:
        kept.extend(read_annotations(path))
    span = Span("q", "quote", [(0, 3)])
    assert kept == [Annotation(doc_id="d", spans=[])]
    assert list(caught.value.left) == [
        Annotation(doc_id="a", spans=[span]),
        Annotation(doc_id="c", spans=[span]),
    ]
    assert caught.value.lines == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_a_layer_may_be_minimal(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text('{"doc_id":"a","spans":[{"id":"q","label":"quote","fragments":[[0,1]]}]}')
    assert list(read_annotations(path)) == [
        Annotation(doc_id="a", spans=[Span("q", "quote", [(0, 1)])])
    ]


def test_line_endings_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b"\r\n" + GOOD + b"\r\n\r\n")
    assert [document.doc_id for document in read_documents(path)] == ["a"]


def test_a_separator_inside_a_text_does_not_end_its_line(tmp_path: Path) -> None:
    documents = [
        Document(doc_id="a", text="x\u2028y\x85z\x0bw\rv\nu"),
        Document(doc_id="b", text="x"),
    ]
    write_lines(tmp_path / "d.jsonl", documents)
    assert (tmp_path / "d.jsonl").read_bytes().count(b"\n") == 2
    assert list(read_documents(tmp_path / "d.jsonl")) == documents


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "no", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DataError, match=f"cannot be read \\({reason}"):
            list(read_documents(path))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    write_lines(path, [Document(doc_id="a", text="old")])

    def broken() -> Any:
        yield Document(doc_id="b", text="new")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_lines(path, broken(), force=True)
    assert [document.text for document in read_documents(path)] == ["old"]
    assert [file.name for file in tmp_path.iterdir()] == ["d.jsonl"]


@pytest.mark.parametrize(
    "line",
    [
        '{"doc_id": "a", "doc_id": "b", "spans": []}',
        '{"doc_id": "a", "spans": [{"id": "q", "id": "r", "label": "cue", "fragments": [[0, 1]]}]}',
    ],
)
def test_a_key_that_stands_twice_is_refused_since_one_would_be_dropped(line, tmp_path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(DataError, match=r"x\.jsonl:1: document '[ab]': key '(doc_)?id' sta"):
        list(read_annotations(path))
