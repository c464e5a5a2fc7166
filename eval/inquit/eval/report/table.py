"""The table of systems: values with intervals, and which differences are more than chance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from inquit.corpus import DataError

from ..comparing.baselines import baselines_of
from ..comparing.results import compare_results
from ..leaderboard import PEOPLE, SHOWN, SYSTEM, TRIVIAL
from ..measures import Measure
from ..scores import Scores, known
from ..uncertainty import LEAST_UNITS, adjusted
from . import cut
from .inputs import Input
from .usage import Used, used

LEVEL: Final = 0.05
_MOST = 6

#: Against the best system: better or worse by more than chance, or not shown to differ.
Verdict = Literal["higher", "lower", "level"]


@dataclass(frozen=True)
class Mark:
    """What the test against the best system says; ``p`` is corrected for all of the table."""

    verdict: Verdict
    p: float


@dataclass(frozen=True)
class Cell:
    """A value with its interval; None where there is none."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True)
class Row:
    """A system, a trivial system, or people.

    ``failed`` and ``missing`` are numbers of documents: the system failed, or said nothing of them.
    """

    name: str
    kind: str
    cells: Mapping[str, Cell]
    documents: int | None
    speed: float | None = None
    failed: int = 0
    missing: int = 0
    used: Used | None = None


@dataclass(frozen=True)
class Table:
    """Rows with the best first; ``best`` is the system that the others are tested against."""

    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]
    best: str | None = None
    tests: int = 0
    without_marks: tuple[str, ...] = ()


@dataclass
class _Tested:
    """The tests against the best system, by number of the system and measure."""

    marks: dict[tuple[int, str], Mark] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def table(inputs: Sequence[Input], names: Sequence[str], scores: Sequence[Scores]) -> Table:
    """Return the table of the headline and its companions.

    Every other system is tested against the best one by paired approximate randomisation over
    documents (groups, where the result has them), p corrected over the table (Benjamini-Hochberg).

    Parameters
    ----------
    inputs : sequence of Input
        Of one benchmark.
    names : sequence of str
        What the systems are called.
    scores : sequence of Scores
        Of the same results.
    """
    shown = _measures(scores)
    lead = shown[0] if shown else ""
    best = max(range(len(inputs)), key=lambda i: _sortable(_value(scores[i], lead)))
    tested = _tested(inputs, names, scores, best, shown)
    rows = [
        Row(
            name,
            SYSTEM,
            {m: _cell(found, m, tested.marks.get((number, m))) for m in shown},
            len(item.result.doc_ids),
            item.result.timings.documents_per_second,
            len(item.result.failed),
            len({*item.result.missing_documents} - {*item.result.failed}),
            None if item.result.usage is None else used(item.result.usage),
        )
        for number, (name, item, found) in enumerate(zip(names, inputs, scores, strict=True))
    ]
    n = len(inputs[0].result.doc_ids)
    people = next((found.human_documents for found in scores if found.human_documents), None)
    rows += [
        Row(
            cut.short(name),
            kind,
            {m: Cell(known(values.get(m, math.nan))) for m in shown},
            people if kind == PEOPLE else n,
        )
        for name, kind, values in others(names, scores)
    ]
    rows.sort(key=lambda row: -_sortable(row.cells[lead].value) if lead else 0)
    return Table(
        tuple(map(Measure.parse, shown)),
        tuple(rows),
        names[best] if tested.marks else None,
        len(tested.marks),
        tuple(dict.fromkeys(tested.reasons)),
    )


def others(
    names: Sequence[str], scores: Sequence[Scores]
) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Yield people and the trivial systems that were not run: (name, kind, value by measure)."""
    every = list(dict.fromkeys(name for found in scores for name in found.measures))
    beside = baselines_of(scores, every)
    for name, row in beside.trivial.items():
        if name not in names:
            yield name, TRIVIAL, row
    if beside.human_ceiling is not None:
        yield "people", PEOPLE, beside.human_ceiling


def _measures(scores: Sequence[Scores]) -> list[str]:
    """Return the headline and its companions at iou50; what there is, if there are none."""
    every = list(dict.fromkeys(name for found in scores for name in found.measures))
    chosen = [name for name in SHOWN if name in every]
    rest = [name for name in every if name not in chosen]
    return chosen if len(chosen) > 1 else [*chosen, *rest][:_MOST]


def _tested(
    inputs: Sequence[Input],
    names: Sequence[str],
    scores: Sequence[Scores],
    best: int,
    measures: Sequence[str],
) -> _Tested:
    found = _Tested()
    if len(inputs) == 1:
        found.reasons.append("there is one system, and nothing to compare it with")
        return found
    first = inputs[best].result
    places: list[tuple[int, str, float, float]] = []
    for number, item in enumerate(inputs):
        if number == best:
            continue
        both = [m for m in measures if m in first.measures and m in item.result.measures]
        if not both:
            found.reasons.append(f"{names[number]} and {names[best]} share no measure")
            continue
        try:
            called = names[number], names[best]
            compared = compare_results(item.result, first, both, paths=called)
        except DataError as error:
            found.reasons += [f"{problem.path} {problem.what}" for problem in error.problems]
            continue
        for row in compared.differences:
            if math.isnan(row.paired.p):
                found.reasons.append(f"{row.measure} is undefined for {names[number]} or the best")
            else:
                places.append((number, str(row.measure), row.paired.p, row.paired.difference))
    for (number, measure, _, difference), p in zip(
        places, adjusted([place[2] for place in places]) if places else (), strict=True
    ):
        verdict: Verdict = "level"
        if p < LEVEL and difference:
            verdict = "higher" if difference > 0 else "lower"
        found.marks[number, measure] = Mark(verdict, p)
    units = len(set(scores[best].groups or first.doc_ids))
    if places and units < LEAST_UNITS:
        found.reasons.append(
            f"with {units} documents or groups no p falls below {2.0 ** (1 - units):.2g}"
        )
    return found


def _cell(found: Scores, measure: str, mark: Mark | None) -> Cell:
    score = found.measures.get(measure)
    if score is None:
        return Cell()
    return Cell(known(score.value), known(score.low), known(score.high), mark)


def _value(found: Scores, measure: str) -> float | None:
    score = found.measures.get(measure)
    return None if score is None else known(score.value)


def _sortable(value: float | None) -> float:
    return -1.0 if value is None else value
