"""Trivial systems and people beside what a table in a terminal is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from inquit.corpus.tables import Column, fitted
from inquit.corpus.terminal import counted, printable

from ..baselines import HIGHER
from ..scores import written

#: A terminal narrower than this shows them in a table of their own.
_WIDE = 120

#: Values, and what each is to be seen against.
Values = Sequence[tuple[float, float]]


def columns_beside(
    trivial: Mapping[str, Iterable[Values]], people: Column | None = None
) -> list[Column]:
    """Return a column for each system, and one for people; one that beats the table stands out.

    Parameters
    ----------
    trivial : dict of str to iterable of Values
        By system, the values of each row of the table; a row may have several.
    people : Column, optional
        See `people_column` and `people_by_row`.
    """
    columns = [
        Column(Text(printable(name).replace("-", "\n"), "dim"), [_cell(row) for row in rows])
        for name, rows in trivial.items()
    ]
    return columns if people is None else [*columns, people]


def people_column(values: Iterable[float], documents: int | None) -> Column:
    """Return what people reach among themselves, over how many documents."""
    over = f"\non {counted(documents, 'doc')}" if documents else ""
    return _people(over, [f"{written(value)} " for value in values])


def people_by_row(values: Iterable[tuple[float, int | None]]) -> Column:
    """Return what people reach among themselves, each row over some documents of its own."""
    cells = [f"{written(value)} ({over:,}) " if over else "– " for value, over in values]
    return _people("\non docs", cells)


def _people(over: str, cells: Iterable[str]) -> Column:
    return Column(Text(f"people{over}", "green"), [Text(cell, "green") for cell in cells])


def show_beside(
    names: Column,
    numbers: Sequence[Column],
    others: Sequence[Column],
    title: str,
    *,
    ends: Collection[int] = (),
    apart: bool = False,
    than: str = "",
) -> None:
    """Print a table with the columns of `columns_beside`, or these in a table of their own.

    Parameters
    ----------
    names, numbers, ends
        As for `fitted`.
    others : sequence of Column
    title : str
        Of their own table: what it shows. Who they are is added.
    apart : bool
        Whether they have a table of their own even where there is room.
    than : str
        What a star says that a system is higher than, if it is not clear.
    """
    console = Console()
    tables = fitted(names, [*numbers, *others], ends=ends)
    together = not apart and len(tables) == 1 and console.width >= _WIDE
    console.print(*(tables if together else fitted(names, numbers, ends=ends)))
    if others and not together:
        console.print(Text(f"{title} {_who(others)}"))
        console.print(*fitted(names, others, ends=ends))
    if any("*" in cell.plain for column in others for cell in column.cells):
        console.print(Text(HIGHER + than, "yellow"))


def _who(columns: Sequence[Column]) -> str:
    people = [column.heading.plain.startswith("people") for column in columns]
    named = ["systems that read nothing"] * (not all(people)) + ["people"] * any(people)
    return " and ".join(named)


def _cell(row: Values) -> Text:
    shown = "/ ".join(written(value) + ("*" if value > against else " ") for value, against in row)
    return Text(shown, "yellow" if "*" in shown else "dim")
