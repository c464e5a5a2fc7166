"""Runs an extractor on a benchmark: trains if it must, predicts, scores, measures time."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Problem
from inquit.corpus.directory import INFO, read_info
from inquit.corpus.errors import InquitError, encodable, named, quoted, told
from inquit.corpus.jsonl import write_lines
from inquit.corpus.outputs import refuse_output
from inquit.corpus.vocabulary import GOLD, SPLITS

from .baselines import people_in
from .measures import DEFAULT, Measure
from .parameters import plain_parameters
from .result import (
    SCHEMA,
    Benchmark,
    Result,
    System,
    Timings,
    Usage,
    counted,
    digest,
    write_result,
)
from .scores import Scores, statistic
from .scoring import missing_note, score

_BATCH = 32
_NAMED = 5
Progress = Callable[[Iterable[Sequence[Document]], int], Iterable[Sequence[Document]]]
_Outcome = tuple[Document, Annotation | None, BaseException | None]


@dataclass(frozen=True, eq=False)
class Run:
    """What a run leaves: the result, the predictions, and the scores that the result keeps."""

    result: Result
    predictions: Layer
    scores: Scores


@dataclass(frozen=True)
class Task:
    """The documents that are scored, their gold, and those that may be learned from.

    ``split`` is None where all documents are scored.
    """

    corpus: Corpus
    layer: str
    split: str | None
    documents: tuple[Document, ...]
    gold: tuple[Annotation, ...]
    train: tuple[Document, ...]
    train_gold: tuple[Annotation, ...]


def open_corpus(directory: Path) -> Corpus:
    """Read a corpus directory, or a release as a corpus."""
    if (directory / INFO).is_file():
        return Corpus.read(directory)
    described(directory)
    from inquit.corpus.release import read_release

    return read_release(directory)


def described(directory: Path) -> tuple[CorpusInfo, str]:
    """Return what a corpus directory or release says of itself, and which layer is its gold."""
    if (directory / INFO).is_file():
        return read_info(directory), GOLD
    from inquit.corpus.release.layout import INFO as RELEASE_INFO

    if (directory / RELEASE_INFO).is_file():
        from inquit.corpus.release.read import read_info as read_release_info

        found = read_release_info(directory / RELEASE_INFO)
        return found.corpus, found.layer
    raise DataError(
        Problem(
            path=str(directory),
            what=f"is neither a corpus directory (it has no {INFO}) nor a release "
            f"(it has no {RELEASE_INFO})",
            remedy="make one with 'inquit corpus import' or 'inquit corpus release'",
        )
    )


def task(corpus: Corpus, split: str | None = None, layer: str = GOLD) -> Task:
    """Return what is to be predicted and scored.

    Parameters
    ----------
    corpus : Corpus
    split : {"train", "dev", "test", "all"}, optional
        Left out: "test", or all documents of a corpus that has no splits.
    layer : str
        The layer that is scored against. Documents that it does not label are not scored.

    Raises
    ------
    DataError
        If nothing is left to score.
    """
    if layer not in corpus.layers:
        raise DataError(
            Problem(what=f"has no layer {quoted(layer)}", remedy=_other_layer(corpus, layer))
        )
    labels = corpus.layers[layer].by_document()
    if not labels:
        raise DataError(
            Problem(
                what=f"layer {quoted(layer)} labels no document",
                remedy=_other_layer(corpus, layer),
            )
        )
    labelled = [d for d in corpus.documents.values() if d.doc_id in labels]
    if split is None:
        split = "test" if any(d.split for d in corpus.documents.values()) else "all"
    scored = labelled if split == "all" else [d for d in labelled if d.split == split]
    if not scored:
        named = "document" if split == "all" else f"document of split {split}"
        there = [s for s in SPLITS if any(d.split == s for d in labelled)]
        raise DataError(
            Problem(
                what=f"layer {quoted(layer)} labels no {named}",
                remedy=f"pass --split {' or '.join([*there, 'all'])}",
            )
        )
    train = [d for d in labelled if d.split == "train"]
    return Task(
        corpus,
        layer,
        None if split == "all" else split,
        tuple(scored),
        tuple(labels[d.doc_id] for d in scored),
        tuple(train),
        tuple(labels[d.doc_id] for d in train),
    )


def run(
    extractor: Any,
    benchmark: Task,
    *,
    name: str = "",
    measures: Iterable[str | Measure] = DEFAULT,
    resamples: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Run:
    """Run an extractor.

    An extractor that needs fitting (its tag ``requires_fit``) is fitted on split train; one with
    a parameter ``random_state`` gets the seed. Where it fails on a document, the document is
    listed as failed and counts as not predicted. An extractor that has a method ``predict_each``
    is asked for all documents at once.

    Parameters
    ----------
    extractor : estimator
        A clone of it is used.
    benchmark : Task
    name : str
        What the result calls the extractor; its class if left out.
    measures : iterable of str or Measure
    resamples : int
        Bootstrap resamples for the intervals, 100 or more; 0 for none.
    seed : int
    progress : callable, optional
        Gets the batches and their number, and returns them.

    Returns
    -------
    Run

    Raises
    ------
    DataError
        If the extractor would be fitted on what it is scored on, or has nothing to learn from.
    ExtractorStopped
        If the extractor says that it can label no document at all.
    """
    from .extractors.registry import copied, parameters_of

    called = name or type(extractor).__name__
    extractor = copied(called, extractor)
    if "random_state" in parameters_of(called, extractor):
        extractor.set_params(random_state=seed)
    parameters, unclear = plain_parameters(parameters_of(called, extractor))
    fitted = _fit(extractor, benchmark, called) if _requires_fit(extractor) else None
    started = time.perf_counter()
    found, failed = _predict(extractor, benchmark.documents, progress)
    seconds = time.perf_counter() - started
    layer = Layer(name="predicted", kind="model", annotations=tuple(found), made_by=name)
    corpus = benchmark.corpus
    gold = corpus.info.layers[benchmark.layer].layer(benchmark.layer, benchmark.gold)
    scores = score(
        gold,
        layer,
        measures,
        documents=benchmark.documents,
        humans=[corpus.layers[name] for name in people_in(corpus.layers, benchmark.layer)],
        resamples=resamples,
        seed=seed,
    )
    if failed:
        scores = _with_failed_note(scores, failed)
    if unclear:
        scores = replace(scores, notes=(*scores.notes, _unclear_note(unclear)))
    shown = scores.to_json()
    groups = [d.group for d in benchmark.documents]
    result = Result(
        inquit_result=SCHEMA,
        inquit_version=version("inquit"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        benchmark=Benchmark(
            name=corpus.info.name,
            version=corpus.info.version,
            layer=benchmark.layer,
            gold_sha256=digest(benchmark.gold),
            split=benchmark.split,  # type: ignore[arg-type]  # one of SPLITS, or no document
        ),
        system=System(name=called, parameters=parameters),
        seed=seed,
        timings=Timings(
            predict_seconds=seconds,
            documents_per_second=len(benchmark.documents) / seconds if seconds else None,
            peak_memory=peak_memory(),
            fit_seconds=fitted,
            trained_on=None if fitted is None else len(benchmark.train),
        ),
        doc_ids=list(scores.doc_ids),
        groups=groups if any(groups) else None,
        missing_documents=list(scores.missing_documents),
        failed=failed,
        measures=counted(scores),
        trivial=shown["trivial"],
        human_ceiling=shown["human_ceiling"],
        human_documents=scores.human_documents,
        confidence=scores.confidence,
        resamples=scores.resamples,
        notes=list(scores.notes),
        usage=_usage(extractor),
    )
    return Run(result, layer, scores)


def save(
    done: Run,
    out: Path | None,
    predictions: Path | None = None,
    *,
    directory: Path | None = None,
    force: bool = False,
) -> Result:
    """Write a result and its predictions; return the result as it was written.

    Parameters
    ----------
    done : Run
    out : Path, optional
        The result file.
    predictions : Path, optional
        The predictions file; beside the result file if left out.
    directory : Path, optional
        The corpus; the result tells the way to it, so that a report can show the texts.
    force : bool
        Whether to replace files.
    """
    predictions = refuse_outputs(out, predictions, force=force)
    if predictions is not None:
        write_lines(predictions, done.predictions.annotations, force=force)
    if out is None or predictions is None:
        return done.result
    benchmark = done.result.benchmark
    if directory is not None:
        way = relative(directory, out.parent)
        benchmark = msgspec.structs.replace(benchmark, directory=way)
    result = msgspec.structs.replace(
        done.result,
        benchmark=benchmark,
        predictions=relative(predictions, out.parent),
        predictions_sha256=hashlib.sha256(predictions.read_bytes()).hexdigest(),
    )
    write_result(out, result, force=force)
    return result


def refuse_outputs(
    out: Path | None, predictions: Path | None = None, *, force: bool = False
) -> Path | None:
    """Raise DataError if `save` would refuse the places; return that of the predictions."""
    if out is not None and predictions is not None and out.resolve() == predictions.resolve():
        raise DataError(
            Problem(
                path=str(out),
                what="cannot hold both the result and the predictions",
                remedy="name two files, or leave --predictions out",
            )
        )
    if predictions is None and out is not None:
        predictions = out.with_suffix(".predictions.jsonl")
    for path in (out, predictions):
        if path is not None:
            refuse_output(path, force=force)
    return predictions


def _other_layer(corpus: Corpus, layer: str) -> str:
    """Say what to do where a layer is not there or empty."""
    others = ", ".join(sorted(name for name in corpus.layers if name != layer))
    another = f"pass --layer with one of: {others}; or " if others else ""
    return f"{another}label the documents first"


def relative(path: Path, start: Path) -> str:
    """Return the way from one place to another, "" if there is none (two drives)."""
    try:
        return Path(os.path.relpath(path.resolve(), start.resolve())).as_posix()
    except ValueError:
        return ""


def peak_memory() -> int | None:
    """Return the most memory this process has held, in bytes; None where that is not told."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _requires_fit(extractor: Any) -> bool:
    from sklearn.utils import get_tags

    try:
        return bool(get_tags(extractor).requires_fit)
    except Exception as error:
        what = f"{type(extractor).__name__} does not tell whether it learns ({_said(error)})"
        remedy = "derive it from inquit.eval.extractors.base.Extractor"
        raise DataError(Problem(what=what, remedy=remedy)) from error


