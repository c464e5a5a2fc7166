from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import numpy as np
import pytest
from generators import annotations, documents, labelled_documents, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, Attribution, DataError, Document, InquitError, Layer, Span
from inquit.corpus.errors import SHOWN, Problem, did_you_mean, quoted


def messages(make: Any, *arguments: Any, **fields: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        make(*arguments, **fields)
    return [str(problem) for problem in caught.value.problems]


def test_a_document_knows_the_checksum_of_its_bytes() -> None:
    text = "“Ça va,” dit-il.\r\n😀"
    document = Document(doc_id="d", text=text)
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert Document(doc_id="d", text=text, sha256=document.sha256) == document
    assert (document.language, document.licence) == ("und", "restricted")


def test_a_text_that_was_changed_is_refused() -> None:
    (message,) = messages(Document, doc_id="d", text="new", sha256="0" * 64)
    assert "document 'd': sha256 is '000000000...', the text has 11507a0e2" in message


def test_nul_and_lone_surrogates_are_refused_with_their_place() -> None:
    assert messages(Document, doc_id="d", text="ab\0") == [
        "document 'd': NUL at code point 2; remove it from the source"
    ]
    (message,) = messages(Document, doc_id="d", text="😀\ud83d!")
    assert "lone surrogate U+D83D at code point 1" in message


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"doc_id": ""}, "doc_id '' is empty"),
        ({"doc_id": " a"}, "doc_id ' a' is empty, too long or has white space"),
        ({"doc_id": "a" * 501}, "too long"),
        ({"doc_id": "a\nb"}, "holds a line break or control character"),
        ({"doc_id": "a\udcff"}, "holds a line break or control character"),
        ({"title": "a\x1b[31m"}, r"title 'a\x1b[31m' holds a line break"),
        ({"publisher": 5}, "publisher is int"),
        ({"split": "trian"}, "split 'trian' is unknown; use train, dev or test"),
        ({"licence": ""}, "licence '' is empty"),
        ({"text": b"bytes"}, "text is bytes"),
        ({"meta": {"a": None}}, "meta 'a' is NoneType"),
        ({"meta": {"a": [1]}}, "meta 'a' is list"),
        ({"meta": {"a": float("nan")}}, "meta 'a' is nan; give a finite number"),
        ({"meta": {"a": 2**63}}, "meta 'a' is too large"),
        ({"meta": {"a": ["\0"]}}, "meta 'a' holds NUL"),
    ],
)
def test_what_a_document_may_not_be(fields: dict[str, Any], expected: str) -> None:
    (message,) = messages(Document, **{"doc_id": "d", "text": "t"} | fields)
    assert expected in message


def test_every_problem_of_a_document_is_told_at_once() -> None:
    found = messages(Document, doc_id="d", text="\0", split="no", title="\n", meta={"m": None})
    assert len(found) == 4


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("q 1", "quote", [(0, 1)]), "span id 'q 1' is not valid"),
        (("ü", "quote", [(0, 1)]), "span id 'ü' is not valid"),
        (("q", "qoute", [(0, 1)]), "unknown label 'qoute'; use one of quote, claim"),
        (("q", "quote", []), "has no fragments"),
        (("q", "quote", [(3, 3)]), "empty fragment [3, 3)"),
        (("q", "quote", [(3, 1)]), "ends before it starts"),
        (("q", "quote", [(-1, 1)]), "lies outside any text"),
        (("q", "quote", [(0, 2**31)]), "lies outside any text"),
        (("q", "quote", [(0, 2), (2, 3)]), "touches or precedes the one that ends at 2"),
        (("q", "quote", [(4, 6), (0, 2)]), "touches or precedes"),
        (("q", "quote", [(0, 6), (2, 3)]), "touches or precedes"),
        (("q", "quote", [(0, 1.5)]), "is not a pair of whole numbers"),
        (("q", "quote", [(False, True)]), "is not a pair of whole numbers"),
        (("q", "quote", [(0, np.True_)]), "is not a pair of whole numbers"),
        (("q", "quote", [(float("nan"), 3)]), "is not a pair of whole numbers"),
        (("q", "quote", [(0, 10**5000)]), "fragment [0, 10^5000)"),
        (("q", "quote", [(10**5000, 3), (4, 5)]), "fragment [10^5000, 3) lies outside any text"),
        (("q", "quote", [(3, -(10**5000)), (4, 5)]), "lies outside any text"),
        (("q", "quote", [(0, 1, 2)]), "is not a pair of whole numbers"),
        (("q", "quote", [(0, 1)], {"form": "straight"}), "form 'straight' is unknown; use one of"),
        (("q", "cue", [(0, 1)], {"form": "direct"}), "a cue has no attribute 'form'"),
        (("q", "source", [(0, 1)], {"entity": " "}), "entity ' ' is empty"),
        (("q", "source", [(0, 1)], {"entity": "a\nb"}), "holds control characters"),
    ],
)
def test_what_a_span_may_not_be(arguments: tuple[Any, ...], expected: str) -> None:
    (message,) = messages(Span, *arguments)
    assert message.startswith("span ")
    assert expected in message


