"""Results of projects that somebody else made, in the names that ours have."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import quoted
from ..vocabulary import ROLES
from .labels import LABEL_CONTROL, OBJECT
from .meanings import Meanings


class Unfit(NamedTuple):
    """An item of a result that is no part of a text's labels, and why."""

    region: str
    reason: str


def in_our_names(result: object, target: str, meanings: Meanings) -> tuple[Any, list[Unfit]]:
    """Return a result as `to_model` reads it, and what cannot be read.

    Controls may be named as they like, a relation may have a label that its ends bear out.

    Parameters
    ----------
    result : object
        What stands under "result"; anything at all.
    target : str
        What the labelled text is called in it.
    meanings : Meanings

    >>> from inquit.corpus.labelstudio import ANY
    >>> value = {"start": 0, "end": 4, "labels": ["Quote"]}
    >>> item = {"id": "r", "type": "labels", "from_name": "ner", "to_name": "body", "value": value}
    >>> found, unfit = in_our_names([item, item | {"to_name": "title"}], "body", ANY)
    >>> found[0]["from_name"], found[0]["to_name"], found[0]["value"]["labels"]
    ('label', 'text', ['quote'])
    >>> unfit
    [Unfit(region='r', reason="is said of 'title', not of 'body', which was read")]
    """
    if not isinstance(result, list):
        return result, []
    regions = {
        item["id"]: _label_of(item.get("value"), meanings)
        for item in result
        if isinstance(item, dict)
        and item.get("type") == "labels"
        and isinstance(item.get("id"), str)
    }
    found: list[Any] = []
    unfit: list[Unfit] = []
    for item in result:
        if not isinstance(item, dict):
            found.append(item)
        elif reason := _why_unfit(item, target, regions):
            unfit.append(Unfit(_word(item.get("id")), reason))
        elif item.get("type") == "relation":
            found.append(_relation(item, regions, meanings))
        else:
            found.append(_renamed(item, meanings))
    return found, unfit


def _why_unfit(item: dict[str, Any], target: str, regions: dict[str, str]) -> str:
    """Return why an item is no part of a text's labels; empty if it is one."""
    kind, about, name = (_word(item.get(key)) for key in ("type", "to_name", "id"))
    if kind == "relation":
        return ""
    if kind.endswith("labels") and kind != "labels":
        return f"{quoted(kind)} are no places in a plain text"
    if about != target:
        return f"is said of {quoted(about)}, not of {quoted(target)}, which was read"
    if kind != "labels" and name not in regions:
        return f"{quoted(_word(item.get('from_name')))} is said of no region"
    return ""


def _relation(item: dict[str, Any], regions: dict[str, str], meanings: Meanings) -> dict[str, Any]:
    """Return a relation without its label, if that is known or is the role of one of its ends."""
    ends = {regions.get(_word(item.get(end)), "") for end in ("from_id", "to_id")}
    known = {role for role, fillers in ROLES.items() if ends.intersection(fillers)}
    labels = item.get("labels")
    if isinstance(labels, list) and all(
        isinstance(label, str) and (label in meanings.relations or label.lower() in known)
        for label in labels
    ):
        return {name: value for name, value in item.items() if name != "labels"}
    return item


def _renamed(item: dict[str, Any], meanings: Meanings) -> dict[str, Any]:
    """Return a region, or what is said of one, with the names that ours has."""
    control, value = item.get("from_name"), item.get("value")
    if item.get("type") != "labels":
        # A control that happens to be named as ours that labels is another one.
        named = f"{control} (no label)" if control == LABEL_CONTROL else control
        return {**item, "from_name": named, "to_name": OBJECT}
    if isinstance(value, dict) and isinstance(value.get("labels"), list):
        names = [meanings.name(v) if isinstance(v, str) else v for v in value["labels"]]
        value = {**value, "labels": names}
    return {**item, "from_name": LABEL_CONTROL, "to_name": OBJECT, "value": value}


def _label_of(value: object, meanings: Meanings) -> str:
    """Return the label of the span that a region becomes; empty if it becomes none."""
    labels = value.get("labels") if isinstance(value, dict) else None
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        return ""
    return meanings.regions.get(meanings.name(labels[0]), ("", {}))[0]


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