def _fit(extractor: Any, benchmark: Task, name: str) -> float:
    scored = {d.doc_id for d in benchmark.documents}
    groups = {d.group for d in benchmark.documents if d.group}
    problems = [
        Problem(
            doc_id=d.doc_id,
            what="would be learned from and scored",
            remedy="score another split than train"
            if benchmark.split
            else "it learns from split train: score one other split, not all documents",
        )
        for d in benchmark.train
        if d.doc_id in scored
    ]
    problems += [
        Problem(
            doc_id=d.doc_id,
            what=f"is in split train, its group {quoted(d.group)} is scored too",
            remedy="keep a group in one split",
        )
        for d in benchmark.train
        if d.doc_id not in scored and d.group and d.group in groups
    ]
    if not benchmark.train:
        problems.append(
            Problem(
                what=f"{type(extractor).__name__} learns, and layer {quoted(benchmark.layer)} "
                "labels no document of split train",
                remedy="give the corpus a train split with 'inquit corpus split'",
            )
        )
    if problems:
        raise DataError(problems)
    from .extractors.base import ExtractorStopped

    started = time.perf_counter()
    try:
        extractor.fit(list(benchmark.train), list(benchmark.train_gold))
    except ExtractorStopped:
        raise
    except (Exception, SystemExit) as error:
        raise DataError(
            Problem(
                what=f"{name} cannot be fitted ({named(error)})",
                remedy="mend its fit(), or look whether split train holds what it needs",
            )
        ) from error
    return time.perf_counter() - started


