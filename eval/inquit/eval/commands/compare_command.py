"""``inquit eval compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inquit.corpus import DataError, Problem, terminal
from inquit.corpus.options import Json

if TYPE_CHECKING:
    from ..comparing.slices import ComparedSlice
    from ..result import Result


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("compare")(compare)


def compare(
    result_a: Annotated[
        Path,
        typer.Argument(
            metavar="RESULT_A", help="A file that 'eval run' or 'eval score' wrote with --out."
        ),
    ],
    result_b: Annotated[Path, typer.Argument(metavar="RESULT_B", help="Another.")],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A measure; may be repeated.",
            show_default="all that both results hold",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--slice",
            metavar="NAME",
            help="Also compare parts of the documents: publisher, language, split or meta.FIELD; "
            "may be repeated.",
        ),
    ] = None,
    on: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The corpus, for --slice.",
            show_default="where the first result says",
        ),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=100, help="Draws of the randomisation test, 100 or more.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: Json = False,
) -> None:
    """Compare two systems on one benchmark, from their result files.

    No model is run. For each measure: the difference A - B with its paired bootstrap interval, p of
    a paired randomisation test, and p corrected for the number of measures. Results on other gold,
    another split or other documents are refused. --slice needs the corpus, and takes the measures
    that are named, or the headline.

    Example: inquit eval compare mine.json rules.json --measure attribution.f1@iou50

    Example: inquit eval compare mine.json rules.json --slice language
    """
    if on is not None and not by:
        raise typer.BadParameter(
            "only --slice reads the corpus: add --slice NAME, or leave --on out", param_hint="--on"
        )
    from ..comparing.results import compare_results
    from ..result import read_result

    problems: list[Problem] = []
    results: list[Result] = []
    for path in (result_a, result_b):
        try:
            results.append(read_result(path))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    found = compare_results(
        results[0],
        results[1],
        measure,
        resamples=resamples,
        seed=seed,
        paths=(result_a, result_b),
    )
    sliced: tuple[ComparedSlice, ...] = ()
    if by:
        from ..baselines import people_in
        from ..comparing.slices import compare_slices
        from ..report.inputs import Input, find_corpus

        layer = results[0].benchmark.layer
        corpus = find_corpus([Input(result_a, results[0], None)], on)
        named = [str(row.measure) for row in found.differences] if measure else None
        sliced = compare_slices(
            found,
            by,
            corpus.documents,
            gold=corpus.layer(layer),
            humans=[corpus.layers[name] for name in people_in(corpus.layers, layer)],
            measures=named,
            resamples=resamples,
        )
    if as_json:
        parts = {"slices": [part.to_json() for part in sliced]} if by else {}
        terminal.show_json({**found.to_json(), **parts})
        return
    from ..comparing.results import system_names
    from .compare_table import show_compared

    where = found.a.benchmark
    names = system_names([found.a.system, found.b.system])
    terminal.say(
        f"{where.name} {where.version}, {where.split or 'all documents'}"
        f" · {terminal.counted(len(found.a.doc_ids), 'document')}",
        "bold",
    )
    for side, name, path in zip("AB", names, (result_a, result_b), strict=True):
        terminal.say(f"{side}: {name} ({path})")
    show_compared(found, sliced)
