"""A result: one run of one extractor on one benchmark, kept so that no model is ever rerun.

The file holds counts by document, and the values that follow from them for people who read it;
`read_result` refuses a file in which a value of the system does not follow from its counts.
Intervals, trivial systems and people are kept as they were computed: of them it is only checked
that they can be such.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from inquit.corpus import Annotation, DataError, Layer, Problem
from inquit.corpus.decoding import faults
from inquit.corpus.files import write_atomic
from inquit.corpus.jsonl import open_for_reading, read_annotations

from .measures import Measure, MeasureError
from .scores import Score, Scores, known
from .uncertainty import Interval

#: The version of the file format; raised when an old reader would refuse or misread a new file.
SCHEMA = 3
#: All known files that were found are the same, or one differs, or none was found.
Files = Literal["", "as seen", "other", "not seen"]
_CLOSE = 1e-9
#: Whole numbers up to here are exact as floating point numbers too.
_MOST = 2**53
_WRITTEN = "give a file that 'inquit eval run' or 'inquit eval score' has written with --out"


class _Struct(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all parts of a result file have in common."""


class Benchmark(_Struct, frozen=True, kw_only=True):
    """What was predicted and scored.

    ``gold_sha256`` is the digest of the gold labels of the scored documents, see `digest`;
    ``split`` is None where all documents were scored; ``directory`` leads from the result file
    to the corpus. ``files`` says of a benchmark whose definition names files whether those that
    were found are the same ("" for a corpus directory).
    """

    name: str
    version: str
    layer: str
    gold_sha256: str
    split: Literal["train", "dev", "test"] | None = None
    directory: str = ""
    files: Files = ""


class PredictionsFile(_Struct, frozen=True, kw_only=True):
    """The predictions that were scored: their form in words, file name and SHA-256.

    ``grounding`` says of strings how many were found by which tier, and how many were
    "ungrounded".
    """

    form: str
    name: str
    sha256: str = ""
    grounding: dict[str, int] = {}


class System(_Struct, frozen=True, kw_only=True):
    """What predicted: an extractor by its name and all its parameters, or a file.

    A system of kind "predictions" was not run here; ``file`` says what was scored.
    """

    name: str
    parameters: dict[str, Any] = {}
    kind: Literal["extractor", "predictions"] = "extractor"
    file: PredictionsFile | None = None


class Timings(_Struct, frozen=True, kw_only=True):
    """Seconds of wall clock; ``peak_memory`` in bytes, of the whole process.

    All are None where the predictions were made elsewhere, ``fit_seconds`` and ``trained_on``
    (documents) where nothing was fitted.
    """

    predict_seconds: float | None
    documents_per_second: float | None
    peak_memory: int | None = None
    fit_seconds: float | None = None
    trained_on: int | None = None


