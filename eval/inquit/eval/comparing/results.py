"""Two results of one benchmark, measure by measure, from the counts that they keep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from inquit.corpus import DataError, Problem

from ..arguments import check_drawing
from ..counting.charsets import BoolArray, IntArray
from ..measures import Measure, parse_all
from ..result import Result, System
from ..scores import Scores, known_values, statistic
from ..uncertainty import LEAST_UNITS, FloatArray, Paired, adjusted, by_group, unit_name
from ..uncertainty import compare as paired
from .baselines import baselines_of

#: Parameters of the extractor ``llm`` that say how it asks, and not what.
_HOW = frozenset(
    {"base_url", "api_key_env", "concurrency", "timeout", "retries", "max_wait", "cache_dir"}
    | {"price_input", "price_output", "max_tokens_total", "max_cost", "resend"}
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two systems.

    ``paired`` holds a - b with its interval and p; ``p_adjusted`` is p corrected for the number of
    measures compared (Benjamini-Hochberg).
    """

    measure: Measure
    a: float
    b: float
    paired: Paired
    p_adjusted: float

    def to_json(self) -> dict[str, float | str | None]:
        """Return the numbers; None for what is undefined."""
        found = self.paired
        values = {
            "a": self.a,
            "b": self.b,
            "difference": found.difference,
            "low": found.interval.low,
            "high": found.interval.high,
            "p": found.p,
            "p_adjusted": self.p_adjusted,
        }
        known = {name: None if math.isnan(value) else value for name, value in values.items()}
        return {**known, "why_no_interval": found.interval.why_none}


