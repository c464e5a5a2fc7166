"""What a notebook shows of scores, results and documents is complete, and only ever text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from generators import labelled_documents
from hypothesis import given, settings
from results import EXACT, HEADLINE, result, some_counts

from inquit.corpus import Annotation, DataError, Document, Span
from inquit.corpus.html import LabelledDocument, labelled
from inquit.eval import compare_results, score, slice_scores

HOSTILE = '</style><script>alert(1)</script>" onmouseover="x'
ALLOWED = {"div", "style", "p", "ul", "li", "span"}
ALLOWED |= {"table", "caption", "thead", "tbody", "tr", "th", "td"}


class Parsed(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data + "\n"


def parsed(shown: object) -> Parsed:
    assert type(shown._repr_html_()) is str
    found = Parsed(shown._repr_html_())
    assert not found.open
    assert set(found.names) <= ALLOWED
    assert found.attributes <= {
        "class",
        "dir",
        "lang",
        "scope",
        "data-span",
        "data-tag",
        "data-code",
        "title",
    }
    return found


def test_scores_show_every_number():
    gold = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])]
    documents = [Document(doc_id="d", text="It rained. She left.")]
    scores = score(gold, gold, [EXACT, "claim.f1@exact"], documents=documents)
    found = parsed(scores).text.split("\n")
    assert "1 document" in found
    assert found[found.index(EXACT) + 1 : found.index(EXACT) + 6] == ["1.000", "–", "1", "0", "0"]
    assert found[found.index("claim.f1@exact") + 1] == "–"
    assert set(scores.trivial) <= set(found)
    assert set(scores.notes) <= set(found)


def test_a_system_that_reads_nothing_and_scores_higher_is_starred():
    gold = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 10)])])]
    documents = [Document(doc_id="d", text="It rained. She left.")]
    none = [Annotation(doc_id="d", spans=[])]
    line = "* a system that reads nothing scores higher"
    found = parsed(score(gold, none, [EXACT], documents=documents)).text.split("\n")
    assert line in found and any(cell.endswith("*") for cell in found)
    found = parsed(score(gold, gold, [EXACT], documents=documents)).text.split("\n")
    assert line not in found and not any(cell.endswith("*") for cell in found)


def test_slices_show_every_number_and_note():
    docs = [
        Document(doc_id=f"d{i}", text="It rained. She left.", publisher=HOSTILE if i else None)
        for i in range(15)
    ]
    form = [{"form": "direct"}, {"form": "mixed"}]
    gold, found = (
        [
            Annotation(doc_id=d.doc_id, spans=[Span("q", "quote", [(0, 9)], form[i >= cut])])
            for i, d in enumerate(docs)
        ]
        for cut in (15, 8)
    )
    names = ["publisher", "form", "certainty"]
    slices = slice_scores(gold, found, names, [EXACT], documents=docs, confidence=0.9)
    assert slices == tuple(slices) and len(slices) == 3
    lines = parsed(slices).text.split("\n")
    assert lines.count("90 % interval") == 3
    assert [f"{EXACT} by {name}" in lines for name in names] == [True, True, False]
    assert f"{EXACT} by certainty: nothing to count" in lines
    assert "a quote has no certainty" in lines
    row = lines.index(HOSTILE)
    assert lines[row + 1 : row + 5][:3] == ["14", "1.000", "1.000 – 1.000"]
    assert lines[row + 4] == "14 0 0" and "TP FP FN" in lines
    row = lines.index("direct")
    assert lines[row + 1 : row + 9] == [
        "15", "1.000", "1.000 – 1.000", "15 / 15", "8", "1.000", "under 10 documents", "8 / 8",
    ]  # fmt: skip
    row = lines.index("mixed")
    assert lines[row + 1 : row + 4] == ["0", "–", "undefined"]
    assert type(slices[0:1]) is type(slices) and list(slices[:1]) == [slices[0]]
    assert slices[:1]._repr_html_() == slices[0]._repr_html_()
    columns = ["nothing", "every-sentence", "every-paragraph", "whole-document"]
    assert lines.count(columns[1]) == 2
    heading = lines.index(columns[0], lines.index("direct") - 12)
    assert lines[heading : heading + 4] == columns
    # Of labels: both sentences, of which gold has the first without its full stop.
    assert "systems that read nothing: recall / precision" in lines
    assert "0.000 / –" in lines and "people (on docs)" not in lines
    assert EXACT in parsed(slices[0]).text and "form" not in parsed(slices[0]).text.split("\n")


def test_a_comparison_shows_every_number_and_note():
    a = result({HEADLINE: some_counts(1), EXACT: some_counts(2)}, "rules", parameters={"k": 1})
    b = result({HEADLINE: some_counts(3)}, "rules", parameters={"k": HOSTILE})
    compared = compare_results(a, b, resamples=200, confidence=0.9)
    lines = parsed(compared).text.split("\n")
    [row] = compared.differences
    ends = row.paired.interval
    assert lines[lines.index(HEADLINE) + 1 :][:6] == [
        f"{row.a:.3f}",
        f"{row.b:.3f}",
        f"{row.paired.difference:+.3f}",
        f"{ends.low:+.3f} – {ends.high:+.3f}",
        f"{row.paired.p:.4f}",
        f"{row.p_adjusted:.4f}",
    ]
    assert "90 % interval" in lines and "A: rules(k=1)" in lines
    assert f"B: rules(k={HOSTILE!r})" in lines
    assert compared.notes and set(compared.notes) <= set(lines)


def test_a_result_shows_what_ran_on_what_and_what_failed():
    kept = result(
        {HEADLINE: some_counts(1)},
        name=HOSTILE,
        parameters={"cues": [HOSTILE]},
        failed={"d1": HOSTILE},
        human_ceiling={HEADLINE: 0.875},
        human_documents=4,
        confidence=0.9,
        notes=[HOSTILE],
    )
    found = parsed(kept).text
    lines = found.split("\n")
    assert HOSTILE in lines
    assert f"failed on d1: {HOSTILE}" in lines
    assert f"{kept.measures[HEADLINE].value:.3f}" in lines
    assert "0.875" in lines
    assert "people (on 4 docs)" in lines
    assert "90 % interval" in lines
    assert "port 1 · split test · layer gold · 30 documents" in found


@settings(deadline=None, max_examples=40)
@given(labelled_documents())
def test_a_labelled_document_shows_its_labels(pair: tuple[Document, Annotation]) -> None:
    shown = LabelledDocument(*pair)
    assert str(labelled(*pair)) in shown._repr_html_()
    parsed(shown)


def test_hostile_documents_stay_text():
    document = Document(doc_id="d", text=HOSTILE, title=HOSTILE)
    labels = Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])
    shown = parsed(LabelledDocument(document, labels))
    assert shown.names.count("style") == 1
    assert HOSTILE in shown.text.split("\n")  # the title
    assert HOSTILE in shown.text.replace("\n", "").replace(HOSTILE, "", 1)  # the text
    assert "d" in parsed(LabelledDocument(Document(doc_id="d", text="x"))).text.split("\n")


def test_labels_of_another_document_are_refused():
    document = Document(doc_id="d", text="short")
    for wrong in (
        Annotation(doc_id="e", spans=()),
        Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 99)])]),
    ):
        with pytest.raises(DataError):
            LabelledDocument(document, wrong)


def test_the_style_reaches_nothing_else():
    fragment = LabelledDocument(Document(doc_id="d", text="x"))._repr_html_()
    sheet = re.sub(
        r"/\*.*?\*/", "", re.findall(r"<style>(.*?)</style>", fragment, re.S)[0], flags=re.S
    )
    selectors = re.findall(r"([^{}]+)\{", sheet)
    assert len(selectors) > 20
    for selector in selectors:
        for one in selector.split(","):
            assert one.strip().startswith((".iq", "@media")), one
    assert "url(" not in sheet
    assert "@import" not in sheet
