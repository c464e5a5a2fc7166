"""PoliClaim: which sentences of US political speeches claim facts, answered by two people.

Source: github.com/EdisonNi-hku/AFaCTA, folder ``data``. Citation: Ni et al. (2024), AFaCTA:
Assisting the Annotation of Factual Claim Detection with Reliable LLM Annotators, ACL 2024,
arXiv:2402.11073. Licence: none is stated, so it is "restricted" here.

Format: Excel files with a header and a sentence a row. The test set is
``PoliClaim_test/policlaim_gpt_with_human_eval_merged.xlsx``, with the columns SENTENCES, SPEECH,
Golden, label_1 and label_2 (1 for a factual claim, else 0; label_1 and label_2 by one annotator
each), and the answers that a label follows from: it is 1 if Q1 is A, or if Q1 is B and Q2 is A. A
file of ``PoliClaim_train_golden`` is one speech, with the columns SENTENCES and golden. The other
files hold the test set once more or labels and answers of models.

Mapping: a speech becomes a document, SPEECH (else what stands before the first "_" of the file
name) its doc_id, its sentences in the order of the rows the text, exactly, one a line; test and
train by the file. Each sentence becomes a claim of granularity "sentence" (c1, c2, ... by line);
1 and 0 become check_worthy "yes" and "no": what the corpus asks is whether a sentence states a
fact that could be verified. Golden becomes the layer "gold", label_1 and label_2 become
"annotator-1" and "annotator-2".

What is lost: the answers behind the labels, the columns of models, and the paragraphs of the
speeches; a claim is a whole sentence here, whichever of its words make the claim, also where it
claims nothing. A record of the report is a row. Reading needs the extra ``inquit[xlsx]``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..directory import CorpusInfo
from ..errors import DataError, InquitError, Problem, encodable, named, quoted
from ..model import Annotation, Document, Layer, Span
from ..terminal import track
from ..vocabulary import GOLD
from .folders import Split, files_below, folders_of
from .intake import Imported, Intake, Options
from .tokenised import rebuilt

NAME: Final = "policlaim"
SUFFIX: Final = ".xlsx"
MERGED: Final = "policlaim_gpt_with_human_eval_merged.xlsx"
SENTENCE, SPEECH = "SENTENCES", "SPEECH"
#: Of the test set and of the files to train on: the column of each layer.
_TEST: Final = {"Golden": GOLD, "label_1": "annotator-1", "label_2": "annotator-2"}
_TRAIN: Final = {"golden": GOLD}
_TRAIN_FOLDER: Final = "PoliClaim_train_golden"
_SKIPPED: Final = {
    "CLEF-2021_test": "another corpus",
    "CoT_self-consistency": "answers of models",
    "PoliClaim_train_silver_n_bronze": "labels of a model",
    "raw_speeches": "texts without labels",
}
_ANSWERS: Final = ("Q1_1", "Q2_1", "Q1_2", "Q2_2")
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus, or one of its files; licence "restricted", language "en" if not given."""
    _need_openpyxl()
    intake = Intake(NAME, source)
    speeches: dict[str, _Speech] = {}
    unread: set[str] = set()
    files = _without_repeats(intake, files_below(intake, SUFFIX, skipped=_SKIPPED))
    for path in track(files, "reading speeches"):
        with intake.collecting(path):
            columns, rows = _table(intake, path)
            unread |= set(_others(columns))
            _take(intake, path, columns, rows, speeches)
    layers: dict[str, list[Annotation]] = {}
    for speech in speeches.values():
        with intake.collecting(speech.path):
            document = _document(speech, options)
            intake.documents.append(document)
            for name, annotation in _annotations(speech, document):
                layers.setdefault(name, []).append(annotation)
    if intake.problems:
        raise DataError(intake.problems)
    info = CorpusInfo(
        name=NAME,
        description="Sentences of political speeches that claim facts (Ni et al. 2024)",
        licence=options.licence or "restricted",
        languages=(options.language or "en",),
    )
    found = [_layer(name, labels, both="annotator-1" in layers) for name, labels in layers.items()]
    return intake.finish(info, found, lost=_lost(unread))


class _Speech(NamedTuple):
    """The sentences of a speech and the labels they have, by layer."""

    name: str
    path: Path
    split: Split | None
    sentences: list[str]
    labels: dict[str, list[bool]]


def _need_openpyxl() -> None:
    try:
        import openpyxl  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise InquitError(
            "reading Excel files needs openpyxl; install it with: pip install 'inquit[xlsx]'"
        ) from error


def _without_repeats(intake: Intake, paths: list[Path]) -> list[Path]:
    """Leave out what stands beside the merged test set: its parts again, and models' answers."""
    merged = {path.parent for path in paths if path.name == MERGED}
    found = []
    for path in paths:
        if path.parent in merged and path.name != MERGED:
            intake.changed("unread", path, f"a part of {MERGED}, or answers of models")
        else:
            found.append(path)
    return found


