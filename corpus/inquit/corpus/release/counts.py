"""Numbers for the card."""

from __future__ import annotations

from collections import Counter

from ..vocabulary import ATTRIBUTES, LABELS, ROLES
from .layout import Plan

Row = tuple[str, ...]
Counts = list[tuple[Row, list[int]]]
GIVEN = "(given)"
NOT_GIVEN = "(not given)"
ENTITY_ONLY = "attributions to an entity that no source names"


def label_counts(plan: Plan) -> Counts:
    """Return rows of ((what,), numbers by split) over the documents of ``default``."""
    by_split = [_split_counts(plan, split) for split in plan.splits]
    rows = ["documents", "code points", *LABELS, "attributions"]
    rows += [f"attributions without {role}" for role in ROLES if role != "content"]
    found: Counts = [((row,), [counts[row,] for counts in by_split]) for row in rows]
    entities = [counts[ENTITY_ONLY,] for counts in by_split]
    return found + ([((ENTITY_ONLY,), entities)] if any(entities) else [])


def attribute_counts(plan: Plan) -> Counts:
    """Return rows of ((label, attribute, value), numbers by split); values never used are left out.

    Of free text only whether it is given is counted.
    """
    by_split = [_split_counts(plan, split) for split in plan.splits]
    rows: Counts = []
    for label in LABELS:
        for name, values in ATTRIBUTES[label].items():
            for value in (*(values or (GIVEN,)), NOT_GIVEN):
                numbers = [counts[label, name, value] for counts in by_split]
                if any(numbers):
                    rows.append(((label, name, value), numbers))
    return rows


def annotated_by_people(plan: Plan) -> tuple[int, int]:
    """Return how many documents one person or more labelled, and how many two or more."""
    people: Counter[str] = Counter()
    for doc_id, _ in {
        (a.doc_id, layer.annotator)
        for layer in plan.corpus.layers.values()
        if layer.kind == "human"
        for a in layer.annotations
    }:
        people[doc_id] += 1
    return len(people), sum(number > 1 for number in people.values())


def _split_counts(plan: Plan, split: str) -> Counter[Row]:
    annotations = plan.layer.by_document()
    counts: Counter[Row] = Counter()
    for document in plan.splits[split]:
        annotation = annotations.get(document.doc_id)
        if annotation is None:
            continue
        counts["documents",] += 1
        counts["code points",] += len(document.text)
        for span in annotation.spans:
            counts[span.label,] += 1
            for name, values in ATTRIBUTES[span.label].items():
                value = span.attributes.get(name, NOT_GIVEN)
                counts[span.label, name, value if values or value == NOT_GIVEN else GIVEN] += 1
        for attribution in annotation.attributions:
            counts["attributions",] += 1
            counts[ENTITY_ONLY,] += bool(attribution.entity)
            for role, ids in attribution.roles():
                counts[f"attributions without {role}",] += not ids
    return counts
