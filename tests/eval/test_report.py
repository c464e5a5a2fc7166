"""``inquit eval report``: what the page shows, and that nothing in it runs, loads or restyles."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from commands import inquit
from generators import labelled_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
)
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.extractors.trivial import EverySentence
from inquit.eval.report.inputs import Input, find_corpus, read_inputs
from inquit.eval.report.page import report
from inquit.eval.run import run, save, task

PAYLOADS = (
    "<script>document.title='owned'</script>",
    "</style><style>*{display:none}</style>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\"><svg/onload=document.title='owned'>",
    "</bdi></td></table><h1>big</h1>",
    "&lt;b&gt;&amp;&#60;i&#62;",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- never closed",
    "<base href='https://example.invalid/'>",
    "\u202eright to left\u202c",
    "]]></script><script>",
)
VOID = {"meta", "rect", "line", "base", "img", "br", "link"}


class Page(HTMLParser):
    """The elements, texts and attributes of a page; unclosed or crossed tags are errors."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.styles: list[str] = []
        self.feed(content)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] == "style":
            self.styles.append(data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def hostile(payload: str) -> tuple[Corpus, Annotation]:
    """Return a corpus with a payload in every field that a page may show."""
    line = payload.replace("\n", " ")
    text = f"“{payload}” {payload} said. Mara Quill said: “{payload}”"
    document = Document(
        doc_id=line, text=text, title=line, publisher=line, published=line, split="test"
    )
    end = len(payload) + 2
    spans = (
        Span("q", "quote", ((0, end),)),
        Span("s", "source", ((end + 1, end + 1 + len(payload)),), {"entity": line}),
        Span("i", "quote", ((len(text) - 3, len(text)),)),
    )
    said = (
        Attribution(id="a", content=("q",), source=("s",)),
        Attribution(id="b", content=("i",), entity=line),
    )
    gold = Annotation(doc_id=line, sha256=document.sha256, spans=spans, attributions=said)
    layer = Layer(name="gold", kind="model", annotations=(gold,))
    return Corpus(CorpusInfo(name=line, version=line), [document], [layer]), gold


def page_of(corpus: Corpus, *extractors, name: str = "mine") -> str:
    inputs = []
    for number, extractor in enumerate(extractors or (RuleExtractor(),)):
        done = run(extractor, task(corpus), name=name, resamples=50)
        path = Path(f"r{number}.json")
        inputs.append(Input(path, done.result, done.predictions.by_document()))
    return report(inputs, corpus)


def guarded(content: str) -> Page:
    """Parse a page and check that it can run, load and send nothing."""
    page = Page(content)
    assert not {"script", "iframe", "object", "embed", "link", "base", "img", "form"} & {
        tag for tag, _ in page.tags
    }
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert len(page.styles) == 1
    assert "@import" not in page.styles[0] and "url(" not in page.styles[0]
    policy = next(m["content"] for m in page.named("meta") if "http-equiv" in m)
    digest = base64.b64encode(hashlib.sha256(page.styles[0].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text(payload):
    corpus, _ = hostile(payload)
    content = page_of(corpus, RuleExtractor(cues=[payload]), name=payload)
    page = guarded(content)
    shown = page.text.replace("\u2060", "")
    assert shown.count(payload) >= 8
    assert len(page.named("h1")) == 1 and len(page.named("style")) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(labelled_documents(), min_size=1, max_size=3, unique_by=lambda p: p[0].doc_id))
def test_any_corpus_makes_a_page(pairs):
    documents = [msgspec.structs.replace(d, split=None, group=None) for d, _ in pairs]
    gold = Layer(name="gold", kind="model", annotations=tuple(a for _, a in pairs))
    corpus = Corpus(CorpusInfo(name="any"), documents, [gold])
    guarded(page_of(corpus, RuleExtractor(), EverySentence()))


@pytest.fixture
def quay(tmp_path: Path) -> Path:
    """A corpus of two documents, and a result of the rules on it."""
    texts = {
        "one": "“Crane 5 has failed,” Mara Quill said. Read more here: “Weather”",
        "two": "The port said that it was safe. The crew never doubted it.",
    }
    documents = [Document(doc_id=i, text=t, title=f"Title {i}") for i, t in texts.items()]
    q = Span("q", "quote", ((0, 21),))
    s = Span("s", "source", ((27, 32),))
    ignored = Span("i", "ignore", ((39, len(texts["one"])),))
    boiler = Span("b", "quote", ((55, len(texts["one"])),))
    one = Annotation(
        doc_id="one",
        sha256=documents[0].sha256,
        spans=(q, s, ignored, boiler),
        attributions=(
            Attribution(id="a", content=("q",), source=("s",)),
            Attribution(id="b", content=("b",), entity="nobody"),
        ),
    )
    two = Annotation(
        doc_id="two",
        sha256=documents[1].sha256,
        spans=(Span("q", "quote", ((41, 57),)), Span("s", "source", ((32, 40),))),
        attributions=(Attribution(id="a", content=("q",), source=("s",)),),
    )
    gold = Layer(name="gold", kind="model", annotations=(one, two))
    Corpus(CorpusInfo(name="quays"), documents, [gold]).write(tmp_path / "quays")
    make(tmp_path, RuleExtractor(), "rules")
    return tmp_path


def make(place: Path, extractor, name: str) -> None:
    corpus = Corpus.read(place / "quays")
    done = run(extractor, task(corpus), name=name)
    save(done, place / f"{name}.json", directory=place / "quays", force=True)


def test_attributions_are_found_missed_and_spurious(quay):
    corpus = Corpus.read(quay / "quays")
    predicted = {a.doc_id: a for a in RuleExtractor().predict(list(corpus.documents.values()))}
    documents = list(corpus.documents.values())
    rows = compared(documents, list(corpus.layer().annotations), predicted)
    states = [[(row.state, row.same, row.ignored) for row in found] for found in rows]
    assert states[0] == [("found", False, False), ("missed", False, True)]
    assert [state for state, _, _ in states[1]] == ["spurious", "missed", "spurious"]
    assert rows[0][0].gold.roles["source"] == [("s", "Quill")]
    assert rows[0][0].predicted.roles["source"] == [("s1", "Mara Quill")]
    assert compared(documents, list(corpus.layer().annotations), {})[1][0].state == "missed"


def test_the_page_shows_scores_and_documents(quay, capsys):
    make(quay, EverySentence(), "every-sentence")
    ran = inquit(
        capsys, "eval", "report", quay / "rules.json", quay / "every-sentence.json",
        "--html", quay / "r.html",
    )  # fmt: skip
    assert ran.code == 0 and "wrote" in ran.err
    page = guarded((quay / "r.html").read_text("utf-8"))
    for words in ("attribution.f1@iou50", "quote.f1@char", "uncued_words", "whole-document"):
        assert words in page.text
    assert page.text.count("every-sentence") >= 4
    articles = page.named("article")
    assert [a["id"] for a in articles] == ["document-1", "document-2"]
    targets = {a["href"] for a in page.named("a")}
    ids = {f"#{attributes['id']}" for _, attributes in page.tags if attributes.get("id")}
    assert targets <= ids
    assert "not scored" in page.text and "(nobody)" in page.text


def test_the_page_is_told_to_be_read_by_anyone(quay):
    inputs = read_inputs([quay / "rules.json"])
    content = report(inputs, find_corpus(inputs, None))
    page = guarded(content)
    assert page.named("html")[0]["lang"] == "en"
    assert any(m.get("name") == "viewport" for m in page.named("meta"))
    assert any(m.get("name") == "color-scheme" for m in page.named("meta"))
    assert "prefers-color-scheme: dark" in page.styles[0]
    assert all(th.get("scope") or th.get("aria-hidden") for th in page.named("th"))
    assert all(svg["aria-hidden"] == "true" for svg in page.named("svg"))
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(headings))
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))


