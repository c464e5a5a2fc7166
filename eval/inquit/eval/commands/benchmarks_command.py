"""``inquit eval benchmarks``."""

from __future__ import annotations

from typing import Annotated

import typer

from inquit.corpus import terminal
from inquit.corpus.options import Json

#: A terminal narrower than this shows the titles in a table of their own.
_WIDE = 80


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("benchmarks")(benchmarks)


def benchmarks(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Tell all of this one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the benchmarks, or tell how to obtain one and what of it is scored.

    Example: inquit eval benchmarks polnear
    """
    from ..benchmark import names, read_definition

    found = [read_definition(n) for n in ([name] if name else names())]
    if as_json:
        terminal.show_json({"benchmarks": found})
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if name:
        (definition,) = found
        terminal.say(f"{definition.name} {definition.version}", "bold")
        terminal.say(definition.how_to_obtain())
        terminal.say(f"Cite: {definition.citation}")
        terminal.say(f"Scored: split {definition.split}, against layer {definition.layer}")
        terminal.say(f"Measures: {', '.join(definition.measures)}")
        if definition.about:
            terminal.say(definition.about.strip())
        return
    columns = {
        "name": [definition.name for definition in found],
        "language": [", ".join(definition.languages) for definition in found],
        "scored": [definition.split for definition in found],
        "licence": [definition.licence for definition in found],
        "title": [definition.title for definition in found],
    }
    narrow = Console().width < _WIDE
    shown = [["name", "language", "scored", "licence"], ["name", "title"]]
    for headings in shown if narrow else [list(columns)]:
        table = Table(header_style="bold", box=box.HORIZONTALS, padding=0, collapse_padding=True)
        for heading in headings:
            table.add_column(heading, overflow="fold", no_wrap=heading != "title")
        for row in zip(*(columns[heading] for heading in headings), strict=True):
            table.add_row(*(terminal.cell(text) for text in row))
        terminal.show(table)
    terminal.note("how to obtain one: inquit eval benchmarks NAME")
