"""Plain text: one .txt file, or a folder of them.

Format: UTF-8 without a byte order mark, one document a file. Mapping: the file's name without
``.txt`` becomes the doc_id, its characters the text, exactly, with every line ending as it
stands. Files are read in the order of their names; other files and subfolders are not read, and
reported. A file that is empty or holds white space only is refused. Nothing is lost.
"""

from __future__ import annotations

from pathlib import Path

from ..directory import CorpusInfo
from ..errors import Problem, encodable
from ..model import Document
from .intake import Imported, Intake, Options

SUFFIX = ".txt"


def read(source: Path, options: Options) -> Imported:
    """Read plain text; licence and language are "restricted" and "und" where not given."""
    licence = options.licence or "restricted"
    language = options.language or "und"
    intake = Intake("text", source)
    for path in intake.files(SUFFIX):
        text = intake.text(path)
        if text is None:
            continue
        if not text.strip():
            what = "holds white space only" if text else "is empty"
            intake.problems.append(
                Problem(path=str(path), what=what, remedy="remove the file, or give it its text")
            )
            continue

        def document(path: Path = path, text: str = text) -> Document:
            return Document(
                doc_id=path.name[: -len(SUFFIX)], text=text, licence=licence, language=language
            )

        intake.add(path, document)
    info = CorpusInfo(
        name=encodable(source.resolve().name.removesuffix(SUFFIX)) or "corpus",
        licence=licence,
        languages=(language,) if options.language else (),
    )
    return intake.finish(info)
