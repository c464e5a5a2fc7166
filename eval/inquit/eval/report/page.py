"""Results as one self-contained HTML page: scores, and each document with gold and predictions.

The page loads nothing, runs nothing, and its content security policy allows nothing but its own
style sheet. Every text in it is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from inquit.corpus import Annotation, Corpus, DataError, Document, Problem
from inquit.corpus.html import labelled, legend, style

from ..measures import HEADLINE, Measure
from ..result import Result, digest, read_predictions, read_result
from ..run import open_corpus
from ..scores import Scores
from .items import Row, compared

_OFTEN = 20


@dataclass(frozen=True)
class Input:
    """A result, where it was read from, and its predictions by document (None: not kept)."""

    path: Path
    result: Result
    predictions: dict[str, Annotation] | None


@dataclass(frozen=True)
class Bar:
    """One line of a chart: values are shares of 1, None where there is none."""

    name: str
    kind: str
    value: float | None
    low: float | None = None
    high: float | None = None
    counts: tuple[int, int, int] | None = None


def read_inputs(paths: Sequence[Path]) -> list[Input]:
    """Read results with their predictions.

    Raises
    ------
    DataError
        If a file is broken, or the results are not of one benchmark.
    """
    found: list[Input] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            result = read_result(path)
            layer = read_predictions(path, result)
            found.append(Input(path, result, None if layer is None else layer.by_document()))
        except DataError as error:
            problems += error.problems
    for other in found[1:]:
        problems += _different(found[0], other)
    if problems:
        raise DataError(problems)
    return found


def find_corpus(inputs: Sequence[Input], directory: Path | None) -> Corpus:
    """Read the corpus that the results are about; ``directory`` goes before what they say.

    Raises
    ------
    DataError
        If it is not found, or its gold is not what was scored against.
    """
    first = inputs[0]
    way = first.result.benchmark.directory
    place = directory or (first.path.parent / way if way else None)
    if place is None or not place.is_dir():
        what = f"the corpus is not at {place}" if place else "does not say where its corpus is"
        remedy = "pass --on DIR"
        raise DataError(Problem(path=str(first.path), what=what, remedy=remedy))
    corpus = open_corpus(place)
    labels = corpus.layer(first.result.benchmark.layer).by_document()
    gold = [labels[doc_id] for doc_id in first.result.doc_ids if doc_id in labels]
    if digest(gold) != first.result.benchmark.gold_sha256:
        raise DataError(
            Problem(
                path=str(place),
                what=f"its layer {first.result.benchmark.layer} is not the gold of {first.path}",
                remedy="run 'inquit eval run' again, or pass --on DIR with the corpus that was "
                "scored",
            )
        )
    return corpus


def report(inputs: Sequence[Input], corpus: Corpus) -> str:
    """Return the page.

    Parameters
    ----------
    inputs : sequence of Input
        Results of one benchmark, see `read_inputs`.
    corpus : Corpus
        Their documents and gold, see `find_corpus`.
    """
    from jinja2 import Environment, StrictUndefined

    first = inputs[0].result
    scores = [item.result.scores() for item in inputs]
    names = _names(inputs)
    sheet = style() + _resource("report.css")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters.update(share=_share, seconds=_seconds, size=_size, bar=_bar)
    documents = list(_documents(inputs, names, corpus))
    return environment.from_string(_resource("report.html")).render(
        benchmark=first.benchmark,
        charts=list(_charts(names, scores)),
        documents=documents,
        legend=legend(),
        measures=list(_table(names, scores)),
        n_documents=len(first.doc_ids),
        names=names,
        notes=_notes(names, scores),
        others=list(_others(names, scores)),
        results=[item.result for item in inputs],
        style=Markup(sheet),  # noqa: S704  # our own files
        style_hash="sha256-" + base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode(),
        worst=sorted(documents, key=lambda d: (-d["errors"], d["number"])),
    )


def _documents(
    inputs: Sequence[Input], names: Sequence[str], corpus: Corpus
) -> Iterator[dict[str, Any]]:
    first = inputs[0].result
    gold = corpus.layer(first.benchmark.layer).by_document()
    texts = [corpus.documents[doc_id] for doc_id in first.doc_ids]
    golds = [gold[doc_id] for doc_id in first.doc_ids]
    shown = [
        (name, compared(texts, golds, item.predictions), item)
        for name, item in zip(names, inputs, strict=True)
        if item.predictions is not None
    ]
    for number, (document, labels) in enumerate(zip(texts, golds, strict=True)):
        systems = [_system(name, rows[number], item, document) for name, rows, item in shown]
        yield {
            "number": number + 1,
            "document": document,
            "gold": labelled(document, labels),
            "systems": systems,
            "errors": sum(s["missed"] + s["spurious"] for s in systems),
        }


def _system(name: str, rows: list[Row], item: Input, document: Document) -> dict[str, Any]:
    states = [row.state for row in rows if not row.ignored]
    annotation = (item.predictions or {}).get(document.doc_id)
    return {
        "name": name,
        "rows": rows,
        "labelled": labelled(document, annotation),
        "failed": item.result.failed.get(document.doc_id, ""),
        "missing": annotation is None,
        **{state: states.count(state) for state in ("found", "missed", "spurious")},
    }


def _charts(names: Sequence[str], scores: Sequence[Scores]) -> Iterator[tuple[Measure, list[Bar]]]:
    """Yield the headline and the other measures at iou50, with all systems that have them."""
    known = list(dict.fromkeys(name for found in scores for name in found.measures))
    wanted = [n for n in known if n == HEADLINE or n.endswith(".f1@iou50")] or known[:1]
    for measure in sorted(wanted, key=lambda n: n != HEADLINE):
        bars = []
        for name, found in zip(names, scores, strict=True):
            if measure in found.measures:
                score = found.measures[measure]
                tp, fp, fn = score.counts.sum(axis=0).tolist()
                ends = _known(score.low), _known(score.high)
                bars.append(Bar(name, "system", _known(score.value), *ends, (tp, fp, fn)))
        for name, kind, row in _others(names, scores):
            if measure in row:
                bars.append(Bar(name, kind, _known(row[measure])))
        yield Measure.parse(measure), bars


def _others(
    names: Sequence[str], scores: Sequence[Scores]
) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Yield people and the trivial systems that were not run: (name, kind, value by measure)."""
    trivial: dict[str, dict[str, float]] = {}
    people: dict[str, float] = {}
    for found in scores:
        for name, row in found.trivial.items():
            trivial.setdefault(name, {}).update(row)
        people.update(found.human_ceiling or {})
    for name, row in trivial.items():
        if name not in names:
            yield name, "trivial", row
    if people:
        yield "people", "people", people


