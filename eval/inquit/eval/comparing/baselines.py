"""What two compared results are seen against: the trivial systems and people that they hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..scores import Scores

_CLOSE = 1e-9

Row = Mapping[str, float]


@dataclass(frozen=True)
class Baselines:
    """Trivial systems and people on some measures, as in `Scores`; and what is odd about them."""

    trivial: dict[str, dict[str, float]]
    human_ceiling: dict[str, float] | None
    human_documents: int | None
    notes: tuple[str, ...] = ()


def baselines_of(a: Scores, b: Scores, names: Sequence[str]) -> Baselines:
    """Return what both results, or one of them, hold of some measures.

    Where they differ (another version of inquit cut sentences otherwise, or more people had
    labelled by then) it is what the first holds, and a note says so.
    """
    systems = list(dict.fromkeys([*a.trivial, *b.trivial]))
    trivial = {
        system: _merged(a.trivial.get(system, {}), b.trivial.get(system, {}), names)
        for system in systems
    }
    ceilings = [row for row in (a.human_ceiling, b.human_ceiling) if row is not None]
    people = _merged(ceilings[0], ceilings[-1], names) if ceilings else None
    documents = a.human_documents if a.human_ceiling is not None else b.human_documents
    differ = list(_differ(a, b, names))
    told = f"the results differ in {', '.join(differ)}: those of A are shown"
    return Baselines(trivial, people, documents, (told,) if differ else ())


def _merged(one: Row, other: Row, names: Sequence[str]) -> dict[str, float]:
    return {name: one.get(name, other.get(name, math.nan)) for name in names}


def _differ(a: Scores, b: Scores, names: Sequence[str]) -> Iterator[str]:
    people = [{"people": s.human_ceiling} if s.human_ceiling else {} for s in (a, b)]
    one, other = a.trivial | people[0], b.trivial | people[1]
    for system in one:
        rows = one[system], other.get(system, {})
        if any(_other(rows[0][n], rows[1][n]) for n in names if n in rows[0] and n in rows[1]):
            yield system


def _other(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return abs(one - other) > _CLOSE
