"""``inquit eval compare``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inquit.corpus import DataError, Problem, terminal
from inquit.corpus.options import Json

if TYPE_CHECKING:
    from rich.table import Table

    from ..compare import Compared
    from ..result import Result

_LIKELY = 0.05
#: A terminal narrower than this gets columns that stand closer together.
_WIDE = 100


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("compare")(compare)


def compare(
    result_a: Annotated[
        Path, typer.Argument(metavar="RESULT_A", help="A file that 'eval run --out' wrote.")
    ],
    result_b: Annotated[Path, typer.Argument(metavar="RESULT_B", help="Another.")],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A measure; may be repeated.",
            show_default="all that both results hold",
        ),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=1, help="Draws of the randomisation test.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: Json = False,
) -> None:
    """Compare two systems on one benchmark, from their result files.

    No model is run. For each measure: the difference A - B with its paired bootstrap interval, p of
    a paired randomisation test, and p corrected for the number of measures. Results on other gold,
    another split or other documents are refused.

    Example: inquit eval compare mine.json rules.json --measure attribution.f1@iou50
    """
    from ..compare import compare_results
    from ..result import read_result

    problems: list[Problem] = []
    results: list[Result] = []
    for path in (result_a, result_b):
        try:
            results.append(read_result(path))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    found = compare_results(
        results[0],
        results[1],
        measure,
        resamples=resamples,
        seed=seed,
        paths=(result_a, result_b),
    )
    if as_json:
        terminal.show_json(found.to_json())
        return
    from ..compare import system_names

    where = found.a.benchmark
    names = system_names([found.a.system, found.b.system])
    terminal.say(
        f"{where.name} {where.version}, {where.split or 'all documents'}"
        f" · {terminal.counted(len(found.a.doc_ids), 'document')}",
        "bold",
    )
    for side, name, path in zip("AB", names, (result_a, result_b), strict=True):
        terminal.say(f"{side}: {name} ({path})")
    terminal.show(_table(found))
    for note in found.notes:
        terminal.say(f"note: {note}", "yellow")


def _table(found: Compared) -> Table:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    padding = (0, int(Console().width >= _WIDE))
    table = Table(header_style="bold", box=box.HORIZONTALS, padding=padding)
    table.add_column("measure", overflow="fold")
    for heading in ("A", "B", "A - B", "95 % interval", "p", "p corrected"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.differences:
        ends = row.paired.interval
        interval = "–" if math.isnan(ends.low) else f"{ends.low:+.3f} – {ends.high:+.3f}"
        likely = row.p_adjusted <= _LIKELY
        table.add_row(
            terminal.cell(str(row.measure)),
            _number(row.a),
            _number(row.b),
            Text(_number(row.paired.difference, "+.3f"), "bold" if likely else ""),
            interval,
            _number(row.paired.p, ".4f"),
            Text(_number(row.p_adjusted, ".4f"), "bold" if likely else ""),
        )
    return table


def _number(value: float, form: str = ".3f") -> str:
    return "–" if math.isnan(value) else format(value, form)
