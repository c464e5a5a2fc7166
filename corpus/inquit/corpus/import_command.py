"""``inquit corpus import``: read, write, and say what came of it."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from . import importers, terminal
from .directory import INFO, OURS
from .errors import DataError, Problem, did_you_mean, quoted
from .files import refuse_to_replace
from .importers.intake import REPORT, ImportReport, Options
from .options import Force, Json

SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    formats = "\n\n".join(f"{name}: {what}." for name, what in importers.FORMATS.items())
    told, example = cleandoc(import_corpus.__doc__ or "").rsplit("\n\n", 1)
    app.command("import", help=f"{told}\n\n{formats}\n\n{example}")(import_corpus)


def import_corpus(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="One of those listed above.")],
    source: Annotated[Path, typer.Argument(metavar="SRC", help="What to read.")],
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="Corpus directory to make.")],
    name: Annotated[
        str | None,
        typer.Option(help="Name of the corpus, by which Label Studio knows it; else SRC's."),
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(help="SPDX name, for formats that do not say it; else 'restricted'."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="BCP 47 tag, for formats that do not say it; else 'und'.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="TOML file: what the labels of a labelstudio export mean."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail if any record is dropped.")
    ] = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Read another format into a new corpus directory.

    Nothing is written unless everything could be read. What was left out or changed is said, and
    stands in import-report.json. The formats:

    Example: inquit corpus import text articles/ mycorpus --language en
    """
    if form not in importers.FORMATS:
        guess = did_you_mean(form, importers.FORMATS) or f"use {', '.join(importers.FORMATS)}"
        message = f"unknown format {quoted(form)}; {guess}"
        raise typer.BadParameter(message, param_hint="FORMAT")
    if labels is not None and form != "labelstudio":
        message = f"{form} has labels of its own; leave it out"
        raise typer.BadParameter(message, param_hint="--labels")
    refuse_to_replace(destination, force=force, mark=INFO, ours=OURS)
    imported = importers.read(
        form, source, Options(licence=licence, language=language, labels=labels)
    )
    if name is not None:
        imported.corpus.info = msgspec.structs.replace(imported.corpus.info, name=name)
    report = imported.report
    dropped = [change for change in report.changes if change.action == "dropped"]
    if strict and dropped:
        raise DataError(
            Problem(
                path=str(source / change.path if source.is_dir() else source),
                line=change.line,
                what=f"{change.action}: {change.reason}",
                remedy="move it away, mend it, or leave out --strict",
            )
            for change in dropped
        )
    imported.write(destination, force=force)
    if as_json:
        terminal.show_json(report)
        return
    terminal.show(_summary(report))
    if report.changes:
        terminal.show(_changes(report))
    terminal.note(
        f"wrote {destination} (report: {REPORT}); next: inquit corpus check {destination}"
    )


def _summary(report: ImportReport) -> Table:
    table = Table(title=f"Import of {report.format}", title_justify="left")
    table.add_column("What")
    table.add_column("Count", justify="right")
    table.add_row("records read", f"{report.records:,}")
    table.add_row("documents", f"{report.documents:,}")
    for label, count in report.spans.items():
        if count:
            table.add_row(f"spans: {label}", f"{count:,}")
    table.add_row("attributions", f"{report.attributions:,}")
    for name, layer in report.by_layer.items() if len(report.by_layer) > 1 else ():
        counts = f"{layer.documents:,} / {layer.attributions:,}"
        table.add_row(f"layer {name}: documents / attributions", counts)
    for action in ("unread", "dropped", "changed"):
        count = sum(change.action == action for change in report.changes)
        if count:
            table.add_row(action, f"{count:,}", style="yellow")
    for title, names in (("derived", report.derived), ("lost", report.lost)):
        for name in names:
            table.add_row(title, terminal.cell(name))
    return table


def _changes(report: ImportReport) -> Table:
    table = Table(title="Not taken over as it stands", title_justify="left")
    for name in ("What", "Where", "Why"):
        table.add_column(name, overflow="fold")
    for change in report.changes[:SHOWN]:
        where = change.path if change.line is None else f"{change.path}:{change.line}"
        table.add_row(change.action, terminal.cell(where), terminal.cell(change.reason))
    if len(report.changes) > SHOWN:
        table.add_row("...", "", f"{len(report.changes) - SHOWN:,} more in {REPORT}")
    return table
