"""The columns of a release, and the model's objects as rows and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
import pyarrow as pa

from ..directory import LayerInfo
from ..model import Annotation, Document, Layer
from ..vocabulary import ATTRIBUTES, ROLES

#: Every attribute of every label: one field each, null where a span does not have it.
ATTRIBUTE_NAMES: Final = tuple(
    dict.fromkeys(name for known in ATTRIBUTES.values() for name in known)
)

_STRINGS = pa.list_(pa.string())
_SPAN = pa.struct(
    [
        ("id", pa.string()),
        ("label", pa.string()),
        ("fragments", pa.list_(pa.list_(pa.int32()))),
        ("attributes", pa.struct([(name, pa.string()) for name in ATTRIBUTE_NAMES])),
    ]
)
_ATTRIBUTION = pa.struct(
    [("id", pa.string()), *((role, _STRINGS) for role in ROLES), ("entity", pa.string())]
)
_LABELS = [("spans", pa.list_(_SPAN)), ("attributions", pa.list_(_ATTRIBUTION))]
_DOCUMENT = [(name, pa.string()) for name in Document.__struct_fields__]
_PROVENANCE = [
    ("layer", pa.string()),
    ("annotator", pa.string()),
    ("kind", pa.string()),
    ("guidelines", pa.string()),
    ("derived", _STRINGS),
]

#: Columns by configuration.
SCHEMAS: Final = {
    "default": pa.schema([*_DOCUMENT, *_LABELS]),
    "annotations": pa.schema(
        [("doc_id", pa.string()), ("sha256", pa.string()), *_PROVENANCE, *_LABELS]
    ),
    "remaining": pa.schema(_DOCUMENT),
}

#: What each column holds, for the card and the Croissant metadata.
MEANINGS: Final = {
    "doc_id": "name of the document, unique in the corpus",
    "text": "the article; offsets count its code points",
    "sha256": "SHA-256 of the UTF-8 bytes of the text; null where the annotator gave none",
    "language": "BCP 47 tag, 'und' if unknown",
    "licence": "SPDX expression for the text",
    "title": "headline",
    "published": "date of publication, as stated by the source",
    "publisher": "who published the text",
    "url": "where the text was found",
    "split": "train, dev or test; null if the corpus is not split",
    "group": "story or cluster: documents of one group are not separated by a split",
    "meta": "anything else, a JSON object",
    "layer": "name of the layer: the labels of one annotator",
    "annotator": "pseudonym of the person, or name of the system",
    "kind": "human, model, rule or adjudicated",
    "guidelines": "version of the guidelines that were followed",
    "derived": "attributes that were computed, not labelled",
    "spans": "labelled stretches of the text; they may nest, overlap and have several fragments",
    "spans.id": "unique in its row",
    "spans.label": "quote, claim, source, cue, addressee or ignore",
    "spans.fragments": "[start, end) pairs, ascending; the words are text[start:end]",
    "spans.attributes": "one field for each attribute, null where the span does not have it",
    "attributions": "who said what: ids of spans by role",
    "attributions.id": "unique in its row",
    "attributions.content": "the quotes and claims that are attributed, at least one",
    "attributions.source": "the words that name who they are attributed to; may be empty",
    "attributions.cue": "the words that mark the attribution",
    "attributions.addressee": "the words that name who they are said to",
    "attributions.entity": "who they are attributed to, where no source says it; else null",
}

_encode_meta: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def document_row(document: Document, annotation: Annotation | None = None) -> dict[str, Any]:
    """Return a row of ``default``, or of ``remaining`` where there is no annotation."""
    row = {name: getattr(document, name) for name in Document.__struct_fields__}
    row["meta"] = _encode_meta(document.meta).decode()
    return row if annotation is None else row | _labels(annotation)


def annotation_row(annotation: Annotation, layer: Layer) -> dict[str, Any]:
    """Return a row of ``annotations``; a checksum that was not given stays unknown."""
    return {
        "doc_id": annotation.doc_id,
        "sha256": annotation.sha256 or None,
        **provenance(layer.name, layer),
        **_labels(annotation),
    }


def provenance(name: str, layer: Layer | LayerInfo) -> dict[str, Any]:
    """Return the columns that say where the labels of a row come from."""
    return {
        "layer": name,
        "annotator": layer.annotator,
        "kind": layer.kind,
        "guidelines": layer.guidelines,
        "derived": list(layer.derived),
    }


def row_document(row: dict[str, Any]) -> Document:
    """Return the document of a row; raise `msgspec.ValidationError` if it is none."""
    raw = {name: row[name] for name in Document.__struct_fields__}
    for required in ("sha256", "language", "licence", "meta"):
        if not raw[required]:
            raise msgspec.ValidationError(f"{required} is missing")
    raw["meta"] = msgspec.json.decode(raw["meta"])
    return msgspec.convert(raw, Document)


def row_annotation(row: dict[str, Any]) -> Annotation:
    """Return the annotation of a row; raise `msgspec.ValidationError` if it is none."""
    raw: dict[str, Any] = {"doc_id": row["doc_id"]}
    for name in ("spans", "attributions"):
        if row[name] is None:
            raise msgspec.ValidationError(f"{name} is missing")
        raw[name] = [_without_nulls(item) for item in row[name]]
    if row["sha256"] is not None:
        raw["sha256"] = row["sha256"]
    return msgspec.convert(raw, Annotation)


def columns(config: str) -> Iterator[tuple[str, pa.DataType]]:
    """Yield (name, type) of every column and, after a list of structs, of its fields."""
    for field in SCHEMAS[config]:
        yield field.name, field.type
        if pa.types.is_list(field.type) and pa.types.is_struct(field.type.value_type):
            for inner in field.type.value_type:
                yield f"{field.name}.{inner.name}", inner.type


def _labels(annotation: Annotation) -> dict[str, Any]:
    return {
        "spans": [
            {
                "id": span.id,
                "label": span.label,
                "fragments": span.fragments,
                "attributes": {name: span.attributes.get(name) for name in ATTRIBUTE_NAMES},
            }
            for span in annotation.spans
        ],
        "attributions": [
            {"id": a.id, **dict(a.roles()), "entity": a.entity or None}
            for a in annotation.attributions
        ],
    }


def _without_nulls(value: Any) -> Any:
    """Return a struct without its null fields, inner structs too; anything else as it is."""
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
