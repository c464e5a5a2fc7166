"""What Label Studio shows to the annotator: the label config and what is told beside it.

``label_config.xml`` draws the table of ``inquit.corpus.labelstudio``; a test holds them together.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final
from xml.etree import ElementTree

#: The version of the guidelines that ``instruction.html`` shows to the annotator.
GUIDELINES: Final = "0.1"


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
