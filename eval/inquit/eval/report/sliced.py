"""Scores by slice, for the page: a panel for each property that tells documents or labels apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inquit.corpus import Annotation, Corpus, Document

from ..baselines import people_in
from ..counting.align import in_order
from ..counting.columns import ObjectColumns
from ..counting.items import ignore_regions
from ..leaderboard import PEOPLE, TRIVIAL
from ..measures import WORDS, Measure
from ..result import Result
from ..scores import known
from ..slicing.baselines import Beside, Place, slice_baselines
from ..slicing.slices import Part, Sliced, slice_scores
from ..slicing.values import ITEM_SLICES, NONE
from ..uncertainty import LEAST_RESAMPLES, too_few
from .browser import NAMES
from .inputs import Input

#: Of results that do not tell theirs.
_RESAMPLES = 2000
#: More would take hours for all slices.
_MOST_RESAMPLES = 100_000


@dataclass(frozen=True)
class Shown:
    """One value of one system: statistic in words, value and interval.

    ``few`` tells that its documents are too few for an interval.
    """

    statistic: str
    value: float | None
    low: float | None
    high: float | None
    few: bool = False


@dataclass(frozen=True)
class Line:
    """One system under one value of a slice.

    Of labels, ``documents`` have such a gold label, and ``predicted_in`` such a predicted one.
    """

    value: str
    system: str
    documents: int
    predicted_in: int | None
    scores: tuple[Shown, ...]


@dataclass(frozen=True)
class Against:
    """What a value is seen against: a trivial system, or people on some documents.

    ``values`` are those of the panel's statistics, of people only one; each with whether it is
    higher than that of a system which was run.
    """

    name: str
    kind: str
    values: tuple[tuple[float | None, bool], ...]
    documents: int | None = None


@dataclass(frozen=True)
class Panel:
    """One slice: its lines in the order of its values, then systems; and what stands against."""

    name: str
    measure: Measure
    statistics: tuple[str, ...]
    lines: tuple[Line, ...]
    against: dict[str, tuple[Against, ...]]
    notes: tuple[str, ...] = ()


def panels(
    inputs: Sequence[Input],
    names: Sequence[str],
    corpus: Corpus,
    fields: Sequence[str],
    measure: Measure,
) -> list[Panel]:
    """Return what can be told of a measure by each slice that has more than one value.

    The intervals are drawn as those of the result were, so ``eval score --slice`` gives the same.

    Parameters
    ----------
    inputs : sequence of Input
        Those without predictions have no part in it.
    names : sequence of str
        What the systems are called.
    corpus : Corpus
    fields : sequence of str
        Fields of documents to slice by, beside the properties of labels.
    measure : Measure
    """
    first = inputs[0].result
    labels = corpus.layer(first.benchmark.layer).by_document()
    gold = [labels[doc_id] for doc_id in first.doc_ids]
    documents = {doc_id: corpus.documents[doc_id] for doc_id in first.doc_ids}
    wanted = [*ITEM_SLICES, *fields]
    found: dict[str, dict[str, Sliced]] = {}
    for name, item in zip(names, inputs, strict=True):
        if item.predictions is None:
            continue
        predicted = [item.predictions[d] for d in first.doc_ids if d in item.predictions]
        result = item.result
        for part in slice_scores(
            gold,
            predicted,
            wanted,
            (measure,),
            documents=documents,
            trivial=False,
            resamples=_resamples(result),
            confidence=result.confidence,
            seed=result.seed,
        ):
            found.setdefault(part.name, {})[name] = part
    beside = _beside(gold, documents, corpus, first.benchmark.layer, wanted, measure)
    return [panel for name in wanted for panel in _panel(name, found.get(name, {}), beside)]


def _beside(
    gold: Sequence[Annotation],
    documents: Mapping[str, Document],
    corpus: Corpus,
    layer: str,
    wanted: Sequence[str],
    measure: Measure,
) -> dict[Place, Beside]:
    side = in_order(ObjectColumns(gold))
    humans = [corpus.layers[name] for name in people_in(corpus.layers, layer)]
    regions = ignore_regions(side, len(gold))
    asked = [(name, measure) for name in wanted]
    return slice_baselines(side, [*documents.values()], humans, regions, asked)


def _resamples(result: Result) -> int:
    """Return the result's own number; the usual one where it is unknown or of no use."""
    asked = result.resamples
    if asked is None or (asked and not LEAST_RESAMPLES <= asked <= _MOST_RESAMPLES):
        return _RESAMPLES
    return asked


def _panel(
    name: str, systems: Mapping[str, Sliced], beside: Mapping[Place, Beside]
) -> Iterator[Panel]:
    values = list(dict.fromkeys(p.value for sliced in systems.values() for p in sliced.parts))
    values.sort(key=lambda value: value == NONE)
    if len(values) < 2:
        return
    measure = next(iter(systems.values())).measure
    lines: list[Line] = []
    against: dict[str, tuple[Against, ...]] = {}
    parts = [part for sliced in systems.values() for part in sliced.parts]
    used = list(dict.fromkeys(key for part in parts for key in part.scores))
    for value in values:
        shown = []
        for system, sliced in systems.items():
            part = {p.value: p for p in sliced.parts}.get(value)
            if part is None:
                continue
            shown.append(part)
            scores = tuple(_shown(key, part) for key in part.scores)
            over = part.predicted_in if "p" in part.scores else None
            lines.append(Line(value, system, part.documents, over, scores))
        found = beside.get((name, str(measure), value), Beside())
        against[value] = tuple(
            a for a in _against(found, used, shown) if a.kind == PEOPLE or a.name not in systems
        )
    notes = [f"{system}: {s.note}" for system, s in systems.items() if s.note]
    called = NAMES.get(name, name).removeprefix("meta.")
    words = tuple(WORDS[key] for key in used)
    yield Panel(called, measure, words, tuple(lines), against, tuple(notes))


def _against(beside: Beside, used: Sequence[str], parts: Sequence[Part]) -> Iterator[Against]:
    for name, row in beside.trivial.items():
        values = []
        for key in used:
            value = row.get(key, math.nan)
            scores = (part.scores[key].value for part in parts if key in part.scores)
            values.append((known(value), any(value > score for score in scores)))
        yield Against(name, TRIVIAL, tuple(values))
    if beside.human_ceiling is not None:
        # Between people recall and precision are one number.
        yield Against("people", PEOPLE, ((known(beside.people), False),), beside.human_documents)


def _shown(statistic: str, part: Part) -> Shown:
    score = part.scores[statistic]
    value, low, high = (known(number) for number in (score.value, score.low, score.high))
    few = value is not None and bool(too_few(score.interval))
    return Shown(WORDS[statistic], value, low, high, few)