def _table(intake: Intake, path: Path) -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """Return the columns and the rows of the first sheet, each row with its number."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of styles and other things that are not read.
            book = load_workbook(stream, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # What a file says of its size may be wrong.
            table = [list(row) for row in sheet.iter_rows(values_only=True)]
            others = [other.title for other in book.worksheets[1:]]
    except Exception as error:  # openpyxl lets out whatever a broken file makes happen inside it.
        what = f"is no Excel file that can be read ({named(error)})"
        raise DataError(Problem(what=what, remedy="fetch the file again")) from error
    for title in others:
        intake.changed("unread", path, f"sheet {quoted(title)}: the first sheet is read")
    header = [str(cell).strip() if cell is not None else "" for cell in table[0]] if table else []
    rows = [
        (number, dict(zip(header, row, strict=False)))
        for number, row in enumerate(table[1:], 2)
        if any(cell is not None for cell in row)
    ]
    return [name for name in header if name], rows


def _take(
    intake: Intake,
    path: Path,
    columns: list[str],
    rows: list[tuple[int, dict[str, Any]]],
    speeches: dict[str, _Speech],
) -> None:
    """Add the rows of a file to its speeches."""
    layers = _TRAIN if "golden" in columns else _TEST
    needed = [SENTENCE, *([SPEECH] if layers is _TEST else []), *layers]
    problems = []
    if missing := [name for name in needed if name not in columns]:
        what = f"has no column {', '.join(missing)}"
        remedy = f"name {MERGED}; this file has: {', '.join(columns) or 'nothing'}"
        raise DataError(Problem(what=what, line=1, remedy=remedy))
    if repeated := [name for name in needed if columns.count(name) > 1]:
        what = f"has column {', '.join(repeated)} twice"
        raise DataError(Problem(what=what, line=1, remedy="keep one of the two"))
    if not rows:
        raise DataError(Problem(what="holds no sentence", line=2, remedy=_FETCH))
    for number, row in rows:
        intake.records += 1
        if faults := list(_faults(row, needed, layers)):
            problems += [Problem(what=what, line=number, remedy=_FETCH) for what in faults]
            continue
        name = str(row.get(SPEECH) or path.stem.split("_")[0])
        empty = _Speech(name, path, _split(intake, path), [], {n: [] for n in layers.values()})
        speech = speeches.setdefault(name, empty)
        if speech.path != path:
            what = f"speech {quoted(name)} stands in {speech.path} already"
            problems.append(Problem(what=what, line=number, remedy="keep one of the two files"))
            break
        speech.sentences.append(row[SENTENCE])
        for column, layer in layers.items():
            speech.labels[layer].append(row[column] in (1, "1"))
    if problems:
        raise DataError(problems)


def _faults(row: Mapping[str, Any], needed: list[str], layers: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with a row."""
    for column in needed:
        value = row.get(column)
        if column in layers:
            if isinstance(value, bool) or value not in (0, 1, "0", "1"):
                yield f"{column} is {_shown(value)}, not 0 or 1"
        elif not isinstance(value, str) or not value.strip():
            yield f"{column} is {_shown(value)}, not text"


def _shown(value: object) -> str:
    return "empty" if value is None else quoted(str(value))


def _split(intake: Intake, path: Path) -> Split | None:
    if path.name == MERGED:
        return "test"
    return "train" if _TRAIN_FOLDER in folders_of(path, intake.source) else None


def _document(speech: _Speech, options: Options) -> Document:
    text, _ = rebuilt([sentence] for sentence in speech.sentences)
    return Document(
        doc_id=encodable(speech.name),
        text=text,
        language=options.language or "en",
        licence=options.licence or "restricted",
        split=speech.split,
    )


def _annotations(speech: _Speech, document: Document) -> Iterator[tuple[str, Annotation]]:
    """Yield the layers that label a speech, and their labels."""
    _, places = rebuilt([sentence] for sentence in speech.sentences)
    for layer, labels in speech.labels.items():
        claims = [
            Span(
                f"c{number}",
                "claim",
                (place,),
                {"check_worthy": "yes" if label else "no", "granularity": "sentence"},
            )
            for number, (place, label) in enumerate(zip(places, labels, strict=True), 1)
        ]
        yield layer, Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=tuple(claims))


def _layer(name: str, annotations: list[Annotation], *, both: bool) -> Layer:
    column = next(column for column, layer in _TEST.items() if layer == name)
    return Layer(
        name=name,
        annotations=tuple(annotations),
        kind="adjudicated" if name == GOLD and both else "human",
        made_by=f"column {column} of the corpus as published, read by the {NAME} importer",
    )


def _others(columns: list[str]) -> Iterator[str]:
    known = {SENTENCE, SPEECH, *_TEST, *_TRAIN}
    return (name for name in columns if name not in known)


def _lost(unread: set[str]) -> list[str]:
    answers = [name for name in _ANSWERS if name in unread]
    models = sorted(unread - set(answers))
    found = ["which words of a sentence make the claim: a claim is a whole sentence here"]
    if answers:
        found.append(f"the answers that the labels follow from: {', '.join(answers)}")
    if models:
        found.append(f"columns with what models answered: {', '.join(models)}")
    return found
