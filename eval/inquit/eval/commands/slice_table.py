"""Scores of parts of the data as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inquit.corpus.tables import Column, fitted
from inquit.corpus.terminal import cell, printable

from ..scores import Score
from ..slices import Sliced
from ..uncertainty import too_few

_NAMES = {"p": "precision", "r": "recall", "f1": "F1", "acc": "accuracy"}
_COUNTS = ("of", "TP FP FN")


def show_slices(slices: Iterable[Sliced]) -> None:
    """Print a table for each slice of each measure."""
    console = Console()
    for sliced in slices:
        console.print()
        console.print(cell(f"{sliced.measure} by {sliced.name}", "bold"), soft_wrap=True)
        if sliced.parts:
            tables, counted = _tables(sliced)
            console.print(*tables)
            if not counted:
                console.print(Text("counts: --json, or a wider terminal", "dim"))
        elif not sliced.note:
            console.print(Text("nothing to count", "dim"))
        if sliced.note:
            console.print(Text.assemble(("note: ", "yellow"), printable(sliced.note)))


def _tables(sliced: Sliced) -> tuple[list[Table], bool]:
    """Return as few tables as possible, and whether they show the counts."""
    names = Column(Text(sliced.name), [Text(part.value) for part in sliced.parts])
    used = list(dict.fromkeys(name for part in sliced.parts for name in part.scores))
    columns = [column for name in used for column in _columns(sliced, name)]
    every = fitted(names, columns)
    if len(every) == 1:
        return every, True
    fewer = fitted(names, [column for column in columns if column.heading.plain not in _COUNTS])
    return (fewer, False) if len(fewer) < len(every) else (every, True)


def _columns(sliced: Sliced, name: str) -> list[Column]:
    """Return what one statistic is over, its values, their intervals and counts."""
    found = [(part.documents_of(name), part.scores.get(name)) for part in sliced.parts]
    none = Text("–", "dim")
    cells = [[none] * 4 if s is None else [Text(f"{n:,}"), *_cells(name, s)] for n, s in found]
    headings = ("docs", _NAMES[name], "95 % interval", _COUNTS[name == "f1"])
    return [
        Column(Text(heading), column, joined=heading != "docs")
        for heading, column in zip(headings, zip(*cells, strict=True), strict=True)
    ]


def _cells(name: str, score: Score) -> list[Text]:
    value = Text("–" if math.isnan(score.value) else f"{score.value:.3f}", "bold")
    tp, fp, fn = score.counts.sum(axis=0).tolist()
    counts = f"{tp:,} {fp:,} {fn:,}"
    if name != "f1":
        counts = f"{tp:,} / {tp + (fn if name == 'r' else fp):,}"
    return [value, _interval(score), Text(counts)]


def _interval(score: Score) -> Text:
    if math.isnan(score.value):
        return Text("undefined", "dim")
    if not math.isnan(score.low):
        return Text(f"{score.low:.3f} – {score.high:.3f}", "cyan")
    few = too_few(score.interval).replace("documents", "docs")
    return Text(few or "–", "dim")
