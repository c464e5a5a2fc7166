"""``inquit eval leaderboard``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inquit.corpus import DataError, Problem, terminal
from inquit.corpus.options import Json
from inquit.corpus.tables import Column, fitted

if TYPE_CHECKING:
    from rich.table import Table

    from ..leaderboard import Board, Cell


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("leaderboard")(leaderboard)


def leaderboard(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT...", help="Files that 'eval run' or 'eval score' wrote with --out."
        ),
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A measure to show; may be repeated. The first one ranks.",
            show_default="the headline, then F1 at iou50 of each label; where no result holds the "
            "headline, what is there",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown instead of tables.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Rank systems by the headline, one table for each benchmark.

    Each table shows 95 % intervals, and among the systems the trivial ones, which read nothing.
    Results that name the same benchmark, version and split but other gold are refused.

    Example: inquit eval leaderboard results/*.json --markdown
    """
    from ..leaderboard import boards
    from ..leaderboard import markdown as as_markdown
    from ..result import Result, read_result

    if markdown and as_json:
        raise typer.BadParameter("choose one of --markdown and --json", param_hint="--markdown")
    read: dict[str, Result] = {}
    problems: list[Problem] = []
    for path in results:
        if str(path) in read:
            what, remedy = "is named twice", "name each result once"
            problems.append(Problem(path=str(path), what=what, remedy=remedy))
            continue
        try:
            read[str(path)] = read_result(path)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    found = boards(read, measure or None)
    if as_json:
        terminal.show_json({"boards": [board.to_json() for board in found]})
    elif markdown:
        typer.echo(as_markdown(found))
    else:
        for number, board in enumerate(found):
            if number:
                terminal.say("")
            _show(board)


def _show(board: Board) -> None:
    terminal.say(board.title, "bold")
    terminal.show(*_tables(board))
    for note in board.notes:
        terminal.say(f"note: {note}", "yellow")


def _tables(board: Board) -> list[Table]:
    from rich.text import Text

    from ..leaderboard import SYSTEM

    styles = ["" if row.kind == SYSTEM else "dim" for row in board.rows]
    ranks = [Text("" if row.rank is None else str(row.rank)) for row in board.rows]
    titles = zip(board.rows, styles, strict=True)
    names = Column(Text("system"), [Text(row.title, style) for row, style in titles])
    columns = []
    for name in board.measures:
        cells = (_lines(row.cells[name]) for row in board.rows)
        texts = [Text(cell, style) for cell, style in zip(cells, styles, strict=True)]
        columns.append(Column(Text(_broken(name)), texts))
    return fitted(names, columns, before=[Column(Text(""), ranks)])


def _lines(cell: Cell) -> str:
    """Return a value, and its interval on a line of its own."""
    if cell.value is None:
        return "–"
    value = f"{cell.value:.3f}"
    if cell.low is None or cell.high is None:
        return value
    low, high = (f"{end:.3f}".removeprefix("0") for end in (cell.low, cell.high))
    return f"{value}\n[{low},{high}]"


def _broken(name: str) -> str:
    """Return a measure's name on two lines: what, and how it is counted."""
    target, dot, rest = name.rpartition(".")
    return f"{target}\n{dot}{rest}"
