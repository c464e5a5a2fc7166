"""JSON lines: a folder with a ``.jsonl`` file of documents and labels, or a corpus directory.

Format: what ``inquit corpus export jsonl`` writes: a document a line, with the fields of the model
(docs/formats.md) and ``layers``, which holds by name what is in a line of a layer file, without
``doc_id``; beside it ``corpus.toml``, as in a corpus directory, that describes each layer. Or a
corpus directory itself (``documents.jsonl`` and ``layers/``). Mapping: each line becomes a document
and its labels, in every layer that the line names. Nothing is lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from .. import terminal
from ..directory import DOCUMENTS, INFO, LAYERS, Corpus, CorpusInfo, read_info
from ..errors import DataError, InquitError, Problem, quoted
from ..jsonl import open_for_reading, problems_of
from ..model import Annotation, Document
from .intake import EXPORT_REPORT, REPORT, Imported, Intake, Options

SUFFIX = ".jsonl"
_REMEDY = "see docs/formats.md"
_BESIDE = (INFO, REPORT, EXPORT_REPORT)


def read(source: Path, options: Options) -> Imported:
    """Read JSON lines, all layers."""
    if options.licence is not None or options.language is not None:
        raise InquitError(
            "each line says licence and language of its document; "
            "leave out --licence and --language"
        )
    intake = Intake("jsonl", source)
    if not source.is_dir():
        what, remedy = "is not a folder", f"name the folder that holds it and its {INFO}"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    if (source / DOCUMENTS).is_file():
        return _directory(intake)
    try:
        info = read_info(source)
    except DataError as error:
        intake.problems += error.problems
        info = CorpusInfo(name="")
    files = list(intake.files(SUFFIX, beside=_BESIDE))
    intake.records = 0
    lines = _Lines(intake, {name: [] for name in info.layers})
    for path in files:
        with intake.collecting(path), open_for_reading(path) as stream:
            for number, line in enumerate(terminal.track(stream, "reading"), 1):
                if line.strip():
                    intake.records += 1
                    lines.take(line, str(path), number)
    layers = [info.layers[name].layer(name, found) for name, found in lines.labels.items()]
    return intake.finish(info, layers, derived=_derived(info))


class _Lines:
    """Takes in documents and their labels line by line, or what is wrong with a line."""

    def __init__(self, intake: Intake, labels: dict[str, list[Annotation]]) -> None:
        self.labels = labels
        self._intake = intake
        self._first: dict[str, str] = {}

    def take(self, line: bytes, path: str, number: int) -> None:
        try:
            self._take(line, f"{path}:{number}")
        except DataError as error:
            self._intake.problems += error.at(path=path, line=number).problems
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            what, remedy = f"is not JSON ({error})", "each line holds one whole object, in UTF-8"
            problem = Problem(path=path, line=number, what=what, remedy=remedy)
            self._intake.problems.append(problem)

    def _take(self, line: bytes, place: str) -> None:
        record = msgspec.json.decode(line)
        if not isinstance(record, dict) or not isinstance(record.get("layers", {}), dict):
            raise DataError(Problem(what="is no document with 'layers'", remedy=_REMEDY))
        layers = record.pop("layers", {})
        document: Document = _converted(record, Document)
        first = self._first.setdefault(document.doc_id, place)
        if first != place:
            what, remedy = f"stands in {first} already", "keep one of the two lines"
            raise DataError(Problem(doc_id=document.doc_id, what=what, remedy=remedy))
        problems: list[Problem] = []
        self._intake.documents.append(document)
        for name, fields in layers.items():
            if name not in self.labels:
                what = f"has labels of layer {quoted(name)}, which {INFO} does not describe"
                remedy = f"add [layers.{name}] with its kind"
                problems.append(Problem(doc_id=document.doc_id, what=what, remedy=remedy))
                continue
            with_id = {**fields, "doc_id": document.doc_id} if isinstance(fields, dict) else fields
            try:
                annotation: Annotation = _converted(with_id, Annotation)
            except DataError as error:
                problems += error.problems
                continue
            problems += annotation.problems_with(document)
            self.labels[name].append(annotation)
        if problems:
            raise DataError(problems)


def _directory(intake: Intake) -> Imported:
    corpus = Corpus.read(intake.source)
    known = {DOCUMENTS, LAYERS, *_BESIDE}
    for path in sorted(intake.source.iterdir()):
        if path.name not in known:
            intake.changed("unread", path, "no part of a corpus directory")
    intake.documents += corpus.documents.values()
    layers = corpus.layers.values()
    intake.records = len(corpus.documents) + sum(len(layer.annotations) for layer in layers)
    return intake.finish(corpus.info, layers, derived=_derived(corpus.info))


def _converted(record: Any, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(record, kind)
    except msgspec.ValidationError as error:
        problems = problems_of(record, kind)
        raise DataError(problems or Problem(what=str(error), remedy=_REMEDY)) from None


def _derived(info: CorpusInfo) -> list[str]:
    return sorted({name for layer in info.layers.values() for name in layer.derived})
