"""Displays show the scores, all of them, and nothing else."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import colors, image
from results import EXACT, HEADLINE, result, some_counts
from sklearn.exceptions import NotFittedError

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.corpus.errors import DataError
from inquit.eval import ScoreDisplay, SliceDisplay, score, slice_scores
from inquit.eval.bars import COLOURS, MARKS, MINOR, draw
from inquit.eval.extractors.base import Extractor
from inquit.eval.extractors.rules import RuleExtractor

mpl.use("Agg")
import matplotlib.pyplot as plt

HOSTILE = "$\\frac{1$ <b>\n\u202e" + "x" * 80
TEXT = "“It rained all day,” she said. He left the town."


@pytest.fixture(autouse=True)
def no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def labels(number: int, end: int, form: str = "direct") -> Annotation:
    return Annotation(
        doc_id=f"d{number}",
        spans=[Span("q", "quote", [(0, end)], {"form": form}), Span("s", "source", [(21, 24)])],
        attributions=[Attribution(id="a", content=("q",), source=("s",))],
    )


@pytest.fixture
def sides() -> tuple[list[Document], list[Annotation], list[Annotation]]:
    """24 documents; 20 of the Post, 4 of the Echo, in which no quote has its right end."""
    publisher = ["Post"] * 20 + ["Echo"] * 4
    X = [Document(doc_id=f"d{i}", text=TEXT, publisher=p) for i, p in enumerate(publisher)]
    gold = [labels(i, 20, "mixed" if i % 2 else "direct") for i in range(24)]
    found = [labels(i, 20 if i % 3 and i < 20 else 9, "direct") for i in range(24)]
    return X, gold, found


def ends(interval: object) -> tuple[float, float]:
    (segment,) = interval.lines[2][0].get_segments()
    return segment[0][0], segment[1][0]


def texts(display: ScoreDisplay | SliceDisplay) -> list[str]:
    return [t.get_text() for t in display.ax_.texts]


def test_bars_and_intervals_are_the_scores(sides):
    X, gold, found = sides
    display = ScoreDisplay.from_predictions(gold, found, documents=X, name="mine", seed=3)
    scores = score(gold, found, documents=X, seed=3)
    assert [row.label for row in display.rows_] == list(scores.measures)
    shown = [t.get_text() for t in display.ax_.get_yticklabels()]
    assert shown == list(scores.measures)
    drawn = 0
    for wanted, bar, interval in zip(scores, display.bars_, display.intervals_, strict=True):
        if math.isnan(wanted.value):
            assert bar is None
            continue
        assert (bar.get_x(), bar.get_width()) == (0, wanted.value)
        assert (interval is None) == math.isnan(wanted.low)
        if interval is not None:
            assert ends(interval) == pytest.approx((wanted.low, wanted.high))
            assert f"{wanted.low:.3f} – {wanted.high:.3f}" in texts(display)
            drawn += 1
        assert f"{wanted.value:.3f}" in texts(display)
    assert drawn > 5
    assert display.ax_.get_title(loc="left") == "mine · 24 documents"
    assert display.figure_ is display.ax_.figure
    assert "95 % interval" in display.ax_.get_xlabel()


def test_trivial_systems_and_people_stand_beside(sides):
    X, gold, found = sides
    people = [Layer(name=n, kind="human", annotations=tuple(found)) for n in "ab"]
    display = ScoreDisplay.from_predictions(
        gold, found, measures=["quote.f1@overlap"], documents=X, humans=people, resamples=0
    )
    scores = display.scores
    best = max(row["quote.f1@overlap"] for row in scores.trivial.values())
    places = {line.get_marker(): line.get_xdata()[0] for line in display.ax_.lines}
    assert places["D"] == best
    assert places["^"] == scores.human_ceiling["quote.f1@overlap"] == 1
    legend = [t.get_text() for t in display.ax_.get_legend().get_texts()]
    assert legend == ["best trivial system", f"people (on {len(gold)} documents)"]
    assert display.ax_.get_xlabel() == "value"
    assert "no interval" in texts(display)


def test_what_is_undefined_or_not_predicted_says_so(sides):
    _, gold, found = sides
    display = ScoreDisplay.from_predictions(gold, found[:20], measures=["claim.f1@exact"])
    assert display.bars_ == (None,)
    assert "undefined" in texts(display)
    assert display.ax_.get_title(loc="left") == "24 documents, 4 without prediction"


def test_an_estimator_predicts_first(sides):
    X, gold, _ = sides
    rules = RuleExtractor()
    display = ScoreDisplay.from_estimator(rules, X, gold, measures=[HEADLINE], resamples=100)
    wanted = score(gold, rules.predict(X), [HEADLINE])[HEADLINE].value
    assert display.bars_[0].get_width() == wanted
    assert display.name == "RuleExtractor"
    parts = SliceDisplay.from_estimator(rules, X, gold, slices=["form"], name="r", resamples=100)
    assert parts.ax_.get_title(loc="left") == "r"

    class Learner(Extractor):
        needs_fit = True

    with pytest.raises(NotFittedError):
        ScoreDisplay.from_estimator(Learner(), X, gold)


def test_a_result_is_drawn_as_it_is():
    kept = result({HEADLINE: some_counts(1), EXACT: some_counts(2)}, name=HOSTILE)
    display = ScoreDisplay.from_result(kept)
    wanted = [kept.measures[name].value for name in (HEADLINE, EXACT)]
    assert [bar.get_width() for bar in display.bars_] == wanted
    one = ScoreDisplay.from_result(kept, measures=[EXACT], name="other")
    assert [row.label for row in one.rows_] == [EXACT]
    with pytest.raises(DataError, match=r"does not hold quote\.f1@iou75"):
        ScoreDisplay.from_result(kept, measures=["quote.f1@iou75"])


@pytest.mark.parametrize("width", [5, 8.5, 14])
def test_words_stand_apart_and_in_the_picture_whatever_the_names(width):
    import matplotlib.pyplot as plt

    long = "claim[certainty=questioned,check_worthy=yes,granularity=sentence].f1@exact"
    names = [HEADLINE, "quote[form=free_indirect,medium=thought].f1@overlap", long]
    _, ax = plt.subplots(figsize=(width, 4), layout="constrained")
    display = ScoreDisplay.from_result(result({name: some_counts(1) for name in names}), ax=ax)
    figure = display.figure_
    figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert [label.replace("\n", "").replace(" ", "") for label in labels] == names
    boxes = [text.get_window_extent() for text in (*ax.texts, *ax.get_yticklabels())]
    assert len(boxes) == 3 * len(names)
    for number, box in enumerate(boxes):
        assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


def test_slices_of_documents_and_of_items(sides):
    X, gold, found = sides
    asked = {"slices": ["publisher", "form"], "measures": [EXACT], "seed": 1}
    display = SliceDisplay.from_predictions(gold, found, documents=X, **asked)
    by_publisher, by_form = slice_scores(gold, found, documents=X, **asked)
    wanted = [None]
    wanted += [part.scores["f1"] for part in by_publisher.parts]
    wanted += [None]
    wanted += [part.scores[name] for part in by_form.parts for name in part.scores]
    for found_score, bar, interval in zip(wanted, display.bars_, display.intervals_, strict=True):
        if found_score is None or math.isnan(found_score.value):
            assert bar is None
            continue
        assert bar.get_width() == found_score.value
        assert (interval is None) == math.isnan(found_score.low)
        if interval is not None:
            assert ends(interval) == pytest.approx((found_score.low, found_score.high))
    names = [t.get_text() for t in display.ax_.get_yticklabels()]
    assert names[:4] == ["Post (20)", "Echo (4)", "direct (12) · recall", "precision (24)"]
    assert f"{EXACT} by publisher" in texts(display)


def test_a_small_slice_has_no_interval_and_says_so(sides):
    X, gold, found = sides
    display = SliceDisplay.from_predictions(gold, found, documents=X, slices=["publisher"])
    large, small = display.bars_[1:]
    assert display.intervals_[1] is not None
    assert display.intervals_[2] is None
    assert "under 10 documents" in texts(display)
    assert large.get_linestyle() == "-"
    assert small.get_linestyle() == "--"
    assert small.get_facecolor()[3] == 0


def test_what_a_slice_cannot_tell_is_said(sides):
    _, gold, _ = sides
    plain = [Annotation(doc_id=a.doc_id, spans=a.spans[1:]) for a in gold]
    display = SliceDisplay.from_predictions(gold, plain, slices=["form"], measures=[EXACT])
    assert "no prediction has form: no precision" in texts(display)


def test_axes_that_hold_bars_are_refused_and_others_taken(sides):
    _, gold, found = sides
    figure, (left, right) = plt.subplots(1, 2)
    display = ScoreDisplay.from_predictions(gold, found, ax=left, resamples=0)
    assert display.ax_ is left
    assert display.figure_ is figure
    assert display.plot(right, name="again") is display
    assert display.ax_ is right
    with pytest.raises(DataError, match="hold bars already"):
        display.plot(left)


def test_any_name_is_drawn_as_text(sides, tmp_path):
    X, gold, found = sides
    X = [Document(doc_id=d.doc_id, text=d.text, publisher="$\\frac{1$ <b>") for d in X]
    display = SliceDisplay.from_predictions(
        gold, found, documents=X, slices=["publisher"], name=HOSTILE, resamples=0
    )
    display.figure_.savefig(tmp_path / "hostile.png")
    assert display.ax_.get_yticklabels()[0].get_text() == "$\\frac{1$ <b> (24)"
    title = display.ax_.get_title(loc="left")
    assert "\n" not in title
    assert "\u202e" not in title
    assert len(title) <= 44


def luminance(colour: object) -> float:
    channels = np.array(colors.to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: object, b: object) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_told_from_the_ground_and_in_print():
    for ground in ("white", "black"):
        assert contrast(MINOR, ground) >= 4.5
    for fill, edge in COLOURS.values():
        assert min(contrast(edge, "white"), contrast(edge, "black")) >= 4
        assert contrast(fill, "black") >= 4.5
    assert contrast(COLOURS["recall"][0], COLOURS["precision"][0]) >= 2.5
    assert len({marker for marker, _ in MARKS.values()}) == len(MARKS)


def test_an_empty_drawing_is_one(tmp_path):
    drawn = draw([])
    drawn.ax.figure.savefig(tmp_path / "empty.png")
    assert image.imread(tmp_path / "empty.png").size


def test_without_matplotlib_the_extra_is_named():
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from inquit.corpus import Annotation, InquitError\n"
        "from inquit.eval import ScoreDisplay\n"
        "y = [Annotation(doc_id='d', spans=())]\n"
        "try: ScoreDisplay.from_predictions(y, y)\n"
        "except InquitError as error: print(isinstance(error, ImportError), error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    wanted = "True displays need matplotlib; install it with: pip install 'inquit[plot]'\n"
    assert done.stdout == wanted, done.stderr


def test_the_examples_of_the_page_run(sides, tmp_path):
    X, gold, _ = sides
    layer = Layer(name="gold", kind="model", annotations=tuple(gold))
    Corpus(CorpusInfo(name="mine"), X, [layer]).write(tmp_path / "mycorpus")
    page = (Path(__file__).parents[2] / "docs" / "notebooks.md").read_text("utf-8")
    blocks = [part.split("```")[0] for part in page.split("```python\n")[1:]]
    (tmp_path / "example.py").write_text("".join(blocks), "utf-8")
    run = [sys.executable, "-W", "error", "example.py"]
    done = subprocess.run(
        run, cwd=tmp_path, env={"MPLBACKEND": "Agg", "HOME": str(tmp_path)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "scores.png").stat().st_size > 5_000
    assert (tmp_path / "slices.png").stat().st_size > 5_000
