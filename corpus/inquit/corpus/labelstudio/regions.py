"""Between Label Studio's results and the model; pure functions, nothing is guessed.

A *result* is Label Studio's list of regions, choices and relations of one annotation. The server
and its API take anything, so everything is checked here, and what is refused is returned with the
reason, never lost.

What Label Studio holds
-----------------------
A region is a span; its words are the slice of the document (the stored copy is not exact).
Relations have no labels, their meaning lies in their ends, whichever way they point:

===========================================  ================================================
source, cue or addressee with quote or claim  that role in the attribution of the quote or claim
two of one label that is not source           parts of one span
source with source                            mentions of one entity
===========================================  ================================================

What it cannot hold, so that `from_model` followed by `to_model` changes it:

- the ids of attributions (an attribution takes the id of its content span);
- an attribution with several content spans: it comes back as one for each;
- several attributions of one content span: they come back as one;
- an attribution with neither source, cue nor addressee: it has no relation to live in;
- a quote without form and a discontinuous source: they have no label, no relation for it;
- attributes that no control asks for (``granularity``).

All but the ids are returned by `from_model` as problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, TypeGuard

from ..errors import DataError, Problem, quoted
from ..model import ID, Annotation, Attribution, Document, Span
from ..vocabulary import ATTRIBUTES, ROLES
from .labels import CONTROLS, LABEL_CONTROL, OBJECT, REGIONS, is_free_text, region_label
from .meanings import OURS, Meanings

_CONTENT = ROLES["content"]
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Refused(NamedTuple):
    """Something in a result that does not become a label.

    Parameters
    ----------
    reason : str
        What is wrong with it.
    region : str
        The id of the region, or both ids of a relation; empty if there is none.
    item : object
        What Label Studio had stored: a part of the result.
    """

    reason: str
    region: str
    item: Any


def to_model(
    result: object, document: Document, meanings: Meanings = OURS
) -> tuple[Annotation, list[Refused]]:
    """Read the labels of one annotation.

    Parameters
    ----------
    result : object
        What stands under "result"; anything at all.
    document : Document
        The text that was labelled.
    meanings : Meanings
        What its labels mean.

    Returns
    -------
    annotation : Annotation
        What could be read, spans with the ids of their regions.
    refused : list of Refused
        The rest.

    >>> text = Document(doc_id="d", text="Rain, she said.")
    >>> rain = dict(id="q", type="labels", from_name="label", to_name="text")
    >>> rain["value"] = dict(start=0, end=4, labels=["Indirect quote"])
    >>> annotation, refused = to_model([rain, {"type": "relation", "from_id": "q"}], text)
    >>> annotation.spans[0].attributes
    {'form': 'indirect'}
    >>> refused[0].reason
    "relation has no ends: from_id 'q', to_id None"
    """
    refused: list[Refused] = []
    items: dict[str, list[dict[str, Any]]] = {}
    relations: list[dict[str, Any]] = []
    if not isinstance(result, list):
        refused.append(Refused("the result is not a list", "", result))
        result = []
    for item in result:
        name = item.get("id") if isinstance(item, dict) else None
        if not isinstance(item, dict):
            refused.append(Refused("is not an object", "", item))
        elif item.get("type") == "relation":
            relations.append(item)
        elif not isinstance(name, str) or not ID.fullmatch(name):
            refused.append(Refused(f"region id {_shown(name)} is not valid", "", item))
        else:
            items.setdefault(name, []).append(item)
    parts = {}
    for name, group in items.items():
        try:
            part = _part(name, group, document, refused, meanings)
        except RecursionError:
            part = None
            refused.append(Refused("is nested too deeply", name, group))
        if part is not None:
            parts[name] = part
    links = _links(relations, parts, set(items), refused)
    annotation = _assembled(parts, links, document, refused)
    return annotation, refused


def from_model(
    document: Document, annotation: Annotation
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Write labels as a result for Label Studio.

    Returns
    -------
    result : list of dict
        Regions, what is said about them, and relations.
    lost : list of Problem
        What Label Studio cannot hold; see the module.

    Raises
    ------
    DataError
        If the labels do not fit the document.

    >>> text = Document(doc_id="d", text="Rain, she said.")
    >>> rain = Span("q", "quote", [(0, 4)], {"form": "indirect"})
    >>> from_model(text, Annotation(doc_id="d", spans=[rain]))[0][0]["value"]
    {'start': 0, 'end': 4, 'labels': ['Indirect quote']}
    """
    if problems := list(annotation.problems_with(document)):
        raise DataError(problems)
    result: list[dict[str, Any]] = []
    lost: list[Problem] = []
    taken = {span.id for span in annotation.spans}
    sent = set()
    for span in annotation.spans:
        label = region_label(span.label, span.attributes)
        if label is None or (span.label == "source" and len(span.fragments) > 1):
            what = "has no form" if label is None else "is a source in several parts"
            remedy = "Label Studio has no place for it; it is not sent"
            lost.append(Problem(doc_id=document.doc_id, span=span.id, what=what, remedy=remedy))
            continue
        for name in sorted(span.attributes.keys() - CONTROLS.keys() - REGIONS[label][1].keys()):
            what, remedy = f"{name} has no place in Label Studio", "it is not sent"
            lost.append(Problem(doc_id=document.doc_id, span=span.id, what=what, remedy=remedy))
        sent.add(span.id)
        result += _regions(span, label, taken)
    attributed: set[str] = set()
    for attribution in annotation.attributions:
        others = (*attribution.source, *attribution.cue, *attribution.addressee)
        for what in _changed(attribution, bool(others), attributed):
            lost.append(Problem(doc_id=document.doc_id, attribution=attribution.id, what=what))
        attributed.update(attribution.content)
        for content in attribution.content:
            result += [_relation(o, content) for o in others if {o, content} <= sent]
    return _without_repeats(result), lost


