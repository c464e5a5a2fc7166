"""Scores of parts of the data as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from inquit.corpus.tables import Column
from inquit.corpus.terminal import cell, printable

from ..measures import WORDS
from ..scores import Score
from ..slicing.slices import Part, Sliced, counts_of
from ..uncertainty import too_few
from .beside import Values, columns_beside, people_by_row, show_beside


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
            others = _others(sliced, list(used))
            words = " / ".join(WORDS[name] for name in used)
            show_beside(names, columns, others, f"{words} of", apart=len(used) > 1)
        elif not sliced.note:
            console.print(Text("nothing to count", "dim"))
        if sliced.note:
            console.print(Text.assemble(("note: ", "yellow"), printable(sliced.note)))


def _others(sliced: Sliced, used: Sequence[str]) -> list[Column]:
    """Return what trivial systems and people reach on the same parts."""

    def values(part: Part, row: Mapping[str, float]) -> Values:
        scores = part.scores
        return [
            (row.get(name, math.nan), scores[name].value if name in scores else math.nan)
            for name in used
        ]

    parts = sliced.parts
    systems = dict.fromkeys(name for part in parts for name in part.beside.trivial)
    trivial = {
        name: [values(part, part.beside.trivial.get(name, {})) for part in parts]
        for name in systems
    }
    if not any(part.beside.human_ceiling for part in parts):
        return columns_beside(trivial)
    people = [(part.beside.people, part.beside.human_documents) for part in parts]
    return columns_beside(trivial, people_by_row(people))


def _columns(sliced: Sliced, name: str) -> list[Column]:
    """Return what one statistic is over, its values, their intervals and counts."""
    found = [(part.documents_of(name), part.scores.get(name)) for part in sliced.parts]
    none = Text("–", "dim")
    cells = [[none] * 4 if s is None else [Text(f"{n:,}"), *_cells(name, s)] for n, s in found]
    counts = next(counts_of(name, score)[0] for _, score in found if score is not None)
    headings = ("docs", WORDS[name], "95 % interval", counts)
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