class Usage(_Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What a language model was asked and what it cost.

    Parameters
    ----------
    requests : int
        Requests that this run sent, repeated ones included.
    answers : int
        Answers that the run rests on, each counted once, also those that were of no use.
    cached : int
        How often one of them was taken from the cache.
    models : list of str
        What the server called the model, in the order of names; files of format 2 do not tell.
    input_tokens, output_tokens : int or None
        Of all these answers and of those that they replaced, whichever run paid for them; None if
        the server did not tell.
    cost : float or None
        Of these tokens at the prices given; None without prices.
    new_input_tokens, new_output_tokens, new_cost
        The same of the answers that this run received.
    untold : int
        Answers whose tokens are not known; where it is not 0, all sums are lower bounds.
    """

    requests: int
    answers: int
    cached: int
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    new_input_tokens: int | None
    new_output_tokens: int | None
    new_cost: float | None
    models: list[str] = []
    untold: int = 0


class Counted(_Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One measure: its value and interval over all documents, and its counts by document."""

    value: float | None
    low: float | None
    high: float | None
    tp: list[int]
    fp: list[int]
    fn: list[int]
    ignored: int = 0
    why_no_interval: str = ""


class Result(_Struct, frozen=True, kw_only=True):
    """One run of one extractor on one benchmark.

    Parameters
    ----------
    inquit_result : int
        Version of the format, up to `SCHEMA`.
    inquit_version : str
    created : str
        ISO 8601, UTC.
    benchmark : Benchmark
    system : System
    seed : int
    timings : Timings
    doc_ids : list of str
        The scored documents, in the order of all counts.
    groups : list of str or None, optional
        Group of each document, where groups were drawn for the intervals.
    missing_documents : list of str
        Documents without a prediction.
    failed : dict of str to str
        Documents on which the extractor failed, with its message; they are among the missing.
    measures : dict of str to Counted
    trivial : dict of str to dict
        For each trivial system, the value of each measure.
    human_ceiling : dict, optional
    human_documents : int, optional
        How many documents the human ceiling is over; files of format 1 do not tell.
    confidence : float
        Of the intervals.
    resamples : int, optional
        Of the intervals, 0 where there are none; files of format 1 and 2 do not tell.
    notes : list of str
    usage : Usage, optional
        Where the extractor tells it: what a language model was asked and what it cost.
    predictions : str
        Path of the predictions from the result file, "" where they were not kept.
    predictions_sha256 : str
        Of the bytes of that file.
    """

    inquit_result: int
    inquit_version: str
    created: str
    benchmark: Benchmark
    system: System
    seed: int
    timings: Timings
    doc_ids: list[str]
    measures: dict[str, Counted]
    groups: list[str | None] | None = None
    missing_documents: list[str] = []
    failed: dict[str, str] = {}
    trivial: dict[str, dict[str, float | None]] = {}
    human_ceiling: dict[str, float | None] | None = None
    human_documents: int | None = None
    confidence: float = 0.95
    resamples: int | None = None
    notes: list[str] = []
    usage: Usage | None = None
    predictions: str = ""
    predictions_sha256: str = ""

    def __post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise DataError(problems)

    def scores(self) -> Scores:
        """Return the scores that the counts and intervals make up."""
        import numpy as np

        found: dict[str, Score] = {}
        for name, kept in self.measures.items():
            tp, fp, fn = (np.array(c, np.int64) for c in (kept.tp, kept.fp, kept.fn))
            ends = Interval(_number(kept.low), _number(kept.high), kept.why_no_interval)
            found[name] = Score(Measure.parse(name), tp, fp, fn, kept.ignored, ends)
        ceiling = self.human_ceiling
        return Scores(
            tuple(self.doc_ids),
            tuple(self.missing_documents),
            found,
            {system: _numbers(row) for system, row in self.trivial.items()},
            None if ceiling is None else _numbers(ceiling),
            tuple(self.notes),
            None if self.groups is None else tuple(_groups(self.doc_ids, self.groups)),
            self.human_documents,
            self.confidence,
            self.resamples,
        )

    def _repr_html_(self) -> str:
        from .notebook import result_html

        return result_html(self)


def counted(scores: Scores) -> dict[str, Counted]:
    """Return what a result keeps of scores."""
    return {
        name: Counted(
            value=known(score.value),
            low=known(score.low),
            high=known(score.high),
            tp=score.tp.tolist(),
            fp=score.fp.tolist(),
            fn=score.fn.tolist(),
            ignored=score.ignored,
            why_no_interval=score.interval.why_none,
        )
        for name, score in scores.measures.items()
    }


def digest(annotations: Iterable[Annotation]) -> str:
    """Return the SHA-256 of labels, whatever order they are given in.

    Over one line a document, in the order of ids: the JSON of its annotation, keys of attributes
    sorted. Labels that differ in anything, ids included, have another digest.
    """
    encoder = msgspec.json.Encoder(order="deterministic")
    lines = (encoder.encode(a) for a in sorted(annotations, key=lambda a: a.doc_id))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def write_result(path: Path, result: Result, *, force: bool = False) -> None:
    """Write a result file."""
    content = msgspec.json.format(msgspec.json.encode(result), indent=1)
    write_atomic(path, content + b"\n", force=force)


def read_result(path: Path) -> Result:
    """Read a result file; raise DataError if it is none, or was changed by hand."""
    with open_for_reading(path) as stream:
        content = stream.read()
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _refuse_predictions(path, content)
        raise _refused(path, f"is not JSON ({error})") from error
    if not isinstance(raw, dict) or "inquit_result" not in raw:
        _refuse_predictions(path, content)
        raise _refused(path, "is not a result file")
    if raw["inquit_result"] not in range(1, SCHEMA + 1):
        what = f"is a result of format {raw['inquit_result']!r}, this inquit reads 1 to {SCHEMA}"
        raise DataError(Problem(path=str(path), what=what, remedy="use a newer inquit"))
    try:
        return msgspec.convert(raw, Result)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, DataError):
            remedy = _changed(raw["system"].get("kind", "extractor"))
            raise error.__cause__.at(path=str(path), remedy=remedy) from error
        problems = [replace(p, path=str(path), remedy=_WRITTEN) for p in faults(raw, Result)]
        raise DataError(problems) from error


def read_predictions(path: Path, result: Result) -> Layer | None:
    """Return the predictions of a result that was read from ``path``; None if none were kept.

    Raises
    ------
    DataError
        If the file is gone, or is not the one that was scored.
    """
    if not result.predictions:
        return None
    file = path.parent / result.predictions
    with open_for_reading(file) as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != result.predictions_sha256:
        raise DataError(
            Problem(
                path=str(file),
                what=f"is not the predictions file that {path.name} was made with",
                remedy=again(result.system.kind),
            )
        )
    return Layer(name="predicted", kind="model", annotations=tuple(read_annotations(file)))