@dataclass(slots=True)
class _Part:
    """A region of Label Studio that could be read: a span, or one fragment of it."""

    id: str
    shown: str
    label: str
    start: int
    end: int
    attributes: dict[str, str]

    @property
    def place(self) -> tuple[int, int, str]:
        return self.start, -self.end, self.id


class _Link(NamedTuple):
    """A relation whose two ends could be read; the role filler comes first."""

    first: _Part
    second: _Part
    item: dict[str, Any]

    def refusal(self, reason: str) -> Refused:
        return Refused(reason, f"{self.first.id} {self.second.id}", self.item)


@dataclass(slots=True)
class _Group:
    """Parts that were linked to one span, or mentions that were linked to one entity."""

    parts: list[_Part]
    attributes: dict[str, str] = field(default_factory=dict)


def _part(
    name: str,
    items: list[dict[str, Any]],
    document: Document,
    refused: list[Refused],
    meanings: Meanings,
) -> _Part | None:
    """Read a region from the items that carry its id."""
    labelled = [item for item in items if item.get("from_name") == LABEL_CONTROL]
    about = [item for item in items if item.get("from_name") != LABEL_CONTROL]
    if not labelled or any(item != labelled[0] for item in labelled):
        reason = "has no label" if not labelled else "stands twice with different contents"
        refused.append(Refused(reason, name, items))
        return None
    read = _label(labelled[0], len(document.text), meanings)
    if isinstance(read, str):
        refused.append(Refused(read, name, items))
        return None
    shown, start, end = read
    label, attributes = meanings.regions[shown]
    part = _Part(name, shown, label, start, end, dict(attributes))
    for item in [labelled[0], *about]:
        meta = item.get("meta")
        if isinstance(meta, dict) and meta.get("text"):
            refused.append(Refused("a note to a region has no place in a layer", name, item))
    for item in about:
        reason = _attribute(item, part, meanings)
        if reason:
            refused.append(Refused(reason, name, item))
    return part


def _label(item: dict[str, Any], length: int, meanings: Meanings) -> tuple[str, int, int] | str:
    """Return label, start and end of a region, or what is wrong with it."""
    value = item.get("value")
    if item.get("type") != "labels" or item.get("to_name") != OBJECT or not isinstance(value, dict):
        return "is not a label of the text"
    labels = value.get("labels")
    if not isinstance(labels, list) or len(labels) != 1:
        return f"has labels {_shown(labels)}, not one"
    if not isinstance(labels[0], str) or labels[0] not in meanings.regions:
        return f"label {_shown(labels[0])} is unknown"
    start, end = value.get("start"), value.get("end")
    if not _is_offset(start) or not _is_offset(end):
        return f"offsets {_shown(start)} and {_shown(end)} are not whole numbers"
    if start >= end:
        return f"[{start}, {end}) is empty or reversed"
    if start < 0 or end > length:
        return f"[{start}, {end}) lies outside the text of {length} code points"
    return labels[0], start, end


