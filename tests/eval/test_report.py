"""``inquit eval report``: what the page says, and what it refuses."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from commands import inquit
from generators import labelled_documents
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages import guarded
from results import result as made_result

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
    Ungrounded,
)
from inquit.eval.errors import errors_of
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.extractors.trivial import EverySentence
from inquit.eval.measures import HEADLINE, Measure
from inquit.eval.report.browser import CORRECT, ERRORS, HIT, IGNORED, SHOWN, report_data
from inquit.eval.report.inputs import Input, find_corpus, names_of, read_inputs
from inquit.eval.report.page import report
from inquit.eval.report.plots import Point, bar, speed_plot
from inquit.eval.report.sliced import _panel, panels
from inquit.eval.report.table import table
from inquit.eval.result import Result, System, Usage, read_result, write_result
from inquit.eval.run import run, save, task
from inquit.eval.slicing.slices import slice_scores

SCRIPTS = 2


def page_of(corpus: Corpus, *extractors, name: str = "mine") -> str:
    inputs = []
    for number, extractor in enumerate(extractors or (RuleExtractor(),)):
        done = run(extractor, task(corpus), name=name, resamples=100)
        path = Path(f"r{number}.json")
        inputs.append(Input(path, done.result, done.predictions.by_document()))
    return report(inputs, corpus)


@settings(max_examples=25, deadline=None)
@given(st.lists(labelled_documents(), min_size=1, max_size=3, unique_by=lambda p: p[0].doc_id))
def test_any_corpus_makes_a_page(pairs):
    documents = [msgspec.structs.replace(d, split=None, group=None) for d, _ in pairs]
    gold = Layer(name="gold", kind="model", annotations=tuple(a for _, a in pairs))
    corpus = Corpus(CorpusInfo(name="any"), documents, [gold])
    guarded(page_of(corpus, RuleExtractor(), EverySentence()), SCRIPTS)


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


def test_the_page_lists_what_errors_of_finds(quay):
    inputs = read_inputs([quay / "rules.json"])
    corpus = find_corpus(inputs, None)
    data, _ = report_data(inputs, ["rules"], corpus)
    documents = list(corpus.documents.values())
    gold = list(corpus.layer().annotations)
    found = errors_of(documents, gold, inputs[0].predictions)
    facets = {number: f"{name}={v}" for name, values in data["facets"] for number, v in values}
    for items, findings, labels in zip(data["systems"][0]["items"], found, gold, strict=True):
        assert len(items) == len(findings)
        for item, finding in zip(items, findings, strict=True):
            target, kinds, left, right, start, *told = item
            assert ("attribution", "claim", "quote")[target] == finding.target
            assert bool(kinds & HIT) == (finding.hit and not finding.ignored)
            named = tuple(kind for bit, kind in enumerate(SHOWN) if kinds >> bit & 1)
            wanted = ("not scored",) if finding.ignored else finding.kinds or ("correct",)
            assert named == wanted
            assert (left != -1, right != -1) == (bool(finding.gold), bool(finding.predicted))
            assert start == (-1 if finding.start is None else finding.start)
            if finding.gold and target == 0:
                assert labels.attributions[left].id == finding.gold
            assert set(told) <= {*range(200)}
    assert {"nested=no", "distance=0–9", "length=20–49"} <= set(facets.values())
    assert (ERRORS, CORRECT, IGNORED) == (127, 128, 256)


def test_the_page_shows_scores_and_documents(quay, capsys):
    make(quay, EverySentence(), "every-sentence")
    ran = inquit(
        capsys, "eval", "report", quay / "rules.json", quay / "every-sentence.json",
        "--html", quay / "r.html",
    )  # fmt: skip
    assert ran.code == 0 and "wrote" in ran.err
    page = guarded((quay / "r.html").read_text("utf-8"), SCRIPTS)
    for words in ("attribution.f1@iou50", "quote.f1@char", "uncued_words", "whole document"):
        assert words in page.text
    assert page.text.count("every-sentence") >= 4
    assert "Scripts are off" in page.text
    data = msgspec.json.decode(page.inside["script"][0])
    assert [d["title"] for d in data["documents"]] == ["Title one", "Title two"]
    assert [s["name"] for s in data["systems"]] == ["rules", "every-sentence"]


def test_one_system_gets_no_marks_and_is_told_why(quay):
    inputs = read_inputs([quay / "rules.json"])
    page = guarded(report(inputs, find_corpus(inputs, None)), SCRIPTS)
    assert "No marks of significance: there is one system" in " ".join(page.text.split())
    assert "not shown to differ" not in page.text


def test_marks_are_tests_against_the_best_system():
    better = np.tile([9, 1, 1], (40, 1))
    worse = np.tile([3, 7, 7], (40, 1))
    same = better.copy()
    same[0] = [8, 2, 2]
    name = "attribution.f1@iou50"
    inputs = [
        Input(Path(f"{n}.json"), made_result({name: counts, "quote.f1@iou50": better}, n), None)
        for n, counts in (("bad", worse), ("best", better), ("close", same))
    ]
    names = names_of(inputs)
    found = table(inputs, names, [item.result.scores() for item in inputs])
    assert found.best == "best" and found.tests == 4
    assert [row.name for row in found.rows] == ["best", "close", "bad"]
    marks = {row.name: row.cells[name].mark for row in found.rows}
    assert marks["best"] is None
    assert marks["close"].verdict == "level"
    assert marks["bad"].verdict == "lower" and marks["bad"].p < 0.01
    assert found.rows[2].cells["quote.f1@iou50"].mark.verdict == "level"
    few = [
        Input(i.path, made_result({name: rows[:4]}, n), None)
        for i, n, rows in zip(inputs, names, (worse, better, same), strict=True)
    ]
    told = table(few, names, [item.result.scores() for item in few])
    assert any("no p falls below" in reason for reason in told.without_marks)


def test_measures_without_a_common_one_get_no_mark():
    counts = np.tile([9, 1, 1], (40, 1))
    inputs = [
        Input(Path("a.json"), made_result({"quote.f1@exact": counts}, "a"), None),
        Input(Path("b.json"), made_result({"cue.f1@exact": counts}, "b"), None),
    ]
    found = table(inputs, names_of(inputs), [item.result.scores() for item in inputs])
    assert found.tests == 0 and "share no measure" in found.without_marks[0]


def test_systems_of_one_name_are_told_apart():
    counts = {"quote.f1@exact": np.tile([9, 1, 1], (3, 1))}
    paths = ("x/a.json", "y/a.json", "b.json")
    inputs = [Input(Path(p), made_result(counts, "mine"), None) for p in paths]
    assert names_of(inputs) == ["mine (a)", "mine (a) #2", "mine (b)"]


def test_plots_hold_every_system_and_its_interval():
    points = [
        Point("<fast>", 1000.0, 0.5, 0.4, 0.6),
        Point("slow", 0.02, 0.52),
        Point("s", 0.02, 0),
    ]
    drawn = str(speed_plot(points, "quote.f1@exact"))
    assert drawn.count("<circle") == 3 and drawn.count('class="interval"') == 1
    assert "&lt;fast&gt;: 0.500 at 1,000" in drawn and "<fast>" not in drawn
    assert ">0.01<" in drawn and ">1,000<" in drawn
    heights = [float(y) for y in re.findall(r'class="name" x="[^"]*" y="([^"]*)"', drawn)]
    assert len(heights) == 3
    assert str(bar(0.25, 0.2, 0.3)).count("<line") == 3


SPEEDS = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


@given(st.lists(SPEEDS, min_size=1, max_size=6))
@example([5e-324, 1.7e308])
@example([1e308])
@example([5e-324])
def test_any_speed_is_plotted(speeds):
    drawn = str(speed_plot([Point("a", speed, 0.5, 0.4, 0.6) for speed in speeds], "m"))
    assert all(0 <= float(x) <= 440 for x in re.findall(r'cx="([^"]*)"', drawn))
    ticks = [
        (float(x), told)
        for x, told in re.findall(
            r'"tick" x="([^"]*)" y="[^"]*" text-anchor="middle">([^<]*)', drawn
        )
    ]
    assert len(ticks) >= 2
    for (a, one), (b, other) in pairwise(ticks):
        assert b - a >= 6 * max(len(one), len(other)), "labels lie over each other"


@pytest.mark.parametrize("letter", ["W", "地", "m", "\N{GRINNING FACE}", "n" + "\u0301" * 90, "i"])
def test_a_name_has_room_in_the_plot(letter):
    points = [Point(letter * 40, speed, 0.5) for speed in (1.0, 30.0, 1000.0)]
    drawn = str(speed_plot(points, "m"))
    names = re.findall(r'class="name" x="([^"]*)" y="[^"]*" text-anchor="(\w*)">([^<]*)', drawn)
    assert len(names) == 3
    width = {"W": 11.5, "地": 12, "m": 11, "\N{GRINNING FACE}": 14, "i": 4}.get(letter, 6)
    for x, anchor, name in names:
        assert name.endswith("…") and name.count("\u0301") <= 3 * 28
        length = width * sum(c in letter and c != "\u0301" for c in name)
        assert (float(x) + length <= 440) if anchor == "start" else float(x) >= length


def test_no_name_lies_over_the_point_of_another():
    points = [Point("a name of many letters", 1.0, 0.5), Point("b", 1.5, 0.5), Point("c", 3, 0.5)]
    drawn = str(speed_plot(points, "m"))
    heights = re.findall(r'class="name" x="[^"]*" y="([^"]*)"', drawn)
    dots = re.findall(r'cy="([^"]*)"', drawn)
    assert len({*dots}) == 1 and len({*heights}) == 2
    assert drawn.count('class="leader"') == 1


def test_slices_tell_where_they_are_too_small(quay):
    inputs = read_inputs([quay / "rules.json"])
    page = guarded(report(inputs, find_corpus(inputs, None)), SCRIPTS)
    panels = [a for a in page.named("div") if "data-panel" in a]
    assert len(panels) >= 3
    assert "under 10 documents: no interval can be given" in page.text


@pytest.fixture
def shore(tmp_path: Path) -> Path:
    """A corpus of 40 documents, and predictions of which some are wrong."""
    text = "“Crane 5 has failed,” Mara Quill said. The port denied that it had. A clerk wrote."
    documents = [Document(doc_id=f"d{n}", text=text, publisher="AB"[n % 3 > 0]) for n in range(40)]
    layers = []
    for wrong in (1, 3):
        annotations = []
        for n, document in enumerate(documents):
            form = "indirect" if n % (7 - wrong) == 0 else "direct"
            spans = [Span("q", "quote", [(0, 21)], {"form": form}), Span("s", "source", [(22, 32)])]
            spans += [Span("r", "quote", [(39, 66)], {"form": "indirect"})] * (n % wrong == 0)
            said = [Attribution(id="a", content=["q"], source=["s"] * (n % 5 > 1 or wrong == 1))]
            said += [Attribution(id="b", content=["r"])] * (n % wrong == 0)
            annotations.append(Annotation(doc_id=document.doc_id, spans=spans, attributions=said))
        layers.append(Layer(name=f"of-{wrong}", kind="model", annotations=annotations))
    gold = msgspec.structs.replace(layers[0], name="gold")
    Corpus(CorpusInfo(name="shore"), documents, [gold]).write(tmp_path / "shore")
    with (tmp_path / "found.jsonl").open("wb") as file:
        for annotation in layers[1].annotations:
            file.write(msgspec.json.encode(annotation) + b"\n")
    return tmp_path


def test_hits_of_attributions_are_the_true_positives(shore, capsys):
    ran = inquit(
        capsys, "eval", "score", shore / "shore", shore / "found.jsonl", "--out", shore / "r.json"
    )
    assert ran.code == 0, ran.err
    inputs = read_inputs([shore / "r.json"])
    data, _ = report_data(inputs, ["mine"], find_corpus(inputs, None))
    counts = inputs[0].result.scores().measures[HEADLINE].counts.sum(axis=0).tolist()
    items = [i for items in data["systems"][0]["items"] for i in items if i[0] == 0]
    lost = [i for i in items if not i[1] & (HIT | IGNORED)]
    assert counts == [
        sum(bool(i[1] & HIT) for i in items),
        sum(i[3] >= 0 for i in lost),
        sum(i[2] >= 0 for i in lost),
    ]
    assert min(counts) > 0 and any(i[1] & HIT and i[1] & ERRORS for i in items)


def test_slices_of_an_older_result_of_few_resamples_are_drawn_as_usual(shore, capsys):
    ran = inquit(
        capsys, "eval", "score", shore / "shore", shore / "found.jsonl", "--out", shore / "r.json"
    )
    assert ran.code == 0, ran.err
    (one,) = read_inputs([shore / "r.json"])
    corpus = find_corpus([one], None)
    drawn = []
    for resamples in (3, 2000, 10**12):
        result = msgspec.structs.replace(one.result, resamples=resamples)
        older = Input(one.path, result, one.predictions)
        drawn.append(panels([older], ["mine"], corpus, [], Measure.parse(HEADLINE)))
    assert repr(drawn[0]) == repr(drawn[1]) == repr(drawn[2])


@pytest.mark.parametrize("drawing", [(), ("--resamples", 300, "--seed", 5)])
def test_intervals_of_slices_are_those_that_score_gives(shore, capsys, drawing):
    fields = ("form", "publisher")
    ran = inquit(
        capsys, "eval", "score", shore / "shore", shore / "found.jsonl", *drawing, "--json",
        *(part for name in fields for part in ("--slice", name)), "--out", shore / "r.json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    inputs = read_inputs([shore / "r.json"])
    corpus = find_corpus(inputs, None)
    if not drawing:  # files of the first formats do not tell
        (one,) = inputs
        inputs = [
            Input(one.path, msgspec.structs.replace(one.result, resamples=None), one.predictions)
        ]
    shown = panels(inputs, ["mine"], corpus, ["publisher"], Measure.parse(HEADLINE))
    words = {"r": "recall", "p": "precision", "f1": "F1"}
    given = {
        (s["slice"], part["value"], words[name]): (score["value"], score["low"], score["high"])
        for s in ran.json["slices"]
        for part in s["parts"]
        for name, score in part["scores"].items()
    }
    drawn = {
        (panel.name, line.value, score.statistic): (score.value, score.low, score.high)
        for panel in shown
        for line in panel.lines
        for score in line.scores
        if panel.name in fields
    }
    assert drawn == given
    assert sum(low is not None and low < high for _, low, high in drawn.values()) >= 3


def test_a_share_tells_over_how_many_documents_it_is() -> None:
    def labels(number: int, form: str) -> Annotation:
        return Annotation(doc_id=f"d{number}", spans=[Span("q", "quote", [(0, 5)], {"form": form})])

    gold = [labels(n, "direct") for n in range(15)]
    found = [labels(n, "direct" if n < 8 else "mixed") for n in range(15)]
    [sliced] = slice_scores(gold, found, ["form"], ["quote.f1@exact"])
    [panel] = _panel("form", {"mine": sliced}, {})
    direct, mixed = panel.lines
    assert (direct.documents, direct.predicted_in) == (15, 8)
    assert [(s.statistic, s.few) for s in direct.scores] == [("recall", False), ("precision", True)]
    assert (mixed.documents, mixed.predicted_in) == (0, 7)
    assert [s.few for s in mixed.scores] == [False, True], "what is undefined is over nothing"


def test_what_slices_are_seen_against_is_what_score_gives(shore, capsys):
    corpus = Corpus.read(shore / "shore")
    gold = corpus.layer("gold")
    people = [
        Layer(name=name, kind="human", annotator=name, annotations=gold.annotations[:last])
        for name, last in (("ana", 40), ("ben", 30))
    ]
    Corpus(corpus.info, list(corpus.documents.values()), [gold, *people]).write(shore / "port")
    ran = inquit(
        capsys, "eval", "score", shore / "port", shore / "found.jsonl", "--slice", "form",
        "--slice", "publisher", "--json", "--out", shore / "r.json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    inputs = read_inputs([shore / "r.json"])
    shown = {
        panel.name: panel
        for panel in panels(
            inputs, ["mine"], find_corpus(inputs, None), ["publisher"], Measure.parse(HEADLINE)
        )
    }
    for sliced in ran.json["slices"]:
        panel = shown[sliced["slice"]]
        for part in sliced["parts"]:
            *trivial, last = panel.against[part["value"]]
            assert {one.name: [v for v, _ in one.values if v is not None] for one in trivial} == {
                name: [v for v in row.values() if v is not None]
                for name, row in part["trivial"].items()
            }
            assert [(v, last.documents) for v, _ in last.values] == [
                (next(iter(part["human_ceiling"].values())), part["human_documents"])
            ]
    page = guarded(report(inputs, find_corpus(inputs, None)), SCRIPTS)
    assert "every sentence" in page.text and "on 20" in page.text


def test_the_page_is_told_to_be_read_by_anyone(quay):
    inputs = read_inputs([quay / "rules.json"])
    content = report(inputs, find_corpus(inputs, None))
    page = guarded(content, SCRIPTS)
    assert page.named("html")[0]["lang"] == "en"
    assert any(m.get("name") == "viewport" for m in page.named("meta"))
    assert any(m.get("name") == "color-scheme" for m in page.named("meta"))
    assert "prefers-color-scheme: dark" in page.inside["style"][0]
    assert all(th.get("scope") or th.get("aria-hidden") for th in page.named("th"))
    assert all(svg.get("aria-hidden") == "true" or svg["aria-label"] for svg in page.named("svg"))
    assert len(page.named("caption")) == len(page.named("table"))
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(headings))
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))


ROOT = Path(__file__).parents[2]


def colours(css: str, selector: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the custom colours of a style sheet, light and dark."""
    blocks = re.findall(re.escape(selector) + r" \{([^}]*)\}", css)[:2]
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return light, dark


