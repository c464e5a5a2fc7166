"""What results of one benchmark are seen against: the trivial systems and people that they hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..scores import Scores

_CLOSE = 1e-9

Row = Mapping[str, float]


@dataclass(frozen=True)
class Baselines:
    """Trivial systems and people on some measures, as in `Scores`; and which of them differ.

    ``human_documents`` is None where the results do not tell one number.
    """

    trivial: dict[str, dict[str, float]]
    human_ceiling: dict[str, float] | None
    human_documents: int | None
    differing: tuple[str, ...] = ()

    def notes(self, shown: str = "the first that has them") -> Iterator[str]:
        """Say where the results differ, and whose values are shown."""
        if self.differing:
            yield f"the results differ in {', '.join(self.differing)}: those of {shown} are shown"


def baselines_of(results: Sequence[Scores], names: Sequence[str]) -> Baselines:
    """Return what results, or some of them, hold of some measures.

    Where they differ (another version of inquit cut sentences otherwise, or more people had
    labelled by then) it is what the first of them holds.
    """
    systems = list(dict.fromkeys(system for scores in results for system in scores.trivial))
    rows = {s: [scores.trivial[s] for scores in results if s in scores.trivial] for s in systems}
    trivial = {system: _merged(held, names) for system, held in rows.items()}
    people = [scores for scores in results if scores.human_ceiling is not None]
    ceilings = [scores.human_ceiling or {} for scores in people]
    differing = [system for system, held in rows.items() if _differ(held, names)]
    # Files of format 1 do not tell over how many documents people are.
    over = {scores.human_documents for scores in people}
    if _differ(ceilings, names) or len(over - {None}) > 1:
        differing.append("people")
    return Baselines(
        trivial,
        _merged(ceilings, names) if people else None,
        over.pop() if len(over) == 1 else None,
        tuple(differing),
    )


def _merged(rows: Sequence[Row], names: Sequence[str]) -> dict[str, float]:
    return {name: next((row[name] for row in rows if name in row), math.nan) for name in names}


def _differ(rows: Sequence[Row], names: Sequence[str]) -> bool:
    for name in names:
        first, *others = [row[name] for row in rows if name in row] or [math.nan]
        if any(_other(first, value) for value in others):
            return True
    return False


def _other(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return abs(one - other) > _CLOSE
