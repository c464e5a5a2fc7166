"""The scores of predictions as a run, so that they go where runs of extractors go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from inquit.corpus import Annotation, CorpusInfo, Document, Layer

from ..result import (
    SCHEMA,
    Benchmark,
    PredictionsFile,
    Result,
    System,
    Timings,
    counted,
    digest,
)
from ..run import Run
from ..scores import Scores


def as_run(
    scores: Scores,
    gold: Sequence[Annotation],
    predicted: Sequence[Annotation],
    *,
    name: str,
    file: PredictionsFile,
    info: CorpusInfo,
    layer: str,
    split: str | None = None,
    documents: Mapping[str, Document],
    seed: int = 0,
) -> Run:
    """Return scores of predictions as a run that nothing is known of but the predictions.

    Parameters
    ----------
    scores : Scores
        Their notes are kept.
    gold, predicted : sequence of Annotation
        What was scored.
    name : str
        What the system is called.
    file : PredictionsFile
        Where the predictions come from.
    info : CorpusInfo
        The corpus that gold is from.
    layer : str
        The name of gold.
    split : {"train", "dev", "test"}, optional
        The split that was scored, if it was one.
    documents : dict of str to Document
    seed : int
        Of the resamples.
    """
    shown = scores.to_json()
    groups = [documents[doc_id].group for doc_id in scores.doc_ids]
    result = Result(
        inquit_result=SCHEMA,
        inquit_version=version("inquit"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        benchmark=Benchmark(
            name=info.name,
            version=info.version,
            layer=layer,
            gold_sha256=digest(gold),
            split=split,  # type: ignore[arg-type]  # one of SPLITS
        ),
        system=System(name=name, kind="predictions", file=file),
        seed=seed,
        timings=Timings(predict_seconds=None, documents_per_second=None),
        doc_ids=list(scores.doc_ids),
        groups=groups if any(groups) else None,
        missing_documents=list(scores.missing_documents),
        measures=counted(scores),
        trivial=shown["trivial"],
        human_ceiling=shown["human_ceiling"],
        human_documents=scores.human_documents,
        confidence=scores.confidence,
        resamples=scores.resamples,
        notes=list(scores.notes),
    )
    layer_of = Layer(name="predicted", kind="model", annotations=tuple(predicted), made_by=name)
    return Run(result, layer_of, scores)