def again(kind: str) -> str:
    """Say by which command a result of a system of this kind is made again.

    >>> again("predictions")
    "score the predictions again with 'inquit eval score GOLD PRED --out RESULT'"
    """
    if kind == "predictions":
        return "score the predictions again with 'inquit eval score GOLD PRED --out RESULT'"
    return "run 'inquit eval run' again"


def _changed(kind: str) -> str:
    return f"the file was changed: {again(kind)}"


def _problems(result: Result) -> Iterator[Problem]:
    n = len(result.doc_ids)
    if len(set(result.doc_ids)) < n:
        yield Problem(what="a document stands twice in doc_ids", remedy=again(result.system.kind))
    if result.groups is not None and len(result.groups) != n:
        yield Problem(what=f"{len(result.groups)} groups stand for {n} documents")
    if result.human_documents is not None and not 0 < result.human_documents <= n:
        yield Problem(what=f"human_documents is {result.human_documents} of {n} documents")
    if not 0 < result.confidence < 1:
        yield Problem(what=f"confidence is {result.confidence}, it lies between 0 and 1")
    if result.resamples is not None and result.resamples < 0:
        yield Problem(what=f"resamples is {result.resamples}, it is 0 or more")
    yield from _impossible("timings", result.timings)
    if result.usage is not None:
        yield from _impossible("usage", result.usage)
    people = {} if result.human_ceiling is None else {"people": result.human_ceiling}
    for system, row in (result.trivial | people).items():
        for name, value in row.items():
            if value is not None and not 0 <= value <= 1:
                yield Problem(what=f"{name} of {system} is {value:g}, it lies between 0 and 1")
    for doc_id in {*result.missing_documents, *result.failed} - {*result.doc_ids}:
        yield Problem(doc_id=doc_id, what="is missing or failed, but is not in doc_ids")
    for name, kept in result.measures.items():
        try:
            measure = Measure.parse(name)
        except MeasureError as error:
            yield Problem(what=str(error))
            continue
        if str(measure) != name:
            yield Problem(what=f"measure {name!r} is written {measure!s}")
        elif any(len(c) != n or min(c, default=0) < 0 for c in (kept.tp, kept.fp, kept.fn)):
            yield Problem(what=f"{name} does not hold one count of 0 or more for each document")
        elif max(map(sum, (kept.tp, kept.fp, kept.fn))) > _MOST:
            yield Problem(what=f"{name} holds counts that are too large to be any")
        elif not _follows(measure, kept):
            yield Problem(
                what=f"the value of {name} does not follow from its counts",
                remedy=_changed(result.system.kind),
            )
        elif not _is_interval(kept):
            yield Problem(
                what=f"the interval of {name} runs from {kept.low} to {kept.high}; both ends lie "
                "between 0 and 1, the lower one first",
                remedy=_changed(result.system.kind),
            )


def _impossible(part: str, values: Timings | Usage) -> Iterator[Problem]:
    """Yield the numbers that nothing can have taken or cost."""
    for name in values.__struct_fields__:
        value = getattr(values, name)
        if isinstance(value, int) and abs(value) > _MOST:
            yield Problem(what=f"{name} in {part} is too large to be one")
        elif isinstance(value, int | float) and not 0 <= value < math.inf:
            yield Problem(what=f"{name} in {part} is {value:g}, it is a number of 0 or more")


def _follows(measure: Measure, kept: Counted) -> bool:
    from .scores import statistic

    value = float(statistic(measure.statistic, [sum(kept.tp), sum(kept.fp), sum(kept.fn)]))
    if kept.value is None or math.isnan(value):
        return kept.value is None and math.isnan(value)
    return abs(value - kept.value) < _CLOSE


def _is_interval(kept: Counted) -> bool:
    if kept.low is None or kept.high is None:
        return kept.low is kept.high
    return -_CLOSE <= kept.low <= kept.high <= 1 + _CLOSE


def _groups(doc_ids: list[str], groups: list[str | None]) -> Iterator[tuple[str, str]]:
    for doc_id, group in zip(doc_ids, groups, strict=True):
        yield ("group", group) if group else ("document", doc_id)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _numbers(row: dict[str, float | None]) -> dict[str, float]:
    return {name: _number(value) for name, value in row.items()}


def _refuse_predictions(path: Path, content: bytes) -> None:
    """Raise DataError if a file that is no result is one of predictions."""
    from .predictions import recognise

    line = next((line for line in content.splitlines() if line.strip()), b"")
    try:
        form = recognise(path) if line else ""
        if form in ("layer", "strings"):
            # Every text that begins with a bracket is taken for one of these.
            first = msgspec.json.decode(line)
            form = form if isinstance(first, dict) and "doc_id" in first else ""
    except (DataError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    if form:
        what = "is a file of predictions, not a result"
        remedy = f"score it with 'inquit eval score GOLD {path} --out RESULT'"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _refused(path: Path, what: str) -> DataError:
    return DataError(Problem(path=str(path), what=what, remedy=_WRITTEN))
