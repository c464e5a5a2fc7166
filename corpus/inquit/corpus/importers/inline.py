"""The inline form: articles with their labels as tags in the running text (docs/formats.md).

Format: a folder of ``.inline`` files, and a ``corpus.toml`` as in a corpus directory with exactly
one table ``[layers.NAME]``. Mapping: each file becomes a document and its labels; the labels of
all files become the layer NAME, with the provenance that its table states. A file without a
label is a document that was labelled, and nothing found. Other files and subfolders are not read,
and reported. Nothing is lost.
"""

from __future__ import annotations

from pathlib import Path

from ..directory import INFO, CorpusInfo, read_info
from ..errors import DataError, InquitError, Problem
from ..inline import SUFFIX, loads
from ..model import Annotation, Document
from .intake import EXPORT_REPORT, Imported, Intake, Options

_LINES = """
    name = "NAME OF THE CORPUS"
    licence = "restricted"

    [layers.gold]
    kind = "human"
    annotator = "PSEUDONYM"
    guidelines = "0"
    made_by = "by whom or what, and from what"

(kind: human, model, rule or adjudicated)"""


def read(source: Path, options: Options) -> Imported:
    """Read a folder of the inline form."""
    if options.licence is not None or options.language is not None:
        raise InquitError(
            "the inline form says licence and language in the header of each file; "
            "leave out --licence and --language"
        )
    intake = Intake("inline", source)
    info = _info(intake)
    annotations: list[Annotation] = []
    for path in intake.files(SUFFIX, beside=[INFO, EXPORT_REPORT]):
        text = intake.text(path)
        if text is None:
            continue

        def document(path: Path = path, text: str = text) -> Document:
            found, annotation = loads(text, str(path))
            annotations.append(annotation)
            return found

        intake.add(path, document)
    if info is None:
        raise DataError(intake.problems)
    (name,) = info.layers
    if intake.problems:
        raise DataError(intake.problems)
    layer = info.layers[name].layer(name, annotations)
    return intake.finish(info, [layer], derived=layer.derived)


def _info(intake: Intake) -> CorpusInfo | None:
    path = intake.source / INFO
    if not intake.source.is_dir():
        what, remedy = "is not a folder", f"name the folder that holds the {SUFFIX} files"
        raise DataError(Problem(path=str(intake.source), what=what, remedy=remedy))
    if not path.is_file():
        intake.problems.append(
            Problem(
                path=str(intake.source),
                what=f"has no {INFO}, which says how the labels came to be",
                remedy=f"write one with these lines:{_LINES}",
            )
        )
        return None
    try:
        info = read_info(intake.source)
    except DataError as error:
        intake.problems += error.problems
        return None
    if len(info.layers) != 1:
        intake.problems.append(
            Problem(
                path=str(path),
                what=f"describes {len(info.layers)} layers",
                remedy="describe exactly one, [layers.NAME]: the labels in the files become it",
            )
        )
        return None
    return info