def test_colours_have_contrast():
    viewer = (ROOT / "corpus/inquit/corpus/viewer/viewer.css").read_text("utf-8")
    labels = (ROOT / "corpus/inquit/corpus/resources/labels.css").read_text("utf-8")
    scores = (ROOT / "eval/inquit/eval/resources/report.css").read_text("utf-8")
    for page, label, plot in zip(
        colours(viewer, ":root"), colours(labels, ".iq"), colours(scores, ":root"), strict=True
    ):
        grounds = [page[name] for name in ("ground", "sunk", "chip", "on")]
        grounds += [page[f"{name}-tint"] for name in ("missed", "spurious", "other")]
        for ground in grounds:
            assert contrast(page["ink"], ground) >= 4.5, ground
        for name in ("minor", "accent", "missed", "spurious", "other"):
            assert contrast(page[name], page["ground"]) >= 4.5, name
        for name in ("missed", "spurious", "other"):
            assert contrast(page[name], page[f"{name}-tint"]) >= 4.5, name
        assert contrast(page["minor"], page["chip"]) >= 4.5
        for name, colour in label.items():
            for ground in grounds:
                assert contrast(colour, ground) >= (4.5 if ground == page["ground"] else 3), name
        for name, colour in plot.items():
            assert contrast(colour, page["ground"]) >= 3, name


