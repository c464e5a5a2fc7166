from __future__ import annotations

from typing import Any

import pytest
from generators import labelled_documents, texts
from hypothesis import example, given, settings

from inquit.corpus import Annotation, Attribution, DataError, Document, Span
from inquit.corpus.inline import dumps, loads

HEAD = '+++\ndoc_id = "d"\n+++\n'

HARBOUR = """\
+++
doc_id = "harbour"
language = "en"
licence = "CC-BY-4.0"

[attributions]
a1 = { content = ["q1"], source = ["s1"], cue = ["c1"] }
+++
<quote#q1 form=direct>“We sail,”</q1> <cue#c1>said</c1> \
<source#s1 kind=named entity="Ana Reyes">Ana Reyes</s1>,
<q1>“at dawn.”</q1>
"""


def problems(source: str) -> list[str]:
    with pytest.raises(DataError) as caught:
        loads(source, "a.inline")
    return [str(p).removeprefix("a.inline:") for p in caught.value.problems]


def test_the_example_of_the_documentation() -> None:
    document, annotation = loads(HARBOUR)
    assert document == Document(
        doc_id="harbour",
        language="en",
        licence="CC-BY-4.0",
        text="“We sail,” said Ana Reyes,\n“at dawn.”",
    )
    assert annotation == Annotation(
        doc_id="harbour",
        sha256=document.sha256,
        spans=[
            Span("q1", "quote", [(0, 10), (27, 37)], {"form": "direct"}),
            Span("c1", "cue", [(11, 15)]),
            Span("s1", "source", [(16, 25)], {"kind": "named", "entity": "Ana Reyes"}),
        ],
        attributions=[Attribution(id="a1", content=["q1"], source=["s1"], cue=["c1"])],
    )
    assert dumps(document, annotation) == HARBOUR


@settings(deadline=None, max_examples=300)
@given(labelled_documents())
def test_writing_and_reading_is_the_identity(labelled: tuple[Document, Annotation]) -> None:
    document, annotation = labelled
    written = dumps(document, annotation)
    assert loads(written) == (document, annotation)
    assert dumps(*loads(written)) == written


@settings(deadline=None)
@given(labelled_documents())
def test_an_editor_shows_every_character(labelled: tuple[Document, Annotation]) -> None:
    body = dumps(*labelled).partition("\n+++\n")[2]
    assert "\r" not in body
    assert all(c == "\n" or c.isprintable() or not c.isspace() for c in body.replace("\t", ""))
    assert not set("\u202e\u2066\u200d\u00a0\u00ad\ufeff\x1b") & set(body)


@given(texts(max_size=6))
@example("</q1>&lt;<quote#q1>")
@example("+++\n")
def test_any_text_can_stand_in_an_article(text: str) -> None:
    document, annotation = loads(dumps(Document(doc_id="d", text=text)))
    assert document.text == text
    assert annotation.spans == ()


def test_spans_may_nest_cross_and_be_apart() -> None:
    document, annotation = loads(
        HEAD + "<quote#q>a <claim#c>b</q> c</c> d <q>e</q><claim#x><quote#y>f</x></y>\n"
    )
    assert document.text == "a b c d ef"
    assert [(span.id, span.fragments) for span in annotation.spans] == [
        ("q", ((0, 3), (8, 9))),
        ("c", ((2, 5),)),
        ("x", ((9, 10),)),
        ("y", ((9, 10),)),
    ]


def test_the_last_line_feed_is_not_of_the_text() -> None:
    assert loads(HEAD + "\n")[0].text == ""
    assert loads(HEAD + "a\n\n")[0].text == "a\n"
    assert loads(HEAD + "a&#xD;\n\n")[0].text == "a\r\n"


