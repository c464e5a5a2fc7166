"""What can be said in Label Studio, and what it means in the model: one table."""

from __future__ import annotations

from typing import Final

from ..vocabulary import ATTRIBUTES

#: Names in the label config: what labels regions, and what is labelled.
LABEL_CONTROL: Final = "label"
OBJECT: Final = "text"

#: The label in Label Studio, and the label and attributes that it stands for.
REGIONS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "Direct quote": ("quote", {"form": "direct"}),
    "Indirect quote": ("quote", {"form": "indirect"}),
    "Mixed quote": ("quote", {"form": "mixed"}),
    "Free indirect quote": ("quote", {"form": "free_indirect"}),
    "Reported speech": ("quote", {"form": "reported"}),
    "Claim": ("claim", {}),
    "Source": ("source", {}),
    "Cue": ("cue", {}),
    "Addressee": ("addressee", {}),
    "Ignore": ("ignore", {}),
}

#: What can be said about a region: the control's name is the attribute's, and this is its label.
CONTROLS: Final = {
    "medium": "quote",
    "certainty": "claim",
    "check_worthy": "claim",
    "kind": "source",
    "entity": "source",
}


def region_label(label: str, attributes: dict[str, str]) -> str | None:
    """Return the label in Label Studio of a span; None if it has none.

    >>> region_label("quote", {"form": "direct", "medium": "speech"})
    'Direct quote'
    >>> region_label("quote", {}) is None
    True
    """
    for name, (known, implied) in REGIONS.items():
        if known == label and implied.items() <= attributes.items():
            return name
    return None


def is_free_text(control: str) -> bool:
    """Tell whether the control takes any words; else it takes one of a few values."""
    return ATTRIBUTES[CONTROLS[control]][control] is None