def test_a_span_takes_offsets_from_numpy() -> None:
    span = Span("q", "quote", np.array([[0, 2], [4, 9]]))
    assert span == Span("q", "quote", [(0, 2), (4, 9)])
    assert all(type(offset) is int for fragment in span.fragments for offset in fragment)
    assert (span.start, span.end) == (0, 9)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": "a b", "content": ["q"]}, "attribution id 'a b' is not valid"),
        ({"id": "a", "content": []}, "has no content"),
        ({"id": "a", "content": "q"}, "content is not a list of span ids"),
        ({"id": "a", "content": [1]}, "content is not a list of span ids"),
        ({"id": "a", "content": ["q", "q"]}, "content names a span twice"),
        (
            {"id": "a", "content": ["q"], "source": ["s"], "entity": "E"},
            "an entity beside a source",
        ),
        ({"id": "a", "content": ["q"], "entity": "\n"}, "is empty or holds control characters"),
    ],
)
def test_what_an_attribution_may_not_be(fields: dict[str, Any], expected: str) -> None:
    (message,) = messages(Attribution, **fields)
    assert expected in message


def test_roles_hold_spans_of_their_label() -> None:
    spans = [Span("q", "quote", [(0, 1)]), Span("c", "cue", [(2, 3)])]
    wrong = Attribution(id="a", content=["c"], source=["q"], cue=["none"])
    assert messages(Annotation, doc_id="d", spans=spans, attributions=[wrong]) == [
        "document 'd': attribution 'a': content names span 'c', which is a cue; "
        "content takes quote or claim",
        "document 'd': attribution 'a': source names span 'q', which is a quote; "
        "source takes source",
        "document 'd': attribution 'a': cue names span 'none', which does not exist; "
        "add the span or remove the reference",
    ]


def test_ids_stand_once() -> None:
    spans = [Span("q", "quote", [(0, 1)]), Span("q", "quote", [(2, 3)])]
    said = Attribution(id="a", content=["q"])
    found = messages(Annotation, doc_id="d", spans=spans, attributions=[said, said])
    assert [message.split("; ")[0] for message in found] == [
        "document 'd': span 'q': id stands twice",
        "document 'd': attribution 'a': id stands twice",
    ]


@settings(deadline=None)
@given(labelled_documents(), st.randoms())
def test_the_order_in_which_labels_are_given_does_not_matter(labelled: Any, random: Any) -> None:
    _, annotation = labelled
    spans, attributions = list(annotation.spans), list(annotation.attributions)
    random.shuffle(spans)
    random.shuffle(attributions)
    again = Annotation(
        doc_id=annotation.doc_id,
        sha256=annotation.sha256,
        spans=spans,
        attributions=attributions,
    )
    assert again == annotation