def test_colours_have_contrast():
    css = (
        Path(__file__).parents[2] / "eval" / "inquit" / "eval" / "resources" / "report.css"
    ).read_text("utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", css)
    for block in (light, dark):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for name in ("ink", "minor", "bar", "missed", "found", "spurious"):
            assert contrast(colours[name], colours["ground"]) >= 4.5, name
        for name in ("bar-fill", "trivial", "people"):
            assert contrast(colours[name], colours["ground"]) >= 3, name


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    first, second = sorted((luminance(a), luminance(b)))
    return (second + 0.05) / (first + 0.05)


def test_a_page_without_predictions_still_shows_gold(quay):
    corpus = Corpus.read(quay / "quays")
    done = run(RuleExtractor(), task(corpus))
    page = guarded(report([Input(Path("r.json"), done.result, None)], corpus))
    assert "Title one" in page.text and "missed" not in page.text.split("Documents")[1][:200]


def test_failed_documents_are_told(quay):
    corpus = Corpus.read(quay / "quays")
    done = run(RuleExtractor(), task(corpus))
    failed = msgspec.structs.replace(
        done.result, failed={"one": "<b>Boom"}, missing_documents=["one"]
    )
    some = {k: v for k, v in done.predictions.by_document().items() if k != "one"}
    page = guarded(report([Input(Path("r.json"), failed, some)], corpus))
    assert "Failed on 1 of 2 documents" in page.text and page.text.count("<b>Boom") == 2


