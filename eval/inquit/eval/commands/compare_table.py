"""Two compared systems as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.text import Text

from inquit.corpus import terminal
from inquit.corpus.tables import Column

from ..comparing.results import Compared, Difference
from ..comparing.slices import ComparedSlice
from ..scores import written
from ..uncertainty import too_few
from .beside import Values, columns_beside, people_by_row, people_column, show_beside

_LIKELY = 0.05
_THAN = " than A or B"


def show_compared(compared: Compared, slices: Iterable[ComparedSlice]) -> None:
    """Print the measures, then the parts of each slice, each table with its notes."""
    rows = {str(row.measure): row for row in compared.differences}
    ceiling = compared.human_ceiling
    people = (
        None
        if ceiling is None
        else people_column([ceiling[name] for name in rows], compared.human_documents)
    )
    trivial = {
        system: [_against(row, values[name]) for name, row in rows.items()]
        for system, values in compared.trivial.items()
    }
    names = Column(Text("measure"), [Text(name) for name in rows])
    others = columns_beside(trivial, people)
    show_beside(names, _columns([*rows.values()]), others, "the same measures for", than=_THAN)
    _say(compared.notes)
    for sliced in slices:
        _show_slice(sliced)


def _show_slice(sliced: ComparedSlice) -> None:
    terminal.say("")
    terminal.say(f"{sliced.measure} by {sliced.name}", "bold")
    parts, beside = sliced.parts, [part.beside for part in sliced.parts]
    systems = dict.fromkeys(system for one in beside for system in one.trivial)
    trivial = {
        system: [
            _against(
                part.difference, part.beside.trivial[system][part.difference.measure.statistic]
            )
            for part in parts
        ]
        for system in systems
    }
    people = people_by_row((one.people, one.human_documents) for one in beside)
    others = columns_beside(trivial, people if any(one.human_ceiling for one in beside) else None)
    names = Column(Text(sliced.name), [Text(part.value) for part in parts])
    numbers = _columns([part.difference for part in parts], [part.documents for part in parts])
    show_beside(names, numbers, others, "the same parts for", than=_THAN)
    _say(sliced.notes)


def _against(row: Difference, value: float) -> Values:
    """Return a value, to be seen against the lower of the two systems."""
    return [(value, min((x for x in (row.a, row.b) if not math.isnan(x)), default=math.nan))]


def _columns(differences: Sequence[Difference], documents: Sequence[int] = ()) -> list[Column]:
    likely = ["bold" if row.p_adjusted <= _LIKELY else "" for row in differences]
    shown = {
        "docs": [f"{count:,}" for count in documents],
        "A": [written(row.a) for row in differences],
        "B": [written(row.b) for row in differences],
        "A - B": [written(row.paired.difference, "+.3f") for row in differences],
        "95 % interval": [_ends(row, short=bool(documents)) for row in differences],
        "p": [written(row.paired.p, ".4f") for row in differences],
        "p corrected": [written(row.p_adjusted, ".4f") for row in differences],
    }
    return [
        Column(
            Text(heading),
            [
                Text(text, style if heading in ("A - B", "p corrected") else "")
                for text, style in zip(texts, likely, strict=True)
            ],
            joined=heading not in ("docs", "p") and (heading != "A" or bool(documents)),
        )
        for heading, texts in shown.items()
        if texts
    ]


def _ends(row: Difference, *, short: bool) -> str:
    """Return an interval, or why there is none where room is made for it."""
    ends = row.paired.interval
    if not math.isnan(ends.low):
        return f"{ends.low:+.3f} – {ends.high:+.3f}"
    return (too_few(ends).replace("documents", "docs") if short else "") or "–"


def _say(notes: Iterable[str]) -> None:
    for note in notes:
        terminal.say(f"note: {note}", "yellow")
