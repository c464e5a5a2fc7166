"""Exporters: the model written in other formats, one file a format.

An exporter is a module named as its format, with a function ``write(outgo)`` that puts its files
into ``outgo.place`` and tells the outgo what the format cannot hold. To add a format: write the
module, name it in FORMATS.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

from ..directory import Corpus
from ..errors import DataError, Problem, did_you_mean, quoted
from ..files import atomic_directory, refuse_to_replace, write_atomic
from ..importers.intake import EXPORT_REPORT
from ..model import Layer
from ..vocabulary import GOLD
from .outgo import ExportReport, Outgo

#: Every format, with one line on what is written.
FORMATS: Final = {
    "brat": "stand-off for the annotation tool brat: a .txt and an .ann file a document",
    "inline": "labels as tags in the text, an .inline file a document",
    "jsonl": "one JSON object a document, with its text and the labels of all layers",
    "conll": "tokens with a BIO tag for each label, a file a split; loses much, see its report",
}
#: The formats that hold several layers.
WITH_LAYERS: Final = ("jsonl",)


def write(
    name: str, corpus: Corpus, place: Path, *, layer: str | None = None, force: bool = False
) -> ExportReport:
    """Write a corpus in a format of FORMATS into a new directory.

    Parameters
    ----------
    name : str
    corpus : Corpus
    place : Path
        Replaced as a whole if ``force`` is true and an export made it.
    layer : str, optional
        The one to write. When left out: all, in a format that holds several; else gold, or the
        only one there is.

    Returns
    -------
    ExportReport
        What the format did not take; it stands in the directory too.

    Raises
    ------
    DataError
        If the format or layer is unknown, or the place cannot be written.
    """
    if name not in FORMATS:
        remedy = did_you_mean(name, FORMATS) or f"formats: {', '.join(FORMATS)}"
        raise DataError(Problem(what=f"unknown format {quoted(name)}", remedy=remedy))
    refuse_to_replace(place, force=force, mark=EXPORT_REPORT)
    layers = _chosen(name, corpus, layer)
    module = import_module(f".{name}", __package__)
    with atomic_directory(place, force=force, mark=EXPORT_REPORT) as temporary:
        outgo = Outgo(name, corpus, layers, temporary)
        module.write(outgo)
        report = outgo.finish()
        write_atomic(
            temporary / EXPORT_REPORT, msgspec.json.format(msgspec.json.encode(report)) + b"\n"
        )
    return report


def _chosen(name: str, corpus: Corpus, layer: str | None) -> list[Layer]:
    if layer is not None:
        return [corpus.layer(layer)]
    if name in WITH_LAYERS or len(corpus.layers) <= 1:
        return list(corpus.layers.values())
    if GOLD in corpus.layers:
        return [corpus.layers[GOLD]]
    what = f"has {len(corpus.layers)} layers and none is {quoted(GOLD)}"
    remedy = f"say which to write: {', '.join(sorted(corpus.layers))}"
    raise DataError(Problem(what=what, remedy=remedy))
