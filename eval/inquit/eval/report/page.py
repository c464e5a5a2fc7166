"""Results as one self-contained HTML page: scores and plots, and a browser of every error.

The page loads nothing and runs only our own scripts, which its content security policy allows by
their checksums. Every text in it is escaped, or travels as data that the script shows as text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from inquit.corpus import Corpus
from inquit.corpus.viewer import View, page, plain, visible

from ..comparing.baselines import baselines_of
from ..leaderboard import SYSTEM, made_otherwise
from ..measures import HEADLINE, Measure
from ..scores import Scores, known
from . import cut
from .browser import report_data
from .inputs import Input, names_of
from .plots import Point, bar, shown_speed, speed_plot
from .sliced import panels
from .table import Row, Table, others, table
from .usage import by_reason, used

_OFTEN = 20
_HUGE = 1e12


def report(inputs: Sequence[Input], corpus: Corpus) -> str:
    """Return the page.

    Parameters
    ----------
    inputs : sequence of Input
        Results of one benchmark, see `inputs.read_inputs`.
    corpus : Corpus
        Their documents and gold, see `inputs.find_corpus`.
    """
    first = inputs[0].result
    names = names_of(inputs)
    scores = [item.result.scores() for item in inputs]
    data, fields = report_data(inputs, names, corpus)
    shown = table(inputs, names, scores)
    scored = f"{first.benchmark.split or 'all documents'}, {len(first.doc_ids):,}"
    heading = _render(
        "report_heading.html",
        benchmark=first.benchmark,
        scored=f"{scored} document{'' if len(first.doc_ids) == 1 else 's'}",
    )
    content = _render(
        "report.html",
        charts=list(_charts(names, scores, shown)),
        every=list(_every(names, scores)),
        interval=_interval(scores),
        names=names,
        notes=_notes(inputs, names, scores),
        others=list(others(names, scores)),
        panels=panels(inputs, names, corpus, fields, shown.measures[0]) if shown.measures else [],
        plot=_plot(shown),
        results=[item.result for item in inputs],
        shares=_shares(names, scores),
        table=shown,
        unseen=[n for n, item in zip(names, inputs, strict=True) if item.predictions is None],
    )
    return page(
        title=f"{cut.brief(', '.join(names))} on {cut.short(first.benchmark.name)}",
        heading=heading,
        data=data,
        views=[View("scores", "Scores", content)],
        styles=[_resource("report.css")],
        scripts=[_resource("report.js")],
        footer=Markup("Made by inquit {}.").format(visible(first.inquit_version)),
    )


def _plot(shown: Table) -> tuple[Markup, list[Row]]:
    """Return speed against quality, and the systems that it shows."""
    rows = []
    points = []
    for row in shown.rows:
        cell = row.cells[str(shown.measures[0])] if shown.measures else None
        if row.kind == SYSTEM and row.speed and cell is not None and cell.value is not None:
            rows.append(row)
            points.append(Point(row.name, row.speed, cell.value, cell.low, cell.high))
    return (speed_plot(points, str(shown.measures[0])) if points else Markup("")), rows


def _charts(
    names: Sequence[str], scores: Sequence[Scores], shown: Table
) -> Iterator[tuple[Measure, list[dict[str, Any]]]]:
    """Yield the headline and the other measures at iou50, with the table's rows that have them."""
    place = {(row.kind, row.name): number for number, row in enumerate(shown.rows)}
    every = list(dict.fromkeys(name for found in scores for name in found.measures))
    wanted = [n for n in every if n == HEADLINE or n.endswith(".f1@iou50")] or every[:1]
    for measure in sorted(wanted, key=lambda n: n != HEADLINE):
        bars: list[dict[str, Any]] = []
        for name, found in zip(names, scores, strict=True):
            if measure in found.measures:
                score = found.measures[measure]
                ends = {"low": known(score.low), "high": known(score.high)}
                bars.append({"name": name, "kind": SYSTEM, "value": known(score.value), **ends})
        for name, kind, row in others(names, scores):
            if measure in row:
                value = known(row[measure])
                bars.append(
                    {
                        "name": cut.short(name),
                        "kind": kind,
                        "value": value,
                        "low": None,
                        "high": None,
                    }
                )
        bars.sort(key=lambda row: place[row["kind"], row["name"]])
        yield Measure.parse(measure), bars