@dataclass(frozen=True)
class Compared:
    """Two results compared; ``left_out`` are measures that only one of them holds.

    ``trivial``, ``human_ceiling`` and ``human_documents`` are as in `Scores`, of the measures that
    were compared.
    """

    a: Result
    b: Result
    differences: tuple[Difference, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    seed: int
    confidence: float = 0.95
    resamples: int = 10_000
    trivial: dict[str, dict[str, float]] = field(default_factory=dict)
    human_ceiling: dict[str, float] | None = None
    human_documents: int | None = None

    def _repr_html_(self) -> str:
        from ..notebook import compared_html

        return compared_html(self)

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval compare --json`` prints."""
        ceiling = self.human_ceiling
        return {
            "a": self.a.system,
            "b": self.b.system,
            "benchmark": self.a.benchmark,
            "documents": len(self.a.doc_ids),
            "measures": {str(d.measure): d.to_json() for d in self.differences},
            "left_out": list(self.left_out),
            "trivial": {system: known_values(row) for system, row in self.trivial.items()},
            "human_ceiling": None if ceiling is None else known_values(ceiling),
            "human_documents": self.human_documents,
            "notes": list(self.notes),
            "resamples": self.resamples,
            "confidence": self.confidence,
            "seed": self.seed,
        }


def compare_results(
    a: Result,
    b: Result,
    measures: Iterable[str | Measure] | None = None,
    *,
    resamples: int = 10_000,
    confidence: float = 0.95,
    seed: int = 0,
    paths: tuple[Path | str, Path | str] = ("a", "b"),
) -> Compared:
    """Compare two results by the counts of each document; nothing is run again.

    Parameters
    ----------
    a, b : Result
    measures : iterable of str or Measure, optional
        All that both results hold if left out.
    resamples : int
        Of the randomisation test, 100 or more.
    confidence : float
    seed : int
    paths : pair
        What messages call the two results.

    Raises
    ------
    DataError
        If the results are of other gold, another split or other documents, or lack a measure; if
        there are too few resamples.
    """
    check_drawing(resamples, confidence, seed, none=False)
    for given in (a, b):
        if not isinstance(given, Result):
            what, remedy = f"{type(given).__name__} is no result", "read_result reads one"
            raise DataError(Problem(what=what, remedy=remedy))
    problems = list(differing(a, b, str(paths[0]), str(paths[1])))
    if problems:
        raise DataError(problems)
    both = [name for name in a.measures if name in b.measures]
    if measures is not None:
        both = [str(m) for m in parse_all(measures)]
        problems = [
            Problem(
                path=str(path),
                what=f"does not hold {name}",
                remedy=f"it holds {', '.join(result.measures) or 'none'}; "
                "name measures in 'inquit eval run --measure'",
            )
            for name in both
            for result, path in zip((a, b), paths, strict=True)
            if name not in result.measures
        ]
    elif not both:
        problems = [Problem(what="the two results have no measure in common")]
    if problems:
        raise DataError(problems)
    pairs = Pairs.of(a, b)
    groups = pairs.groups
    found = [pairs.difference(name, None, resamples, confidence, seed) for name in both]
    corrected = adjusted([d.paired.p for d in found])
    rows = tuple(
        Difference(d.measure, d.a, d.b, d.paired, p) for d, p in zip(found, corrected, strict=True)
    )
    left_out: list[str] = []
    if measures is None:
        left_out = [name for name in {**a.measures, **b.measures} if name not in both]
    units = len(by_group(np.zeros((len(a.doc_ids), 1), np.int64), groups))
    named = {str(path): result for path, result in zip(paths, (a, b), strict=True)}
    beside = baselines_of((pairs.a, pairs.b), both)
    notes = [
        *_unpredicted(named),
        *_notes(rows, left_out, units, len(a.doc_ids)),
        *at_the_floor({str(row.measure): row for row in rows}, resamples, "measures"),
        *beside.notes("A"),
    ]
    return Compared(
        a,
        b,
        rows,
        tuple(left_out),
        tuple(notes),
        seed,
        confidence,
        resamples,
        beside.trivial,
        beside.human_ceiling,
        beside.human_documents,
    )


def differing(a: Result, b: Result, path_a: str, path_b: str) -> Iterator[Problem]:
    """Yield why two results may not stand side by side."""
    same = set(a.doc_ids) == set(b.doc_ids)
    for name in ("name", "version", "layer", "split"):
        one, other = getattr(a.benchmark, name), getattr(b.benchmark, name)
        # Without a split named, all documents may still be those of one split.
        unnamed = name == "split" and same and None in (one, other)
        if one != other and not unnamed:
            what = "benchmark" if name == "name" else name
            yield _problem(path_b, f"is of {what} {_shown(other)}, {path_a} of {_shown(one)}")
    if a.benchmark.gold_sha256 != b.benchmark.gold_sha256:
        yield _problem(path_b, f"was scored against other gold than {path_a}")
    if not same:
        only = len({*a.doc_ids} ^ {*b.doc_ids})
        yield _problem(path_b, f"was scored on other documents than {path_a} ({only} differ)")
    elif _groups(a) != _groups(b):
        yield _problem(path_b, f"has its documents in other groups than {path_a}")


def system_names(systems: Sequence[System]) -> list[str]:
    """Return the names of systems, with those parameters that tell systems of one name apart.

    Parameters that only say how a language model is asked are left out where others suffice.

    >>> quick = System(name="rules", parameters={"indirect": False, "nested": True})
    >>> slow = System(name="rules", parameters={"indirect": True, "nested": True})
    >>> system_names([quick, slow, System(name="mine")])
    ['rules(indirect=False)', 'rules(indirect=True)', 'mine']
    >>> one = System(name="llm", parameters={"model": "m", "base_url": "https://a/v1"})
    >>> two = System(name="llm", parameters={"model": "n", "base_url": "https://b/v1"})
    >>> system_names([one, two])
    ["llm(model='m')", "llm(model='n')"]
    """
    short = _told(systems, _HOW)
    # Two servers may call two models by one name.
    full = _told(systems, frozenset())
    return [
        long if short.count(name) > full.count(long) else name
        for name, long in zip(short, full, strict=True)
    ]


def _told(systems: Sequence[System], without: frozenset[str]) -> list[str]:
    found = []
    for system in systems:
        others = [s.parameters for s in systems if s.name == system.name]
        told = ", ".join(
            f"{key}={value!r}"
            for key, value in system.parameters.items()
            if not (system.name == "llm" and key in without)
            and any(key not in other or other[key] != value for other in others)
        )
        found.append(f"{system.name}({told})" if told else system.name)
    return found


@dataclass(frozen=True, eq=False)
class Pairs:
    """The counts of two results on the same documents, in the order of the first."""

    a: Scores
    b: Scores
    order: IntArray

    @classmethod
    def of(cls, a: Result, b: Result) -> Pairs:
        """Join two results that `differing` has nothing against."""
        place = {doc_id: i for i, doc_id in enumerate(b.doc_ids)}
        order = np.array([place[doc_id] for doc_id in a.doc_ids], np.int64)
        return cls(a.scores(), b.scores(), order)

    @property
    def groups(self) -> tuple[object, ...] | None:
        """The group of each document, if they have any."""
        return self.a.groups

    def difference(
        self, name: str, mask: BoolArray | None, resamples: int, confidence: float, seed: int
    ) -> Difference:
        """Compare one measure over all documents, or those of a mask; p is not corrected."""
        measure = self.a[name].measure
        rows = np.arange(len(self.order)) if mask is None else np.flatnonzero(mask)
        a, b = self.a[name].counts[rows], self.b[name].counts[self.order[rows]]
        groups = None if self.groups is None else [self.groups[i] for i in rows.tolist()]

        def value(counts: FloatArray) -> FloatArray:
            return statistic(measure.statistic, counts)

        found = paired(
            a, b, value, groups=groups, resamples=resamples, confidence=confidence, seed=seed
        )
        one, other = (float(value(side.sum(axis=0).astype(np.float64))) for side in (a, b))
        return Difference(measure, one, other, found, found.p)


def _groups(result: Result) -> dict[str, str | None]:
    groups = result.groups or [None] * len(result.doc_ids)
    return dict(zip(result.doc_ids, groups, strict=True))


def _unpredicted(results: Mapping[str, Result]) -> Iterator[str]:
    """Say of what documents a result has no prediction, so that its numbers are lower."""
    for path, result in results.items():
        n = len(result.doc_ids)
        if result.failed:
            yield f"{path}: FAILED on {len(result.failed)} of {n} documents, counted as missed"
        if missing := {*result.missing_documents} - {*result.failed}:
            yield f"{path}: no prediction for {len(missing)} of {n} documents, counted as empty"


def _notes(
    rows: tuple[Difference, ...], left_out: list[str], units: int, documents: int
) -> Iterator[str]:
    if left_out:
        yield f"only one result holds {', '.join(left_out)}: left out"
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if why := row.paired.interval.why_none:
            reasons.setdefault(why, []).append(str(row.measure))
    for why, names in reasons.items():
        told = "all measures" if len(names) == len(rows) > 1 else ", ".join(names)
        yield f"{told}: no interval: {why}"
    if units < LEAST_UNITS:
        name = unit_name(units, documents)
        yield f"with {units} {name} p cannot fall below {2.0 ** (1 - units):.2g}"


def at_the_floor(rows: Mapping[str, Difference], resamples: int, what: str) -> Iterator[str]:
    """Say of which named differences p is as small as it can be told; all are called ``what``."""
    least = 1 / (resamples + 1)
    names = [name for name, row in rows.items() if row.paired.p <= least]
    if names:
        known = [name for name, row in rows.items() if not math.isnan(row.paired.p)]
        told = f"all {what}" if len(names) == len(known) > 1 else ", ".join(names)
        yield f"{told}: p is at most {least:.2g}, the least that {resamples:,} resamples can tell"


def _problem(path: str, what: str) -> Problem:
    remedy = "compare results of one benchmark, version, split and gold"
    return Problem(path=path, what=what, remedy=remedy)


def _shown(value: str | None) -> str:
    return "all documents" if value is None else value or "(none)"
