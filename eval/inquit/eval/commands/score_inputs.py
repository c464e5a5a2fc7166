"""What ``inquit eval score`` is given: gold, predictions of any form, and the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Problem
from inquit.corpus.directory import DOCUMENTS, INFO, LAYERS
from inquit.corpus.errors import quoted
from inquit.corpus.lines import in_order
from inquit.corpus.terminal import counted
from inquit.corpus.vocabulary import SPLITS

from ..baselines import people_in
from ..counting.columns import Columns, ObjectColumns
from ..documents import documents_at
from ..predictions import FORMS, Predictions, read_predictions
from ..predictions.layer import by_line
from ..predictions.layer import read as read_layer
from ..predictions.misfits import as_part, misfits
from ..predictions.recognise import recognise, refuse_whole_json
from ..predictions.result import Grounding, Locate, PartError
from ..run import described, open_corpus

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Side:
    """The labels of one side, the file they stand in, and what that says of itself.

    ``info`` is that of a corpus or release and ``layer`` the name of the layer; a file has none.
    """

    annotations: tuple[Annotation, ...]
    path: Path
    locate: Locate
    info: CorpusInfo | None = None
    layer: str = ""
    documents: Mapping[str, Document] | None = None
    humans: tuple[Layer, ...] = ()

    @cached_property
    def columns(self) -> Columns:
        """The labels as they are scored."""
        return ObjectColumns(self.annotations, str(self.path))


@dataclass(frozen=True)
class Inputs:
    """Labels to compare, the documents where they are known, and how the predictions were read.

    ``notes`` are those of reading. ``predictions`` is None where a layer of a corpus is scored,
    ``grounding`` where they are no strings.
    """

    gold: Side
    predicted: Side
    documents: Mapping[str, Document] | None
    split: str | None
    predictions: Predictions | None
    grounding: Grounding | None
    notes: tuple[str, ...]

    @property
    def form(self) -> str:
        """What the predictions are, in words."""
        return FORMS[self.predictions.form] if self.predictions else "layer of a corpus"


def read_inputs(
    gold: Path,
    layer: str | None,
    predicted: Path,
    pred_layer: str | None,
    documents: Path | None,
    split: str | None = None,
) -> Inputs:
    """Read both sides and the documents.

    ``split`` restricts both sides to documents of that split; None or "all" takes all of them.

    Raises
    ------
    DataError
        With every fault of every file.
    typer.BadParameter
        If an option does not fit what GOLD and PRED are.
    """
    if not gold.is_dir() and layer is not None:
        raise typer.BadParameter("GOLD is a layer file", param_hint="--layer")
    if not predicted.is_dir() and pred_layer is not None:
        raise typer.BadParameter("PRED is a layer file", param_hint="--pred-layer")
    if gold.is_dir() and documents is not None:
        raise typer.BadParameter("GOLD holds its own documents", param_hint="--documents")
    if split and not gold.is_dir() and documents is None:
        raise typer.BadParameter("needs the documents: pass --documents", param_hint="--split")
    is_corpus = predicted.is_dir() and _is_corpus(predicted)
    if is_corpus and pred_layer is None:
        names = ", ".join(described(predicted)[0].layers) or "none"
        raise typer.BadParameter(
            f"PRED is a corpus: say which of its layers is scored ({names})",
            param_hint="--pred-layer",
        )
    problems: list[Problem] = []
    parts: list[PartError] = []
    known: Mapping[str, Document] | None = None
    if documents is not None:
        known = _collected(problems, [], documents_at, documents)
    left = _collected(problems, parts, _side, gold, layer)
    if known is None and left is not None:
        known = left.documents
    gold_part = parts.pop() if parts else None
    read: Predictions | None = None
    if is_corpus or pred_layer is not None:
        right = _collected(problems, parts, _side, predicted, pred_layer)
    elif problems and known is None and _needs_documents(problems, predicted):
        right = None
    else:
        read = _collected(problems, parts, read_predictions, predicted, known)
        right = None if read is None else Side(tuple(read.annotations), read.path, read.locate)
    if problems or left is None or right is None:
        predicted_part = as_part(right, parts[0] if parts else None)
        unfit = misfits(as_part(left, gold_part), predicted_part, known)
        raise DataError(in_order([*problems, *unfit]))
    if right.annotations and not left.annotations:
        what, remedy = "gold labels no document", "give the labels that predictions are scored by"
        raise DataError(Problem(path=str(left.path), what=what, remedy=remedy))
    if left.annotations and not right.annotations:
        unit = "row" if read and read.form in ("table", "offsets_csv") else "line"
        what = "holds no document, so nothing is predicted"
        remedy = f"give each document a {unit}, also one without labels"
        raise DataError(Problem(path=str(right.path), what=what, remedy=remedy))
    if known is None:
        known = right.documents
    notes = read.notes if read else ()
    if split and split != "all":
        left, right, more = _of_split(left, right, known or {}, split)
        known = {doc_id: d for doc_id, d in (known or {}).items() if d.split == split}
        notes += more
    elif known and split is None:
        notes += tuple(_unpredicted_splits(left, right, known))
    grounding = None
    if read and read.grounding:
        grounding = read.grounding.of(a.doc_id for a in right.annotations)
        notes += grounding.notes()
    part = split if split != "all" else None
    return Inputs(left, right, known, part, read, grounding, notes)


@contextmanager
def located(inputs: Inputs) -> Iterator[None]:
    """Add to the problems with labels the place in the file on which they stand."""
    sides = {str(side.path): side for side in (inputs.gold, inputs.predicted)}
    try:
        yield
    except DataError as error:
        raise DataError(
            sides[p.path].locate(replace(p, path="")) if p.path in sides and not p.line else p
            for p in error.problems
        ) from error


def _needs_documents(problems: list[Problem], predicted: Path) -> bool:
    """Tell whether predictions cannot be read, since the documents could not."""
    form = _collected(problems, [], recognise, predicted)
    if form == "table":
        from ..predictions.table import holds_strings

        return holds_strings(predicted)
    return form in (None, "strings", "brat")


def _is_corpus(path: Path) -> bool:
    """Tell whether a folder is a corpus or release; one exported to brat has a corpus.toml too."""
    from inquit.corpus.release.layout import INFO as RELEASE_INFO

    corpus = (path / INFO).is_file() and (path / DOCUMENTS).is_file()
    return corpus or (path / RELEASE_INFO).is_file()


def _of_split(
    gold: Side, predicted: Side, documents: Mapping[str, Document], split: str
) -> tuple[Side, Side, tuple[str, ...]]:
    """Return both sides with the documents of one split; what is not known stays, to be refused."""
    scored = tuple(
        a for a in gold.annotations if a.doc_id in documents and documents[a.doc_id].split == split
    )
    if not scored:
        there = [s for s in SPLITS if any(d.split == s for d in documents.values())]
        what = f"labels no document of split {split}"
        remedy = f"pass --split {' or '.join([*there, 'all'])}"
        raise DataError(Problem(path=str(gold.path), what=what, remedy=remedy))
    others = {a.doc_id for a in gold.annotations} - {a.doc_id for a in scored}
    kept = tuple(a for a in predicted.annotations if a.doc_id not in others)
    left_out = len(predicted.annotations) - len(kept)
    documents_of = counted(left_out, "predicted document")
    notes = (f"{documents_of} of other splits not scored",) if left_out else ()
    return replace(gold, annotations=scored), replace(predicted, annotations=kept), notes


def _unpredicted_splits(
    gold: Side, predicted: Side, documents: Mapping[str, Document]
) -> Iterator[str]:
    """Say it if what has no prediction are whole splits: then one split was meant, most likely."""
    found = {a.doc_id for a in predicted.annotations}
    of: dict[str, list[bool]] = {split: [] for split in SPLITS}
    for annotation in gold.annotations:
        document = documents.get(annotation.doc_id)
        if document is not None and document.split in of:
            of[document.split].append(annotation.doc_id in found)
    empty = [split for split, there in of.items() if there and not any(there)]
    others = [split for split, there in of.items() if any(there)]
    if empty and others:
        count = sum(len(of[split]) for split in empty)
        what = f"split{'s' * (len(empty) > 1)} {' and '.join(empty)}"
        remedy = " or ".join(f"--split {split}" for split in others)
        yield (
            f"nothing of {what} is predicted: {counted(count, 'document')}, all counted as empty; "
            f"{remedy} scores that split only"
        )


def _collected(
    problems: list[Problem],
    parts: list[PartError],
    read: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """Return what a reader returns; if it fails, add to both lists."""
    try:
        return read(*args, **kwargs)
    except DataError as error:
        parts += [error] if isinstance(error, PartError) else []
        problems += error.problems
        return None


def _side(path: Path, layer: str | None) -> Side:
    if not path.is_dir():
        refuse_whole_json(path)
        found = read_layer(path, None)
        return Side(tuple(found.annotations), path, found.locate)
    info, usual = described(path)
    layer = layer or usual
    people = people_in(info.layers, layer)
    if (path / INFO).is_file():
        corpus = Corpus.read(path, layers=dict.fromkeys([layer, *people]))
        file = path / LAYERS / f"{layer}.jsonl"
        locate = by_line(file)
    else:
        corpus, file = open_corpus(path), path
        locate = partial(_in_release, path)
        if layer not in corpus.layers:
            names = ", ".join(sorted(corpus.layers))
            what, remedy = f"has no layer {quoted(layer)}", f"its layers are: {names}"
            raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    humans = tuple(corpus.layers[name] for name in people)
    annotations = corpus.layer(layer).annotations
    return Side(annotations, file, locate, info, layer, corpus.documents, humans)


def _in_release(path: Path, problem: Problem) -> Problem:
    return problem.at(path=str(path))