def test_labels_fit_the_text_they_were_made_on() -> None:
    document = Document(doc_id="d", text="12345")
    inside = Annotation(doc_id="d", sha256=document.sha256, spans=[Span("q", "quote", [(0, 5)])])
    assert list(inside.problems_with(document)) == []
    outside = Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 1), (4, 6)])])
    (problem,) = outside.problems_with(document)
    assert str(problem).startswith("document 'd': span 'q': ends at 6, the text has 5 code points")
    (problem,) = inside.problems_with(Document(doc_id="d", text="12346"))
    assert "labels were made over a text with sha256" in problem.what
    (problem,) = inside.problems_with(Document(doc_id="e", text="12345"))
    assert "joined with document 'e'" in problem.what
    for sha256, expected in (
        ("zz", "sha256 'zz' is none: it has 64 hexadecimal digits; give that of the document, or"),
        (document.sha256.upper(), "is in upper case; write it in lower case"),
    ):
        (problem,) = Annotation(doc_id="d", sha256=sha256, spans=[]).problems_with(document)
        assert expected in str(problem)


@settings(deadline=None)
@given(st.data())
def test_a_span_is_the_slice_of_its_text(data: st.DataObject) -> None:
    document = data.draw(documents(min_size=1))
    for span in data.draw(annotations(document)).spans:
        words = document.slice(span)
        assert [len(part) for part in words] == [end - start for start, end in span.fragments]
        assert all(part and part in document.text for part in words)


def test_objects_do_not_change() -> None:
    span = Span("q", "quote", [(0, 1)])
    with pytest.raises(AttributeError):
        span.label = "claim"  # type: ignore[misc]


def test_a_layer_holds_a_document_once_and_has_a_file_name() -> None:
    annotation = Annotation(doc_id="d", spans=[])
    (message,) = messages(Layer, name="gold", kind="human", annotations=[annotation, annotation])
    assert "document 'd': stands twice in layer 'gold'" in message
    for name in ("", "../gold", "a/b", ".gold", "gold.", "g" * 65, "gölð", "a b"):
        assert "cannot name a layer" in messages(Layer, name=name, kind="human", annotations=[])[0]
    assert (
        "kind 'robot' of layer 'x' is unknown"
        in messages(Layer, name="x", kind="robot", annotations=[])[0]
    )


def test_layers_are_equal_by_their_labels() -> None:
    one, two = (Annotation(doc_id=name, spans=[Span("q", "quote", [(0, 1)])]) for name in "ab")
    layer = Layer(name="x", kind="human", annotations=[one, two])
    assert layer == Layer(name="y", kind="rule", annotations=[two, one], made_by="z")
    assert layer != Layer(name="x", kind="human", annotations=[one])
    assert layer.annotator == "x"


@settings(deadline=None)
@given(texts())
def test_any_text_is_kept_code_point_for_code_point(text: str) -> None:
    document = Document(doc_id="d", text=text)
    again = msgspec.json.decode(msgspec.json.encode(document), type=Document)
    assert again == document
    assert again.text == text


def test_a_message_says_where_what_and_what_to_do() -> None:
    problem = Problem(what="is odd", remedy="make it even", path="a.jsonl", doc_id="d\n", span="q")
    assert str(problem) == r"a.jsonl: document 'd\n': span 'q': is odd; make it even"
    placed = problem.at(path="b.jsonl", line=3)
    assert (placed.path, placed.line) == ("a.jsonl", 3)


def test_an_error_shows_the_first_problems_and_counts_the_rest() -> None:
    error = DataError(Problem(what=str(number)) for number in range(SHOWN + 5))
    assert isinstance(error, InquitError)
    assert len(error.problems) == SHOWN + 5
    assert str(error).splitlines()[-1] == "... and 5 more problems"


def test_words_of_a_message_stay_on_one_line() -> None:
    assert quoted("x" * 100) == repr("x" * 57 + "...")
    assert did_you_mean("inlnie", ["text", "inline"]) == "did you mean 'inline'?"
    assert did_you_mean("zzz", ["text", "inline"]) == ""


@pytest.mark.parametrize("tag", ["xx_not valid", "en-", "-", "english language"])
def test_a_language_is_a_tag(tag: str) -> None:
    with pytest.raises(DataError, match="is no BCP 47 tag"):
        Document(doc_id="d", text="x", language=tag)
