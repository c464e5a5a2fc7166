"""Scores as pictures, in the manner of scikit-learn's displays.

matplotlib is needed to draw, not to import this: ``pip install 'inquit[plot]'``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from inquit.corpus import Annotation, Corpus, DataError, Document, Layer, Problem
from inquit.corpus.errors import did_you_mean
from inquit.corpus.terminal import counted

from .bars import Drawn, Row, draw, line, pyplot
from .measures import DEFAULT, HEADLINE, Measure, parse_all
from .result import Result
from .scores import Scores
from .scoring import score
from .slicing.slices import Sliced, slice_scores

Labels = Layer | Iterable[Annotation]
Documents = Corpus | Mapping[str, Document] | Iterable[Document]

_SERIES = {"r": "recall", "p": "precision"}


class _Display:
    """What displays have in common: artists that `plot` leaves behind."""

    name: str | None
    confidence: float

    def _show(
        self, rows: Sequence[Row], ax: Any, title: str, labels: Mapping[str, str] | None = None
    ) -> Self:
        drawn: Drawn = draw(rows, ax, title=title, confidence=self.confidence, labels=labels)
        self.ax_ = drawn.ax
        self.figure_ = drawn.ax.figure
        self.rows_ = tuple(rows)
        self.bars_ = drawn.bars
        self.intervals_ = drawn.intervals
        return self


class ScoreDisplay(_Display):
    """A bar with its interval for each measure.

    Where they are known, the best trivial system and people stand beside each bar. Use
    `from_predictions`, `from_estimator` or `from_result`.

    Parameters
    ----------
    scores : Scores
    name : str, optional
        Of what was scored; the title.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
    rows_ : tuple of Row
        What was drawn, from top to bottom.
    bars_ : tuple of matplotlib Rectangle or None
        For each row; None where a value is undefined.
    intervals_ : tuple of matplotlib ErrorbarContainer or None
        For each row; None where there is no interval.
    """

    def __init__(self, scores: Scores, *, name: str | None = None) -> None:
        self.scores = scores
        self.name = name
        self.confidence = scores.confidence

    @classmethod
    def from_predictions(
        cls,
        y_true: Labels,
        y_pred: Labels,
        *,
        measures: Iterable[str | Measure] = DEFAULT,
        documents: Documents | None = None,
        humans: Sequence[Layer] = (),
        resamples: int = 2000,
        confidence: float = 0.95,
        seed: int = 0,
        ax: Any = None,
        name: str | None = None,
    ) -> Self:
        """Score predictions and draw the scores.

        Parameters
        ----------
        y_true, y_pred : Layer or sequence of Annotation
            Joined by document id.
        measures, documents, humans, resamples, confidence, seed
            As for `scoring.score`; the trivial systems need documents.
        ax : matplotlib Axes, optional
            Axes without bars; a new figure if left out.
        name : str, optional
            Title.

        Raises
        ------
        PlottingError
            If matplotlib is not installed.
        DataError, MeasureError
            As for `scoring.score`; DataError also if the axes hold bars already.
        """
        pyplot()  # what is missing is said before any work
        scores = score(
            y_true,
            y_pred,
            measures,
            documents=documents,
            humans=humans,
            resamples=resamples,
            confidence=confidence,
            seed=seed,
        )
        return cls(scores, name=name).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Iterable[Document],
        y: Labels,
        *,
        ax: Any = None,
        name: str | None = None,
        **scoring: Any,
    ) -> Self:
        """Let a fitted extractor predict, and draw its scores.

        Parameters
        ----------
        estimator : estimator
            A fitted extractor or a Pipeline that ends in one.
        X : sequence of Document
        y : Layer or sequence of Annotation
        ax, name, **scoring
            As for `from_predictions`; the name is the extractor's class if left out.
        """
        pyplot()  # what is missing is said before any work
        X = list(X)
        shown = type(estimator).__name__ if name is None else name
        found = estimator.predict(X)
        return cls.from_predictions(y, found, documents=X, ax=ax, name=shown, **scoring)

    @classmethod
    def from_result(
        cls,
        result: Result,
        *,
        measures: Iterable[str | Measure] | None = None,
        ax: Any = None,
        name: str | None = None,
    ) -> Self:
        """Draw the scores that a result holds; nothing is scored again.

        Parameters
        ----------
        result : Result
            See `read_result`.
        measures : iterable of str or Measure, optional
            All that the result holds if left out.
        ax, name
            As for `from_predictions`; the name is the extractor's if left out.

        Raises
        ------
        DataError
            If the result does not hold a measure.
        """
        scores = result.scores()
        if measures is not None:
            scores = _only(scores, [str(measure) for measure in parse_all(measures)])
        return cls(scores, name=result.system.name if name is None else name).plot(ax)

    def plot(self, ax: Any = None, *, name: str | None = None) -> Self:
        """Draw onto axes without bars, or a new figure."""
        n, missing = len(self.scores.doc_ids), len(self.scores.missing_documents)
        about = f"{n:,} document{'s' * (n != 1)}"
        about += f", {missing:,} without prediction" if missing else ""
        called = self.name if name is None else name
        title = f"{line(called)} · {about}" if called else about
        people = self.scores.human_documents
        labels = {"people": f"people (on {counted(people, 'document')})"} if people else {}
        return self._show(list(_score_rows(self.scores)), ax, title, labels)


class SliceDisplay(_Display):
    """A bar with its interval for each part of the data.

    Where they are known, the best trivial system and people stand beside each bar. A part of fewer
    than 10 documents has a hollow bar without interval, and says so. For slices
    of items, where recall and precision are of different items, they are two bars. Use
    `from_predictions` or `from_estimator`.

    Parameters
    ----------
    slices : sequence of Sliced
        See `slice_scores`.
    name : str, optional
        Of what was scored; the title.
    confidence : float
        Of the intervals that ``slices`` hold.

    Attributes
    ----------
    ax_, figure_, rows_, bars_, intervals_
        As for `ScoreDisplay`; a heading is a row without value.
    """

    def __init__(
        self, slices: Sequence[Sliced], *, name: str | None = None, confidence: float = 0.95
    ) -> None:
        self.slices = tuple(slices)
        self.name = name
        self.confidence = confidence

    @classmethod
    def from_predictions(
        cls,
        y_true: Labels,
        y_pred: Labels,
        *,
        slices: Iterable[str],
        measures: Iterable[str | Measure] = (HEADLINE,),
        documents: Documents | None = None,
        humans: Sequence[Layer] = (),
        resamples: int = 2000,
        confidence: float = 0.95,
        seed: int = 0,
        ax: Any = None,
        name: str | None = None,
    ) -> Self:
        """Score parts of the data and draw the scores.

        Parameters
        ----------
        y_true, y_pred : Layer or sequence of Annotation
            Joined by document id.
        slices, measures, documents, humans, resamples, confidence, seed
            As for `slice_scores`.
        ax : matplotlib Axes, optional
            Axes without bars; a new figure if left out.
        name : str, optional
            Title.

        Raises
        ------
        PlottingError
            If matplotlib is not installed.
        SliceError, DataError, MeasureError
            As for `slice_scores`; DataError also if the axes hold bars already.
        """
        pyplot()  # what is missing is said before any work
        found = slice_scores(
            y_true,
            y_pred,
            slices,
            measures,
            documents=documents,
            humans=humans,
            resamples=resamples,
            confidence=confidence,
            seed=seed,
        )
        return cls(found, name=name, confidence=confidence).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Iterable[Document],
        y: Labels,
        *,
        slices: Iterable[str],
        ax: Any = None,
        name: str | None = None,
        **scoring: Any,
    ) -> Self:
        """Let a fitted extractor predict, and draw the scores of parts of the data.

        Parameters are those of `ScoreDisplay.from_estimator` and `from_predictions`.
        """
        pyplot()  # what is missing is said before any work
        X = list(X)
        shown = type(estimator).__name__ if name is None else name
        found = estimator.predict(X)
        return cls.from_predictions(
            y, found, slices=slices, documents=X, ax=ax, name=shown, **scoring
        )

    def plot(self, ax: Any = None, *, name: str | None = None) -> Self:
        """Draw onto axes without bars, or a new figure."""
        rows = [row for sliced in self.slices for row in _slice_rows(sliced)]
        called = self.name if name is None else name
        return self._show(rows, ax, called or "")


def _score_rows(scores: Scores) -> Iterator[Row]:
    for measure, found in scores.measures.items():
        trivial = [row.get(measure, math.nan) for row in scores.trivial.values()]
        ceiling = scores.human_ceiling
        marks = _marks(trivial, None if ceiling is None else ceiling.get(measure, math.nan))
        yield Row(measure, found.value, found.interval, marks=marks)


def _marks(trivial: Iterable[float], people: float | None) -> dict[str, float]:
    known = [value for value in trivial if not math.isnan(value)]
    marks = {"best trivial system": max(known)} if known else {}
    return marks if people is None else {**marks, "people": people}


def _slice_rows(sliced: Sliced) -> Iterator[Row]:
    yield Row(f"{sliced.measure} by {line(sliced.name)}")
    if sliced.note or not sliced.parts:
        yield Row("", note=sliced.note or "nothing to count")
    for part in sliced.parts:
        for number, (statistic, found) in enumerate(part.scores.items()):
            series = _SERIES.get(statistic, "measure")
            over = f"({part.documents_of(statistic):,})"
            parts = [f"{series} {over}"] if number else [f"{line(part.value)} {over}"]
            parts += [series] if statistic in _SERIES and not number else []
            trivial = [row.get(statistic, math.nan) for row in part.beside.trivial.values()]
            marks = _marks(trivial, part.beside.people if part.beside.human_ceiling else None)
            yield Row(" · ".join(parts), found.value, found.interval, series, marks=marks)


def _only(scores: Scores, wanted: Sequence[str]) -> Scores:
    problems = [
        Problem(
            what=f"the result does not hold {name}",
            remedy=did_you_mean(name, scores.measures) or f"it holds {', '.join(scores.measures)}",
        )
        for name in wanted
        if name not in scores.measures
    ]
    if problems:
        raise DataError(problems)
    return replace(scores, measures={name: scores.measures[name] for name in wanted})