def test_labels_differ_in_more_than_colour():
    labels = (ROOT / "corpus/inquit/corpus/resources/labels.css").read_text("utf-8")
    strokes = re.findall(
        r"\.iq-span\.iq-([a-z]+) \{ border-bottom(?:-style|-width)?: ([^;]+);", labels
    )
    assert len({stroke for _, stroke in strokes}) == len(strokes) >= 4


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
    page = guarded(report([Input(Path("r.json"), done.result, None)], corpus), SCRIPTS)
    data = msgspec.json.decode(page.inside["script"][0])
    assert data["systems"][0]["found"] is None
    assert "keeps no predictions" in data["systems"][0]["note"]
    assert [len(items) for items in data["systems"][0]["items"]] == [2, 1]
    assert "There are no slices: the results keep no predictions" in page.text


def test_failed_and_missing_documents_are_told(quay):
    corpus = Corpus.read(quay / "quays")
    done = run(RuleExtractor(), task(corpus))
    failed = msgspec.structs.replace(
        done.result, failed={"one": "<b>Boom"}, missing_documents=["one", "two"]
    )
    page = guarded(report([Input(Path("r.json"), failed, {})], corpus), SCRIPTS)
    assert "Failed on 1 of 2 documents" in page.text and page.text.count("<b>Boom") == 1
    assert "No prediction for 1 of 2 documents" in page.text
    assert "failed on 1 document" in page.text and "1 not predicted" in page.text
    (system,) = msgspec.json.decode(page.inside["script"][0])["systems"]
    assert system["failed"] == {"0": "<b>Boom"} and system["found"] == [None, None]


