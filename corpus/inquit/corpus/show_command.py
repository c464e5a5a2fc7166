"""``inquit corpus show``: documents with their labels, in the terminal or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import terminal
from .directory import DOCUMENTS, Corpus, read_info
from .errors import DataError, Problem, did_you_mean, quoted
from .files import write_atomic
from .model import Document, Layer
from .options import Directory, Force
from .outputs import refuse_output
from .vocabulary import GOLD


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("show")(show_document)


def show_document(
    directory: Directory,
    doc_id: Annotated[
        str | None,
        typer.Argument(metavar="DOC", help="Id of the document; with --html, all if left out."),
    ] = None,
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
    elif doc_id is None:
        raise typer.BadParameter("name a document, or pass --html FILE for a page with all of them")
    name = _layer_name(directory, layer)
    corpus = Corpus.read(directory, layers=[name] if name else [])
    chosen: Layer | None = corpus.layer(name) if name else None
    documents = [*corpus.documents.values()]
    if doc_id is not None:
        documents = [_document(corpus, directory, doc_id)]
        if chosen is not None and doc_id not in chosen.by_document():
            terminal.note(f"layer {quoted(chosen.name)} has no labels for this document")
    if html is None:
        from .show import show

        labels = chosen.by_document() if chosen is not None else {}
        show(documents[0], labels.get(documents[0].doc_id))
        return
    from .viewer.labels import labels_page

    write_atomic(html, labels_page(documents, chosen, corpus=corpus.info.name), force=force)
    terminal.note(f"wrote {html}")


def _document(corpus: Corpus, directory: Path, doc_id: str) -> Document:
    document = corpus.documents.get(doc_id)
    if document is not None:
        return document
    examples = ", ".join(quoted(known) for known in list(corpus.documents)[:3])
    remedy = did_you_mean(doc_id, corpus.documents)
    remedy = remedy or f"it has {len(corpus.documents):,}, such as {examples or 'none'}"
    what = f"has no document {quoted(doc_id)}"
    raise DataError(Problem(path=str(directory / DOCUMENTS), what=what, remedy=remedy))


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
