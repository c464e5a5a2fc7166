"""The shell of a page: our own style and script inside, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

import msgspec
from markupsafe import Markup

from ..html import legend, shown, style
from ..model import Annotation
from ..vocabulary import LABELS
from .data import TARGETS, Doc, Facets, Item, annotation_data, document_data

#: What a page without predictions says of its items: one kind, and no errors.
LABELS_ONLY: Final = 1
#: The field whose values are offered as a filter of their own.
_TAGS: Final = ("meta.phenomena", "meta.phenomenon", "meta.tags")
# What ends a script element, or a line of one, cannot stand in the data.
_UNSAFE = re.compile("[<>&\u2028\u2029]")
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True)
class System:
    """One set of labels beside gold, or gold itself where nothing is compared.

    Parameters
    ----------
    name : str
    items : sequence of list of Item
        What is listed for each document, see `data.items_of`.
    found : sequence of Annotation or None, optional
        The prediction for each document; None as a whole if there is none to be shown.
    failed : mapping of document number to message
    note : str
        What a reader has to know about it.
    """

    name: str
    items: Sequence[list[Item]]
    found: Sequence[Annotation | None] | None = None
    failed: Mapping[int, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class View:
    """A part of the page that is shown by itself: its key in addresses, its name, its content."""

    key: str
    name: str
    content: Markup


def browser_data(
    documents: Sequence[Doc],
    gold: Sequence[Annotation | None],
    systems: Sequence[System],
    facets: Facets,
    *,
    layer: str = "gold",
    kinds: Sequence[str] = (),
    errors: int = LABELS_ONLY,
    correct: int = 0,
    hit: int = 0,
    headline: str = "",
) -> dict[str, Any]:
    """Return what the script needs, ready for JSON.

    Parameters
    ----------
    documents : sequence of Doc
    gold : sequence of Annotation or None
        Labels of each document.
    systems : sequence of System
        At least one.
    facets : Facets
        That the documents and items were numbered with.
    layer : str
        Name of the labels in ``gold``.
    kinds : sequence of str
        Names of the bits that items carry, from the lowest.
    errors : int
        The bits of what is listed if no kind is chosen.
    correct : int
        The bit of what is listed beside the errors if one asks for hits.
    hit : int
        The bit of what a score counts as found; it is no kind.
    headline : str
        The name of that score.
    """
    return {
        "labels": LABELS,
        "targets": TARGETS,
        "kinds": kinds,
        "errors": errors,
        "correct": correct,
        "hit": hit,
        "headline": headline,
        "layer": layer,
        "facets": facets.to_json(),
        "tags": next((name for name in _TAGS if name in facets.names), ""),
        "documents": [document_data(doc) for doc in documents],
        "gold": [a and annotation_data(a) for a in gold],
        "systems": [
            {
                "name": system.name,
                "note": system.note,
                "failed": {str(number): why for number, why in system.failed.items()},
                "found": system.found and [a and annotation_data(a) for a in system.found],
                "items": system.items,
            }
            for system in systems
        ],
    }


def page(
    *,
    title: str,
    heading: Markup,
    data: dict[str, Any],
    views: Sequence[View] = (),
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    without_scripts: str = "",
    footer: str = "",
) -> str:
    """Return a page that opens from disk, loads nothing and runs nothing but our own scripts.

    Parameters
    ----------
    title : str
        Of the window.
    heading : Markup
        First heading and facts.
    data : dict
        See `browser_data`.
    views : sequence of View
        What stands before the documents.
    styles, scripts : iterable of str
        Our own, beside those of the viewer.
    without_scripts : str
        Shown instead of the documents where scripts are off; escaped unless it is Markup.
    footer : str
        As ``without_scripts``.
    """
    from jinja2 import Environment, StrictUndefined

    sheet = "".join([style(), _resource("viewer.css"), *styles])
    code = [_resource("viewer.js"), *scripts]
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        _resource("page.html")
    )
    return template.render(
        compared=bool(data["kinds"]),
        data=script_data(data),
        headline=data["headline"],
        footer=footer,
        heading=heading,
        legend=legend(),
        policy=policy([sheet], code),
        scripts=[Markup(script) for script in code],  # noqa: S704  # our own files
        style=Markup(sheet),  # noqa: S704  # our own files
        title=plain(title),
        views=views,
        without_scripts=without_scripts,
    )


def policy(sheets: Iterable[str], scripts: Iterable[str]) -> str:
    """Return a content security policy that allows these styles and scripts alone."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_digest, scripts))}",
            f"style-src {' '.join(map(_digest, sheets))}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def script_data(value: Any) -> Markup:
    r"""Return JSON that may stand in a script element, whatever the strings hold.

    >>> print(script_data({"a": "</script>"}))
    {"a":"\u003c/script\u003e"}
    """
    content = msgspec.json.encode(value).decode()
    escaped = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", content)
    return Markup(escaped)  # noqa: S704  # holds no character that means anything to HTML


def plain(text: str) -> str:
    """Return text for places that take no elements; what could steer the line is spelled out.

    >>> plain("a\u202eb")
    'a‹U+202E›b'
    """
    return _STEERING.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def visible(text: object) -> Markup:
    """Return text on its own, with controls visible, that steers nothing around it.

    >>> print(visible("<b>"))
    <bdi>&lt;b&gt;</bdi>
    """
    return Markup("<bdi>{}</bdi>").format(shown(str(text)))


def _digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _resource(name: str) -> str:
    return (files("inquit.corpus") / "viewer" / name).read_text(encoding="utf-8")