def usage(**changes: Any) -> Usage:
    made = Usage(
        requests=231, answers=1218, cached=12, input_tokens=1_234_567, output_tokens=98_765,
        cost=3.4567, new_input_tokens=1_200_000, new_output_tokens=90_000, new_cost=3.3,
        models=["model-1b", "model-1"], untold=3,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def told(quay: Path, **changes: Any) -> str:
    corpus = Corpus.read(quay / "quays")
    done = run(RuleExtractor(), task(corpus), resamples=200)
    result = msgspec.structs.replace(done.result, **changes)
    page = guarded(report([Input(Path("r.json"), result, {})], corpus), SCRIPTS)
    return " ".join(page.text.split())


def test_what_a_language_model_used_is_told(quay):
    page = told(quay, usage=usage())
    assert "1,218 answers, cost at least 3.457" in page
    assert page.count("model-1b") == 2
    assert "requests231 sent" in page
    assert "answers1,218 used, 12 times from the cache" in page
    assert "tokensat least 1,234,567 in, 98,765 out (3 answers did not tell)" in page
    assert "of these in this runat least 1,200,000 in, 90,000 out, cost at least 3.3" in page
    page = told(quay, usage=usage(cost=None, new_cost=None, untold=0))
    assert "1,218 answers, 1,333,332 tokens" in page and "cost" not in page
    assert "of these in this run1,200,000 in, 90,000 out " in page
    page = told(quay, usage=usage(cost=12345.678, new_input_tokens=None, models=[], untold=0))
    assert "cost12,345.68" in page and "in this run" not in page and "model" not in page
    page = told(quay, usage=usage(input_tokens=None, cost=None, new_input_tokens=None))
    assert "tokensthe server did not tell" in page and "1,218 answers " in page


def test_nothing_is_told_of_use_where_nothing_is_known(quay):
    page = told(quay)
    for word in ("answers", "tokens", "cost", "requests", "failed on", "not predicted"):
        assert word not in page


def test_many_long_names_of_models_do_not_fill_the_page(quay):
    page = told(quay, usage=usage(models=[f"{n}-{'m' * 900}" for n in range(500)]))
    assert page.count("m" * 150) == 12
    assert page.count("…") >= 12 and "m" * 201 not in page
    assert "and 498 more" in page and "and 490 more" in page


def test_documents_that_failed_for_one_reason_stand_together(quay):
    page = told(quay, failed={"one": "late", "two": "late"}, missing_documents=["one", "two"])
    assert "one, two: late" in page and "failed on 2 documents" in page


def test_intervals_are_named_as_they_were_drawn(quay):
    assert "Under each value stands its 95 % interval" in told(quay)
    page = told(quay, confidence=0.9)
    assert "Under each value stands its 90 % interval" in page and "95 %" not in page
    assert "intervals90 %, 200 resamples" in page


def table_of(page: str, caption: str) -> str:
    """Return the words of the table with this caption, without markup."""
    found = next(t for t in re.findall("(?s)<table.*?</table>", page) if caption in t)
    return " ".join(re.sub("<[^>]*>", " ", found).split())


def test_each_p_can_be_read_and_bars_stand_as_in_the_table(shore):
    corpus = Corpus.read(shore / "shore")
    gold = {a.doc_id: a for a in corpus.layer().annotations}
    inputs = []
    for name, wrong in (("bad", 30), ("close", 2), ("good", 0)):
        found = gold | {f"d{n}": Annotation(doc_id=f"d{n}", spans=()) for n in range(wrong)}
        made = score_predictions(corpus, found, name)
        inputs.append(Input(Path(f"{name}.json"), made, found))
    names = names_of(inputs)
    tested = table(inputs, names, [item.result.scores() for item in inputs])
    page = report(inputs, corpus)
    shown = table_of(page, "p of each test against")
    for row in tested.rows[1:3]:
        mark = row.cells[HEADLINE].mark
        assert f"{row.name} {mark.p:.2g} {'▼' if mark.p < 0.05 else '≈'}" in shown
    assert "good" not in shown.split("good", 1)[1], "the best one stands in the caption alone"
    bars = table_of(page, f"<b>{HEADLINE}</b>")
    places = [
        bars.index(row.name.replace("-", " ") if row.kind == "trivial" else row.name)
        for row in tested.rows
        if HEADLINE in row.cells
    ]
    assert places == sorted(places) and len(places) >= 5


def score_predictions(corpus: Corpus, found: dict[str, Annotation], name: str) -> Result:
    class Known(RuleExtractor):
        def predict(self, documents):
            return [found[d.doc_id] for d in documents]

    return run(Known(), task(corpus), name=name, resamples=200).result


def test_intervals_of_different_kinds_are_told_apart(shore):
    corpus = Corpus.read(shore / "shore")
    made = run(RuleExtractor(), task(corpus), resamples=200).result
    inputs = []
    for name, confidence, resamples in (("a", 0.9, 200), ("b", 0.95, 400)):
        changes = {"confidence": confidence, "resamples": resamples, "system": System(name=name)}
        result = msgspec.structs.replace(made, **changes)
        inputs.append(Input(Path(name), result, None))
    content = report(inputs, corpus)
    page = " ".join(guarded(content, SCRIPTS).text.split())
    assert "Under each value stands its 90 % or 95 % interval" in page
    assert "intervals are of different confidence: a 0.9, b 0.95" in page
    assert "intervals are of different resamples: a 200, b 400" in page
    systems = table_of(content, "Systems by measure, best first")
    for name, share in (("a", "90"), ("b", "95")):
        assert re.search(rf"{name} (best )?{share} % intervals", systems)
    bars = table_of(content, f"<b>{HEADLINE}</b>")
    assert re.search(r"a 90 % 0\.\d+ 0\.\d+ to ", bars)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": "7"}, "is of version 7, .*rules.json of 0;"),
        ({"name": "piers"}, "is of benchmark piers, .*rules.json of quays;"),
    ],
)
def test_results_of_another_benchmark_are_refused(quay, changes, message):
    made = read_result(quay / "rules.json")
    other = msgspec.structs.replace(made.benchmark, **changes)
    write_result(quay / "rules2.json", msgspec.structs.replace(made, benchmark=other))
    with pytest.raises(DataError, match=f"rules2.json: {message}"):
        read_inputs([quay / "rules.json", quay / "rules2.json"])


