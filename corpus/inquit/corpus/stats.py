"""Counts over a corpus, by layer and split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import nan

import msgspec

from .directory import Corpus
from .model import Annotation, Document, Span
from .vocabulary import ATTRIBUTES, LABELS, ROLES, SPLITS

#: The column of all documents, and of documents in no split.
ALL, NO_SPLIT = "all", "no split"

#: Stands for the value of an attribute that a span does not have.
UNSET = "unset"


class TextStats(msgspec.Struct, frozen=True, kw_only=True):
    """Documents and their length; a word is what stands between white space."""

    documents: int
    words: int
    characters: int
    groups: int


class LabelStats(msgspec.Struct, frozen=True, kw_only=True):
    """The spans of one label.

    ``nested`` counts spans that lie wholly inside another of the same label, ``crossing`` those
    that share only a part of their text with another of the same label.
    """

    spans: int
    documents: int
    discontinuous: int
    nested: int
    crossing: int
    attributes: dict[str, dict[str, int]]


class AttributionStats(msgspec.Struct, frozen=True, kw_only=True):
    """Attributions; the mean number of spans in each role is nan where there are none.

    ``entity_only`` counts those of the ones without source that name an entity all the same.
    """

    attributions: int
    with_source: int
    without_source: int
    entity_only: int
    nested: int
    mean_roles: dict[str, float]


class LayerStats(msgspec.Struct, frozen=True, kw_only=True):
    """What a layer holds over some documents; ``documents`` counts those it has labels for."""

    documents: int
    labels: dict[str, LabelStats]
    attributions: AttributionStats


class CorpusStats(msgspec.Struct, frozen=True, kw_only=True):
    """Counts by split, the first being all documents; of layers by name, then by split."""

    texts: dict[str, TextStats]
    layers: dict[str, dict[str, LayerStats]]


def stats(corpus: Corpus) -> CorpusStats:
    """Count documents, words, spans and attributions."""
    documents = list(corpus.documents.values())
    parts = {ALL: documents}
    for split in (*SPLITS, None):
        if chosen := [document for document in documents if document.split == split]:
            parts[split or NO_SPLIT] = chosen
    if len(parts.get(NO_SPLIT, ())) == len(documents):
        parts.pop(NO_SPLIT, None)
    layers = {name: layer.by_document() for name, layer in corpus.layers.items()}
    return CorpusStats(
        texts={part: _texts(chosen) for part, chosen in parts.items()},
        layers={
            name: {
                part: _layer([labels[d.doc_id] for d in chosen if d.doc_id in labels])
                for part, chosen in parts.items()
            }
            for name, labels in layers.items()
        },
    )


def _texts(documents: Sequence[Document]) -> TextStats:
    return TextStats(
        documents=len(documents),
        words=sum(len(document.text.split()) for document in documents),
        characters=sum(len(document.text) for document in documents),
        groups=len({document.group for document in documents if document.group is not None}),
    )


def _layer(annotations: Sequence[Annotation]) -> LayerStats:
    return LayerStats(
        documents=len(annotations),
        labels={label: _label(label, annotations) for label in LABELS},
        attributions=_attributions(annotations),
    )


def _label(label: str, annotations: Sequence[Annotation]) -> LabelStats:
    values = {name: Counter[str]() for name, allowed in ATTRIBUTES[label].items() if allowed}
    spans = documents = discontinuous = nested = crossing = 0
    for annotation in annotations:
        chosen = [span for span in annotation.spans if span.label == label]
        spans += len(chosen)
        documents += bool(chosen)
        discontinuous += sum(len(span.fragments) > 1 for span in chosen)
        inside, across = overlaps(chosen)
        nested, crossing = nested + len(inside), crossing + len(across)
        for span in chosen:
            for name, counter in values.items():
                counter[span.attributes.get(name, UNSET)] += 1
    return LabelStats(
        spans=spans,
        documents=documents,
        discontinuous=discontinuous,
        nested=nested,
        crossing=crossing,
        attributes={
            name: {value: counter[value] for value in (*(ATTRIBUTES[label][name] or ()), UNSET)}
            for name, counter in values.items()
        },
    )


def _attributions(annotations: Sequence[Annotation]) -> AttributionStats:
    total = sourced = named = nested = 0
    roles = Counter[str]()
    for annotation in annotations:
        by_id = annotation.by_id()
        for attribution in annotation.attributions:
            total += 1
            sourced += bool(attribution.source)
            named += bool(attribution.entity)
            for role, ids in attribution.roles():
                roles[role] += len(ids)
            others = (a.content for a in annotation.attributions if a is not attribution)
            held = [by_id[i] for i in attribution.content]
            nested += any(
                _holds([by_id[i] for i in content], held)
                for content in others
                if set(content) != set(attribution.content)
            )
    return AttributionStats(
        attributions=total,
        with_source=sourced,
        without_source=total - sourced,
        entity_only=named,
        nested=nested,
        mean_roles={role: roles[role] / total if total else nan for role in ROLES},
    )


def overlaps(spans: Iterable[Span]) -> tuple[set[str], set[str]]:
    """Return the ids of spans inside another one, and of those that cross another one.

    Of two spans with the same fragments, each lies inside the other.

    >>> a, b = Span("a", "quote", [(0, 9)]), Span("b", "quote", [(2, 4)])
    >>> overlaps([a, b, Span("c", "quote", [(8, 12)])]) == ({"b"}, {"a", "c"})
    True
    """
    inside: set[str] = set()
    across: set[str] = set()
    active: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        active = [other for other in active if other.end > span.start]
        for other in active:
            within, around = _holds([other], [span]), _holds([span], [other])
            if within:
                inside.add(span.id)
            if around:
                inside.add(other.id)
            if not within and not around and _share(span, other):
                across |= {span.id, other.id}
        active.append(span)
    return inside, across


def _holds(outer: Iterable[Span], inner: Iterable[Span]) -> bool:
    frame = [fragment for span in outer for fragment in span.fragments]
    return all(
        any(start <= s and e <= end for start, end in frame)
        for span in inner
        for s, e in span.fragments
    )


def _share(one: Span, other: Span) -> bool:
    return any(s < end and start < e for s, e in one.fragments for start, end in other.fragments)
