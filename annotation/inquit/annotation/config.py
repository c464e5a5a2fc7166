"""What the annotator can say in Label Studio, and what it means in the model: one table.

``label_config.xml`` draws it on the annotator's page; a test holds the two together.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final
from xml.etree import ElementTree

from inquit.corpus.vocabulary import ATTRIBUTES

#: Names in the XML: what labels regions, and what is labelled.
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

#: The version of the guidelines that ``instruction.html`` shows to the annotator.
GUIDELINES: Final = "0.1"


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


@cache
def label_config() -> str:
    """Return the label config: XML for Label Studio."""
    return _resource("label_config.xml")


@cache
def instruction() -> str:
    """Return what the annotator is told before the first document: HTML."""
    return _resource("instruction.html")


def config_hash(xml: str) -> str | None:
    """Return a hash of a label config that ignores comments and layout; None if it is no XML.

    >>> config_hash("<View> <Text b='1' a='2'/><!-- x --></View>") == config_hash(
    ...     '<View><Text a="2" b="1"></Text></View>'
    ... )
    True
    """
    try:
        canonical = ElementTree.canonicalize(xml, strip_text=True)
    except (ElementTree.ParseError, ValueError):
        return None
    return hashlib.sha256(canonical.encode()).hexdigest()


def _resource(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
