"""The inline form: the files that ``inquit corpus import inline`` reads (docs/formats.md).

A file in which no label stands says that nothing was found. So a document that the layer does not
cover is left out, and reported.
"""

from __future__ import annotations

from .. import terminal
from ..errors import DataError, Problem
from ..files import write_atomic
from ..inline import SUFFIX, dumps
from .outgo import Outgo


def write(outgo: Outgo) -> None:
    """Write a file a document."""
    if not outgo.layers:
        remedy = "label it first; the texts are in documents.jsonl"
        raise DataError(Problem(what="the corpus has no layer to write", remedy=remedy))
    labels = outgo.annotations()
    names = outgo.file_names(SUFFIX)
    for document in terminal.track(outgo.corpus.documents.values(), "writing", len(names)):
        annotation = labels.get(document.doc_id)
        if annotation is None:
            reason = f"layer {outgo.layers[0].name!r} does not cover it"
            outgo.changed("dropped", document.doc_id, reason)
            continue
        write_atomic(outgo.place / names[document.doc_id], dumps(document, annotation))
        outgo.wrote(annotation)
    outgo.write_info()
