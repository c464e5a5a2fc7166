"""``inquit corpus stats``: the counts of a corpus as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan

import typer
from rich.table import Table

from . import terminal
from .directory import Corpus
from .options import Directory, Json
from .stats import AttributionStats, CorpusStats, LabelStats, LayerStats, stats

Row = tuple[str, list[float]]


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("stats")(stats_of_corpus)


def stats_of_corpus(directory: Directory, as_json: Json = False) -> None:
    """Count documents, words, spans and attributions, by layer and split.

    A word is what stands between white space. A span is nested if it lies inside another of its
    label, crossing if it shares a part of its text with another of its label.

    Example: inquit corpus stats mycorpus
    """
    corpus = Corpus.read(directory)
    counts = stats(corpus)
    if as_json:
        terminal.show_json({"directory": str(directory), "name": corpus.info.name, "stats": counts})
        return
    terminal.show(_texts(corpus.info.name, counts))
    for name, parts in counts.layers.items():
        info = corpus.info.layers[name]
        terminal.show(_layer(f"Layer {name} ({info.kind}, by {info.annotator})", parts))


def _texts(name: str, counts: CorpusStats) -> Table:
    names = ("documents", "words", "characters", "groups")
    rows = [(what, [getattr(part, what) for part in counts.texts.values()]) for what in names]
    return _table(f"Corpus {name}", counts.texts, [rows])


def _layer(title: str, parts: dict[str, LayerStats]) -> Table:
    every = list(parts.values())
    sections: list[list[Row]] = [[("documents labelled", [part.documents for part in every])]]
    for label in every[0].labels:
        sections.append(list(_label_rows(label, [part.labels[label] for part in every])))
    sections.append(list(_attribution_rows([part.attributions for part in every])))
    return _table(title, parts, sections)


def _label_rows(label: str, parts: list[LabelStats]) -> Iterator[Row]:
    if not parts[0].spans:
        return
    yield label, [part.spans for part in parts]
    yield "  in documents", [part.documents for part in parts]
    for kind in ("discontinuous", "nested", "crossing"):
        if getattr(parts[0], kind):
            yield f"  {kind}", [getattr(part, kind) for part in parts]
    for name, values in parts[0].attributes.items():
        for value, count in values.items():
            if count:
                yield f"  {name} {value}", [part.attributes[name][value] for part in parts]


def _attribution_rows(parts: list[AttributionStats]) -> Iterator[Row]:
    if not parts[0].attributions:
        return
    yield "attributions", [part.attributions for part in parts]
    yield "  with source", [part.with_source for part in parts]
    yield "  without source", [part.without_source for part in parts]
    if parts[0].entity_only:
        yield "  entity only", [part.entity_only for part in parts]
    yield "  nested", [part.nested for part in parts]
    for role in parts[0].mean_roles:
        yield f"  mean {role}", [part.mean_roles[role] for part in parts]


def _table(title: str, columns: Iterable[str], sections: list[list[Row]]) -> Table:
    table = Table("", title=terminal.cell(title, "table.title"), title_justify="left")
    for column in columns:
        table.add_column(column, justify="right")
    for rows in sections:
        for name, values in rows:
            style = "" if name.startswith(" ") else "bold"
            table.add_row(terminal.cell(name, style), *(_number(value) for value in values))
        if rows:
            table.add_section()
    return table


def _number(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "-" if isnan(value) else f"{value:.2f}"
