"""The form of a model's answer: a JSON Schema for the server, and the same as Python objects."""

from __future__ import annotations

from typing import Any

import msgspec

from inquit.corpus.vocabulary import ATTRIBUTES


class Mention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source, cue or addressee; the last two attributes are those of a source."""

    text: str
    context: str = ""
    kind: str = ""
    entity: str = ""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attribution with its quote."""

    content: list[str]
    context: str = ""
    form: str = ""
    medium: str = ""
    sources: list[Mention] = []
    cues: list[Mention] = []
    addressees: list[Mention] = []


class Claimed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One claim."""

    content: list[str]
    context: str = ""
    certainty: str = ""
    check_worthy: str = ""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a model says of one text."""

    attributions: list[Said]
    claims: list[Claimed] = []


#: The attributes that are asked for, by label.
ASKED: dict[str, tuple[str, ...]] = {
    "quote": ("form", "medium"),
    "claim": ("certainty", "check_worthy"),
    "source": ("kind", "entity"),
    "cue": (),
    "addressee": (),
}


def answer_schema() -> dict[str, Any]:
    """Return the JSON Schema, in the subset that servers take as strict.

    >>> answer_schema()["required"]
    ['attributions', 'claims']
    """
    parts = {"type": "array", "items": {"type": "string"}}
    attribution = {
        "content": parts,
        "context": {"type": "string"},
        **_attributes("quote"),
        "sources": _mentions("source"),
        "cues": _mentions("cue"),
        "addressees": _mentions("addressee"),
    }
    claim = {"content": parts, "context": {"type": "string"}, **_attributes("claim")}
    return _object(
        {
            "attributions": {"type": "array", "items": _object(attribution)},
            "claims": {"type": "array", "items": _object(claim)},
        }
    )


def _mentions(label: str) -> dict[str, Any]:
    text = {"type": "string"}
    members = {"text": text, "context": text, **_attributes(label)}
    return {"type": "array", "items": _object(members)}


def _attributes(label: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ASKED[label]:
        values = ATTRIBUTES[label][name]
        found[name] = {"type": "string", **({"enum": list(values)} if values else {})}
    return found


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
