"""Scores of parts of the data as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inquit.corpus.terminal import cell, printable

from ..scores import Score
from ..slices import Sliced
from ..uncertainty import too_few

_NAMES = {"p": "precision", "r": "recall", "f1": "F1", "acc": "accuracy"}

#: Longer values are wrapped.
_WIDTH = 30
#: A terminal narrower than this shows no counts beside two statistics.
_WIDE = 100


def show_slices(slices: Iterable[Sliced]) -> None:
    """Print a table for each slice of each measure."""
    console = Console()
    for sliced in slices:
        console.print()
        console.print(cell(f"{sliced.measure} by {sliced.name}", "bold"), soft_wrap=True)
        if sliced.parts:
            console.print(_table(sliced, console.width))
        elif not sliced.note:
            console.print(Text("nothing to count", "dim"))
        if sliced.note:
            console.print(Text.assemble(("note: ", "yellow"), printable(sliced.note)))


def _table(sliced: Sliced, width: int) -> Table:
    table = Table(header_style="bold", box=box.HORIZONTALS)
    widest = max(len(text) for text in (sliced.name, *(part.value for part in sliced.parts)))
    table.add_column(cell(sliced.name), overflow="fold", min_width=min(widest, _WIDTH))
    table.add_column("docs", justify="right", no_wrap=True)
    used = list(dict.fromkeys(name for part in sliced.parts for name in part.scores))
    kept = 3 if len(used) == 1 or width >= _WIDE else 2
    for name in used:
        headings = (_NAMES[name], "95 % interval", "TP FP FN" if name == "f1" else "of")
        for heading in headings[:kept]:
            table.add_column(heading, justify="right", no_wrap=True)
    for part in sliced.parts:
        row = [cell(part.value), Text(f"{part.documents:,}")]
        for name in used:
            row += _cells(name, part.scores[name])[:kept]
        table.add_row(*row)
    return table


def _cells(name: str, score: Score) -> list[Text]:
    value = Text("–" if math.isnan(score.value) else f"{score.value:.3f}", "bold")
    tp, fp, fn = score.counts.sum(axis=0).tolist()
    counts = f"{tp:,} {fp:,} {fn:,}" if name == "f1" else f"{tp:,} / {tp + fp + fn:,}"
    return [value, _interval(score), Text(counts)]


def _interval(score: Score) -> Text:
    if not math.isnan(score.low):
        return Text(f"{score.low:.3f} – {score.high:.3f}", "cyan")
    few = too_few(score.interval).replace("documents", "docs")
    return Text(few or "–", "dim")
