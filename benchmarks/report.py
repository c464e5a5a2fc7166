"""How fast the report opens and filters in a browser, for 1,000 documents of 3 kB.

    python benchmarks/report.py [DOCUMENTS [ATTRIBUTIONS]]

Writes a corpus of made-up articles and the results of two made-up systems, makes the report, opens
it in Chromium (playwright) and prints what the browser measured: medians, and the slowest.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.eval.extractors.base import Extractor
from inquit.eval.report.inputs import Input
from inquit.eval.report.page import report
from inquit.eval.run import run, task

NAMES = ("Mara Quill", "Ifan Kestrel", "the harbour office", "a clerk", "Oona Birchall", "they")
VERBS = ("said", "denied", "wrote", "warned", "claimed", "told reporters")
TEXT = (
    "the crane had failed before noon and nobody was told about it while ferries kept running "
    "past the ledge on an old chart that the port had bought from a closed survey office"
)
WORDS = TEXT.split()
FORMS = ("direct", "indirect", "mixed")
TAGS = ("hearsay", "nested_quote", "split_quote", "pronoun_source", "document_source", "brackets")
OPENING = "performance.getEntriesByName('vw-shown')[0].startTime"
#: Runs a change of the page and waits for the frame after it; returns milliseconds.
TIMED = """async (change) => {
  const started = performance.now();
  change();
  const script = performance.now() - started;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [script, performance.now() - started];
}"""
FILTERS = {
    "error kind": "() => document.querySelector('.vw-kind[data-kind=\"2\"]').click()",
    "label": "() => pick('vw-target', 'attribution')",
    "slice": "() => pick('vw-slice', 'form=indirect')",
    "phenomenon": "() => pick('vw-tag', 'meta.phenomena=hearsay')",
    "search": "() => { const s = document.getElementById('vw-search');"
    " s.value = 'story 7'; s.dispatchEvent(new Event('input')); }",
    "clear all": "() => document.getElementById('vw-clear').click()",
    "other system": "() => pick('vw-system', 1 - document.getElementById('vw-system').value)",
    "next document": "() => document.getElementById('vw-next').click()",
}
PICK = """() => void (globalThis.pick = (id, value) => {
  const select = document.getElementById(id);
  select.value = value;
  select.dispatchEvent(new Event('change'));
})"""


def given(labels: dict[str, Annotation]) -> Extractor:
    """Return an extractor that returns these labels; they are no parameter of it."""

    class Given(Extractor):
        def predict(self, X):
            return [labels[document.doc_id] for document in X]

    return Given()


def article(number: int, attributions: int, rng: random.Random) -> tuple[Document, Annotation]:
    parts: list[str] = []
    spans: list[Span] = []
    said: list[Attribution] = []
    place = 0

    def put(words: str) -> tuple[int, int]:
        nonlocal place
        parts.append(words)
        place += len(words)
        return place - len(words), place

    for i in range(attributions):
        content = put(" ".join(rng.choices(WORDS, k=rng.randrange(16, 40))))
        put(", ")
        source = put(rng.choice(NAMES))
        put(" ")
        cue = put(rng.choice(VERBS))
        put(".\n\n" if i % 3 == 2 else ". ")
        spans += [
            Span(f"q{i}", "quote", [content], {"form": rng.choice(FORMS)}),
            Span(f"c{i}", "claim", [content], {"certainty": "asserted"}),
            Span(f"s{i}", "source", [source], {"kind": "named"}),
            Span(f"u{i}", "cue", [cue]),
        ]
        said.append(Attribution(id=f"a{i}", content=[f"q{i}"], source=[f"s{i}"], cue=[f"u{i}"]))
    document = Document(
        doc_id=f"story-{number}",
        text="".join(parts),
        title=f"Story {number}: {' '.join(rng.choices(WORDS, k=6))}",
        language="en",
        publisher=rng.choice(("The Lanthorn", "The Orrin Mercury", "Ostremy Gazette")),
        meta={"phenomena": rng.sample(TAGS, 2)},
    )
    return document, Annotation(doc_id=document.doc_id, spans=spans, attributions=said)


def worse(labels: Annotation, rng: random.Random) -> Annotation:
    """Return a prediction: some labels lost, some cut short, some of another form or source."""
    spans = {}
    for span in labels.spans:
        (start, end), luck = span.fragments[0], rng.random()
        if span.label == "claim" and luck < 0.5:
            continue
        if span.label == "quote" and luck < 0.2:
            end = start + max(1, (end - start) * 2 // 3)
        attributes = {**span.attributes}
        if "form" in attributes and rng.random() < 0.15:
            attributes["form"] = rng.choice(FORMS)
        spans[span.id] = Span(span.id, span.label, [(start, end)], attributes)
    sources = [i for i, span in spans.items() if span.label == "source"]
    said = [
        Attribution(
            id=a.id,
            content=a.content,
            source=[rng.choice(sources)] if rng.random() < 0.1 else a.source,
            cue=a.cue,
        )
        for a in labels.attributions
        if rng.random() > 0.1
    ]
    return Annotation(doc_id=labels.doc_id, spans=tuple(spans.values()), attributions=said)


def made(documents: int, attributions: int, folder: Path) -> Path:
    rng = random.Random(7)
    pairs = [article(number, attributions, rng) for number in range(documents)]
    gold = Layer(name="gold", kind="rule", annotations=tuple(a for _, a in pairs))
    corpus = Corpus(CorpusInfo(name="made up"), [d for d, _ in pairs], [gold])
    inputs = []
    for name in ("first", "second"):
        extractor = given({a.doc_id: worse(a, rng) for _, a in pairs})
        done = run(extractor, task(corpus), name=name, resamples=200)
        inputs.append(Input(Path(f"{name}.json"), done.result, done.predictions.by_document()))
    started = time.perf_counter()
    path = folder / "report.html"
    path.write_text(report(inputs, corpus), "utf-8")
    size = sum(len(d.text.encode()) for d, _ in pairs) / documents / 1000
    print(
        f"{documents:,} documents of {size:.1f} kB, {attributions} attributions each, two systems: "
        f"{path.stat().st_size / 2**20:.1f} MiB, made in {time.perf_counter() - started:.1f} s"
    )
    return path


def cpu_of(page) -> Callable[[], float]:
    """Return what tells how long the page's main thread has computed so far, in milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def cpu() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    return cpu


