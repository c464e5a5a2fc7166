"""`score`: predictions against gold, with intervals and what to see them against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from inquit.corpus import Corpus, DataError, Document, Layer, Problem
from inquit.corpus.terminal import counted

from .arguments import check_drawing, layers_of
from .baselines import human_ceiling, in_common, trivial_values
from .counting.align import align, documents_by_id
from .counting.columns import Columns, columns_of
from .counting.comparison import Comparison
from .counting.items import sentence_claims
from .measures import ATTRIBUTION_TARGETS, DEFAULT, Measure, parse_all
from .scores import Score, Scores, statistic
from .uncertainty import FloatArray, Interval, interval

_NAMED = 5


def score(
    gold: Any,
    predicted: Any,
    measures: Iterable[str | Measure] = DEFAULT,
    *,
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None = None,
    humans: Sequence[Layer] = (),
    trivial: bool = True,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Scores:
    """Score predictions against gold.

    A gold document without prediction counts as an empty prediction. docs/scoring.md defines all
    measures.

    Parameters
    ----------
    gold, predicted : Layer, sequence of Annotation, or Arrow table
        See `columns_of`. Gold says which documents are scored. A table of predictions may have
        words instead of offsets, if the documents are given.
    measures : iterable of str or Measure
        The headline and the usual span measures if left out.
    documents : Corpus, or documents by id or in any order, optional
        The texts of (at least) gold's documents. With them offsets and checksums are verified,
        ``trim`` measures and trivial systems are possible, and documents of one ``group`` are
        drawn together for the intervals.
    humans : sequence of Layer
        Layers of people over the same documents, for the human ceiling.
    trivial : bool
        Whether to score the trivial systems, if there are documents.
    resamples : int
        Bootstrap resamples, 100 or more; 0 for no intervals.
    confidence : float
        Share of samples whose interval should hold the true value.
    seed : int

    Returns
    -------
    Scores

    Raises
    ------
    DataError
        If labels break a rule of the model, a predicted document is unknown to gold or made over
        another text, or an offset lies outside the text; with every fault. Also if an argument is
        not of its kind.
    MeasureError
        If a measure does not exist.

    >>> from inquit.corpus import Annotation, Span
    >>> gold = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 9)])])]
    >>> found = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 6)])])]
    >>> score(gold, found, ["quote.f1@iou50"])["quote.f1@iou50"].value
    1.0
    """
    check_drawing(resamples, confidence, seed)
    humans = layers_of(humans)
    wanted = parse_all(measures)
    known = documents_by_id(documents)
    gold_side, side, missing = align(columns_of(gold), columns_of(predicted, texts=known), known)
    doc_ids = tuple(gold_side.columns.doc_ids)
    if not doc_ids:
        raise DataError(Problem(path=gold_side.columns.origin, what="gold labels no document"))
    texts = None if known is None else [known[doc_id] for doc_id in doc_ids]
    groups = groups_of(texts)
    comparison = Comparison(gold_side, side, doc_ids, texts)
    found = {str(m): _score(m, comparison, groups, resamples, confidence, seed) for m in wanted}
    baselines: dict[str, dict[str, float]] = {}
    if trivial and texts is not None:
        baselines = trivial_values(gold_side, texts, wanted, comparison.regions)
    ceiling = human_ceiling(humans, doc_ids, texts, wanted, comparison.regions)
    common = 0 if ceiling is None else int(in_common(humans, doc_ids).sum())
    notes = [
        *side.columns.notes,
        *missing_note(missing, len(doc_ids)),
        *_unlabelled_note(0 if known is None else len(known) - len(doc_ids)),
        *_people_note(common, len(doc_ids)),
        *_sentence_note(wanted, gold_side.columns, side.columns),
        *_unjoined_note(wanted, found, gold_side.columns, side.columns),
        *_score_notes(found),
    ]
    if trivial and texts is None:
        notes.append("trivial systems are not shown: they need the documents")
    return Scores(
        doc_ids,
        tuple(missing),
        found,
        baselines,
        ceiling,
        tuple(notes),
        groups,
        common or None,
        confidence,
        resamples,
    )


def _score(
    measure: Measure,
    comparison: Comparison,
    groups: tuple[object, ...] | None,
    resamples: int,
    confidence: float,
    seed: int,
) -> Score:
    counts = comparison.counts(measure)

    def value(sums: FloatArray) -> FloatArray:
        return statistic(measure.statistic, sums)

    found = Interval(float("nan"), float("nan"), "no resamples were asked for")
    if resamples:
        found = interval(
            counts.rows, value, groups=groups, resamples=resamples, confidence=confidence, seed=seed
        )
    return Score(measure, counts.tp, counts.fp, counts.fn, counts.ignored, found)


def groups_of(documents: Sequence[Document] | None) -> tuple[object, ...] | None:
    """Return the group of each document; one without a group is its own. None if none has one."""
    if documents is None or not any(d.group for d in documents):
        return None
    return tuple(("group", d.group) if d.group else ("document", d.doc_id) for d in documents)


def missing_note(missing: Sequence[str], n: int) -> Iterator[str]:
    """Yield what a reader has to know of documents without a prediction, if there are any."""
    if missing:
        named = ", ".join(missing[:_NAMED]) + (", ..." if len(missing) > _NAMED else "")
        yield f"no prediction for {len(missing)} of {n} documents, counted as empty: {named}"


def _unlabelled_note(count: int) -> Iterator[str]:
    if count:
        yield f"not scored: {counted(count, 'more document')} that gold does not label"


def _people_note(count: int, n: int) -> Iterator[str]:
    if count:
        yield f"people: over the {count} of {n} documents that two or more of them labelled"


def _sentence_note(measures: Iterable[Measure], *layers: Columns) -> Iterator[str]:
    """Say how many sentence-level claims were left out of span measures."""
    concerned = any(
        m.target in ("claim", "span") and "granularity" not in dict(m.filters) for m in measures
    )
    count = sum(int(sentence_claims(layer).sum()) for layer in layers) if concerned else 0
    if count:
        yield (
            f"not scored as spans: {counted(count, 'claim')} of a whole sentence; "
            "score such claims with claim[granularity=sentence]"
        )


def _unjoined_note(
    wanted: Iterable[Measure], scores: Mapping[str, Score], gold: Columns, predicted: Columns
) -> Iterator[str]:
    """Say it if the predictions hold labels and no attribution, and attributions are measured."""
    concerned = [str(m) for m in wanted if m.target in ATTRIBUTION_TARGETS or m.given]
    if not concerned or not len(predicted.label) or len(predicted.attributions.doc):
        return
    if len(gold.attributions.doc):
        yield (
            f"{_concerned(concerned, list(scores))}: the predictions hold no attribution, which "
            "joins a content to its source; give 'attributions' beside 'spans'"
        )


def _score_notes(scores: Mapping[str, Score]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for name, found in scores.items():
        tp, fp, fn = found.totals.tolist()
        if np.isnan(found.value):
            reasons.setdefault("undefined, there is nothing to count", []).append(name)
        elif found.measure.statistic != "acc" and tp + fn == 0 and fp:
            what = found.measure.target
            reasons.setdefault(f"gold has no {what}", []).append(name)
        if found.interval.why_none and not np.isnan(found.value):
            reasons.setdefault(f"no interval: {found.interval.why_none}", []).append(name)
    for reason, names in reasons.items():
        yield f"{_concerned(names, list(scores))}: {reason}"
    ignored = max((found.ignored for found in scores.values()), default=0)
    if ignored:
        yield f"left out, in ignored regions: up to {counted(ignored, 'label')} of a measure"


def _concerned(names: Sequence[str], every: Sequence[str]) -> str:
    """Name some of the measures, shortly where they are all of a target."""
    if len(names) == len(every):
        return "all measures" if len(every) > 1 else names[0]
    by_target: dict[str, list[str]] = {}
    for name in names:
        by_target.setdefault(name.split(".")[0], []).append(name)
    parts: list[str] = []
    for target, found in by_target.items():
        whole = sum(name.split(".")[0] == target for name in every)
        parts += [f"{target}.*"] if len(found) == whole > 1 else found
    return ", ".join(parts)
