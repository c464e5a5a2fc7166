"""PolNeAR: English news on the US election of 2016, with attributions labelled by six people.

Source: https://github.com/networkdynamics/PolNeAR, version 1.0.0. Citation: Newell, Margolin and
Ruths, "An Attribution Relations Corpus for Political News", LREC 2018. Licence: none is stated,
the texts are the publishers'; so it is "restricted" here.

Format: the folder ``data`` of the repository, or one of its parts (train, dev, test); in each part
``text/DOC.txt`` and ``attributions/DOC_ANNOTATOR.ann``, which is brat stand-off (see `brat`);
beside the parts ``metadata.tsv``. Parts that served quality control (annotator-training,
parc3-replication) are not read.

Mapping: Source becomes source, Cue cue, Content quote, Discuss and Discard ignore, all under their
ids. An event Attribution becomes an attribution with its roles (Content2, a second content,
beside the first), Attribution-no-source one without source. What an event triggers is a copy of
its cue, and no span. ``form`` is derived from quotation marks. The part becomes the split; title,
date and publisher come from metadata.tsv, its other columns go into ``meta``. What is lost is
reported, record by record: events without content, arguments whose label cannot fill their role,
the place of a trigger that is no copy of its cue, the annotators' notes.

Layers: one an annotator, named as in the file name, and ``gold``. The corpus consolidates nothing:
18 of the 924 documents of train and dev have several annotators. Gold repeats, for each document,
the labels of the first annotator by name: a choice made here, to have one set to score against.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from .. import terminal
from ..directory import CorpusInfo
from ..errors import DataError, Problem, quoted
from ..model import Annotation, Document, Fragment, Layer, check_layer_name
from ..vocabulary import GOLD, SPLITS
from .brat import LABELLED, TEXT, labels_of
from .forms import form_of, quotation_marks
from .intake import Imported, Intake, Options

METADATA: Final = "metadata.tsv"
LABEL_OF: Final = {
    "source": "source",
    "cue": "cue",
    "content": "quote",
    "discuss": "ignore",
    "discard": "ignore",
}
_FIELDS = {"title": "title", "publication_date": "published", "publisher": "publisher"}
_LEFT_OUT = {"compartment", "filename", "annotators", *_FIELDS}
_MADE_BY = "PolNeAR 1.0.0, annotator {}; form derived from quotation marks"
_GOLD_MADE_BY = (
    "PolNeAR 1.0.0: of each document the labels of its first annotator by name, which repeat "
    "those of the annotators' layers; chosen by the importer, consolidated by nobody; "
    "form derived from quotation marks"
)


class _Part(NamedTuple):
    """A folder with texts and their labels; labels by annotator, by document."""

    folder: Path
    texts: list[Path]
    labels: dict[str, dict[str, Path]]


def read(source: Path, options: Options) -> Imported:
    """Read PolNeAR; the licence is "restricted" and the language "en" where not given."""
    intake = Intake("polnear", source)
    base, folders = _folders(intake)
    parts = [_part(intake, folder) for folder in folders]
    metadata = _metadata(intake, base)
    intake.records = 0
    layers: dict[str, list[Annotation]] = {GOLD: []}
    texts = [(part, path) for part in parts for path in part.texts]
    for part, path in terminal.track(texts, "reading", len(texts)):
        known = metadata.pop((part.folder.resolve().name, path.stem), {})
        document = _document(intake, path, part, known, options)
        labels = part.labels.get(path.stem, {})
        _compare(intake, path, labels, known)
        if document is None:
            continue
        marked = quotation_marks(document.text)
        for number, (annotator, file) in enumerate(sorted(labels.items())):
            found = labels_of(intake, file, document, LABEL_OF)
            if found is not None:
                found = _with_form(found, document.text, marked)
                layers.setdefault(annotator, []).append(found)
                if number == 0:
                    layers[GOLD].append(found)
    if metadata:
        reason = f"{len(metadata)} rows on articles that are not here"
        intake.changed("unread", base / METADATA, reason)
    has_metadata = (base / METADATA).is_file()
    return intake.finish(
        CorpusInfo(
            name="polnear",
            version="1.0.0",
            description="Political News Attribution Relations Corpus (Newell and others, 2018)",
            licence=options.licence or "restricted",
            languages=(options.language or "en",),
            guidelines="PolNeAR 1.0.0",
        ),
        [_layer(name, layers[name]) for name in (GOLD, *sorted(layers.keys() - {GOLD}))],
        derived=["form"],
        lost=[] if has_metadata else [f"title, date and publisher: there is no {METADATA}"],
        repeated=[GOLD],
    )


def _folders(intake: Intake) -> tuple[Path, list[Path]]:
    """Return the folder that holds the parts, and the parts; what else is there is reported."""
    source = intake.source
    if not source.is_dir():
        what, remedy = "is not a folder", "unpack PolNeAR and name its folder 'data'"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    if (source / "text").is_dir():
        return source, [source]
    base = source / "data" if (source / "data").is_dir() else source
    parts = [base / name for name in SPLITS if (base / name / "text").is_dir()]
    if not parts:
        what = f"holds none of the folders {', '.join(f'{name}/text' for name in SPLITS)}"
        remedy = "name the folder 'data' of PolNeAR, or one of its parts"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    for folder in {source, base}:
        _report_others(intake, folder, [*parts, base, base / METADATA])
    return base, parts


def _part(intake: Intake, folder: Path) -> _Part:
    texts = list(intake.files(TEXT, folder=folder / "text"))
    labelled = folder / "attributions"
    known = [folder / "text", labelled, folder / METADATA]
    _report_others(intake, folder, known)
    if not labelled.is_dir():
        what, remedy = "is not a folder", "restore the .ann files of this part"
        intake.problems.append(Problem(path=str(labelled), what=what, remedy=remedy))
        return _Part(folder, texts, {})
    labels: dict[str, dict[str, Path]] = {path.stem: {} for path in texts}
    spelled: dict[str, str] = {GOLD: GOLD}
    for path in intake.files(LABELLED, folder=labelled):
        with intake.collecting(path):
            name, _, annotator = path.stem.rpartition("_")
            if name not in labels:
                what = f"labels {quoted(name)}, which has no text"
                remedy = f"the name of a file is DOCUMENT_ANNOTATOR{LABELLED}"
                raise DataError(Problem(what=what, remedy=remedy))
            check_layer_name(annotator)
            other = spelled.setdefault(annotator.casefold(), annotator)
            if other != annotator:
                what = f"annotator {quoted(annotator)} is {quoted(other)} elsewhere"
                raise DataError(Problem(what=what, remedy="spell each annotator in one way"))
            if annotator in labels[name] or annotator == GOLD:
                what = f"two annotators are named {quoted(annotator)}"
                if annotator == GOLD:
                    what = f"an annotator is named {quoted(annotator)}, like the layer made of all"
                remedy = "give each annotator a name of their own"
                raise DataError(Problem(what=what, remedy=remedy))
            labels[name][annotator] = path
    return _Part(folder, texts, labels)


def _report_others(intake: Intake, folder: Path, known: Iterable[Path]) -> None:
    for path in sorted(set(folder.iterdir()) - set(known), key=lambda path: os.fsencode(path)):
        reason = "a folder that holds no part of the corpus" if path.is_dir() else "not read"
        intake.changed("unread", path, reason)


def _metadata(intake: Intake, base: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of metadata.tsv by part and file name."""
    path = base / METADATA
    found: dict[tuple[str, str], dict[str, str]] = {}
    if not path.is_file():
        return found
    lines = (intake.text(path) or "").removesuffix("\n").split("\n")
    names = lines[0].removesuffix("\r").split("\t")
    if missing := [name for name in ("compartment", "filename") if name not in names]:
        what = f"has no column {' and '.join(missing)}"
        problem = Problem(path=str(path), line=1, what=what, remedy="restore the file")
        intake.problems.append(problem)
        return found
    for number, line in enumerate(lines[1:], 2):
        cells = line.removesuffix("\r").split("\t")
        row = dict(zip(names, cells, strict=False))
        key = row.get("compartment", ""), row.get("filename", "")
        if len(cells) != len(names) or key in found:
            what = f"has {len(cells)} cells instead of {len(names)}"
            if key in found:
                what = f"describes {quoted(key[1])} of {key[0]} a second time"
            problem = Problem(path=str(path), line=number, what=what, remedy="restore the file")
            intake.problems.append(problem)
        found[key] = row
    return found


