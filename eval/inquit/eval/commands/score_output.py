"""What ``inquit eval score --out`` leaves: a result file, and the predictions beside it."""

from __future__ import annotations

from pathlib import Path

import typer

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import encodable

from ..predictions.as_run import as_run
from ..predictions.result import sha256_of
from ..result import PredictionsFile
from ..run import refuse_outputs, save
from ..scores import Scores
from .score_inputs import Inputs


def check_output(
    out: Path | None,
    name: str | None,
    gold: Path,
    predicted: Path,
    documents: Path | None,
    *,
    force: bool,
) -> None:
    """Refuse, before any work, what `write_output` could not write.

    Raises
    ------
    DataError
        If a file would be written over, or over what is read.
    typer.BadParameter
        If the options do not fit.
    """
    if out is None:
        if name is not None:
            raise typer.BadParameter("names the result: pass --out too", param_hint="--name")
        return
    if not gold.is_dir():
        what = "needs a corpus directory or a release as GOLD: a result names its benchmark"
        raise typer.BadParameter(what, param_hint="--out")
    if name is not None and (not name.strip() or not name.isprintable()):
        raise typer.BadParameter("is no name", param_hint="--name")
    beside = refuse_outputs(out, force=force)
    read = [path.resolve() for path in (gold, predicted, documents) if path is not None]
    for path in filter(None, (out, beside)):
        place = path.resolve()
        if place in read or (predicted.is_dir() and place.is_relative_to(predicted.resolve())):
            what, remedy = "is where the predictions are read from", "name another place"
            raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _sha256(path: Path) -> str:
    """Return the SHA-256 of a layer file; of a release that of its list of checksums."""
    from inquit.corpus.release.layout import SUMS

    return sha256_of(path / SUMS if path.is_dir() else path)


def write_output(
    out: Path,
    name: str | None,
    gold: Path,
    inputs: Inputs,
    scores: Scores,
    *,
    seed: int,
    force: bool,
) -> Path:
    """Write the result and the predictions; return the path of the latter."""
    side, read = inputs.predicted, inputs.predictions
    if inputs.gold.info is None or inputs.documents is None:
        raise DataError(Problem(path=str(gold), what="is no corpus", remedy="give one as GOLD"))
    grounding: dict[str, int] = {}
    if inputs.grounding:
        grounding = {**inputs.grounding.tiers, "ungrounded": inputs.grounding.ungrounded}
    given = read.path if read else side.path
    file = PredictionsFile(
        form=inputs.form,
        name=encodable(given.resolve().name),
        sha256=read.sha256 if read else _sha256(side.path),
        grounding=grounding,
    )
    done = as_run(
        scores,
        inputs.gold.annotations,
        side.annotations,
        name=name or encodable(given.resolve().stem),
        file=file,
        info=inputs.gold.info,
        layer=inputs.gold.layer,
        split=inputs.split,
        documents=inputs.documents,
        seed=seed,
    )
    result = save(done, out, directory=gold, force=force)
    return out.parent / result.predictions
