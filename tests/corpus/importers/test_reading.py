"""What the importers of token and JSON corpora share."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inquit.corpus import Span
from inquit.corpus.importers.located import read_object
from inquit.corpus.importers.tokenised import fragments, rebuilt

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
SENTENCES = st.lists(st.lists(WORDS, max_size=5), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(SENTENCES)
def test_a_rebuilt_text_holds_each_token_at_its_place(sentences: list[list[str]]) -> None:
    text, places = rebuilt(sentences)
    tokens = [token for sentence in sentences for token in sentence]
    assert [text[start:end] for start, end in places] == tokens
    lines = [" ".join(sentence) for sentence in sentences if sentence]
    assert text == "\n".join(lines)


@given(SENTENCES, st.data())
def test_tokens_become_fragments_that_a_span_may_have(
    sentences: list[list[str]], data: st.DataObject
) -> None:
    _, places = rebuilt([*sentences, ["x"]])
    chosen = data.draw(st.lists(st.integers(0, len(places) - 1), min_size=1))
    span = Span("q1", "quote", fragments(chosen, places))
    covered = {i for start, end in span.fragments for i in range(start, end)}
    for number, (start, end) in enumerate(places):
        assert (number in chosen) == covered.issuperset(range(start, end))


@given(st.dictionaries(st.text(max_size=3), VALUES), st.sampled_from([None, 0, 2]))
def test_json_is_read_as_the_standard_library_reads_it(
    value: dict[str, Any], indent: int | None
) -> None:
    text = "\n " + json.dumps(value, indent=indent) + "\r\n"
    assert read_object(text) == value
    names = [name for name, held in value.items() if isinstance(held, list)]
    located = read_object(text, names)
    for name in names:
        assert [item for _, item in located[name]] == value[name]
        lines = [line for line, _ in located[name]]
        assert lines == sorted(lines)
        if indent == 0:
            for line, item in located[name]:
                first = json.dumps(item, indent=0).split("\n")[0]
                assert text.split("\n")[line - 1].rstrip(",") == first
