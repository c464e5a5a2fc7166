"""The error browser's data: documents, gold, predictions, and what is wrong with each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np

from inquit.corpus import Annotation, Corpus, Document, Span, Ungrounded
from inquit.corpus.viewer import Facets, System, browser_data, document_facets, items_of

from ..counting.align import in_order
from ..counting.columns import ObjectColumns
from ..errors import KINDS, TARGETS, Finding, errors_of
from ..measures import HEADLINE, Measure
from ..slicing.values import ATTRIBUTE_SLICES, PLACE_SLICES, Whole, item_members
from . import cut
from .inputs import Input

#: The kinds of errors, and two that are none.
SHOWN: Final = (*KINDS, "correct", "not scored")
#: The bits of all errors.
ERRORS: Final = (1 << len(KINDS)) - 1
CORRECT, IGNORED = 1 << len(KINDS), 1 << (len(KINDS) + 1)
#: The bit of what is compared with nothing.
PLAIN: Final = 1 << len(SHOWN)
#: The bit of what is found, be it wrong in its boundary or form; it comes beside a kind.
HIT: Final = 1 << (len(SHOWN) + 1)
#: What pages call a slice whose name says too little on its own.
NAMES: Final = {"kind": "kind of source"}
_JOINT, _SPANS = Measure.parse("attribution.f1@iou50"), Measure.parse("span.f1@iou50")

#: For each row of a layer, the numbers of its facets.
_Numbers = list[list[int]]


def report_data(
    inputs: Sequence[Input], names: Sequence[str], corpus: Corpus
) -> tuple[dict[str, Any], list[str]]:
    """Return what the viewer needs, and the documents' fields that can be sliced by.

    Parameters
    ----------
    inputs : sequence of Input
        Of one benchmark.
    names : sequence of str
        What the systems are called.
    corpus : Corpus
    """
    first = inputs[0].result
    labels = corpus.layer(first.benchmark.layer).by_document()
    documents = [corpus.documents[doc_id] for doc_id in first.doc_ids]
    gold = [labels[doc_id] for doc_id in first.doc_ids]
    facets = Facets()
    docs = document_facets(documents, facets)
    fields = list(facets.names)
    golden = _facets_of(documents, gold, facets)
    systems = [
        _system(name, item, documents, gold, golden, facets)
        for name, item in zip(names, inputs, strict=True)
    ]
    data = browser_data(
        docs,
        gold,
        systems,
        facets,
        layer=first.benchmark.layer,
        kinds=SHOWN,
        errors=ERRORS,
        correct=CORRECT,
        hit=HIT,
        headline=HEADLINE,
    )
    for document in data["documents"]:
        document["title"] = cut.brief(document["title"])
    return data, fields


def _system(
    name: str,
    item: Input,
    documents: Sequence[Document],
    gold: Sequence[Annotation],
    golden: _Side,
    facets: Facets,
) -> System:
    place = {document.doc_id: number for number, document in enumerate(documents)}
    failed = {place[doc_id]: cut.brief(why) for doc_id, why in item.result.failed.items()}
    if item.predictions is None:
        note = (
            "This result keeps no predictions, so its errors cannot be shown: "
            "these are gold's labels."
        )
        return System(name, [items_of(a, PLAIN) for a in gold], None, failed, note)
    found = [item.predictions.get(document.doc_id) for document in documents]
    return System(name, _items(documents, gold, golden, found, facets), found, failed)


def _items(
    documents: Sequence[Document],
    gold: Sequence[Annotation],
    golden: _Side,
    found: Sequence[Annotation | None],
    facets: Facets,
) -> list[list[list[int]]]:
    known = {a.doc_id: a for a in found if a is not None}
    empty = [a or Annotation(doc_id=g.doc_id, spans=()) for a, g in zip(found, gold, strict=True)]
    sides = golden, _facets_of(documents, empty, facets)
    rows = []
    for number, findings in enumerate(errors_of(documents, gold, known)):
        places = [side.places(number) for side in sides]
        rows.append([_item(finding, places) for finding in findings])
    return rows


def _item(finding: Finding, places: Sequence[_Places]) -> list[int]:
    kinds = sum(1 << KINDS.index(kind) for kind in finding.kinds) or CORRECT
    kinds |= HIT * finding.hit
    target = TARGETS.index(finding.target)
    start = -1 if finding.start is None else finding.start
    ids = finding.gold, finding.predicted
    numbers = [-1, -1]
    told: list[int] = []
    for side, name in enumerate(ids):
        if name is None:
            continue
        loose = side and "unlinked" in finding.kinds
        joint = finding.target == "attribution" and not loose
        number, values = places[side].look_up(name, joint=joint)
        numbers[side] = -2 - number if loose else number
        told = told or values
    return [target, IGNORED if finding.ignored else kinds, *numbers, start, *told]


class _Places:
    """Number and facets of the labels of one document, by their ids."""

    def __init__(self, annotation: Annotation, spans: _Numbers, joint: _Numbers) -> None:
        ids = [span.id for span in _spans(annotation)]
        self._spans = dict(zip(ids, enumerate(spans), strict=True))
        said = [a.id for a in annotation.attributions]
        self._joint = dict(zip(said, enumerate(joint), strict=True))

    def look_up(self, name: str, *, joint: bool) -> tuple[int, list[int]]:
        return (self._joint if joint else self._spans)[name]


class _Side:
    """The facets of every label of one layer."""

    def __init__(self, annotations: Sequence[Annotation], spans: _Numbers, joint: _Numbers) -> None:
        self._annotations, self._spans, self._joint = annotations, spans, joint
        self._first_span = [
            0,
            *accumulate(len(a.spans) + len(a.ungrounded) for a in annotations),
        ]
        self._first = [0, *accumulate(len(a.attributions) for a in annotations)]

    def places(self, number: int) -> _Places:
        spans = self._spans[self._first_span[number] : self._first_span[number + 1]]
        joint = self._joint[self._first[number] : self._first[number + 1]]
        return _Places(self._annotations[number], spans, joint)


def _facets_of(
    documents: Sequence[Document], annotations: Sequence[Annotation], facets: Facets
) -> _Side:
    side = in_order(ObjectColumns(annotations))
    kinds = [_attributes(annotations, facets), _joint_attributes(annotations, facets)]
    for numbers, measure in zip(kinds, (_SPANS, _JOINT), strict=True):
        whole = Whole.of(side, measure)
        for name in PLACE_SLICES:
            if name == "distance" and not whole.joint:
                continue
            for value, mask in item_members(name, whole, documents).items():
                number = facets.number(name, value)
                for row in np.flatnonzero(mask).tolist():
                    numbers[row].append(number)
    return _Side(annotations, *kinds)


def _attributes(annotations: Sequence[Annotation], facets: Facets) -> _Numbers:
    """Return the facets of each span and ungrounded one, those of attributes with listed values."""
    return [_numbers(span.attributes, facets) for a in annotations for span in _spans(a)]


def _joint_attributes(annotations: Sequence[Annotation], facets: Facets) -> _Numbers:
    """Return the facets of each attribution: those of its contents and sources."""
    found: _Numbers = []
    for annotation in annotations:
        given = {span.id: span.attributes for span in _spans(annotation)}
        for attribution in annotation.attributions:
            parts = [given[i] for i in (*attribution.content, *attribution.source)]
            found.append(list(dict.fromkeys(n for part in parts for n in _numbers(part, facets))))
    return found


def _spans(annotation: Annotation) -> list[Span | Ungrounded]:
    """Return what rows of columns are made of: spans, then ungrounded ones."""
    return [*annotation.spans, *annotation.ungrounded]


def _numbers(attributes: Mapping[str, str], facets: Facets) -> list[int]:
    return [
        facets.number(NAMES.get(name, name), value)
        for name, value in attributes.items()
        if name in ATTRIBUTE_SLICES
    ]
