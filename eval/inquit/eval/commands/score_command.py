"""``inquit eval score`` and ``inquit eval measures``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from inquit.corpus import terminal
from inquit.corpus.options import Force, Json

from .resamples import Resamples
from .run_command import Split


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``inquit eval``."""
    app.command("score")(score)
    app.command("measures")(measures)


def score(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Corpus directory, release or layer file.")
    ],
    predicted: Annotated[
        Path,
        typer.Argument(
            metavar="PRED",
            help="JSON lines (offsets or strings), CSV, Parquet, saved data set, brat folder, "
            "corpus directory or release.",
        ),
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A measure; may be repeated.", show_default="the usual ones"
        ),
    ] = None,
    slice_: Annotated[
        list[str] | None,
        typer.Option(
            "--slice",
            metavar="NAME",
            help="Also score by form, length, language, meta.FIELD ...; may be repeated.",
        ),
    ] = None,
    layer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Layer of GOLD.", show_default="gold")
    ] = None,
    pred_layer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Layer of PRED, if that is a corpus.")
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="The texts, if GOLD is a layer file: a corpus, a release or documents.jsonl.",
        ),
    ] = None,
    split: Annotated[
        Split | None,
        typer.Option(help="Score documents of one split only.", show_default="all"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the result (JSON) for report, compare and leaderboard, and beside it the "
            "predictions with their offsets.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="SYSTEM",
            help="What the result calls the system.",
            show_default="the name of PRED",
        ),
    ] = None,
    resamples: Resamples = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples.")] = 0,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Score predictions against gold.

    The form of PRED is told by looking; 'inquit eval schema' prints that of JSON lines. Strings
    without offsets are found in the documents first. Documents without prediction count as empty
    predictions; a predicted document that gold does not know is refused. 'inquit eval measures'
    lists what can be measured, and by what scores can be sliced; slices are of the measures that
    are named, or of the headline.

    Example: inquit eval score mycorpus predictions.jsonl --slice form --slice meta.desk

    Example: inquit eval score mycorpus strings.jsonl --split test --out mine.json
    """
    from ..measures import DEFAULT, HEADLINE, parse_all
    from ..scoring import score as score_layers
    from ..slicing.slices import slice_scores
    from .score_inputs import located, read_inputs
    from .score_output import check_output, write_output
    from .score_table import show_scores
    from .slice_table import show_slices

    check_output(out, name, gold, predicted, documents, force=force)
    wanted = parse_all(measure or DEFAULT)
    inputs = read_inputs(
        gold, layer, predicted, pred_layer, documents, split.value if split else None
    )
    with located(inputs):
        scores = score_layers(
            inputs.gold.columns,
            inputs.predicted.columns,
            wanted,
            documents=inputs.documents,
            humans=inputs.gold.humans,
            resamples=resamples,
            seed=seed,
        )
        slices = (
            slice_scores(
                inputs.gold.columns,
                inputs.predicted.columns,
                slice_,
                wanted if measure else [HEADLINE],
                documents=inputs.documents,
                humans=inputs.gold.humans,
                resamples=resamples,
                seed=seed,
            )
            if slice_
            else ()
        )
    scores = replace(scores, notes=(*inputs.notes, *scores.notes))
    if as_json:
        kept: dict[str, Any] = {"form": inputs.form}
        if inputs.grounding:
            kept["grounding"] = inputs.grounding.to_json()
        if slice_:
            kept["slices"] = [s.to_json() for s in slices]
        terminal.show_json(scores.to_json() | kept)
    else:
        show_scores(scores, title=f"{predicted} ({inputs.form}) against {inputs.gold.path}")
        show_slices(slices)
    if out is not None:
        beside = write_output(out, name, gold, inputs, scores, seed=seed, force=force)
        terminal.note(f"wrote {out} and {beside}")


def measures(as_json: Json = False) -> None:
    """List the measures, and the slices.

    A measure is written target.statistic@match; a filter may follow the target.

    Example: inquit eval measures --json
    """
    from ..measures import MATCHES, STATISTICS, catalogue
    from ..slicing.values import definitions
    from .score_table import show_measures

    if as_json:
        listed = [{"name": str(m), "definition": m.definition} for m in catalogue()]
        terminal.show_json(
            {
                "measures": listed,
                "statistics": dict(STATISTICS),
                "matches": dict(MATCHES),
                "slices": definitions(),
            }
        )
    else:
        show_measures()
