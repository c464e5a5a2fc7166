"""Scores as tables in a terminal."""

from __future__ import annotations

import math
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

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
    wide = console.width >= _WIDE
    n = len(scores.doc_ids)
    console.print(cell(f"{title} · {n} document{'s' * (n != 1)}", "bold"), soft_wrap=True)
    console.print(_table(scores, systems if wide else {}))
    if systems and not wide:
        console.print(Text(f"the same measures for {_who(scores)}"))
        console.print(_others(scores, systems))
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


def _table(scores: Scores, systems: dict[str, dict[str, float]]) -> Table:
    table = Table(header_style="bold", box=box.HORIZONTALS)
    table.add_column("measure", no_wrap=True)
    for heading in ("value", f"{100 * scores.confidence:g} % interval", "TP", "FP", "FN"):
        table.add_column(heading, justify="right", no_wrap=True)
    _add_systems(table, systems, scores.human_documents)
    for _, group in groupby(scores, key=_section):
        for score in group:
            counts = [f"{x:,}" for x in score.counts.sum(axis=0).tolist()]
            table.add_row(
                Text(str(score.measure), "bold" if str(score.measure) == HEADLINE else ""),
                Text(_number(score.value), "bold"),
                _interval(score),
                *counts,
                *_cells(score, systems),
            )
        table.add_section()
    return table


def _others(scores: Scores, systems: dict[str, dict[str, float]]) -> Table:
    table = Table(header_style="dim", box=box.HORIZONTALS, collapse_padding=True, pad_edge=False)
    table.add_column("measure", no_wrap=True, style="dim")
    _add_systems(table, systems, scores.human_documents)
    for _, group in groupby(scores, key=_section):
        for score in group:
            table.add_row(cell(str(score.measure)), *_cells(score, systems))
        table.add_section()
    return table


def _who(scores: Scores) -> str:
    """Name the systems that stand beside the predictions."""
    people = "people" if scores.human_ceiling is not None else ""
    return " and ".join(filter(None, ["systems that read nothing" * bool(scores.trivial), people]))


def _add_systems(table: Table, systems: dict[str, dict[str, float]], documents: int | None) -> None:
    for name in systems:
        people = name == _PEOPLE
        words = (
            f"{name}\non {counted(documents, 'doc')}"
            if people and documents
            else name.replace("-", "\n")
        )
        heading = Text(words, "green" if people else "dim")
        table.add_column(heading, justify="right", no_wrap=True)


def _cells(score: Score, systems: dict[str, dict[str, float]]) -> list[Text]:
    """Return the values of other systems; one that beats the predictions stands out."""
    cells = []
    for name, row in systems.items():
        style = "green" if name == _PEOPLE else "yellow" if _beaten(score, row) else "dim"
        mark = "*" if style == "yellow" else " "
        cells.append(Text(_number(row[str(score.measure)]) + mark, style))
    return cells


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