def _is_offset(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _attribute(item: dict[str, Any], part: _Part, meanings: Meanings) -> str:
    """Add what is said about a region to its attributes, or return why that cannot be."""
    control, value = item.get("from_name"), item.get("value")
    if not isinstance(control, str) or control not in meanings.controls:
        return f"control {_shown(control)} is unknown"
    if item.get("to_name") != OBJECT or not isinstance(value, dict):
        return f"{control} is not said of the text"
    if meanings.controls[control] != part.label:
        return f"{control} is said of a {part.label}"
    free_text = ATTRIBUTES[part.label][control] is None
    given = value.get("text" if free_text else "choices")
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or len(values) != 1:
        return f"{control} is {_shown(given)}, not one value"
    attributes = {**part.attributes, control: values[0]}
    if part.attributes.get(control, values[0]) != values[0]:
        return f"{control} is said twice"
    try:
        Span(part.id, part.label, ((part.start, part.end),), attributes)
    except (DataError, TypeError) as error:
        problem = error.problems[0].what if isinstance(error, DataError) else "is not text"
        return f"{control}: {problem}"
    part.attributes = attributes
    return ""


def _links(
    relations: Iterable[dict[str, Any]],
    parts: dict[str, _Part],
    known: set[str],
    refused: list[Refused],
) -> list[_Link]:
    """Read the relations: each pair once, in text order, the filler of a role first."""
    links: dict[tuple[str, str], _Link] = {}
    for item in relations:
        ends = [item.get("from_id"), item.get("to_id")]
        names = [end for end in ends if isinstance(end, str) and end]
        where = " ".join(names)
        dangling = [name for name in names if name not in parts]
        if len(names) < 2:
            reason = f"relation has no ends: from_id {_shown(ends[0])}, to_id {_shown(ends[1])}"
        elif dangling:
            why = "was refused" if dangling[0] in known else "does not exist"
            reason = f"relation to region {_shown(dangling[0])}, which {why}"
        elif item.get("labels"):
            reason = f"relation has labels {_shown(item['labels'])}, which are unknown"
        else:
            pair = sorted((parts[name] for name in names), key=lambda part: part.place)
            if pair[0].label in _CONTENT and pair[1].label not in _CONTENT:
                pair.reverse()
            reason = _senseless(*pair)
        if reason:
            refused.append(Refused(reason, where, item))
        else:
            links.setdefault((pair[0].id, pair[1].id), _Link(pair[0], pair[1], item))
    return sorted(links.values(), key=lambda link: (link.first.place, link.second.place))


def _senseless(first: _Part, second: _Part) -> str:
    """Return why a relation between two regions means nothing; empty if it does."""
    if first.id == second.id:
        return "relation of a region with itself"
    if first.label == second.label:
        if first.shown != second.shown:
            return f"relation of {first.shown} with {second.shown}: parts must have one label"
        return ""
    if second.label in _CONTENT and first.label not in _CONTENT and first.label in ROLES:
        return ""
    return f"relation of {first.shown} with {second.shown} means nothing"


def _assembled(
    parts: dict[str, _Part], links: list[_Link], document: Document, refused: list[Refused]
) -> Annotation:
    """Join parts to spans and spans to attributions."""
    same = [link for link in links if link.first.label == link.second.label]
    spans = _joined(parts, (s for s in same if s.first.label != "source"), refused, _parts_of_one)
    entities = _joined(parts, (s for s in same if s.first.label == "source"), refused, _one_entity)
    for mentions in entities.values():
        if len(mentions.parts) > 1:
            name = mentions.attributes.get("entity") or _entity(mentions.parts, document)
            for part in mentions.parts:
                spans[part.id].attributes["entity"] = name
    names = {id(group): min(group.parts, key=lambda p: p.place).id for group in spans.values()}
    roles: dict[str, dict[str, list[str]]] = {}
    for link in links:
        if link.first.label != link.second.label:
            filler, content = (names[id(spans[end.id])] for end in link[:2])
            said = roles.setdefault(content, {}).setdefault(link.first.label, [])
            if filler not in said:
                said.append(filler)
    found = {}
    for group in spans.values():
        fragments = sorted((part.start, part.end) for part in group.parts)
        name = names[id(group)]
        found[name] = Span(name, group.parts[0].label, tuple(fragments), group.attributes)
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(found.values()),
        attributions=tuple(
            Attribution(
                id=content,
                content=(content,),
                source=tuple(said.get("source", ())),
                cue=tuple(said.get("cue", ())),
                addressee=tuple(said.get("addressee", ())),
            )
            for content, said in roles.items()
        ),
    )


