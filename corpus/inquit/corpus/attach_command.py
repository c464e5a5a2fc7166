"""``inquit corpus attach``: join labels with their texts, and say what was joined how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from . import terminal
from .directory import INFO, OURS
from .files import refuse_to_replace
from .options import Force, Json

if TYPE_CHECKING:
    from .standoff import AttachReport

SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("attach")(attach_corpus)


def attach_corpus(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A stand-off release.")],
    texts: Annotated[
        list[Path],
        typer.Option(
            metavar="SRC", help="A text file, a folder of them, or a corpus; may be repeated."
        ),
    ],
    destination: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DEST]",
            help="Corpus directory to make.",
            show_default="DIR-with-texts, beside DIR",
        ),
    ] = None,
    reanchor: Annotated[
        bool,
        typer.Option("--reanchor", help="Take texts in which white space or typography differ."),
    ] = False,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Go on without missing texts and labels not verified."),
    ] = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Join labels that were released without their texts with the texts: the inverse of detach.

    Texts are known by their checksum; what the files are called does not matter. Nothing is written
    unless every text is found and every label verified. The report is kept in attach-report.json.

    Example: inquit corpus attach labels --texts downloads/ mycorpus
    """
    from .standoff import Standoff, attach
    from .standoff.find import candidates

    if destination is None:
        place = directory.resolve()
        destination = place.with_name(f"{place.name}-with-texts")
    refuse_to_replace(destination, force=force, mark=INFO, ours=OURS)
    standoff = Standoff.read(directory)
    found = terminal.track(candidates(texts), "reading texts")
    attached = attach(standoff, found, allow_reanchor=reanchor, partial=partial)
    attached.write(destination, force=force)
    if as_json:
        terminal.show_json(attached.report)
        return
    terminal.show(_summary(attached.report))
    if any(d.how == "reanchored" for d in attached.report.documents):
        terminal.show(_moved(attached.report))
    terminal.note(f"wrote {destination}; next: inquit corpus check {destination}")


def _summary(report: AttachReport) -> Table:
    table = Table("What", title="Attached", title_justify="left")
    table.add_column("Count", justify="right")
    exact = sum(d.how == "exact" for d in report.documents)
    table.add_row("texts, exactly those", f"{exact:,}")
    left = report.left_behind
    for what, count in (
        ("texts set in another way", len(report.documents) - exact),
        ("labels put aside", sum(len(d.aside) for d in report.documents)),
        ("texts missing", len(report.missing)),
        ("names of entities that stay numbers", sum(len(d.names_left) for d in report.documents)),
        ("titles that the release has never held", left.titles),
        ("documents whose other metadata it has never held", left.meta),
    ):
        if count:
            table.add_row(what, f"{count:,}", style="yellow")
    if report.unused:
        table.add_row("files that belong to no document", f"{report.unused:,}")
    return table


def _moved(report: AttachReport) -> Table:
    table = Table("Document", "Text", title="Set in another way", title_justify="left")
    for name in ("Spans", "Moved", "Aside"):
        table.add_column(name, justify="right")
    moved = [d for d in report.documents if d.how == "reanchored"]
    for d in moved[:SHOWN]:
        counts = (f"{n:,}" for n in (d.spans, d.moved, len(d.aside)))
        table.add_row(terminal.cell(d.doc_id), terminal.cell(d.path), *counts)
    if len(moved) > SHOWN:
        table.add_row("...", f"{len(moved) - SHOWN:,} more in attach-report.json", "", "", "")
    return table