def test_the_order_of_documents_is_no_difference(quay):
    (one,) = read_inputs([quay / "rules.json"])
    made = one.result
    measures = {
        name: msgspec.structs.replace(m, tp=m.tp[::-1], fp=m.fp[::-1], fn=m.fn[::-1])
        for name, m in made.measures.items()
    }
    turned = msgspec.structs.replace(made, doc_ids=made.doc_ids[::-1], measures=measures)
    write_result(quay / "turned.json", turned)
    inputs = read_inputs([quay / "rules.json", quay / "turned.json"])
    data, _ = report_data(inputs, ["a", "b"], find_corpus(inputs, None))
    assert data["systems"][0]["items"] == data["systems"][1]["items"]
    assert data["systems"][0]["found"] == data["systems"][1]["found"]


def test_a_reason_without_a_mark_names_the_right_system():
    counts = {HEADLINE: np.tile([9, 1, 1], (40, 1))}
    worse = {HEADLINE: np.tile([3, 1, 1], (40, 1))}
    inputs = [
        Input(Path("a.json"), made_result(worse, "old", version="1"), None),
        Input(Path("b.json"), made_result(counts, "new", version="2"), None),
    ]
    found = table(inputs, names_of(inputs), [item.result.scores() for item in inputs])
    assert found.without_marks == ("new is of version 2, old of 1",)