def _document(
    intake: Intake, path: Path, part: _Part, row: dict[str, str], options: Options
) -> Document | None:
    text = intake.text(path)
    if text is None:
        return None
    split = part.folder.resolve().name
    before = len(intake.documents)

    def make() -> Document:
        if not text.strip():
            raise DataError(Problem(what="is empty", remedy="restore the text"))
        return Document(
            doc_id=path.stem,
            text=text,
            language=options.language or "en",
            licence=options.licence or "restricted",
            split=split if split in SPLITS else None,  # type: ignore[arg-type]  # tested here
            meta={name: value for name, value in row.items() if value and name not in _LEFT_OUT},
            **{field: row[name] for name, field in _FIELDS.items() if row.get(name)},
        )

    intake.add(path, make)
    return intake.documents[-1] if len(intake.documents) > before else None


def _compare(intake: Intake, path: Path, labels: dict[str, Path], row: dict[str, str]) -> None:
    """Report who labelled a document, if that is nobody, or not who the metadata names."""
    if not labels:
        intake.changed("changed", path, "no annotator labelled it; kept without labels")
    named = set(row["annotators"].split("|")) if row.get("annotators") else set(labels)
    if missing := named - labels.keys():
        reason = f"{METADATA} names {', '.join(sorted(missing))}, whose labels are not here"
        intake.changed("unread", path, reason)


def _with_form(annotation: Annotation, text: str, marked: list[Fragment]) -> Annotation:
    spans = [
        replace(span, attributes={**span.attributes, "form": form})
        if span.label == "quote" and (form := form_of(text, span.fragments, marked))
        else span
        for span in annotation.spans
    ]
    return replace(annotation, spans=tuple(spans))


def _layer(name: str, annotations: list[Annotation]) -> Layer:
    return Layer(
        name=name,
        annotations=tuple(annotations),
        kind="human",
        guidelines="PolNeAR 1.0.0",
        derived=("form",),
        made_by=_GOLD_MADE_BY if name == GOLD else _MADE_BY.format(name),
    )
