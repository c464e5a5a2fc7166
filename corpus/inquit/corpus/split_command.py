"""``inquit corpus split``: give every document a split and show what the splits hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from . import terminal
from .directory import DOCUMENTS, Corpus, read_info
from .duplicates import SIMILARITY
from .errors import DataError
from .jsonl import write_lines
from .lines import with_lines
from .options import Directory, Json, Similarity
from .split import ALL, Ratios, SplitResult, parse_ratios, split
from .vocabulary import GOLD, SPLITS

SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("split")(split_corpus)


def split_corpus(
    directory: Directory,
    ratios: Annotated[
        str, typer.Option(metavar="TRAIN,DEV,TEST", help="Shares of the documents.")
    ] = "0.8,0.1,0.1",
    seed: Annotated[int, typer.Option(help="Another seed gives another split.")] = 0,
    layer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Labels whose quotes are balanced.",
            show_default="gold, or the only one",
        ),
    ] = None,
    similarity: Similarity = SIMILARITY,
    repair: Annotated[
        bool, typer.Option("--repair", help="Move what stands in two splits into one of them.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", "--reassign", help="Forget the splits that are there.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the split, do not write.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Divide a corpus into train, dev and test so that nothing leaks.

    Documents of one group and near-duplicates stay together. Publishers, lengths and the share of
    direct quotes are spread evenly. Documents that have a split keep it, so a corpus that has
    grown is split by running this again. Only documents.jsonl is written.

    Example: inquit corpus split mycorpus --ratios 0.8,0.1,0.1 --seed 7
    """
    try:
        shares = parse_ratios(ratios)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--ratios") from error
    layer = layer or _layer(directory)
    corpus = Corpus.read(directory, layers=[layer] if layer else [])
    path = directory / DOCUMENTS
    try:
        result = split(
            list(corpus.documents.values()),
            corpus.layers[layer].by_document() if layer else {},
            ratios=shares,
            seed=seed,
            similarity=similarity,
            existing="replace" if force else "repair" if repair else "keep",
        )
    except DataError as error:
        raise DataError(with_lines(error.at(path=str(path)).problems)) from error
    written = bool(result.assigned) and not dry_run
    if written:
        write_lines(path, result.documents, force=True)
    if as_json:
        terminal.show_json(
            {
                "directory": str(directory),
                "ratios": {name: float(share) for name, share in shares.items()},
                "seed": seed,
                "layer": layer,
                "similarity": similarity,
                "documents": len(result.documents),
                "clusters": result.clusters,
                "largest_cluster": result.largest,
                "crowded": result.crowded,
                "splits": result.strata.get(ALL[0], {}).get(ALL[1], dict.fromkeys(SPLITS, 0)),
                "strata": result.strata,
                "assigned": result.assigned,
                "written": written,
            }
        )
        return
    terminal.show(_table(corpus.info.name, result))
    _tell(result, shares)
    terminal.note(f"wrote {path}" if written else f"{path} is as it was")


def _layer(directory: Path) -> str | None:
    layers = read_info(directory).layers
    return GOLD if GOLD in layers else next(iter(layers)) if len(layers) == 1 else None


def _table(name: str, result: SplitResult) -> Table:
    table = Table(title=terminal.cell(f"Split of {name}", "table.title"), title_justify="left")
    table.add_column("")
    for column in ("documents", *SPLITS):
        table.add_column(column, justify="right")
    for dimension, values in result.strata.items():
        for value, counts in list(values.items())[:SHOWN]:
            label = dimension if dimension == ALL[0] else f"{dimension}: {value}"
            total = sum(counts.values())
            shares = [f"{n:,} {n / total:4.0%}" for n in counts.values()]
            table.add_row(terminal.cell(label), f"{total:,}", *shares)
        if len(values) > SHOWN:
            more = f"... {len(values) - SHOWN:,} more of {dimension} (--json)"
            table.add_row(terminal.cell(more))
        table.add_section()
    return table


def _tell(result: SplitResult, shares: Ratios) -> None:
    counted = terminal.counted
    documents, assigned = len(result.documents), len(result.assigned)
    terminal.say(
        f"{counted(documents, 'document')} in {counted(result.clusters, 'cluster')}, the largest "
        f"of {result.largest:,}: {documents - assigned:,} stay as they were, {assigned:,} assigned"
    )
    for name, share in shares.items():
        if share and documents and not any(d.split == name for d in result.documents):
            why = "there are too few clusters" if assigned else "documents keep the split they have"
            terminal.say(f"{name} is empty: {why}", "yellow")
    if result.crowded:
        terminal.say(f"{counted(result.crowded, 'document')} stand in crowds of near-duplicates")
