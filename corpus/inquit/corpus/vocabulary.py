"""The labels, their attributes and the roles of an attribution: the one place that names them."""

from __future__ import annotations

from typing import Final

#: Every label a span can have.
LABELS: Final = ("quote", "claim", "source", "cue", "addressee", "ignore")

#: Attributes by label. A tuple lists the allowed values; None means free text.
ATTRIBUTES: Final[dict[str, dict[str, tuple[str, ...] | None]]] = {
    "quote": {
        "form": ("direct", "indirect", "mixed", "free_indirect", "reported"),
        "medium": ("speech", "thought", "writing"),
    },
    "claim": {
        "certainty": ("asserted", "hedged", "denied", "questioned"),
        "check_worthy": ("yes", "no"),
        "granularity": ("span", "sentence"),
    },
    "source": {
        "kind": ("named", "nominal", "pronoun", "anonymous", "collective", "document"),
        "entity": None,
    },
    "cue": {},
    "addressee": {},
    "ignore": {},
}

#: The roles of an attribution, and the labels of the spans that may fill them.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "content": ("quote", "claim"),
    "source": ("source",),
    "cue": ("cue",),
    "addressee": ("addressee",),
}

#: How a layer came to be.
KINDS: Final = ("human", "model", "rule", "adjudicated")

SPLITS: Final = ("train", "dev", "test")

#: The layer that systems are scored against.
GOLD: Final = "gold"
