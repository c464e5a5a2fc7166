"""``inquit corpus show``: one document with its labels, in the terminal or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import terminal
from .directory import DOCUMENTS, Corpus, read_info
from .errors import DataError, Problem, did_you_mean, quoted
from .files import write_atomic
from .model import Layer
from .options import Directory, Force
from .outputs import refuse_output
from .vocabulary import GOLD


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("show")(show_document)


def show_document(
    directory: Directory,
    doc_id: Annotated[str, typer.Argument(metavar="DOC", help="Id of the document.")],
    layer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose labels; else gold, or the only layer."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page instead of printing.")
    ] = None,
    force: Force = False,
) -> None:
    """Show a document with its labels in colour, and its attributions.

    Example: inquit corpus show mycorpus harbour --html harbour.html
    """
    if html is not None:
        refuse_output(html, force=force)
    name = _layer_name(directory, layer)
    corpus = Corpus.read(directory, layers=[name] if name else [])
    document = corpus.documents.get(doc_id)
    if document is None:
        examples = ", ".join(quoted(known) for known in list(corpus.documents)[:3])
        remedy = did_you_mean(doc_id, corpus.documents)
        remedy = remedy or f"it has {len(corpus.documents):,}, such as {examples or 'none'}"
        what = f"has no document {quoted(doc_id)}"
        raise DataError(Problem(path=str(directory / DOCUMENTS), what=what, remedy=remedy))
    chosen: Layer | None = corpus.layer(name) if name else None
    annotation = chosen.by_document().get(doc_id) if chosen is not None else None
    if chosen is not None and annotation is None:
        terminal.note(f"layer {quoted(chosen.name)} has no labels for this document")
    if html is None:
        from .show import show

        show(document, annotation)
        return
    from .html import page

    write_atomic(html, page(document, annotation, layer=chosen), force=force)
    terminal.note(f"wrote {html}")


def _layer_name(directory: Path, wanted: str | None) -> str:
    """Return the layer to be shown, or nothing if the corpus has none."""
    known = read_info(directory).layers
    if wanted is not None:
        if wanted not in known:
            remedy = did_you_mean(wanted, known)
            remedy = remedy or f"its layers are: {', '.join(sorted(known)) or 'none'}"
            what = f"has no layer {quoted(wanted)}"
            raise DataError(Problem(path=str(directory), what=what, remedy=remedy))
        return wanted
    if GOLD in known:
        return GOLD
    if len(known) > 1:
        what = f"has {len(known)} layers, and none is named {quoted(GOLD)}"
        remedy = f"choose one with --layer: {', '.join(sorted(known))}"
        raise DataError(Problem(path=str(directory), what=what, remedy=remedy))
    return next(iter(known), "")
