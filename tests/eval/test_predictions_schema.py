"""The JSON Schemas that are shipped say what the readers hold, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commands import inquit
from generators import annotations, documents, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from inquit.corpus import Annotation, DataError, Ungrounded
from inquit.eval.grounding import StringAnnotation, StringSpan
from inquit.eval.predictions import read_predictions
from inquit.eval.predictions.json_schema import SCHEMAS, schema

VALIDATORS = {name: Draft202012Validator(schema(name)) for name in SCHEMAS}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_is_printed(capsys, name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    ran = inquit(capsys, "eval", "schema", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == json.loads(json.dumps(schema(name)))
    assert "cannot say" in ran.json["description"]


def test_the_schema_of_offsets_is_the_one_that_is_meant(capsys) -> None:
    assert inquit(capsys, "eval", "schema").json == json.loads(json.dumps(schema("predictions")))
    assert inquit(capsys, "eval", "schema", "none").code == 2


@pytest.mark.parametrize(
    ("name", "kind"), [*zip(SCHEMAS, (Annotation, StringAnnotation), strict=True)]
)
def test_every_field_is_in_the_schema_with_its_meaning(name: str, kind: Any) -> None:
    made = schema(name)
    assert tuple(made["properties"]) == kind.__struct_fields__
    parts = [made, *(part for part in made["$defs"].values() if "properties" in part)]
    assert all(field["description"] for part in parts for field in part["properties"].values())
    assert all(part["additionalProperties"] is False for part in parts)


@st.composite
def predicted(draw: st.DrawFn) -> Annotation:
    """Annotations, some of whose spans are not in the text."""
    made = draw(documents().flatmap(annotations))
    gone = draw(st.sets(st.sampled_from([s.id for s in made.spans]))) if made.spans else set()
    words = texts(min_size=1)
    lost = [
        Ungrounded(s.id, s.label, draw(words), s.attributes) for s in made.spans if s.id in gone
    ]
    kept = [s for s in made.spans if s.id not in gone]
    return msgspec.structs.replace(made, spans=tuple(kept), ungrounded=tuple(lost))


@settings(max_examples=80, deadline=None)
@given(made=predicted())
def test_every_line_of_offsets_that_can_be_read_is_valid(made: Annotation) -> None:
    for raw in (made, msgspec.structs.replace(made, sha256="")):
        VALIDATORS["predictions"].validate(json.loads(msgspec.json.encode(raw)))


@settings(max_examples=80, deadline=None)
@given(made=predicted(), words=texts(), hint=st.none() | st.integers(0, 2**31 - 1))
def test_every_line_of_strings_that_can_be_read_is_valid(made, words, hint) -> None:
    spans = [
        StringSpan(s.id, s.label, words, hint, None if hint else words, s.attributes)
        for s in made.spans
    ]
    known = {s.id for s in spans}
    joins = [a for a in made.attributions if {i for _, ids in a.roles() for i in ids} <= known]
    raw = StringAnnotation(doc_id=made.doc_id, spans=tuple(spans), attributions=tuple(joins))
    VALIDATORS["strings"].validate(json.loads(msgspec.json.encode(raw)))


OFFSETS = {"id": "q", "label": "quote", "fragments": [[0, 4], [6, 9]]}
WORDS = {"id": "q", "label": "quote", "text": "We sail"}
SAID = {"id": "a", "content": ["q"]}
GONE = {"id": "u", "label": "claim", "text": "x"}


def _line(span: Any, **changes: Any) -> dict[str, Any]:
    return {"doc_id": "d", "spans": [span], **changes}


#: Faults of any line, as (field of the span or line, wrong value).
SPAN_FAULTS: list[dict[str, Any]] = [
    {"id": ""},
    {"id": "q 1"},
    {"id": "q\n"},
    {"id": "ä"},
    {"id": "q" * 129},
    {"id": 1},
    {"label": "qoute"},
    {"label": None},
    {"attributes": {"mood": "glad"}},
    {"attributes": {"form": "loud"}},
    {"attributes": {"form": None}},
    {"attributes": []},
    {"attributes": {"entity": "Ana"}},
    {"label": "cue", "attributes": {"form": "direct"}},
    {"label": "source", "attributes": {"entity": " "}},
    {"label": "source", "attributes": {"entity": "a\nb"}},
    {"label": "source", "attributes": {"kind": "Named"}},
    {"words": "x"},
]
LINE_FAULTS: list[dict[str, Any]] = [
    {"doc_id": ""},
    {"doc_id": None},
    {"sha256": 5},
    {"spans": None},
    {"spans": {}},
    {"attributions": None},
    {"note": "x"},
    {"attributions": [{"id": "a"}]},
    {"attributions": [{"id": "a", "content": []}]},
    {"attributions": [{"id": "a b", "content": ["q"]}]},
    {"attributions": [{"id": "a", "content": "q"}]},
    {"attributions": [{"id": "a", "content": ["q", "q"]}]},
    {"attributions": [{"id": "a", "content": ["q"], "role": "x"}]},
    {"attributions": [{"id": "a", "content": ["q"], "entity": "\t"}]},
]
OFFSET_FAULTS: list[dict[str, Any]] = [
    {"fragments": []},
    {"fragments": [[0]]},
    {"fragments": [[0, 1, 2]]},
    {"fragments": [[-1, 4]]},
    {"fragments": [[0, 2**31]]},
    {"fragments": [[0, 4.5]]},
    {"fragments": [["0", "4"]]},
    {"fragments": [[None, 4]]},
    {"fragments": [[True, 4]]},
    {"fragments": [0, 4]},
    {"fragments": "all"},
]
WORD_FAULTS: list[dict[str, Any]] = [
    {"text": None},
    {"text": 5},
    {"text": "a\0b"},
    {"context": ["x"]},
    {"context": "\0"},
    {"hint": -1},
    {"hint": 1.5},
    {"hint": 2**31},
    {"hint": True},
    {"fragments": [[0, 4]]},
]
BAD = [
    *[("predictions", _line(OFFSETS | fault)) for fault in SPAN_FAULTS + OFFSET_FAULTS],
    *[("strings", _line(WORDS | fault)) for fault in SPAN_FAULTS + WORD_FAULTS],
    *[("predictions", _line(OFFSETS, **fault)) for fault in LINE_FAULTS],
    *[("strings", _line(WORDS, **fault)) for fault in LINE_FAULTS],
    *[("predictions", {"doc_id": "d"}), ("strings", {"spans": [WORDS]}), ("predictions", [])],
    ("predictions", _line(OFFSETS, ungrounded=[GONE | {"label": "x"}])),
    ("predictions", _line(OFFSETS, ungrounded=[GONE | {"text": "\0"}])),
    ("predictions", _line(OFFSETS, ungrounded=[{"id": "u", "label": "claim"}])),
    (
        "predictions",
        {
            "doc_id": "d",
            "spans": [OFFSETS, {"id": "s", "label": "source", "fragments": [[20, 22]]}],
            "attributions": [{"id": "a", "content": ["q"], "source": ["s"], "entity": "Ana"}],
        },
    ),
]
#: What the readers refuse and a schema lets pass: each is named in its description.
BEYOND = [
    ("predictions", _line(OFFSETS | {"fragments": [[4, 4]]}), "ends behind its start"),
    ("predictions", _line(OFFSETS | {"fragments": [[6, 9], [0, 4]]}), "are ascending"),
    ("predictions", _line(OFFSETS | {"fragments": [[0, 4], [4, 9]]}), "do not touch"),
    ("predictions", _line(OFFSETS | {"fragments": [[0, 4.0]]}), "without point or exponent"),
    ("predictions", {"doc_id": "d", "spans": [OFFSETS, OFFSETS]}, "ids are unique"),
    ("strings", {"doc_id": "d", "spans": [WORDS, WORDS]}, "ids are unique"),
    ("predictions", _line(OFFSETS, attributions=[{"id": "a", "content": ["x"]}]), "of its line"),
    (
        "strings",
        _line(WORDS | {"label": "cue"}, attributions=[SAID]),
        "in a role that its label can fill",
    ),
]


def _read(path: Path, name: str, line: Any) -> None:
    path.write_text(json.dumps(line) + "\n")
    if name == "strings":
        from inquit.eval.grounding import read_strings

        list(read_strings(path))
    else:
        read_predictions(path)


@pytest.mark.parametrize(("name", "line"), BAD)
def test_what_the_schema_refuses_the_reader_refuses(tmp_path, name: str, line: Any) -> None:
    assert not VALIDATORS[name].is_valid(line)
    with pytest.raises(DataError):
        _read(tmp_path / "x.jsonl", name, line)


@pytest.mark.parametrize(("name", "line", "said"), BEYOND)
def test_what_the_schema_cannot_say_it_names(tmp_path, name: str, line: Any, said: str) -> None:
    assert VALIDATORS[name].is_valid(line)
    assert said in schema(name)["description"]
    with pytest.raises(DataError):
        _read(tmp_path / "x.jsonl", name, line)


@pytest.mark.parametrize(
    ("name", "line"),
    [("predictions", _line(OFFSETS)), ("strings", _line(WORDS)), ("predictions", _line(
        OFFSETS, attributions=[SAID | {"entity": "Ana"}], ungrounded=[GONE], sha256=""))],
)  # fmt: skip
def test_the_lines_that_are_broken_above_are_whole(tmp_path, name: str, line: Any) -> None:
    VALIDATORS[name].validate(line)
    _read(tmp_path / "x.jsonl", name, line)
