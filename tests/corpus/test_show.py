from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from generators import labelled_documents
from hypothesis import given, settings
from markupsafe import Markup
from rich.console import Console

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.html import LANES, labelled, lanes, legend, runs, style, tags
from inquit.corpus.inline import loads
from inquit.corpus.show import labelled as in_terminal
from inquit.corpus.show import show
from inquit.corpus.terminal import printable
from inquit.corpus.vocabulary import LABELS

Labelled = tuple[Document, Annotation]


NESTED = """\
+++
doc_id = "d"
[attributions]
a1 = { content = ["q1"], source = ["s1"], cue = ["c1"], addressee = ["ad1"] }
a2 = { content = ["q2"], entity = "A clerk" }
+++
<quote#q1 form=direct>“<claim#x>It <quote#q2>rained</q2></x>,”</q1> <cue#c1>told</c1> \
<source#s1>she</s1> <addressee#ad1>us</ad1>, <q1>“all day.”</q1> [x]
"""


class Elements(HTMLParser):
    """Reads HTML as a browser does: the text, and the elements around each stretch of it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.stretches: list[tuple[str, list[dict[str, str | None]]]] = []
        self.names: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert len(dict(attrs)) == len(attrs)
        self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.stretches.append((data, [attributes for _, attributes in self.open]))

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.stretches)


@settings(deadline=None)
@given(labelled_documents())
def test_the_text_of_the_html_is_the_text_of_the_document(pair: Labelled) -> None:
    document, annotation = pair
    found = Elements(str(labelled(document, annotation)))
    assert found.text == document.text
    assert not found.open
    assert set(found.names) <= {"div", "span"}


@settings(deadline=None)
@given(labelled_documents())
def test_every_character_stands_in_exactly_the_spans_that_cover_it(pair: Labelled) -> None:
    document, annotation = pair
    offset = 0
    for text, around in Elements(str(labelled(document, annotation))).stretches:
        shown = {a["data-span"] for a in around if "data-span" in a}
        for _ in text:
            covering = {
                span.id
                for span in annotation.spans
                if any(start <= offset < end for start, end in span.fragments)
            }
            assert shown == covering
            offset += 1


@settings(deadline=None)
@given(labelled_documents())
def test_spans_that_overlap_have_lanes_of_their_own(pair: Labelled) -> None:
    _, annotation = pair
    lane_of = lanes(annotation.spans)
    for _, _, covering in runs(annotation.spans, annotation.spans[-1].end if lane_of else 0):
        assert len({lane_of[span.id] for span in covering}) == len(covering)


def test_every_span_has_its_tag_once_and_each_later_fragment_another() -> None:
    found = re.findall('data-tag="([^"]*)"', str(labelled(*loads(NESTED))))
    assert found == ["q1", "x", "q2", "c1", "s1", "ad1", "…q1"]


def test_the_text_is_marked_as_of_its_language() -> None:
    assert 'lang="de"' in labelled(Document(doc_id="d", text="Ja.", language="de"))
    assert 'lang=""' in labelled(Document(doc_id="d", text="Ja."))


def test_long_ids_are_numbered_by_label() -> None:
    spans = [Span("A1b2C3d4E5", "quote", [(4, 6)]), Span("x", "quote", [(0, 2)])]
    assert tags(Annotation(doc_id="d", spans=spans)) == {"x": "q1", "A1b2C3d4E5": "q2"}


def test_the_style_knows_every_label_and_lane() -> None:
    sheet = style()
    for label in LABELS:
        assert f".iq-{label} {{ --iq-colour" in sheet
        assert f'class="iq-span iq-{label}"' in str(legend())
    assert all(f".iq-lane-{lane} " in sheet for lane in range(LANES))
    assert isinstance(labelled(Document(doc_id="d", text="")), Markup)


def test_deep_nesting_stays_in_the_lanes_that_are_styled() -> None:
    spans = [Span(f"s{n}", "quote", [(n, 40 - n)]) for n in range(20)]
    source = str(labelled(Document(doc_id="d", text="x" * 40), Annotation(doc_id="d", spans=spans)))
    assert {int(lane) for lane in re.findall(r"iq-lane-(\d+)", source)} == set(range(LANES))


@settings(deadline=None)
@given(labelled_documents())
def test_a_terminal_shows_every_character_and_obeys_none(pair: Labelled) -> None:
    document, annotation = pair
    assert in_terminal(document).plain == printable(document.text)
    shown = in_terminal(document, annotation)
    words = list(shown.plain)
    for mark in shown.spans:
        if str(mark.style).startswith("bold"):
            words[mark.start : mark.end] = [""] * (mark.end - mark.start)
    assert "".join(words) == printable(document.text)


def test_marks_in_a_terminal_are_readable_without_colour() -> None:
    assert in_terminal(*loads(NESTED)).plain == (
        "⟦q1 “⟦x It ⟦q2 rained⟧⟧,”⟧ ⟦c1 told⟧ ⟦s1 she⟧ ⟦ad1 us⟧, ⟦…q1 “all day.”⟧ [x]"
    )
    crossing = "+++\ndoc_id = 'd'\n+++\n<quote#a>1<claim#b>2</a>3</b>\n"
    assert in_terminal(*loads(crossing)).plain == "⟦a 1⟦b 2⟧a3⟧"


@pytest.mark.parametrize("width", [20, 80, 200])
def test_a_document_fits_the_terminal(width: int) -> None:
    out = io.StringIO()
    document, annotation = loads(NESTED)
    show(document, annotation, Console(file=out, width=width, force_terminal=True))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert all(len(line) <= width for line in plain.splitlines())
    squeezed = "".join(plain.split())
    assert "⟦q1“⟦xIt⟦q2rained⟧⟧,”⟧" in squeezed
    assert "a1" in squeezed
    if width > 20:
        assert "→ ad1 us" in plain
        assert "(A clerk)" in plain


def test_control_characters_do_not_reach_the_terminal() -> None:
    out = io.StringIO()
    document = Document(doc_id="d", title="\u202etitle", text="a\x1b]0;owned\x07b\r\nc\u202ed")
    spans = [Span("q", "quote", [(0, 5)])]
    said = Attribution(id="a", content=["q"])
    annotation = Annotation(doc_id="d", spans=spans, attributions=[said])
    show(document, annotation, Console(file=out, width=80))
    shown = out.getvalue()
    assert not set("\x1b\x07\r\u202e") & set(shown)
    assert r"⟦q a\x1b]0;⟧owned\x07b\r" in shown
