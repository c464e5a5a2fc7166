"""Scores as tables in a terminal."""

from __future__ import annotations

import math
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inquit.corpus.tables import Column, fitted
from inquit.corpus.terminal import cell, counted, printable

from ..measures import ATTRIBUTION_TARGETS, HEADLINE, MATCHES, STATISTICS, catalogue
from ..scores import Score, Scores
from ..slice_values import definitions

_PEOPLE = "people"
#: A terminal narrower than this shows the trivial systems in a table of their own.
_WIDE = 120


def show_scores(scores: Scores, title: str = "") -> None:
    """Print the measures, what trivial systems and people reach on them, and the notes."""
    console = Console()
    systems = dict(scores.trivial)
    if scores.human_ceiling is not None:
        systems[_PEOPLE] = scores.human_ceiling
    numbers, others = _numbers(scores), _others(scores, systems)
    names, ends = _names(scores), _ends(scores)
    tables = fitted(names, [*numbers, *others], ends=ends)
    together = len(tables) == 1 and console.width >= _WIDE
    n = len(scores.doc_ids)
    console.print(cell(f"{title} · {n} document{'s' * (n != 1)}", "bold"), soft_wrap=True)
    console.print(*(tables if together else fitted(names, numbers, ends=ends)))
    if systems and not together:
        console.print(Text(f"the same measures for {_who(scores)}"))
        console.print(*fitted(names, others, ends=ends))
    if any(_beaten(score, row) for row in scores.trivial.values() for score in scores):
        console.print(Text("* a system that reads nothing scores higher", "yellow"))
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
        Column(Text("value"), [Text(_number(score.value), "bold") for score in scores]),
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


def _who(scores: Scores) -> str:
    """Name the systems that stand beside the predictions."""
    people = "people" if scores.human_ceiling is not None else ""
    return " and ".join(filter(None, ["systems that read nothing" * bool(scores.trivial), people]))


def _others(scores: Scores, systems: dict[str, dict[str, float]]) -> list[Column]:
    """Return the values of other systems; one that beats the predictions stands out."""
    columns = []
    for name, row in systems.items():
        people, documents = name == _PEOPLE, scores.human_documents
        words = (
            f"{name}\non {counted(documents, 'doc')}"
            if people and documents
            else name.replace("-", "\n")
        )
        cells = []
        for score in scores:
            style = "green" if people else "yellow" if _beaten(score, row) else "dim"
            mark = "*" if style == "yellow" else " "
            cells.append(Text(_number(row[str(score.measure)]) + mark, style))
        columns.append(Column(Text(words, "green" if people else "dim"), cells))
    return columns


def _beaten(score: Score, row: dict[str, float]) -> bool:
    return row[str(score.measure)] > score.value


def _section(score: Score) -> str:
    return "who said what" if score.measure.target in ATTRIBUTION_TARGETS else score.measure.target


def _interval(score: Score) -> Text:
    if math.isnan(score.low):
        return Text("–", "dim")
    return Text(f"{score.low:.3f} – {score.high:.3f}", "cyan")


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
