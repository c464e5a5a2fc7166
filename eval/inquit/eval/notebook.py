"""Scores and results as small tables in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup

from inquit.corpus.html import notebook
from inquit.corpus.terminal import counted

from .result import Result
from .scores import Score, Scores

_PEOPLE = "people"


def scores_html(scores: Scores) -> str:
    """Return scores as a fragment: measures, intervals, trivial systems, people and notes."""
    n = len(scores.doc_ids)
    return notebook(_table(scores, f"{n:,} document{'s' * (n != 1)}"), _list(scores.notes))


def result_html(result: Result) -> str:
    """Return a result as a fragment: what was run on what, its scores and what failed."""
    scores, of, timings = result.scores(), result.benchmark, result.timings
    n = len(result.doc_ids)
    facts = [
        f"{of.name} {of.version}".strip(),
        *([f"split {of.split}"] if of.split else []),
        f"layer {of.layer}",
        f"{n:,} document{'s' * (n != 1)}",
        *([] if timings.predict_seconds is None else [f"{timings.predict_seconds:,.1f} s"]),
        result.created,
        f"inquit {result.inquit_version}",
    ]
    failed = (f"failed on {doc_id}: {message}" for doc_id, message in result.failed.items())
    parameters = ", ".join(f"{name}={value!r}" for name, value in result.system.parameters.items())
    return notebook(
        Markup('<p class="iq-title">{}</p>').format(result.system.name),
        _minor(parameters),
        _minor(" · ".join(facts)),
        _table(scores, ""),
        _list((*scores.notes, *failed)),
    )


def _table(scores: Scores, caption: str) -> Markup:
    systems = dict(scores.trivial)
    if scores.human_ceiling is not None:
        over = scores.human_documents
        systems[_PEOPLE + (f" (on {counted(over, 'doc')})" if over else "")] = scores.human_ceiling
    interval = f"{100 * scores.confidence:g} % interval"
    headings = ["measure", "value", interval, "TP", "FP", "FN", *systems]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in headings)
    rows = Markup("").join(
        _row(score, [row.get(name, math.nan) for row in systems.values()])
        for name, score in scores.measures.items()
    )
    titled = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        titled, head, rows
    )


def _row(score: Score, others: Iterable[float]) -> Markup:
    interval = "–" if math.isnan(score.low) else f"{score.low:.3f} – {score.high:.3f}"
    cells = [interval, *(f"{count:,}" for count in score.counts.sum(axis=0).tolist())]
    cells += [_number(value) for value in others]
    return Markup('<tr><th scope="row">{}</th><td class="iq-value">{}</td>{}</tr>').format(
        str(score.measure),
        _number(score.value),
        Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells),
    )


def _list(notes: Iterable[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(note) for note in notes)
    return Markup('<ul class="iq-minor">{}</ul>').format(items) if items else items


def _minor(text: str) -> Markup:
    return Markup('<p class="iq-minor">{}</p>').format(text) if text else Markup("")


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
