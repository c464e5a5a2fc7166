"""``inquit corpus release``: make the Hugging Face dataset and say what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from . import terminal
from .directory import Corpus
from .options import Directory, Force, Json
from .vocabulary import GOLD


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("release")(release_corpus)


def release_corpus(
    directory: Directory,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the release is made.")],
    layer: Annotated[
        str, typer.Option(help="The layer whose labels stand beside the texts.")
    ] = GOLD,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Let restricted texts in, for your own use; the card says so."
        ),
    ] = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Make the Hugging Face dataset of a corpus, with a card and checksums.

    Texts whose licence is "restricted" are refused, each by its name; --private makes a dataset
    of them for yourself alone.

    With --force an older release is replaced, anything else is not.

    Example: inquit corpus release mycorpus build/release
    """
    from .release import write_release

    corpus = Corpus.read(directory)
    files = write_release(
        corpus, out, layer=layer, private=private, force=force, progress=terminal.track
    )
    if as_json:
        terminal.show_json({"directory": str(out), "layer": layer, "files": files})
        return
    table = Table(
        "File", "Configuration", "Split", title=terminal.cell(f"Release {out.name}", "table.title")
    )
    table.title_justify = "left"
    for name in ("Rows", "Bytes"):
        table.add_column(name, justify="right")
    for file in files:
        rows = "" if file.rows is None else f"{file.rows:,}"
        table.add_row(file.path, file.config, file.split, rows, f"{file.bytes:,}")
    terminal.show(table)
    terminal.note(f"wrote {out}; next: datasets.load_dataset({str(out)!r})")
