"""Importers: other formats read into the model, one file a format.

An importer is a module named as its format, with a function ``read(source, options)`` that
returns what `Intake.finish` returns. The docstring of the module says where the format comes
from, how it looks and what becomes what; what the mapping loses, and every record that is
dropped or changed, goes into the report. To add a format: write the module, name it in FORMATS.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

from ..errors import DataError, Problem, did_you_mean, quoted
from .intake import Imported, Options

#: Every format, with one line on what its source is.
FORMATS: Final = {
    "text": "a .txt file or a folder of them, UTF-8, one document a file",
    "inline": "a folder of .inline files (labels as tags in the text) and their corpus.toml",
    "german-wikinews": "German Wikinews, or its folder train, dev or test of .json files",
    "redewiedergabe": "REDEWIEDERGABE, or its folder main or primary of .tsv files",
    "spkatt": "SpkAtt-2023, or its folder train, dev or trial of .json files in task1",
    "jsonl": "a folder of documents with their labels as JSON lines, or a corpus directory",
    "brat": "a folder of brat stand-off: .txt files with .ann files beside them",
    "polnear": "the folder 'data' of PolNeAR, or one of its parts",
    "pdnc": "the Project Dialogism Novel Corpus, its folder 'data' or the folder of one novel",
    "litbank": "the quotations of LitBank: its folder 'quotations/tsv', or the whole of it",
    "checkthat": "a debate of CheckThat! 2018, task 1, or a folder of them (.txt)",
    "policlaim": "the merged test set of PoliClaim (.xlsx), or its folder 'data'",
    "labelstudio": "a JSON export of any Label Studio project over texts, or a folder of them",
}


def read(name: str, source: Path, options: Options | None = None) -> Imported:
    """Read a source in a format of FORMATS.

    Raises
    ------
    DataError
        If the format is unknown, or with every fault of the source.
    """
    if name not in FORMATS:
        remedy = did_you_mean(name, FORMATS) or f"formats: {', '.join(FORMATS)}"
        raise DataError(Problem(what=f"unknown format {quoted(name)}", remedy=remedy))
    module = import_module(f".{name.replace('-', '_')}", __package__)
    found: Imported = module.read(source, options or Options())
    return found