def _table(names: Sequence[str], scores: Sequence[Scores]) -> Iterator[dict[str, Any]]:
    for measure in dict.fromkeys(name for found in scores for name in found.measures):
        cells = [found.measures.get(measure) for found in scores]
        yield {
            "measure": Measure.parse(measure),
            "cells": list(zip(names, cells, strict=True)),
            "others": [_known(row.get(measure, math.nan)) for _, _, row in _others(names, scores)],
        }


def _notes(names: Sequence[str], scores: Sequence[Scores]) -> list[tuple[str, str]]:
    return [
        (name if len(names) > 1 else "", note)
        for name, found in zip(names, scores, strict=True)
        for note in found.notes
    ]


def _names(inputs: Sequence[Input]) -> list[str]:
    """Name the systems; those of one name also by their files."""
    names = [item.result.system.name for item in inputs]
    return [
        name if names.count(name) == 1 else f"{name} ({item.path.stem})"
        for name, item in zip(names, inputs, strict=True)
    ]


def _different(first: Input, other: Input) -> Iterator[Problem]:
    a, b = first.result, other.result
    if a.benchmark.gold_sha256 != b.benchmark.gold_sha256 or a.doc_ids != b.doc_ids:
        yield Problem(
            path=str(other.path),
            what=f"was scored on other documents or other gold than {first.path}",
            remedy="report results of one benchmark, version and split",
        )


def _bar(bar: Bar) -> Markup:
    """Draw a value with its interval; hidden from screen readers, as the numbers stand beside."""
    if bar.value is None:
        return Markup("")
    parts = [
        Markup('<rect class="track" x="0" y="3" width="100" height="8"/>'),
        Markup('<rect class="bar {}" x="0" y="3" width="{:.2f}" height="8"/>').format(
            bar.kind, 100 * bar.value
        ),
    ]
    if bar.low is not None and bar.high is not None:
        low, high = 100 * bar.low, 100 * bar.high
        parts += [
            Markup('<line class="interval" x1="{:.2f}" y1="{}" x2="{:.2f}" y2="{}"/>').format(*ends)
            for ends in ((low, 7, high, 7), (low, 4, low, 10), (high, 4, high, 10))
        ]
    return Markup(
        '<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(parts))


def _share(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.3f}"


def _seconds(value: float) -> str:
    return f"{value:,.1f} s" if value < _OFTEN else f"{value:,.0f} s"


def _size(value: int) -> str:
    return f"{value / 2**20:,.0f} MiB"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _resource(name: str) -> str:
    return (files("inquit.eval") / "resources" / name).read_text(encoding="utf-8")