def _every(names: Sequence[str], scores: Sequence[Scores]) -> Iterator[dict[str, Any]]:
    for measure in dict.fromkeys(name for found in scores for name in found.measures):
        cells = [found.measures.get(measure) for found in scores]
        yield {
            "measure": Measure.parse(measure),
            "cells": list(zip(names, cells, strict=True)),
            "others": [
                known(row.get(measure, float("nan"))) for _, _, row in others(names, scores)
            ],
        }


def _interval(scores: Sequence[Scores]) -> str:
    """Say what share of samples the intervals hold; each that there is, if they differ.

    >>> _interval([])
    'interval'
    """
    drawn = [found for found in scores if _has_intervals(found)] or scores
    shares = sorted({found.confidence for found in drawn})
    return f"{' or '.join(f'{100 * share:g} %' for share in shares)} interval".lstrip()


def _shares(names: Sequence[str], scores: Sequence[Scores]) -> dict[str, str]:
    """Return what share of samples the intervals of each system hold, if that differs."""
    shares = {
        name: f"{100 * found.confidence:g} %"
        for name, found in zip(names, scores, strict=True)
        if _has_intervals(found)
    }
    return shares if len({*shares.values()}) > 1 else {}


def _has_intervals(found: Scores) -> bool:
    return any(not math.isnan(score.low) for score in found.measures.values())


def _notes(
    inputs: Sequence[Input], names: Sequence[str], scores: Sequence[Scores]
) -> list[tuple[list[str], str]]:
    """Return each note with the systems that it is about; none are named where it is about all."""
    drawn = [
        (name, item.result)
        for name, item, found in zip(names, inputs, scores, strict=True)
        if _has_intervals(found)
    ]
    every = list(dict.fromkeys(name for found in scores for name in found.measures))
    common = [*made_otherwise(drawn), *baselines_of(scores, every).notes()]
    about: dict[str, list[str]] = {note: [*names] for note in common}
    for name, found in zip(names, scores, strict=True):
        for note in dict.fromkeys(found.notes):
            about.setdefault(note, []).append(name)
    return [([] if len(of) == len(names) else of, note) for note, of in about.items()]


def _render(name: str, **values: Any) -> Markup:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters.update(
        bar=bar,
        brief=cut.brief,
        by_reason=by_reason,
        plain=plain,
        seconds=_seconds,
        share=_share,
        short=cut.short,
        size=_size,
        speed=shown_speed,
        used=used,
        visible=visible,
    )
    content = environment.from_string(_resource(name)).render(**values)
    return Markup(content)  # noqa: S704  # our own template, values escaped


def _share(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.3f}"


def _seconds(value: float) -> str:
    """Return a time as people read it.

    >>> _seconds(0.0), _seconds(0.0494), _seconds(1.23), _seconds(3600.0), _seconds(1e300)
    ('under 1 ms', '49 ms', '1.2 s', '3,600 s', '1e+300 s')
    """
    if value < 0.9995:
        return f"{1000 * value:.0f} ms" if value >= 0.001 else "under 1 ms"
    if value < _OFTEN:
        return f"{value:.1f} s"
    return f"{value:,.0f} s" if value < _HUGE else f"{value:.3g} s"


def _size(value: int) -> str:
    """Return a number of bytes as people read it.

    >>> _size(300_000), _size(3_000_000_000)
    ('under 1 MiB', '2,861 MiB')
    """
    return f"{value / 2**20:,.0f} MiB" if value >= 2**20 else "under 1 MiB"


def _resource(name: str) -> str:
    return (files("inquit.eval") / "resources" / name).read_text(encoding="utf-8")