def measure(path: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for where, view in (("at a document", "#view=documents"), ("at the scores", "")):
            opened, used = [], []
            for _ in range(5):
                page = browser.new_page(viewport={"width": 1400, "height": 900})
                cpu = cpu_of(page)
                page.goto(path.as_uri() + view)
                painted = page.evaluate(f"({TIMED})(() => {{}})") and page.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
                )
                opened.append(max(page.evaluate(OPENING), painted))
                used.append(cpu())
                page.close()
            print(
                f"opens {where}: {median(opened):.0f} ms, slowest {max(opened):.0f}; "
                f"{median(used):.0f} ms of CPU"
            )
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        cpu = cpu_of(page)
        page.goto(path.as_uri() + "#view=documents")
        page.evaluate(PICK)
        taken: dict[str, list[list[float]]] = {name: [] for name in FILTERS}
        for _ in range(7):
            for name, change in FILTERS.items():
                before = cpu()
                times = page.evaluate(f"({TIMED})({change})")
                taken[name].append([*times, cpu() - before])
        for name, rows in taken.items():
            script, frame, used = zip(*rows, strict=True)
            print(
                f"{name:>14}: {median(script):5.0f} ms of script, {median(frame):5.0f} ms to the "
                f"next frame, slowest {max(frame):.0f}; {median(used):.0f} ms of CPU"
            )
        browser.close()


def main() -> None:
    documents, attributions = (
        int(a) for a in (*sys.argv[1:], *("1000", "20")[len(sys.argv) - 1 :])
    )
    with tempfile.TemporaryDirectory() as folder:
        measure(made(documents, attributions, Path(folder)))


if __name__ == "__main__":
    main()
