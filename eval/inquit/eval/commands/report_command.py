"""``inquit eval report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inquit.corpus import terminal
from inquit.corpus.options import Force


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("report")(report)


def report(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT...", help="Files that 'eval run' or 'eval score' wrote with --out."
        ),
    ],
    html: Annotated[Path, typer.Option(metavar="FILE", help="Write the page here.")],
    on: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The corpus.", show_default="where the result says"),
    ] = None,
    force: Force = False,
) -> None:
    """Write one page with scores and plots, and a browser of every error beside its text.

    The page holds everything it needs, loads nothing and runs no script but its own. All results
    must be of one benchmark.

    Example: inquit eval report rules.json mine.json --html report.html
    """
    from inquit.corpus.files import write_atomic
    from inquit.corpus.outputs import refuse_output

    from ..report.inputs import find_corpus, read_inputs
    from ..report.page import report as page

    refuse_output(html, force=force)
    inputs = read_inputs(results)
    write_atomic(html, page(inputs, find_corpus(inputs, on)), force=force)
    terminal.note(f"wrote {html}")
