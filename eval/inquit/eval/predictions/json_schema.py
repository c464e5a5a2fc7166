"""JSON Schemas (2020-12) of a line of predictions: with offsets, and with strings.

They follow from the model, so that what a schema can say cannot differ from what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from inquit.corpus import Annotation
from inquit.corpus.model import MAX_OFFSET
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS, ROLES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_OFFSET: Final = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET}
#: As `model.ID`; "not" instead of anchors, of which some dialects let a line break pass.
_ID: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": 128,
    "not": {"pattern": "[^A-Za-z0-9_.:-]"},
}
_LINE: Final = {
    "type": "string",
    "pattern": "\\S",
    "not": {"pattern": "[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]"},
}
_WORDS: Final = {"type": "string", "not": {"pattern": "\\u0000"}}
_IDS: Final = {"type": "array", "items": {"$ref": "#/$defs/id"}, "uniqueItems": True}

_BOTH: Final = (
    "A predictions file is UTF-8 without a byte order mark; each line holds one JSON object as "
    "described here, blank lines are skipped. "
)
_BEYOND: Final = (
    "What a schema cannot say, and 'inquit eval score' holds too: a doc_id stands in one line of "
    "the file and names a document that is scored; sha256, where given, is that of its text "
    "(UTF-8); no key stands twice in an object; numbers are written without point or exponent; "
    "strings hold no lone surrogate; ids are unique among the spans of a line (those under "
    "ungrounded included) and among its attributions; an attribution names spans of its line, "
    "each in a role that its label can fill (content: quote or claim); "
)
_TEXTS: Final = {
    "predictions": (
        "Predictions with offsets",
        "Offsets count Unicode code points and are half-open. " + _BOTH + _BEYOND + "a fragment "
        "ends behind its start; fragments of a span are ascending and do not touch; all lie "
        "inside the text.",
    ),
    "strings": (
        "Predictions as strings",
        "Words instead of offsets; they are found in the text with typographic and small other "
        "differences, or count as wrong. " + _BOTH + _BEYOND + "no span has fragments; a "
        "hint is an offset inside the text.",
    ),
}
#: What the fields mean, by object.
_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "Annotation": {
        "doc_id": "The document.",
        "sha256": "SHA-256 of the text's UTF-8 bytes, in hexadecimal; verified where given.",
        "spans": "What is labelled; empty where nothing was found.",
        "attributions": "Who said what, by ids of spans.",
        "ungrounded": "Predictions whose words are not in the text: they count as wrong.",
    },
    "Span": {
        "id": "Unique in its line.",
        "label": "What the span is.",
        "fragments": "[start, end) pairs; a span that is interrupted has several.",
        "attributes": "As the label has them.",
    },
    "StringSpan": {
        "text": "The words, as they stand in the text; an ellipsis may stand for words left out.",
        "hint": "Code point offset near which the words stand.",
        "context": "A longer string in which the words stand.",
    },
    "Ungrounded": {"text": "The words that were predicted."},
    "Attribution": {
        "id": "Unique in its line.",
        "content": "The quotes and claims that are attributed.",
        "source": "Who they are attributed to; empty where the text hides it.",
        "cue": "The words that mark the attribution.",
        "addressee": "Who it is said to.",
        "entity": "Who it is attributed to where no source says it.",
    },
}
SCHEMAS: Final = tuple(_TEXTS)


def schema(name: str = "predictions") -> dict[str, Any]:
    """Return the JSON Schema of a line of predictions.

    Parameters
    ----------
    name : {"predictions", "strings"}
        With offsets (a layer file), or with words.

    >>> schema("strings")["$defs"]["StringSpan"]["required"]
    ['id', 'label', 'text']
    """
    from ..grounding.strings import StringAnnotation

    kind: type = {"predictions": Annotation, "strings": StringAnnotation}[name]
    parts = msgspec.json.schema_components([kind])[1]
    title, description = _TEXTS[name]
    for part, made in parts.items():
        _complete(part, made)
    root = parts.pop(kind.__name__)
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        **root,
        "$defs": {"id": _ID, **parts},
    }


def _complete(name: str, made: dict[str, Any]) -> None:
    """Say of an object what its Python type does not."""
    made.pop("title", None)
    made.pop("description", None)
    fields = made["properties"]
    if "label" in fields:
        fields["id"] = {"$ref": "#/$defs/id"}
        fields["label"] = {"enum": list(LABELS)}
        made["allOf"] = list(_attributes())
    if "fragments" in fields:
        pair = {"type": "array", "prefixItems": [_OFFSET, _OFFSET], "minItems": 2, "maxItems": 2}
        fields["fragments"] = {"type": "array", "items": pair, "minItems": 1}
    if "text" in fields:
        fields["text"] = _WORDS
    if "context" in fields:
        fields["context"] = {"anyOf": [_WORDS, {"type": "null"}]}
    if "hint" in fields:
        fields["hint"] = {"anyOf": [_OFFSET, {"type": "null"}]}
    if "content" in fields:
        fields["id"] = {"$ref": "#/$defs/id"}
        fields |= dict.fromkeys(ROLES, _IDS)
        fields["content"] = {**_IDS, "minItems": 1}
        fields["entity"] = {"anyOf": [{"const": ""}, _LINE]}
        named = {"required": ["entity"], "properties": {"entity": {"minLength": 1}}}
        made["if"], made["then"] = named, {"properties": {"source": {"maxItems": 0}}}
    if "doc_id" in fields:
        fields["doc_id"] = {"type": "string", "minLength": 1}
    kinds = {"StringAnnotation": "Annotation", "StringSpan": "Span", "Ungrounded": "Span"}
    meanings = _MEANINGS.get(kinds.get(name, ""), {}) | _MEANINGS.get(name, {})
    for field, found in fields.items():
        fields[field] = {"description": meanings[field], **found}


def _attributes() -> Iterator[dict[str, Any]]:
    """Yield what attributes a span may have, label by label."""
    for label, known in ATTRIBUTES.items():
        values = {n: _LINE if of is None else {"enum": list(of)} for n, of in known.items()}
        allowed = {"properties": values, "additionalProperties": False}
        yield {
            "if": {"properties": {"label": {"const": label}}},
            "then": {"properties": {"attributes": allowed}},
        }
