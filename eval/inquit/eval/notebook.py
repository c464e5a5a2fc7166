"""Scores, results, slices and comparisons as small tables in a notebook."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from markupsafe import Markup

from inquit.corpus.html import notebook
from inquit.corpus.terminal import counted, printable

from .baselines import HIGHER
from .comparing.results import Compared, Difference, system_names
from .comparing.slices import ComparedSlice
from .measures import WORDS
from .result import Result
from .scores import Score, Scores, written
from .slicing.baselines import Beside
from .slicing.slices import Part, Sliced, counts_of
from .uncertainty import Interval, too_few

_VALUE, _CELL = Markup('<td class="iq-value">{}</td>'), Markup("<td>{}</td>")
_PEOPLE = "people"
_THAN = " than A or B"


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
        _title(result.system.name),
        _minor(parameters),
        _minor(" · ".join(facts)),
        _table(scores, ""),
        _list((*scores.notes, *failed)),
    )


def slices_html(slices: Iterable[Sliced]) -> str:
    """Return scores of parts of the data as a fragment, a table for each slice and measure."""
    return notebook(*(shown for sliced in slices for shown in _sliced(sliced)))


def compared_html(compared: Compared) -> str:
    """Return two systems as a fragment: each measure of both, the difference, interval and p."""
    of, n = compared.a.benchmark, len(compared.a.doc_ids)
    where = [f"{of.name} {of.version}".strip(), of.split or "all documents", counted(n, "document")]
    names = system_names([compared.a.system, compared.b.system])
    ceiling, systems = compared.human_ceiling, compared.trivial
    people = [] if ceiling is None else [_people(compared.human_documents)]
    headings = ["measure", *_compared_headings(compared.confidence), *systems, *people]
    rows = []
    for row in compared.differences:
        name = str(row.measure)
        others = [_seen_against(row, values[name]) for values in systems.values()]
        others += [] if ceiling is None else [written(ceiling[name])]
        rows.append([name, *_difference(row), *others])
    return notebook(
        _title(" · ".join(where)),
        *(_minor(f"{side}: {name}") for side, name in zip("AB", names, strict=True)),
        _grid("", headings, rows, bold=[3]),
        _star(rows, _THAN),
        _list(compared.notes),
    )


def compared_slices_html(slices: Iterable[ComparedSlice]) -> str:
    """Return two systems on parts of the documents as a fragment, a table for each slice."""
    return notebook(*(shown for sliced in slices for shown in _compared_slice(sliced)))


def _compared_slice(sliced: ComparedSlice) -> Iterator[Markup]:
    systems = list(dict.fromkeys(name for part in sliced.parts for name in part.beside.trivial))
    people = any(part.beside.human_ceiling for part in sliced.parts)
    headings = [sliced.name, "documents", *_compared_headings(sliced.confidence), *systems]
    headings += [f"{_PEOPLE} (on docs)"] * people
    rows = []
    for part in sliced.parts:
        row, beside = part.difference, part.beside
        others = [
            _seen_against(row, beside.trivial[name][row.measure.statistic]) for name in systems
        ]
        others += [_on_documents(beside)] * people
        rows.append([part.value, f"{part.documents:,}", *_difference(row), *others])
    yield _title(f"{sliced.measure} by {sliced.name}")
    yield _grid("", headings, rows, bold=[4])
    yield _star(rows, _THAN)
    yield _list(sliced.notes)


def _compared_headings(confidence: float) -> list[str]:
    return ["A", "B", "A - B", f"{100 * confidence:g} % interval", "p", "p corrected"]


def _difference(row: Difference) -> list[str]:
    return [
        written(row.a),
        written(row.b),
        written(row.paired.difference, "+.3f"),
        _ends(row.paired.interval, "+.3f"),
        written(row.paired.p, ".4f"),
        written(row.p_adjusted, ".4f"),
    ]


def _seen_against(row: Difference, value: float) -> str:
    """Return what a trivial system reaches, with a star where one of the two has less."""
    return written(value) + "*" * (value > row.a or value > row.b)


def _people(documents: int | None) -> str:
    return _PEOPLE + (f" (on {counted(documents, 'doc')})" if documents else "")


def _on_documents(beside: Beside) -> str:
    over = beside.human_documents
    return f"{written(beside.people)} ({over:,})" if over else "–"


def _star(rows: Iterable[Sequence[str]], than: str = "") -> Markup:
    return _minor(HIGHER + than if any("*" in cell for row in rows for cell in row[1:]) else "")


def _sliced(sliced: Sliced) -> Iterator[Markup]:
    used = list(dict.fromkeys(name for part in sliced.parts for name in part.scores))
    systems = list(dict.fromkeys(name for part in sliced.parts for name in part.beside.trivial))
    people = any(part.beside.human_ceiling for part in sliced.parts)
    interval = f"{100 * sliced.confidence:g} % interval"
    headings = [sliced.name]
    for name in used:
        scored = (part.scores[name] for part in sliced.parts if name in part.scores)
        counts = next(counts_of(name, score)[0] for score in scored)
        headings += ["documents", WORDS[name], interval, counts]
    headings += [*systems, *[f"{_PEOPLE} (on docs)"] * people]
    rows = []
    for part in sliced.parts:
        row = [part.value]
        for name in used:
            score = part.scores.get(name)
            row += [f"{part.documents_of(name):,}"]
            row += (
                ["–"] * 3
                if score is None
                else [written(score.value), _told(score), counts_of(name, score)[1]]
            )
        row += [_beside(part, system, used) for system in systems]
        row += [_on_documents(part.beside)] * people
        rows.append(row)
    caption = f"{sliced.measure} by {sliced.name}"
    if rows:
        yield _title(caption)
        yield _grid("", headings, rows, range(2, 4 * len(used), 4))
        order = " / ".join(WORDS[name] for name in used)
        yield _minor(f"systems that read nothing: {order}" if systems and len(used) > 1 else "")
        yield _star(rows)
    else:
        yield _minor(f"{caption}: nothing to count")
    yield _minor(sliced.note)


def _beside(part: Part, system: str, used: Sequence[str]) -> str:
    """Return what a trivial system reaches on a part, with a star where that is more."""
    row = part.beside.trivial.get(system, {})
    scores = part.scores
    return " / ".join(
        written(row.get(name, math.nan))
        + "*" * (name in row and name in scores and row[name] > scores[name].value)
        for name in used
    )


def _told(score: Score) -> str:
    """Return an interval, or why there is none."""
    if math.isnan(score.value):
        return "undefined"
    return too_few(score.interval) or _ends(score.interval)


def _table(scores: Scores, caption: str) -> Markup:
    systems = dict(scores.trivial)
    if scores.human_ceiling is not None:
        systems[_people(scores.human_documents)] = scores.human_ceiling
    beaten = {
        (system, name)
        for system, row in scores.trivial.items()
        for name, score in scores.measures.items()
        if row.get(name, math.nan) > score.value
    }
    interval = f"{100 * scores.confidence:g} % interval"
    headings = ["measure", "value", interval, "TP", "FP", "FN", *systems]
    rows = [
        [
            name,
            written(score.value),
            _ends(score.interval),
            *(f"{count:,}" for count in score.counts.sum(axis=0).tolist()),
            *(
                written(row.get(name, math.nan)) + "*" * ((system, name) in beaten)
                for system, row in systems.items()
            ),
        ]
        for name, score in scores.measures.items()
    ]
    return _grid(caption, headings, rows) + _star(rows)


def _grid(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    bold: Collection[int] = (1,),
) -> Markup:
    """Return a table; the first cell of a row is its name, ``bold`` the places of values."""
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(printable(name)) for name in headings
    )
    cells = (
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            printable(row[0]),
            Markup("").join(
                (_VALUE if n in bold else _CELL).format(printable(cell))
                for n, cell in enumerate(row[1:], 1)
            ),
        )
        for row in rows
    )
    titled = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        titled, head, Markup("").join(cells)
    )


def _list(notes: Iterable[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(printable(note)) for note in notes)
    return Markup('<ul class="iq-minor">{}</ul>').format(items) if items else items


def _minor(text: str) -> Markup:
    return Markup('<p class="iq-minor">{}</p>').format(printable(text)) if text else Markup("")


def _title(text: str) -> Markup:
    return Markup('<p class="iq-title">{}</p>').format(printable(text))


def _ends(interval: Interval, form: str = ".3f") -> str:
    ends = interval.low, interval.high
    return "–" if math.isnan(ends[0]) else " – ".join(format(end, form) for end in ends)