def test_a_note_of_all_systems_stands_once(quay):
    corpus = Corpus.read(quay / "quays")
    inputs = []
    for name, notes in (("a", ["all", "both"]), ("b", ["both", "all"]), ("c", ["all", "mine"])):
        result = run(RuleExtractor(), task(corpus), name=name, resamples=0).result
        inputs.append(Input(Path(name), msgspec.structs.replace(result, notes=notes), None))
    page = guarded(report(inputs, corpus), SCRIPTS).text
    assert re.findall("(?m)^(?:[ab, ]+: )?(?:all|both)$|^c: mine$", page) == [
        "all", "a, b: both", "c: mine",
    ]  # fmt: skip


def test_a_prediction_that_is_nowhere_stays_in_the_page(quay):
    corpus = Corpus.read(quay / "quays")
    done = run(RuleExtractor(), task(corpus))
    lost = Annotation(
        doc_id="two",
        spans=[Span("q", "quote", [(0, 8)])],
        ungrounded=[Ungrounded("u", "quote", "never said"), Ungrounded("s", "source", "nobody")],
        attributions=[
            Attribution(id="a", content=["u"]),
            Attribution(id="b", content=["q"], source=["s"]),
        ],
    )
    data, _ = report_data([Input(Path("r.json"), done.result, {"two": lost})], ["mine"], corpus)
    items = data["systems"][0]["items"][1]
    ungrounded = 1 << SHOWN.index("ungrounded")
    assert [item[4] for item in items if item[1] & ungrounded] == [0, -1]
    assert data["systems"][0]["found"][1][2] == [["s", 2, "nobody"], ["u", 0, "never said"]]


