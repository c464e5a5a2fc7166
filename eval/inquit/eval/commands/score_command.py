"""``inquit eval score`` and ``inquit eval measures``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inquit.corpus import terminal
from inquit.corpus.options import Json


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``inquit eval``."""
    app.command("score")(score)
    app.command("measures")(measures)


def score(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Corpus directory, release or layer file.")
    ],
    predicted: Annotated[
        Path, typer.Argument(metavar="PRED", help="Layer file, corpus directory or release.")
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
        typer.Option(metavar="FILE", help="documents.jsonl, or a corpus, if GOLD is a layer file."),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=0, help="Bootstrap resamples; 0 for no intervals.")
    ] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples.")] = 0,
    as_json: Json = False,
) -> None:
    """Score predictions against gold.

    A predictions file is a layer file. Documents without prediction count as empty predictions;
    a predicted document that gold does not know is refused. 'inquit eval measures' lists what can
    be measured, and by what scores can be sliced; slices are of the measures that are named, or of
    the headline.

    Example: inquit eval score mycorpus predictions.jsonl --slice form --slice meta.desk
    """
    from ..measures import DEFAULT, HEADLINE, parse_all
    from ..scoring import score as score_layers
    from ..slices import slice_scores
    from .score_inputs import located, read_inputs
    from .score_table import show_scores
    from .slice_table import show_slices

    wanted = parse_all(measure or DEFAULT)
    inputs = read_inputs(gold, layer, predicted, pred_layer, documents)
    with located():
        scores = score_layers(
            inputs.gold,
            inputs.predicted,
            wanted,
            documents=inputs.documents,
            humans=inputs.humans,
            resamples=resamples,
            seed=seed,
        )
        slices = (
            slice_scores(
                inputs.gold,
                inputs.predicted,
                slice_,
                wanted if measure else [HEADLINE],
                documents=inputs.documents,
                resamples=resamples,
                seed=seed,
            )
            if slice_
            else ()
        )
    if as_json:
        kept = {"slices": [s.to_json() for s in slices]} if slice_ else {}
        terminal.show_json(scores.to_json() | kept)
    else:
        show_scores(scores, title=f"{inputs.predicted.origin} against {inputs.gold.origin}")
        show_slices(slices)


def measures(as_json: Json = False) -> None:
    """List the measures, and the slices.

    A measure is written target.statistic@match; a filter may follow the target.

    Example: inquit eval measures --json
    """
    from ..measures import MATCHES, STATISTICS, catalogue
    from ..slice_values import definitions
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
