"""``inquit corpus show --html``: every character and label is there, and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import inquit
from generators import labelled_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import PAYLOADS, RUNS, Chromium, audit, chromium, guarded

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.corpus.inline import loads
from inquit.corpus.viewer import Facets, document_facets, items_of, plain, script_data, visible
from inquit.corpus.viewer.labels import labels_page

Pair = tuple[Document, Annotation]

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


def layer(*annotations: Annotation, **facts: str) -> Layer:
    return Layer(name="gold", kind="human", annotations=annotations, **facts)


def page_of(folder: Path, *pairs: Pair, **facts: str) -> Path:
    path = folder / "page.html"
    labels = layer(*(annotation for _, annotation in pairs), **facts)
    path.write_text(labels_page([document for document, _ in pairs], labels), "utf-8", newline="")
    return path


def covered(document: Document, annotation: Annotation) -> list[tuple[str, list[str]]]:
    """Return each character with the ids of the labels over it."""
    return [
        (
            c,
            sorted(
                span.id
                for span in annotation.spans
                if any(start <= offset < end for start, end in span.fragments)
            ),
        )
        for offset, c in enumerate(document.text)
    ]


def drawn(page: Any) -> list[tuple[str, list[str]]]:
    runs = page.locator(".vw-text").first.evaluate(RUNS)
    return [(c, ids) for words, ids in runs for c in words]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(labelled_documents(), min_size=4, max_size=8, unique_by=lambda p: p[0].doc_id))
def test_every_character_stands_under_exactly_its_labels(
    tmp_path: Path, browser: Chromium, pairs: list[Pair]
) -> None:
    page = browser.open(page_of(tmp_path, *pairs), "#sort=given")
    audit(page)
    for document, annotation in pairs:
        assert drawn(page) == covered(document, annotation)
        page.keyboard.press("j")
    assert browser.quiet()
    page.context.close()


def hostile(payload: str) -> tuple[Document, Layer]:
    line = "".join(c for c in payload if c.isprintable() or c in "\u202e\u202c\u2067").strip()
    text = f"“{payload}”\r\n\u2028{payload} said.\x07"
    document = Document(
        doc_id=line, text=text, title=line, publisher=line, published=line, url=line, group=line,
        licence=line, meta={payload: payload, "tags": [payload, "x"], "phenomena": [payload, "y"]},
    )  # fmt: skip
    end = len(payload) + 2
    spans = [
        Span("q", "quote", [(0, end)]),
        Span("s", "source", [(end + 3, end + 3 + len(payload))], {"entity": line}),
        Span("claim-of-a-long-id", "claim", [(1, end - 1)]),
    ]
    said = [
        Attribution(id="a", content=["q"], source=["s"]),
        Attribution(id="b", content=["claim-of-a-long-id"], entity=line),
    ]
    labels = Annotation(doc_id=line, spans=spans, attributions=said)
    return document, layer(labels, annotator=line, guidelines=line, made_by=payload)


def visited(page: Any) -> None:
    """Go where words of the data are shown: entries, filters, facts."""
    for entry in page.locator(".vw-finding").all():
        entry.click()
    page.locator("#vw-rest summary").click()
    audit(page)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_stay_words(tmp_path: Path, browser: Chromium, payload: str) -> None:
    document, labels = hostile(payload)
    other = Document(doc_id="other", text="Nothing was said.")
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    for documents, context in (([document], phone), ([document, other], {})):
        content = labels_page(documents, labels, corpus=payload)
        guarded(content, scripts=1)
        path = tmp_path / "page.html"
        path.write_text(content, "utf-8", newline="")
        page = browser.open(path, "#sort=given", **context)
        visited(page)
        shown = page.locator(".vw-text").evaluate("(e) => e.textContent")
        assert shown == document.text
        title = page.locator("#vw-title").evaluate("(e) => e.textContent")
        assert title == document.title
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 or not context
        for words in page.locator(".vw-finding bdi").all_text_contents():
            assert words in " ".join(document.text.split()) or words in (payload, document.doc_id)
        page.context.close()
    assert browser.quiet()


def test_an_address_is_a_link_only_if_it_leads_to_the_web(
    tmp_path: Path, browser: Chromium
) -> None:
    empty = Annotation(doc_id="d", spans=[])
    for url, links in (("https://example.org/a?b=<c>", 1), ("javascript:alert(1)", 0), ("a", 0)):
        document = Document(doc_id="d", text="", url=url)
        page = browser.open(page_of(tmp_path, (document, empty)))
        assert page.locator("#vw-facts a").count() == links
        assert url in page.locator("#vw-facts").inner_text()
        page.context.close()
    assert browser.quiet()


def test_a_page_lists_attributions_and_draws_the_chosen_one(
    tmp_path: Path, browser: Chromium
) -> None:
    page = browser.open(page_of(tmp_path, loads(NESTED)))
    entries = page.locator(".vw-finding")
    told = [" ".join(words.split()) for words in entries.all_inner_texts()]
    assert told == [
        "source s1 she cue c1 told to ad1 us content q1 “It rained,” … “all day.” (direct)",
        "claim x It rained",
        "source (A clerk) content q2 rained",
    ]
    entries.first.click()
    assert page.locator(".vw-lines path.vw-line").count() == 3
    assert page.locator(".vw-text .vw-on").first.is_visible()
    assert entries.first.get_attribute("aria-current") == "true"
    names = page.locator(".vw-text [role=group]").evaluate_all(
        "(all) => all.map((e) => e.getAttribute('aria-label'))"
    )
    assert names[0] == "quote q1, form direct"
    assert "quote q1, form direct, continued" in names
    assert (
        page.locator(".vw-text .iq-quote")
        .first.evaluate("(e) => getComputedStyle(e, '::before').content")
        .startswith('"q1')
    )
    page.locator(".vw-text .iq-claim").first.click()
    assert entries.nth(1).get_attribute("aria-current") == "true"
    assert browser.quiet()
    page.context.close()


def test_a_page_of_one_document_is_readable_without_scripts(
    tmp_path: Path, browser: Chromium
) -> None:
    document, annotation = loads(NESTED)
    page = browser.open(page_of(tmp_path, (document, annotation)), java_script_enabled=False)
    assert page.locator("noscript .iq-text, .vw-page .iq-text").first.inner_text() == document.text
    assert page.locator("main").inner_text().startswith("Scripts are off")
    page.context.close()
    other = Document(doc_id="other", text="Nothing was said.")
    both = page_of(tmp_path, (document, annotation), (other, Annotation(doc_id="other", spans=[])))
    page = browser.open(both, java_script_enabled=False)
    assert page.locator("main").inner_text().startswith("Scripts are off. Showing documents")
    assert "table" not in page.locator("main").inner_text()
    page.context.close()


def test_controls_are_shown_by_their_codes(tmp_path: Path, browser: Chromium) -> None:
    text = "“Yes,”\r\nhe\u200e said\u200f,\u061c \rand left."
    said = Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 7)])])
    page = browser.open(page_of(tmp_path, (Document(doc_id="d", text=text), said)))
    codes = page.locator(".vw-text .iq-control").evaluate_all("(a) => a.map((e) => e.dataset.code)")
    assert codes == ["U+200E", "U+200F", "U+061C", "U+000D"], "a line's end is no control"
    assert drawn(page) == covered(Document(doc_id="d", text=text), said)
    assert plain("a\u200fb\u061c\u200e") == "a‹U+200F›b‹U+061C›‹U+200E›"
    page.context.close()


def test_a_page_needs_no_labels(tmp_path: Path, browser: Chromium) -> None:
    path = tmp_path / "page.html"
    path.write_text(labels_page([Document(doc_id="d", text="Nothing was said.")]), "utf-8")
    page = browser.open(path)
    assert page.locator(".vw-text").inner_text() == "Nothing was said."
    assert "0 entries" in page.locator("#vw-findings-count").inner_text()
    assert browser.quiet()
    page.context.close()


def test_long_documents_are_shown_whole(tmp_path: Path, browser: Chromium) -> None:
    many = [Span(f"q{n}", "quote", [(40 * n, 40 * n + 30)]) for n in range(5000)]
    text = ("The crane \U0001f600 had failed before noon \n" * 27_000)[:1_000_000]
    document = Document(doc_id="long", text=text)
    deep = Document(doc_id="deep", text="x" * 200)
    line = Document(doc_id="line", text="the crane \U0001f600 " * 3000 + "\U0001f600" * 30_000)
    nested = [Span(f"n{n}", "claim", [(n, 200 - n)]) for n in range(60)]
    path = page_of(
        tmp_path,
        (document, Annotation(doc_id="long", spans=many)),
        (deep, Annotation(doc_id="deep", spans=nested)),
        (line, Annotation(doc_id="line", spans=[Span("q", "quote", [(10, 60_000)])])),
    )
    page = browser.open(path, "#doc=long")
    assert page.locator(".vw-text").evaluate("(e) => e.textContent") == text
    assert page.locator(".vw-finding").count() == 5000
    page.locator(".vw-finding").nth(4999).evaluate("(e) => e.click()")
    page.locator(".vw-text .vw-on").first.wait_for()
    words = page.locator(".vw-text .vw-on").evaluate_all("(all) => all.map((e) => e.textContent)")
    assert "".join(words) == text[40 * 4999 : 40 * 4999 + 30]
    page.evaluate("location.hash = 'doc=line'")
    page.wait_for_function("document.querySelector('#vw-title').textContent === 'line'")
    assert page.locator(".vw-text").evaluate("(e) => e.textContent") == line.text
    assert page.locator(".vw-line").count() > 10
    page.evaluate("location.hash = 'doc=deep'")
    page.get_by_text("labels lie over one place").wait_for()
    assert page.locator(".vw-text").evaluate("(e) => e.textContent") == deep.text
    assert page.locator(".vw-finding").count() == 60
    assert browser.quiet()
    page.context.close()


def test_all_documents_of_a_corpus_fit_one_page(
    tmp_path: Path, browser: Chromium, capsys: pytest.CaptureFixture[str]
) -> None:
    document, annotation = loads(NESTED)
    other = Document(doc_id="e", text="Nothing.", title="Other")
    Corpus(CorpusInfo(name="two"), [document, other], [layer(annotation)]).write(tmp_path / "c")
    path = tmp_path / "all.html"
    assert inquit(capsys, "corpus", "show", tmp_path / "c", "--html", path).code == 0
    page = browser.open(path)
    assert page.locator(".vw-row").count() == 2
    page.get_by_role("link", name="Other").click()
    assert page.locator("#vw-title").inner_text() == "Other"
    assert "has no labels for this document" in page.locator("#vw-told").inner_text()
    page.go_back()
    page.locator(".vw-text .iq-quote").first.wait_for()
    assert browser.quiet()
    page.context.close()
    ran = inquit(capsys, "corpus", "show", tmp_path / "c")
    assert ran.code == 2
    assert "name a document" in ran.err


def test_items_are_attributions_and_what_stands_alone() -> None:
    _, annotation = loads(NESTED)
    assert items_of(annotation) == [[0, 1, 0, -1, 0], [1, 1, 1, -1, 1], [0, 1, 1, -1, 4]]


def test_facets_leave_out_what_tells_every_document_apart() -> None:
    documents = [
        Document(doc_id=str(n), text="", meta={"nr": n, "desk": "ab"[n % 2], "tags": ["x", str(n)]})
        for n in range(6)
    ]
    facets = Facets()
    found = document_facets(documents, facets)
    names = [name for name, _ in facets.to_json()]
    assert names == ["meta.desk", "meta.tags"]
    assert all(len(doc.facets) == 5 for doc in found)


def test_data_cannot_leave_its_element() -> None:
    assert str(script_data("</script>\u2028&")) == r'"\u003c/script\u003e\u2028\u0026"'
    assert plain("a\u202eb\nc") == "a‹U+202E›b‹U+000A›c"
    assert str(visible("<\u202e")) == (
        '<bdi>&lt;<span class="iq-control" data-code="U+202E">\u202e</span></bdi>'
    )