def _predict(
    extractor: Any, documents: Sequence[Document], progress: Progress | None
) -> tuple[list[Annotation], dict[str, str]]:
    if callable(getattr(extractor, "predict_each", None)):
        outcomes, steps = _each(extractor, documents), len(documents)
    else:
        outcomes, steps = _batches(extractor, documents), -(-len(documents) // _BATCH)
    found: dict[str, Annotation] = {}
    failed: dict[str, str] = {}

    def steps_done() -> Iterator[Sequence[Document]]:
        for step in outcomes:
            for document, annotation, error in step:
                if annotation is not None:
                    found[document.doc_id] = annotation
                else:
                    failed[document.doc_id] = _said(error)
            yield [document for document, _, _ in step]

    for _ in progress(steps_done(), steps) if progress else steps_done():
        pass
    order = [document.doc_id for document in documents]
    return (
        [found[doc_id] for doc_id in order if doc_id in found],
        {doc_id: failed[doc_id] for doc_id in order if doc_id in failed},
    )


def _each(extractor: Any, documents: Sequence[Document]) -> Iterator[list[_Outcome]]:
    """Yield documents as the extractor is done with them, in whatever order."""
    from .extractors.base import ExtractorStopped, check_annotations

    outcomes = iter(extractor.predict_each(list(documents)))
    while True:
        try:
            document, annotation, error = next(outcomes)
        except StopIteration:
            return
        except InquitError:
            raise
        except (Exception, SystemExit) as stopped:
            raise ExtractorStopped(f"predict_each ended early ({_said(stopped)})") from stopped
        try:
            if annotation is not None:
                annotation = check_annotations([annotation], [document])[0]
        except DataError as fault:
            annotation, error = None, fault
        yield [(document, annotation, error)]


def _batches(extractor: Any, documents: Sequence[Document]) -> Iterator[list[_Outcome]]:
    from .extractors.base import ExtractorStopped

    for i in range(0, len(documents), _BATCH):
        batch = documents[i : i + _BATCH]
        try:
            annotations = _checked(extractor, batch)
        except ExtractorStopped:
            raise
        except (Exception, SystemExit):
            yield list(_one_by_one(extractor, batch))
        else:
            yield [(d, a, None) for d, a in zip(batch, annotations, strict=True)]


def _one_by_one(extractor: Any, batch: Sequence[Document]) -> Iterator[_Outcome]:
    """Predict again what failed as a batch, to find the documents at fault."""
    from .extractors.base import ExtractorStopped

    for document in batch:
        try:
            yield document, _checked(extractor, [document])[0], None
        except ExtractorStopped:
            raise
        except (Exception, SystemExit) as error:
            yield document, None, error


def _checked(extractor: Any, batch: Sequence[Document]) -> list[Annotation]:
    from .extractors.base import check_annotations

    return check_annotations(extractor.predict(list(batch)), batch)


def _said(error: BaseException | None) -> str:
    """Return what an error tells, as a file can hold it: without half of a surrogate pair."""
    return encodable(told(error))


def _with_failed_note(scores: Scores, failed: dict[str, str]) -> Scores:
    """Say of how many documents nothing is known, and what the others score."""
    import numpy as np

    n = len(scores.doc_ids)
    named = ", ".join([*failed][:_NAMED]) + (", ..." if len(failed) > _NAMED else "")
    note = (
        f"{len(failed)} of {n} documents FAILED, so that all their gold counts as missed: {named}"
    )
    others = np.array([doc_id not in failed for doc_id in scores.doc_ids])
    if others.any():
        first = next(iter(scores))
        value = float(statistic(first.measure.statistic, first.counts[others].sum(axis=0)))
        note += f"; over the other {others.sum()}, {first.measure} is {value:.3f}"
    missing = {*missing_note(scores.missing_documents, n)}
    rest = (known for known in scores.notes if known not in missing)
    return replace(scores, notes=(note, *rest))


def _usage(extractor: Any) -> Usage | None:
    """Return what the extractor, or the last step of a pipeline, says that it used."""
    last = extractor.steps[-1][1] if hasattr(extractor, "steps") else extractor
    found = last.usage() if callable(getattr(last, "usage", None)) else None
    return found if isinstance(found, Usage) else None


def _unclear_note(names: Sequence[str]) -> str:
    listed = ", ".join(names)
    return (
        f"the result cannot tell what these parameters were, Python shows no more of them: {listed}"
    )
