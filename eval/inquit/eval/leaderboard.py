"""Results ranked: one table for each benchmark, never two golds in one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inquit.corpus import DataError, Problem
from inquit.corpus.terminal import counted

from .comparing.baselines import Baselines, baselines_of
from .comparing.results import differing, system_names
from .measures import HEADLINE, Measure, parse_all
from .result import Benchmark, Result
from .uncertainty import LEAST_RESAMPLES

#: What is shown beside the headline.
SHOWN = (HEADLINE, *(f"{target}.f1@iou50" for target in ("quote", "claim", "source", "cue")))
#: What rows without rank are.
SYSTEM, TRIVIAL, PEOPLE = "system", "trivial", "people"


@dataclass(frozen=True)
class Cell:
    """A value and its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One system. Trivial systems and people have no rank, systems of equal value share one.

    ``documents`` says of people over how many documents they are measured, where that is known.
    """

    name: str
    kind: str
    rank: int | None
    cells: dict[str, Cell]
    path: str = ""
    documents: int | None = None

    @property
    def title(self) -> str:
        """The name, and what it is measured over if not over all documents."""
        if self.documents is None:
            return self.name
        return f"{self.name} (on {counted(self.documents, 'document')})"


@dataclass(frozen=True)
class Board:
    """One benchmark with all its rows, best first."""

    benchmark: Benchmark
    documents: int
    measures: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name, version, split and gold of the benchmark."""
        made = self.benchmark
        named = f"{made.name} {made.version}".strip()
        split = made.split or "all documents"
        gold = f"{made.layer} {made.gold_sha256[:8]}"
        return f"{named}, {split} ({self.documents:,}), {gold}"

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval leaderboard --json`` prints of it."""
        return {
            "benchmark": self.benchmark,
            "documents": self.documents,
            "measures": list(self.measures),
            "rows": list(self.rows),
            "notes": list(self.notes),
        }


def boards(
    results: Mapping[str, Result], measures: Iterable[str | Measure] | None = None
) -> tuple[Board, ...]:
    """Rank results.

    Parameters
    ----------
    results : dict of str to Result
        By the path each was read from.
    measures : iterable of str or Measure, optional
        What to show; the rows are sorted by the first. If left out: `SHOWN`, or where no result of
        a benchmark holds the headline, what its results hold.

    Returns
    -------
    tuple of Board
        One for each benchmark, version, layer and split, in the order of their names.

    Raises
    ------
    DataError
        If two results name the same benchmark but other gold or other documents, or no result
        holds one of the measures.
    """
    names = None if measures is None else tuple(str(m) for m in parse_all(measures))
    groups: dict[tuple[str, ...], list[tuple[str, Result]]] = {}
    problems: list[Problem] = []
    for path, result in results.items():
        made = result.benchmark
        key = (made.name, made.version, made.split or "", made.layer)
        group = groups.setdefault(key, [])
        if group:
            problems += differing(group[0][1], result, group[0][0], path)
        group.append((path, result))
    problems += _held_by_none(names or (), results)
    if problems:
        raise DataError(problems)
    return tuple(_board(group, names or _usual(group)) for _, group in sorted(groups.items()))


def markdown(found: Sequence[Board]) -> str:
    """Return the tables as Markdown."""
    return "\n\n".join(_markdown(board) for board in found)


def shown(cell: Cell) -> str:
    """Return a value with its interval as text.

    >>> shown(Cell(0.5, 0.41, 0.6)), shown(Cell(0.5)), shown(Cell(None))
    ('0.500 [0.410, 0.600]', '0.500', '–')
    """
    if cell.value is None:
        return "–"
    if cell.low is None or cell.high is None:
        return f"{cell.value:.3f}"
    return f"{cell.value:.3f} [{cell.low:.3f}, {cell.high:.3f}]"


def _held_by_none(names: Sequence[str], results: Mapping[str, Result]) -> Iterator[Problem]:
    held = _held(results.values())
    for name in names:
        if name not in held:
            yield Problem(
                what=f"no result holds {name}",
                remedy=f"they hold {', '.join(held) or 'none'}; "
                "name measures in 'inquit eval run --measure'",
            )


def _usual(group: Sequence[tuple[str, Result]]) -> tuple[str, ...]:
    held = _held(result for _, result in group)
    return SHOWN if HEADLINE in held or not held else held[: len(SHOWN)]


def _held(results: Iterable[Result]) -> tuple[str, ...]:
    """Return the measures of all results, those first that most of them hold."""
    often = Counter(name for result in results for name in result.measures)
    return tuple(name for name, _ in often.most_common())


def _board(group: Sequence[tuple[str, Result]], names: tuple[str, ...]) -> Board:
    first = group[0][1]
    called = system_names([result.system for _, result in group])
    systems = [
        Row(name, SYSTEM, None, _cells(result, names), path)
        for name, (path, result) in zip(called, group, strict=True)
    ]
    lead = names[0]
    ranked = [_ranked(row, systems, lead) for row in systems]
    beside = baselines_of([result.scores() for _, result in group], names)
    rows = sorted(
        [*ranked, *_others(beside, names)], key=lambda row: (-_value(row, lead), row.name, row.path)
    )
    notes = [*_notes(names, group), *beside.notes()]
    return Board(first.benchmark, len(first.doc_ids), names, tuple(rows), tuple(notes))


def _cells(result: Result, names: Sequence[str]) -> dict[str, Cell]:
    kept = result.measures
    return {
        name: Cell(kept[name].value, kept[name].low, kept[name].high)
        if name in kept
        else Cell(None)
        for name in names
    }


def _ranked(row: Row, systems: Sequence[Row], lead: str) -> Row:
    if row.cells[lead].value is None:
        return row
    better = sum(_value(other, lead) > _value(row, lead) for other in systems)
    return Row(row.name, row.kind, better + 1, row.cells, row.path)


def _value(row: Row, lead: str) -> float:
    value = row.cells[lead].value
    return -math.inf if value is None else value


def _others(beside: Baselines, names: Sequence[str]) -> Iterator[Row]:
    """Yield the trivial systems and people."""

    def cells(values: Mapping[str, float]) -> dict[str, Cell]:
        return {n: Cell(None if math.isnan(values[n]) else values[n]) for n in names}

    for system, values in beside.trivial.items():
        yield Row(system, TRIVIAL, None, cells(values))
    if beside.human_ceiling is not None:
        over = beside.human_documents
        yield Row("people", PEOPLE, None, cells(beside.human_ceiling), documents=over)


def _notes(names: Sequence[str], group: Sequence[tuple[str, Result]]) -> Iterator[str]:
    for name in names:
        without = [path for path, result in group if name not in result.measures]
        if without:
            yield f"not measured: {name} in {', '.join(without)}"
    for path, result in group:
        kept = [result.measures[name] for name in names if name in result.measures]
        for why in dict.fromkeys(c.why_no_interval for c in kept if c.value is not None):
            if why:
                yield f"{path}: no interval: {why}"
    yield from made_otherwise(group)
    failed = {path: len(result.failed) for path, result in group if result.failed}
    for path, number in failed.items():
        yield f"{path}: failed on {counted(number, 'document')}, which count as missed"


def made_otherwise(group: Sequence[tuple[str, Result]]) -> Iterator[str]:
    """Say where intervals are not of one kind, so that they cannot be held side by side."""
    for what, values in (
        ("resamples", {path: _told(result.resamples) for path, result in group}),
        ("confidence", {path: f"{result.confidence:g}" for path, result in group}),
    ):
        if len({*values.values()} - {""}) > 1:
            told = ", ".join(f"{path} {value}" for path, value in values.items() if value)
            yield f"intervals are of different {what}: {told}"
    for path, result in group:
        if 0 < (result.resamples or 0) < LEAST_RESAMPLES:
            yield f"{path}: its intervals are rough: {result.resamples} resamples"


def _told(resamples: int | None) -> str:
    """Return the number of resamples; "" where there are none, or an old file does not tell."""
    return f"{resamples:,}" if resamples else ""


def _markdown(board: Board) -> str:
    lines = [f"**{_escaped(board.title)}**", ""]
    lines.append(f"| | system | {' | '.join(f'`{name}`' for name in board.measures)} |")
    lines.append(f"|---:|---|{'---:|' * len(board.measures)}")
    for row in board.rows:
        name = _escaped(row.title)
        told = name if row.kind == SYSTEM else f"*{name}*"
        cells = " | ".join(shown(row.cells[measure]) for measure in board.measures)
        lines.append(f"| {row.rank or ''} | {told} | {cells} |")
    lines += ["", *(f"- {_escaped(note)}" for note in board.notes)] if board.notes else []
    return "\n".join(lines)


def _escaped(text: str) -> str:
    r"""Return text as Markdown shows it word for word.

    >>> print(_escaped("a|b_c <b>"))
    a\|b\_c \<b\>
    """
    from inquit.corpus.terminal import printable

    one_line = " ".join(printable(text).split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!~&" else c for c in one_line)
