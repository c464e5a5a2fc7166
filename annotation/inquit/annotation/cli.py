"""Commands of ``inquit annotate``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from inquit.corpus import terminal
from inquit.corpus.options import Directory, Force, Json

if TYPE_CHECKING:
    from .client import Server
    from .pull import Pulled
    from .push import Pushed
    from .status import Status

#: So many lines of a long list are printed; all are in a file or in the JSON.
SHOWN = 10

app = terminal.typer_app(
    "Label documents in Label Studio and bring the labels back. The server is that of "
    "'inquit annotate serve', or the one that LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name."
)


@app.command("serve")
def serve_label_studio(
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Where the server keeps its data and credentials.", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8080,
) -> None:
    """Start a local Label Studio on 127.0.0.1 and keep it running until Ctrl-C.

    The first start takes about a minute and makes one user; later starts find the work as it was.
    Only programs on this computer can reach the server.

    Example: inquit annotate serve --port 8081
    """
    from .server import serve

    serve(data_dir, port)


@app.command("push")
def push_documents(
    directory: Directory,
    layer: Annotated[
        str | None,
        typer.Option(help="A layer to show as predictions to start from.", show_default=False),
    ] = None,
    annotators: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            help="How many people label each document; 2 in a new project.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Send the documents of a corpus to Label Studio; what is there is not sent again.

    The project is found by the name of the corpus and made if there is none, with the labels and
    the short guidelines for the annotators.

    Example: inquit annotate push mycorpus
    """
    from .push import push

    with _server() as server:
        pushed = push(server, directory, layer=layer, annotators=annotators)
    if as_json:
        terminal.show_json({"directory": str(directory), "push": pushed})
    else:
        _show_pushed(directory, layer, pushed)


@app.command("status")
def show_status(directory: Directory, as_json: Json = False) -> None:
    """Show how far the work is: by document and by annotator.

    "done" was submitted; a draft was not, and is no label yet; "untouched" was pushed and has
    nothing of that person. Nothing is written.

    Example: inquit annotate status mycorpus
    """
    from .status import status

    with _server() as server:
        found = status(server, directory)
    if as_json:
        terminal.show_json({"directory": str(directory), "status": found})
    else:
        _show_status(directory, found)


@app.command("pull")
def pull_labels(directory: Directory, force: Force = False, as_json: Json = False) -> None:
    """Bring the labels back: one layer a person, under a pseudonym.

    The raw export, what was refused and why, and who is who are kept in DIR/label-studio, which is
    not to be published. Layers that no pull wrote, or that were edited, are replaced with --force
    only.

    Example: inquit annotate pull mycorpus
    """
    from .pull import pull

    with _server() as server:
        pulled = pull(server, directory, force=force)
    if as_json:
        terminal.show_json({"directory": str(directory), "pull": pulled})
    else:
        _show_pulled(directory, pulled)


def _server() -> Server:
    from .client import connect
    from .credentials import Credentials

    return connect(Credentials.load())


def _show_pushed(directory: Path, layer: str | None, pushed: Pushed) -> None:
    table = _table(f"Pushed {directory.name}", "", "Documents")
    table.add_row("sent now", f"{pushed.sent:,}")
    table.add_row("there before", f"{pushed.present:,}")
    if layer is not None:
        table.add_row(
            terminal.cell(f"got labels of {layer} to start from"), f"{pushed.pre_labelled:,}"
        )
    if pushed.foreign:
        table.add_row("there, but not in this corpus", f"{pushed.foreign:,}")
    terminal.show(table)
    _list("not shown by Label Studio", pushed.not_shown)
    _list("standing there more than once, delete all but one", pushed.repeated)
    terminal.note(f"label at {pushed.url}")


def _show_status(directory: Path, found: Status) -> None:
    table = _table("Documents", "Document", "Done", "Draft", "Skipped", right=())
    for document in found.documents:
        cells = [", ".join(who) for who in (document.done, document.drafts, document.skipped)]
        if not document.pushed:
            cells[0] = "not pushed"
        table.add_row(terminal.cell(document.doc_id), *map(terminal.cell, cells))
    terminal.show(table)
    table = _table("Annotators", "Annotator", "Done", "Drafts", "Skipped", "Untouched")
    for person in found.annotators:
        counts = (person.done, person.drafts, person.skipped, person.untouched)
        table.add_row(terminal.cell(person.annotator), *(f"{count:,}" for count in counts))
    if found.annotators:
        terminal.show(table)
    people = "1 person" if found.wanted == 1 else f"{found.wanted} people"
    terminal.note(
        f"{found.enough:,} of {len(found.documents):,} documents are labelled by {people}; "
        f"{found.missing:,} not pushed; {found.unusable:,} annotations of other texts"
    )
    terminal.note(f"label at {found.url}")
    if found.missing:
        terminal.note(f"next: inquit annotate push {directory}")


def _show_pulled(directory: Path, pulled: Pulled) -> None:
    table = _table(f"Pulled {directory.name}", "Layer", "Documents", "Spans", "Attributions", "")
    for layer in pulled.layers:
        counts = (layer.documents, layer.spans, layer.attributions)
        state = "changed" if layer.changed else "as it was"
        table.add_row(terminal.cell(layer.name), *(f"{count:,}" for count in counts), state)
    if pulled.layers:
        terminal.show(table)
    else:
        terminal.note("nobody has submitted anything yet")
    _list("drafts, never submitted", (f"{p.doc_id} by {p.annotator}" for p in pulled.drafts))
    _list("skipped", (f"{p.doc_id} by {p.annotator}" for p in pulled.skipped))
    _list("changed by another person", (f"{p.doc_id} by {p.annotator}" for p in pulled.edited))
    _list("left as they were, the server has nothing of theirs now", pulled.left)
    _list(
        f"refused, see {pulled.refused_file}",
        (
            f"{r.doc_id or 'no document'} by {r.annotator or 'nobody'}: "
            f"{f'region {r.region}: ' if r.region else ''}{r.reason}"
            for r in pulled.refused
        ),
    )
    terminal.note(f"the raw export is {pulled.export_file}")


def _list(title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if not found:
        return
    terminal.note(f"{len(found):,} {title}:")
    for line in found[:SHOWN]:
        terminal.note(f"  {line}")
    if len(found) > SHOWN:
        terminal.note(f"  ... and {len(found) - SHOWN:,} more")


def _table(title: str, first: str, *columns: str, right: tuple[str, ...] | None = None) -> Table:
    table = Table(first, title=terminal.cell(title, "table.title"), title_justify="left")
    for column in columns:
        left = right is not None and column not in right
        table.add_column(column, justify="left" if left or not column else "right")
    return table
