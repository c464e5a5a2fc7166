"""Predictions from anywhere: offsets or words, in any form of FORMS, read as annotations.

A form is a module with a function ``read(path, documents)`` that returns `Predictions`; its
docstring says how a file looks. `recognise` tells which form a path has, by its first bytes or by
what a folder holds. To add a form: write the module, name it in FORMS, teach `recognise` its mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from inquit.corpus import Corpus, Document

from ..counting.align import documents_by_id
from .recognise import recognise
from .result import Predictions

#: Every form, with what messages call it.
FORMS: Final = {
    "layer": "layer file",
    "strings": "strings",
    "offsets_csv": "CSV of offsets",
    "brat": "brat folder",
    "table": "dataset table",
}

__all__ = ["FORMS", "Predictions", "read_predictions", "recognise"]


def read_predictions(
    path: Path | str,
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None = None,
) -> Predictions:
    """Read predictions of any form.

    Parameters
    ----------
    path : Path or str
        A layer file, strings, a CSV of offsets, a Parquet or Arrow file, a folder of brat files,
        or a data set as Hugging Face's ``save_to_disk`` leaves it.
    documents : Corpus, or documents by id or in any order, optional
        The texts. Strings need them; a folder of brat files does if it holds no texts itself.

    Returns
    -------
    Predictions
        Labels with offsets, and how they were come by.

    Raises
    ------
    DataError
        If the form cannot be told, or with every fault of the file. Also if the documents are
        none.
    """
    path = Path(path)
    known = documents_by_id(documents)
    module = import_module(f".{recognise(path)}", __package__)
    found: Predictions = module.read(path, known)
    return found
