"""``inquit corpus detach``: labels without texts, and what they leave behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from . import terminal
from .directory import Corpus
from .files import refuse_to_replace
from .options import Directory, Force, Json

#: A text with fewer letters can perhaps be guessed as a whole from its checksum.
SHORT = 100


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("detach")(detach_corpus)


def detach_corpus(
    directory: Directory,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the release is made.")],
    obtain: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Tell how to obtain the texts.",
            show_default="'obtain' of corpus.toml, and each url",
        ),
    ] = "",
    keep_ids: Annotated[
        bool,
        typer.Option("--keep-ids", help="Keep ids and groups that have words of the text."),
    ] = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Release the labels of texts that may not be shipped, and not a word of the texts.

    Each text is stated by its checksum, address and publisher, each labelled fragment by its
    offsets and a proof that only those can check who have the text. Titles and other metadata stay
    behind; names of entities become the place in the text where the name stands; a doc_id or group
    that has words of its text or title is replaced, unless --keep-ids says otherwise.

    Example: inquit corpus detach mycorpus build/labels --obtain "Buy the issue of 2 June."
    """
    from .standoff import detach
    from .standoff.detach import telling
    from .standoff.folder import MANIFEST
    from .standoff.ids import without_telling_ids

    refuse_to_replace(out, force=force, mark=MANIFEST)
    corpus = Corpus.read_filled(directory)
    corpus, replaced = (corpus, 0) if keep_ids else without_telling_ids(corpus)
    standoff = detach(corpus, obtain=obtain)
    standoff.write(out, force=force)
    texts, layers, left = standoff.texts, standoff.layers, standoff.left_behind
    short = sum(text.letters < SHORT for text in texts.values())
    told = sum(bool(telling(document)) for document in corpus.documents.values())
    spans = {name: sum(len(a.spans) for a in layer.annotations) for name, layer in layers.items()}
    if as_json:
        counts = {"texts": len(texts), "spans": spans, "left_behind": left}
        counts |= {"replaced_ids": replaced, "short_texts": short, "telling_pointers": told}
        terminal.show_json({"directory": str(out), **counts})
        return
    table = Table("What", title="Detached", title_justify="left")
    table.add_column("Count", justify="right")
    table.add_row("texts, by checksum", f"{len(texts):,}")
    for name, count in spans.items():
        table.add_row(terminal.cell(f"spans in layer {name}"), f"{count:,}")
    for what, count in (
        ("texts with another id or group", replaced),
        ("left behind: titles", left.titles),
        ("left behind: other metadata", left.meta),
        ("left behind: names that the text does not spell so", left.names),
        ("texts that share words with their own id, group, publisher or address", told),
        (f"texts of less than {SHORT} letters: could be guessed from the checksum", short),
    ):
        if count:
            table.add_row(what, f"{count:,}", style="yellow")
    terminal.show(table)
    terminal.note(f"wrote {out}; back: inquit corpus attach {out} --texts TEXTS NEW_CORPUS")