def test_what_does_not_belong_together_is_refused(quay, capsys):
    html = quay / "r.html"
    corpus = Corpus.read(quay / "quays")
    fewer = msgspec.structs.replace(corpus.layer(), annotations=corpus.layer().annotations[:1])
    Corpus(corpus.info, corpus.documents.values(), [fewer]).write(quay / "other")
    other = run(RuleExtractor(), task(Corpus.read(quay / "other")))
    save(other, quay / "other.json", directory=quay / "other")
    ran = inquit(capsys, "eval", "report", quay / "rules.json", quay / "other.json", "--html", html)
    assert ran.code == 1 and "was scored against other gold than" in ran.err
    assert "was scored on other documents than" in ran.err
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


RUN_AGAIN, SCORE_AGAIN = "run 'inquit eval run' again", "'inquit eval score GOLD PRED --out RESULT'"


@pytest.mark.parametrize(
    ("kind", "remedy"), [("extractor", RUN_AGAIN), ("predictions", SCORE_AGAIN)]
)
def test_the_remedy_names_the_command_that_makes_such_results(quay, kind, remedy):
    path = quay / "rules.json"
    kept = read_result(path)
    made = msgspec.structs.replace(kept, system=System(name="mine", kind=kind))
    write_result(path, made, force=True)
    gold = quay / "quays" / "layers" / "gold.jsonl"
    gold.write_text(gold.read_text("utf-8").replace("[32,40]", "[32,39]"), "utf-8")
    with pytest.raises(DataError, match=re.escape(remedy)):
        find_corpus(read_inputs([path]), None)
    predictions = quay / "rules.predictions.jsonl"
    predictions.write_bytes(predictions.read_bytes()[:-1])
    with pytest.raises(DataError, match=re.escape(remedy)):
        read_inputs([path])
    kept = msgspec.json.decode(path.read_bytes())
    for broken in ({"resamples": -1}, {"measures": kept["measures"] | {HEADLINE: wrong(kept)}}):
        path.write_bytes(msgspec.json.encode(kept | broken))
        with pytest.raises(DataError, match=f"the file was changed: .*{re.escape(remedy)}"):
            read_result(path)


