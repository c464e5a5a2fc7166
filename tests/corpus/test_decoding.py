from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquit.corpus import Annotation, Document, Span
from inquit.corpus.decoding import faults, refusal
from inquit.corpus.directory import CorpusInfo
from inquit.corpus.model import Attribution

SPAN = {"id": "q", "label": "quote", "fragments": [[0, 5]]}
PAIRS = "give [start, end) in code points, such as [[0, 12]]"


def told(raw: Any, kind: type[msgspec.Struct], within: str = "") -> list[str]:
    return [str(problem) for problem in faults(raw, kind, within=within)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"fragments": [[True, 5]]}, f"`fragments[0][0]` is true, not a whole number; {PAIRS}"),
        ({"fragments": [[0, 5.5]]}, f"`fragments[0][1]` is 5.5, not a whole number; {PAIRS}"),
        ({"fragments": [["0", 5]]},
         f"`fragments[0][0]` is the string '0', not a whole number; {PAIRS}"),
        ({"fragments": [0, 5]}, f"`fragments[0]` is 0, not a list; {PAIRS}"),
        ({"fragments": [[0, 1, 2]]}, f"`fragments[0]` has 3 items, not a list of 2; {PAIRS}"),
        ({"fragments": [[0, 1], [2]]}, f"`fragments[1]` has 1 item, not a list of 2; {PAIRS}"),
        ({"fragments": None}, f"`fragments` is null, not a list; {PAIRS}"),
        ({"fragments": "0-5"}, f"`fragments` is the string '0-5', not a list; {PAIRS}"),
        ({"score": 0.5}, "unknown field `score`; its fields are id, label, fragments, attributes"),
        ({"a\nb": 0.5}, "unknown field 'a\\nb'; its fields are id, label, fragments, attributes"),
        ({"id": 7}, "`id` is 7, not a string; write it in quotation marks"),
        ({"label": []}, "`label` is a list, not a string; give a string"),
        (
            {"attributes": {"form": True}},
            "`attributes.form` is true, not a string; give an object of strings, or leave it out",
        ),
    ],
)  # fmt: skip
def test_a_span_at_fault_says_place_finding_and_remedy(
    change: dict[str, Any], expected: str
) -> None:
    assert told({**SPAN, **change}, Span) == [expected]


def test_every_field_at_fault_is_told() -> None:
    raw = {"id": "q", "lable": "quote", "fragments": [[0, None]], "score": 1}
    assert [message.split(";")[0] for message in told(raw, Span)] == [
        "unknown field `lable`",
        "unknown field `score`",
        "field `label` is missing",
        "`fragments[0][1]` is null, not a whole number",
    ]
    assert "did you mean 'label'?" in told(raw, Span)[0]


def test_what_a_span_says_of_itself_is_told_beside_an_unknown_field() -> None:
    first, second = told({**SPAN, "label": "qoute", "score": 1}, Span)
    assert first.startswith("unknown field `score`")
    assert second.startswith("span 'q': unknown label 'qoute'; use one of quote")


def test_what_is_no_object_is_named_by_its_place() -> None:
    (message,) = told(5, Span, "spans[3]")
    assert message == "`spans[3]` is 5, not an object; give an object with id, label, fragments"


def test_lines_at_fault() -> None:
    assert told({}, Annotation) == [
        "field `doc_id` is missing; name the document, in a string",
        "field `spans` is missing; give a list of spans, [] if the document has none",
    ]
    assert told({"id": "a", "content": "q"}, Attribution) == [
        "`content` is the string 'q', not a list; give a list of span ids"
    ]
    assert told({"doc_id": "a", "text": "x", "split": "tset"}, Document) == [
        "`split` is 'tset', which is unknown; use one of train, dev, test"
    ]
    assert told({"doc_id": "a", "text": "x", "meta": {"k": 1, "a b": [3]}}, Document) == [
        "`meta['a b'][0]` is 3, not a string; give strings, numbers, booleans or lists of strings"
    ]


def test_tables_in_tables_are_told_each_by_its_place() -> None:
    layers = {"gold": {"kind": "humn"}, "b c": {"kind": "human", "anotator": "x"}, "d": 3, "e": {}}
    assert told({"name": 1, "license": "x", "layers": layers}, CorpusInfo) == [
        "unknown field `license`; did you mean 'licence'?",
        "`name` is 1, not a string; write it in quotation marks",
        "`layers.gold.kind` is 'humn', which is unknown; use one of human, model, rule, "
        "adjudicated",
        "`layers['b c']`: unknown field `anotator`; did you mean 'annotator'?",
        "`layers.d` is 3, not an object; give an object with kind",
        "`layers.e`: field `kind` is missing; use one of human, model, rule, adjudicated",
    ]


def test_a_long_list_of_fields_is_cut() -> None:
    (message,) = told({"doc_id": "a", "text": "x", "foo": 1}, Document)
    assert message.endswith("group, meta")
    wide = msgspec.defstruct("Wide", [(f"f{i}", int, 0) for i in range(30)])
    assert told({"x": 1}, wide)[0].endswith("f11, ...")


def test_many_unknown_fields_are_one_problem() -> None:
    raw = {"doc_id": "a", "spans": [], **{f"x{i}": i for i in range(9)}}
    assert told(raw, Annotation) == [
        "unknown fields `x0`, `x1`, `x2` and 6 more; "
        "its fields are doc_id, sha256, spans, attributions, ungrounded"
    ]


def test_what_is_sound_has_no_fault() -> None:
    assert told(SPAN, Span) == []
    assert told({"doc_id": "a", "spans": [SPAN]}, Annotation) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*Annotation.__struct_fields__, *Span.__struct_fields__, "x", "a b"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([Annotation, Attribution, CorpusInfo, Document, Span]))
def test_whatever_is_refused_is_told_in_one_line_with_a_remedy(
    raw: Any, kind: type[msgspec.Struct]
) -> None:
    problems = list(faults(raw, kind))
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        assert problems
        said = [*problems, refusal(error, raw, kind)]
    else:
        said = problems
        assert not problems
    for problem in said:
        assert problem.remedy
        assert "\n" not in str(problem)
        assert "Expected" not in str(problem)
