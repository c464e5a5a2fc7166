"""``inquit corpus export``: write another format, and say what it does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from . import exporters, terminal
from .directory import Corpus
from .errors import did_you_mean, quoted
from .exporters.outgo import ExportReport
from .files import refuse_to_replace
from .importers.intake import EXPORT_REPORT
from .options import Directory, Force, Json

SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("export")(export_corpus)


def export_corpus(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(exporters.FORMATS))],
    directory: Directory,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Directory to make.")],
    layer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The layer to write.",
            show_default="all in jsonl; else gold, or the only one",
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a corpus in another format, with a report on what the format does not hold.

    brat, inline and jsonl can be imported again and give the same documents and labels. conll is
    for taggers: it has no nesting, no discontinuous spans, no attributions and no attributes.

    Example: inquit corpus export conll mycorpus tagged --layer gold
    """
    if form not in exporters.FORMATS:
        guess = did_you_mean(form, exporters.FORMATS)
        message = f"unknown format {quoted(form)}; {guess or 'see --help'}"
        raise typer.BadParameter(message, param_hint="FORMAT")
    refuse_to_replace(out, force=force, mark=EXPORT_REPORT)
    report = exporters.write(form, Corpus.read_filled(directory), out, layer=layer, force=force)
    if as_json:
        terminal.show_json(report)
        return
    terminal.show(_summary(report))
    if report.changes:
        terminal.show(_changes(report))
    terminal.note(f"wrote {out} (report: {EXPORT_REPORT})")


def _summary(report: ExportReport) -> Table:
    table = Table(title=f"Export to {report.format}", title_justify="left")
    table.add_column("What")
    table.add_column("Count", justify="right")
    table.add_row("layers", terminal.cell(", ".join(report.layers) or "none"))
    table.add_row("documents", f"{report.documents:,}")
    for label, count in report.spans.items():
        if count:
            table.add_row(f"spans: {label}", f"{count:,}")
    table.add_row("attributions", f"{report.attributions:,}")
    for action in ("dropped", "changed"):
        count = sum(change.action == action for change in report.changes)
        if count:
            table.add_row(action, f"{count:,}", style="yellow")
    for what, count in report.lost.items():
        table.add_row(terminal.cell(f"not held: {what}"), f"{count:,}", style="yellow")
    return table


def _changes(report: ExportReport) -> Table:
    table = Table(title="Not written as it stands", title_justify="left")
    for name in ("What", "Document", "Span", "Why"):
        table.add_column(name, overflow="fold")
    for change in report.changes[:SHOWN]:
        cells = (terminal.cell(x) for x in (change.doc_id, change.span, change.reason))
        table.add_row(change.action, *cells)
    if len(report.changes) > SHOWN:
        table.add_row("...", "", "", f"{len(report.changes) - SHOWN:,} more in {EXPORT_REPORT}")
    return table