def test_escapes_stand_for_characters() -> None:
    text = loads(HEAD + "&lt;b&gt; &amp;amp; &quot; &#x1F600;&#xA0;[sic]\n")[0].text
    assert text == '<b> &amp; " 😀\u00a0[sic]'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a < b", "4: stray '<'; write &lt;"),
        ("a & b", "4: stray '&'; write &amp;"),
        ("a\nb &nbsp; c", "5: unknown escape '&nbsp;'; write & as &amp;"),
        ("&#x110000;", "4: unknown escape"),
        ("&#160;", "4: unknown escape"),
        ("\n\n<quote#q>a", "6: span 'q': the quote is not closed; write </q>"),
        ("a</q>", "4: '</q>' closes what is not open"),
        ("<q>a</q>", "4: '<q>' opens no known span; a span starts as <label#id>"),
        ("<b>bold</b>", "4: '<b>' opens no known span"),
        ("<quote#q>a<q>b</q>", "4: span 'q': is open already"),
        ("<quote#q>a</q> <quote#q>b</q>", "4: span 'q': id stands twice; reopen it with <q>"),
        ("<quote#q></q>", "4: span 'q': empty fragment [0, 0)"),
        ("<quote#q>a</q><q>b</q>", "4: span 'q': fragment [1, 2) touches or precedes"),
        ("a\n<qoute#q>b</q>", "5: span 'q': unknown label 'qoute'"),
        ("<quote#q form=x>b</q>", "4: span 'q': form 'x' is unknown"),
        ("<quote#q size=x>b</q>", "4: span 'q': a quote has no attribute 'size'"),
        ("<quote#q form=direct form=mixed>b</q>", "4: span 'q': form stands twice"),
        ("<quote#q  form=direct>b</q>", "4: span 'q': cannot read '  form=direct'"),
        ("<quote#q form='direct'>b</q>", "4: span 'q': cannot read"),
        ('<source#s entity="a &b; c">b</s>', "4: span 's': unknown escape in entity="),
        ('<source#s entity="">b</s>', "4: span 's': entity '' is empty"),
        ("a\rb", "4: holds a raw carriage return; write &#xD;"),
        ("&#x0;", " document 'd': NUL at code point 0"),
        ("&#xD83D;", " document 'd': lone surrogate U+D83D at code point 0"),
    ],
)
def test_a_fault_of_the_body_is_told_with_its_line(body: str, expected: str) -> None:
    found = problems(HEAD + body + "\n")
    assert found[0].startswith(expected), found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", "1: does not start with a line '+++'"),
        ("\ufeff" + HEAD + "a\n", "1: does not start with a line '+++'"),
        ("+++\ndoc_id = 'd'\n", "1: the header has no end"),
        (HEAD, "4: does not end with a line feed"),
        (HEAD + "a", "4: does not end with a line feed"),
        (
            "+++\ndoc_id = d\n+++\na\n",
            "2: the header is not TOML (Invalid value, column 10); write it as",
        ),
        ("+++\n+++\na\n", "1: the header is not valid: field `doc_id` is missing; name"),
        ("+++\ndoc_id = 1\n+++\na\n", "1: the header is not valid: `doc_id` is 1, not a string"),
        ("+++\ndoc_id = 'd'\nlicense = 'x'\n+++\na\n", "1: the header is not valid: unknown"),
        (
            "+++\ndoc_id = 'd'\npublished = 2026-03-04\n+++\na\n",
            "1: the header is not valid: `publis",
        ),
        ("+++\ndoc_id = 'd'\ntext = 'x'\n+++\na\n", " the header has text; leave it out"),
        ("+++\ndoc_id = 'd'\nattributions = 1\n+++\na\n", " attributions is not a table"),
        (
            "+++\ndoc_id = 'd'\nattributions.a = { content = 'q' }\n+++\na\n",
            " attribution 'a': `content` is the string 'q', not a list; give a list of span ids",
        ),
        (
            "+++\ndoc_id = 'd'\nattributions.a = { content = [], souce = [] }\n+++\na\n",
            " attribution 'a': unknown field `souce`; did you mean 'source'?",
        ),
        (
            "+++\ndoc_id = 'd'\nattributions.a = { content = ['q'] }\n+++\na\n",
            " document 'd': attribution 'a': content names span 'q', which does not exist",
        ),
        (
            "+++\ndoc_id = 'd'\nattributions.'a b' = { content = ['q'] }\n+++\na\n",
            " attribution 'a b': attribution id 'a b' is not valid",
        ),
    ],
)
def test_a_fault_of_the_header_is_told(source: str, expected: str) -> None:
    found = problems(source)
    assert found[0].startswith(expected), found


def test_every_fault_of_a_file_is_told_at_once() -> None:
    found = problems(
        "+++\ndoc_id = ''\nattributions.a = {}\n+++\n<quote#q>a & b</r>\n<cue#c form=direct>x</c>\n"
    )
    assert [message.split(":")[0] for message in found] == [
        "5",
        "5",
        "5",
        "6",
        " attribution 'a'",
        " document \"''\"",
    ]


def test_labels_that_do_not_fit_are_not_written() -> None:
    document = Document(doc_id="d", text="abc")
    wrong: list[Any] = [
        Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 4)])]),
        Annotation(doc_id="e", spans=[]),
        Annotation(doc_id="d", sha256="0" * 64, spans=[]),
    ]
    for annotation in wrong:
        with pytest.raises(DataError):
            dumps(document, annotation)