def test_what_does_not_belong_together_is_refused(quay, capsys):
    html = quay / "r.html"
    corpus = Corpus.read(quay / "quays")
    fewer = msgspec.structs.replace(corpus.layer(), annotations=corpus.layer().annotations[:1])
    Corpus(corpus.info, corpus.documents.values(), [fewer]).write(quay / "other")
    other = run(RuleExtractor(), task(Corpus.read(quay / "other")))
    save(other, quay / "other.json", directory=quay / "other")
    ran = inquit(capsys, "eval", "report", quay / "rules.json", quay / "other.json", "--html", html)
    assert ran.code == 1 and "other documents or other gold" in ran.err
    ran = inquit(
        capsys, "eval", "report", quay / "rules.json", "--html", html, "--on", quay / "other"
    )
    assert ran.code == 1 and "is not the gold of" in ran.err
    (quay / "quays").rename(quay / "moved")
    ran = inquit(capsys, "eval", "report", quay / "rules.json", "--html", html)
    assert ran.code == 1 and "pass --on DIR" in ran.err
    ran = inquit(capsys, "eval", "report", quay / "no.json", quay / "nor.json", "--html", html)
    assert ran.code == 1 and "no.json" in ran.err and "nor.json" in ran.err
    assert not html.exists()
    ran = inquit(
        capsys, "eval", "report", quay / "rules.json", "--html", html, "--on", quay / "moved"
    )
    assert ran.code == 0
    ran = inquit(
        capsys, "eval", "report", quay / "rules.json", "--html", html, "--on", quay / "moved"
    )
    assert ran.code == 1 and "exists" in ran.err


def test_a_changed_gold_is_refused(quay):
    path = quay / "quays" / "layers" / "gold.jsonl"
    path.write_text(path.read_text("utf-8").replace("[32,40]", "[32,39]"), "utf-8")
    with pytest.raises(DataError, match="is not the gold of"):
        find_corpus(read_inputs([quay / "rules.json"]), None)


def test_nothing_runs_or_loads_in_a_real_browser(tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=browser, args=flags)
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        for number, payload in enumerate(PAYLOADS):
            corpus, _ = hostile(payload)
            path = tmp_path / f"{number}.html"
            path.write_text(page_of(corpus, name=payload), "utf-8")
            page.goto(path.as_uri())
            assert page.title() != "owned"
            assert page.evaluate("document.scripts.length") == 0
            assert page.evaluate("document.styleSheets.length") == 1
            assert page.evaluate("document.querySelectorAll('h1').length") == 1
            assert page.locator("h2").first.is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert (
                page.locator("article .iq-text").first.evaluate("(e) => e.textContent")
                == next(iter(corpus.documents.values())).text
            )
        chromium.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    assert told == []
