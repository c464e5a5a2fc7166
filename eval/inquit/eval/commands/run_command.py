"""``inquit eval run``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inquit.corpus import DataError, Problem, terminal
from inquit.corpus.errors import quoted
from inquit.corpus.options import Force, Json

from .resamples import Resamples

if TYPE_CHECKING:
    from ..result import Usage
    from ..run import Run

_NAMED = 3


class Split(StrEnum):
    """What may be scored."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("run")(run)


def run(
    extractor: Annotated[
        str,
        typer.Argument(metavar="EXTRACTOR", help="A short name such as rules, or module:Class."),
    ],
    on: Annotated[
        str,
        typer.Option(
            metavar="BENCHMARK|DIR",
            help="A benchmark by name, a corpus directory, or a released data set.",
        ),
    ],
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the files of the benchmark are.")
    ] = None,
    split: Annotated[
        Split | None,
        typer.Option(
            help="What is scored.",
            show_default="as the benchmark says; of a corpus test, or all if it has no splits",
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The layer that is scored against.", show_default="gold"),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A parameter, as in TOML; may be repeated."),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A measure; may be repeated.", show_default="the usual ones"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the result (JSON), and beside it the predictions."
        ),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the predictions (a layer file).")
    ] = None,
    resamples: Resamples = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the extractor and resamples.")] = 0,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Run an extractor on a benchmark and score it.

    An extractor that learns is fitted on split train first, never on what is scored. The result
    file holds the counts of every document; 'inquit eval report' shows it. 'inquit eval
    benchmarks' lists the benchmarks; nothing of their corpora is written.

    Example: inquit eval run rules --on mycorpus --param indirect=false --out rules.json

    Example: inquit eval run rules --on polnear --data PolNeAR --split dev
    """
    from ..benchmark_data import resolve
    from ..extractors.registry import load, parse_parameters
    from ..measures import parse_all
    from ..run import refuse_outputs, save
    from ..run import run as run_extractor
    from ..run import task as make_task
    from .foreign import stdout_to_stderr
    from .score_table import show_scores

    refuse_outputs(out, predictions, force=force)
    wanted = parse_all(measure) if measure else None
    parameters = parse_parameters(param or [])
    with stdout_to_stderr():
        estimator = load(extractor, parameters)
    opened = resolve(on, data)
    try:
        task = make_task(
            opened.corpus, split.value if split else opened.split, layer or opened.layer
        )
    except DataError as error:
        raise error.at(path=str(opened.directory or on)) from error
    with stdout_to_stderr():
        done = run_extractor(
            estimator,
            task,
            name=extractor,
            measures=wanted or opened.measures,
            resamples=resamples,
            seed=seed,
            progress=lambda batches, total: terminal.track(batches, "predicting", total),
        )
    done = opened.mark(done)
    result = save(done, out, predictions, directory=opened.directory, force=force)
    if as_json:
        terminal.show_json(_summary(done))
    else:
        where = f"{task.corpus.info.name}, {task.split or 'all documents'}"
        show_scores(done.scores, title=f"{extractor} on {where}")
        speed = result.timings.documents_per_second
        if speed is not None:
            terminal.say(_speed(speed), "dim")
        if result.usage is not None:
            terminal.say(_used(result.usage), "dim")
    if out is not None:
        terminal.note(f"wrote {out} and {out.parent / result.predictions}")
    elif predictions is not None:
        terminal.note(f"wrote {predictions}")
    if result.failed:
        raise DataError(_failures(extractor, result.failed))


def _failures(extractor: str, failed: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each reason that documents failed for."""
    reasons: dict[str, list[str]] = {}
    for doc_id, why in failed.items():
        reasons.setdefault(why, []).append(doc_id)
    for why, ids in reasons.items():
        what = f"{extractor} failed ({why}), counted as not predicted"
        if len(ids) == 1:
            yield Problem(doc_id=ids[0], what=what)
        else:
            named = ", ".join(map(quoted, ids[:_NAMED])) + ", ..." * (len(ids) > _NAMED)
            yield Problem(what=f"{len(ids):,} documents ({named}): {what}")


def _speed(documents_per_second: float) -> str:
    """Say how fast a run was, in the unit that gives a number of use."""
    if documents_per_second < 1:
        return f"{1 / documents_per_second:,.1f} seconds a document"
    digits = 0 if documents_per_second >= 10 else 1
    return f"{documents_per_second:,.{digits}f} documents a second"


def _used(usage: Usage) -> str:
    """Say what a language model was asked and what that cost."""
    asked = terminal.counted(usage.requests, "request")
    answers = terminal.counted(usage.answers, "answer")
    every = _spent(usage.input_tokens, usage.output_tokens, usage.cost)
    new = _spent(usage.new_input_tokens, usage.new_output_tokens, usage.new_cost)
    told = f"{asked} sent; {answers}, {usage.cached:,} times from the cache; {every}"
    if usage.untold and usage.input_tokens is not None:
        told += f" at least: {terminal.counted(usage.untold, 'answer')} did not tell"
    return told if new == every else f"{told}; in this run {new}"


def _spent(given: int | None, written: int | None, cost: float | None) -> str:
    if given is None or written is None:
        return "the server does not tell its tokens"
    return f"{given:,} + {written:,} tokens" + ("" if cost is None else f", cost {cost:.4g}")


def _summary(done: Run) -> dict[str, Any]:
    """Return what ``--json`` prints: what ``inquit eval score --json`` does, and the run."""
    result = done.result
    return {
        **done.scores.to_json(),
        "benchmark": result.benchmark,
        "system": result.system,
        "seed": result.seed,
        "timings": result.timings,
        "failed": result.failed,
        "usage": result.usage,
        "inquit_version": result.inquit_version,
    }
