"""Scores as tables in a terminal."""

from __future__ import annotations

import math
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inquit.corpus.tables import Column
from inquit.corpus.terminal import cell, printable

from ..measures import ATTRIBUTION_TARGETS, HEADLINE, MATCHES, STATISTICS, catalogue
from ..scores import Score, Scores, written
from ..slicing.values import definitions
from .beside import columns_beside, people_column, show_beside


def show_scores(scores: Scores, title: str = "") -> None:
    """Print the measures, what trivial systems and people reach on them, and the notes."""
    console = Console()
    n = len(scores.doc_ids)
    console.print(cell(f"{title} · {n} document{'s' * (n != 1)}", "bold"), soft_wrap=True)
    show_beside(
        _names(scores),
        _numbers(scores),
        _others(scores),
        "the same measures for",
        ends=_ends(scores),
    )
    for note in scores.notes:
        console.print(Text.assemble(("note: ", "yellow"), printable(note)), soft_wrap=True)


def show_measures() -> None:
    """Print what can be measured, one line each."""
    console = Console()
    for title, rows in (
        ("target[attribute=value].statistic@match", {str(m): m.definition for m in catalogue()}),
        ("statistics", STATISTICS),
        ("matches", MATCHES),
        ("slices (eval score --slice)", definitions()),
    ):
        table = Table("name", "definition", title=title, title_justify="left", box=None)
        table.columns[0].no_wrap = True
        for name, definition in rows.items():
            table.add_row(Text(name, "bold" if name == HEADLINE else ""), definition)
        console.print(table)
        console.print()


def _names(scores: Scores) -> Column:
    names = map(str, scores.measures)
    return Column(Text("measure"), [Text(n, "bold" if n == HEADLINE else "") for n in names])


def _numbers(scores: Scores) -> list[Column]:
    columns = [
        Column(Text("value"), [Text(written(score.value), "bold") for score in scores]),
        Column(
            Text(f"{100 * scores.confidence:g} % interval"),
            [_interval(score) for score in scores],
            joined=True,
        ),
    ]
    totals = zip(*(score.counts.sum(axis=0).tolist() for score in scores), strict=True)
    for heading, column in zip(("TP", "FP", "FN"), totals, strict=True):
        cells = [Text(f"{x:,}") for x in column]
        columns.append(Column(Text(heading), cells, joined=heading != "TP"))
    return columns


def _ends(scores: Scores) -> list[int]:
    """Return the rows behind which another kind of measure begins."""
    sections = [_section(score) for score in scores]
    return [n for n, pair in enumerate(pairwise(sections)) if pair[0] != pair[1]]


def _others(scores: Scores) -> list[Column]:
    """Return what other systems reach on the same measures."""
    ceiling, measures = scores.human_ceiling, scores.measures
    people = (
        None
        if ceiling is None
        else people_column([ceiling[name] for name in measures], scores.human_documents)
    )
    trivial = {
        system: [[(row[name], score.value)] for name, score in measures.items()]
        for system, row in scores.trivial.items()
    }
    return columns_beside(trivial, people)


def _section(score: Score) -> str:
    return "who said what" if score.measure.target in ATTRIBUTION_TARGETS else score.measure.target


def _interval(score: Score) -> Text:
    if math.isnan(score.low):
        return Text("–", "dim")
    return Text(f"{score.low:.3f} – {score.high:.3f}", "cyan")
