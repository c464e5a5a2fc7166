"""Scores of parts of the data as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from inquit.corpus.tables import Column, fitted
from inquit.corpus.terminal import cell, printable

from ..scores import Score
from ..slices import Sliced, counts_of
from ..uncertainty import too_few

_NAMES = {"p": "precision", "r": "recall", "f1": "F1", "acc": "accuracy"}


def show_slices(slices: Iterable[Sliced]) -> None:
    """Print a table for each slice of each measure."""
    console = Console()
    for sliced in slices:
        console.print()
        console.print(cell(f"{sliced.measure} by {sliced.name}", "bold"), soft_wrap=True)
        if sliced.parts:
            names = Column(Text(sliced.name), [Text(part.value) for part in sliced.parts])
            used = dict.fromkeys(name for part in sliced.parts for name in part.scores)
            columns = [column for name in used for column in _columns(sliced, name)]
            console.print(*fitted(names, columns))
        elif not sliced.note:
            console.print(Text("nothing to count", "dim"))
        if sliced.note:
            console.print(Text.assemble(("note: ", "yellow"), printable(sliced.note)))


def _columns(sliced: Sliced, name: str) -> list[Column]:
    """Return what one statistic is over, its values, their intervals and counts."""
    found = [(part.documents_of(name), part.scores.get(name)) for part in sliced.parts]
    none = Text("–", "dim")
    cells = [[none] * 4 if s is None else [Text(f"{n:,}"), *_cells(name, s)] for n, s in found]
    counts = next(counts_of(name, score)[0] for _, score in found if score is not None)
    headings = ("docs", _NAMES[name], "95 % interval", counts)
    return [
        Column(Text(heading), column, joined=heading != "docs")
        for heading, column in zip(headings, zip(*cells, strict=True), strict=True)
    ]


def _cells(name: str, score: Score) -> list[Text]:
    value = Text("–" if math.isnan(score.value) else f"{score.value:.3f}", "bold")
    return [value, _interval(score), Text(counts_of(name, score)[1])]


def _interval(score: Score) -> Text:
    if math.isnan(score.value):
        return Text("undefined", "dim")
    if not math.isnan(score.low):
        return Text(f"{score.low:.3f} – {score.high:.3f}", "cyan")
    few = too_few(score.interval).replace("documents", "docs")
    return Text(few or "–", "dim")