def wrong(raw: dict[str, Any]) -> dict[str, Any]:
    return raw["measures"][HEADLINE] | {"tp": [9, 9]}


LONG = "L" * 5000


def test_what_a_result_says_is_cut_where_it_would_fill_the_page(quay):
    corpus = Corpus.read(quay / "quays")
    one = run(RuleExtractor(), task(corpus), resamples=0).result
    inputs = []
    for number in range(2):
        changes = {
            "system": System(name=LONG, parameters={LONG: LONG}),
            "notes": [LONG],
            "failed": {"one": LONG},
            "missing_documents": ["one"],
            "trivial": {LONG: {HEADLINE: 0.5}},
            "benchmark": msgspec.structs.replace(one.benchmark, name=LONG, version=LONG),
        }
        result = msgspec.structs.replace(one, **changes)
        inputs.append(Input(Path(f"{number}{'f' * 200}.json"), result, {}))
    names = names_of(inputs)
    assert len({*names}) == 2 and max(map(len, names)) < 160
    content = report(inputs, corpus)
    runs = [len(found) for found in re.findall("L+", content)]
    assert max(runs) == 1000 and content.count("(4,000 more characters)") >= 8
    page = guarded(content, SCRIPTS)
    assert all(len(a.get("data-value") or "") < 160 for a in page.named("th"))


def test_titles_are_cut_where_they_would_fill_the_page(quay):
    path = next((quay / "quays").glob("documents*"))
    path.write_text(path.read_text("utf-8").replace("Title one", "T" * 5000), "utf-8")
    inputs = read_inputs([quay / "rules.json"])
    data, _ = report_data(inputs, ["rules"], find_corpus(inputs, None))
    assert data["documents"][0]["title"] == f"{'T' * 1000} … (4,000 more characters)"


def test_a_system_without_a_name_is_called_so(quay):
    assert "(no name)" in told(quay, system=System(name=" "))
    (made,) = read_inputs([quay / "rules.json"])
    nameless = msgspec.structs.replace(made.result, system=System(name=""))
    one = Input(made.path, nameless, made.predictions)
    page = guarded(report([one], find_corpus([one], None)), SCRIPTS)
    assert page.text.count("(no name)") > 5 and not re.search(r"^\W*best$", page.text, re.M)