def _joined(
    parts: dict[str, _Part],
    links: Iterable[_Link],
    refused: list[Refused],
    objection: Callable[[_Group, _Group], str],
) -> dict[str, _Group]:
    """Return the group of each part: itself and what is linked to it, unless that is refused."""
    groups = {name: _Group([part], dict(part.attributes)) for name, part in parts.items()}
    for link in links:
        one, other = groups[link.first.id], groups[link.second.id]
        if one is other:
            continue
        if reason := objection(one, other):
            refused.append(link.refusal(reason))
            continue
        one.parts += other.parts
        one.attributes |= other.attributes
        for part in other.parts:
            groups[part.id] = one
    return groups


def _parts_of_one(one: _Group, other: _Group) -> str:
    """Return why two groups of parts cannot be one span."""
    behind = None
    for part in sorted(one.parts + other.parts, key=lambda part: part.place):
        if behind is not None and part.start <= behind.end:
            how = "touch" if part.start == behind.end else "overlap"
            return f"parts [{behind.start}, {behind.end}) and [{part.start}, {part.end}) {how}"
        behind = part
    for name in one.attributes.keys() & other.attributes.keys():
        if one.attributes[name] != other.attributes[name]:
            values = quoted(one.attributes[name]), quoted(other.attributes[name])
            return f"parts of one span with two values of {name}: {values[0]} and {values[1]}"
    return ""


def _one_entity(one: _Group, other: _Group) -> str:
    """Return why two groups of mentions cannot be one entity."""
    names = {g.attributes["entity"] for g in (one, other) if "entity" in g.attributes}
    if len(names) > 1:
        return f"one source with two names: {' and '.join(map(quoted, sorted(names)))}"
    return ""


def _entity(mentions: list[_Part], document: Document) -> str:
    """Name an entity after its first mention by name, else its first mention."""
    named = [part for part in mentions if part.attributes.get("kind") == "named"]
    first = min(named or mentions, key=lambda part: part.place)
    words = _UNPRINTABLE.sub(" ", document.text[first.start : first.end])
    return " ".join(words.split()) or first.id


def _regions(span: Span, label: str, taken: set[str]) -> Iterator[dict[str, Any]]:
    """Write a span: a region for each fragment, what is said about it, links between them."""
    names = [span.id]
    for number in range(2, len(span.fragments) + 1):
        names.append(_free_id(span.id, number, taken))
    for name, (start, end) in zip(names, span.fragments, strict=True):
        yield _item(name, LABEL_CONTROL, "labels", {"start": start, "end": end, "labels": [label]})
    start, end = span.fragments[0]
    for control, value in sorted(span.attributes.items()):
        if control in CONTROLS:
            kind, key = ("textarea", "text") if is_free_text(control) else ("choices", "choices")
            yield _item(span.id, control, kind, {"start": start, "end": end, key: [value]})
    for one, other in pairwise(names):
        yield _relation(one, other)


def _changed(attribution: Attribution, linked: bool, attributed: set[str]) -> Iterator[str]:
    """Yield what Label Studio cannot hold of an attribution."""
    if not linked:
        yield "has neither source, cue nor addressee: no relation shows it"
    if len(attribution.content) > 1:
        yield "has several content spans: comes back as one attribution for each"
    if attributed & set(attribution.content):
        yield "shares content with another attribution: they come back as one"


def _free_id(name: str, number: int, taken: set[str]) -> str:
    """Return an id for another fragment of a span that no other region has."""
    tail = f".{number}"
    while (found := name[: 128 - len(tail)] + tail) in taken:
        tail = f".{tail}"
    taken.add(found)
    return found


def _item(name: str, control: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": control, "to_name": OBJECT, "type": kind, "value": value}


def _relation(one: str, other: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"}


def _without_repeats(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop relations that stand twice (attributions that share content and source)."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for item in result:
        if item["type"] == "relation":
            pair = (item["from_id"], item["to_id"])
            if pair in seen:
                continue
            seen.add(pair)
        kept.append(item)
    return kept


def _shown(value: object) -> str:
    """Return any value as it may stand in a message."""
    if isinstance(value, str):
        return quoted(value)
    try:
        return quoted(repr(value))[1:-1]
    except RecursionError:
        return "something nested too deeply"
