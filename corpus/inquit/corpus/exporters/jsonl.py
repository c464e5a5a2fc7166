"""JSON lines for other programs: a document a line, with its text and the labels of its layers.

The fields of a line are those of a document; ``layers`` holds, by name, what is in a line of a
layer file, without ``doc_id``. ``corpus.toml`` beside it says how the layers came to be. Nothing
is lost; ``inquit corpus import jsonl`` reads it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from .. import terminal
from ..files import atomic_file
from .outgo import Outgo

FILE: Final = "corpus.jsonl"


def write(outgo: Outgo) -> None:
    """Write the file."""
    encoder = msgspec.json.Encoder()
    layers = {layer.name: layer.by_document() for layer in outgo.layers}
    documents = outgo.corpus.documents
    with atomic_file(outgo.place / FILE) as stream:
        for document in terminal.track(documents.values(), "writing", len(documents)):
            found = {
                name: labels[document.doc_id]
                for name, labels in layers.items()
                if document.doc_id in labels
            }
            record = msgspec.to_builtins(document)
            record["layers"] = {name: _without_id(labels) for name, labels in found.items()}
            stream.write(encoder.encode(record) + b"\n")
            outgo.wrote(*found.values())
    outgo.write_info()


def _without_id(annotation: msgspec.Struct) -> dict[str, object]:
    record: dict[str, object] = msgspec.to_builtins(annotation)
    del record["doc_id"]
    return record
