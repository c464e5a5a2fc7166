"""Findings: the labels of gold and of a prediction, joined, each with the kinds of its errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from inquit.corpus import Annotation, DataError, Document, Problem

from ..counting.align import align, documents_by_id
from ..counting.charsets import IntArray
from ..counting.columns import NOWHERE, ObjectColumns, columns_of
from ..counting.items import ignore_regions
from ..counting.matching import TooManyPairsError
from .partners import Partners, partners
from .units import QUOTE, LayerUnits, Units

#: The kinds of errors, in the order in which a finding names them.
KINDS: Final = (
    "missed",
    "spurious",
    "boundary",
    "wrong form",
    "wrong source",
    "unlinked",
    "ungrounded",
)
Target: TypeAlias = Literal["attribution", "claim", "quote"]
TARGETS: Final[tuple[Target, ...]] = ("attribution", "claim", "quote")


@dataclass(frozen=True, slots=True)
class Finding:
    """A gold label and what was predicted for it, or one of them alone.

    Parameters
    ----------
    target : {"attribution", "claim", "quote"}
        Claims and quotes are found on their own where no attribution of their side names them.
    kinds : tuple of str
        Out of `KINDS`, in their order; empty if nothing is wrong.
    gold, predicted : str or None
        Id of the attribution, or of the span, in its annotation; None where that side has none.
        With the kind "unlinked" ``predicted`` is the id of a span.
    start : int or None
        Offset of the content's first character, in gold if it is there; None if the content has
        no place in the text.
    hit : bool
        Whether gold and prediction match: attributions as the headline says, spans by an IoU of
        one half. The hits of target "attribution" that are not ``ignored`` are the headline's
        true positives.
    ignored : bool
        Whether it lies in a region that nobody is scored on.
    """

    target: Target
    kinds: tuple[str, ...]
    gold: str | None
    predicted: str | None
    start: int | None
    hit: bool
    ignored: bool = False


def errors_of(
    documents: Sequence[Document],
    gold: Sequence[Annotation],
    predicted: Mapping[str, Annotation],
) -> list[list[Finding]]:
    """Return for each document its labels and what is wrong with them, in text order.

    Every attribution of either side stands in exactly one finding; docs/errors.md says which.

    Parameters
    ----------
    documents, gold : sequences, length n
        In the same order.
    predicted : mapping of document id to Annotation
        A document that is missing in it counts as empty.

    Raises
    ------
    DataError
        If labels do not fit the documents, or too many of one document overlap.

    >>> from inquit.corpus import Span
    >>> text = Document(doc_id="d", text="Rain, said Ann. Snow, said Bo.")
    >>> gold = Annotation(doc_id="d", spans=[Span("a", "quote", [(0, 4)])])
    >>> found = Annotation(doc_id="d", spans=[Span("x", "quote", [(16, 20)])])
    >>> for finding in errors_of([text], [gold], {"d": found})[0]:
    ...     print(finding.kinds, finding.gold, finding.predicted)
    ('missed',) a None
    ('spurious',) None x
    """
    known = documents_by_id(documents) or {}
    if not isinstance(predicted, Mapping):
        what, remedy = (
            f"{type(predicted).__name__} is no mapping",
            "give annotations by document id",
        )
        raise DataError(Problem(what=what, remedy=remedy))
    found = [predicted.get(d.doc_id) or Annotation(doc_id=d.doc_id, spans=()) for d in documents]
    left, right, _ = align(columns_of(gold), ObjectColumns(found), known)
    regions = ignore_regions(left, len(documents))
    a, b = LayerUnits(left, regions), LayerUnits(right, regions)
    try:
        matched = partners(a, b)
    except TooManyPairsError as error:
        raise _too_many(documents[error.block].doc_id, error.pairs) from error
    listed: list[list[Finding]] = [[] for _ in documents]
    for part in matched:
        for doc, finding in _joined(part, documents):
            listed[doc].append(finding)
    for units, kind in (
        (a.attributions, "missed"),
        (a.lone, "missed"),
        (b.attributions, "spurious"),
        (b.lone, "spurious"),
    ):
        for doc, finding in _alone(units, kind):
            listed[doc].append(finding)
    for findings in listed:
        findings.sort(key=_text_order)
    return listed


def errors_table(findings: Iterable[Iterable[Finding]]) -> dict[Target, dict[str, int]]:
    """Count findings by target and kind, without the ignored ones.

    A finding of two kinds counts under both. ``correct`` are those of no kind, ``hit`` those that
    match: ``errors_table(...)["attribution"]["hit"]`` is the headline's TP.

    >>> found = Finding("quote", ("boundary",), "q1", "q2", 0, hit=True)
    >>> errors_table([[found]])["quote"]["boundary"]
    1
    """
    table = {target: dict.fromkeys(("correct", "hit", *KINDS), 0) for target in TARGETS}
    for finding in (f for part in findings for f in part if not f.ignored):
        row = table[finding.target]
        row["hit"] += finding.hit
        for kind in finding.kinds or ("correct",):
            row[kind] += 1
    return table


def _joined(found: Partners, documents: Sequence[Document]) -> Iterator[tuple[int, Finding]]:
    a, b = found.gold, found.predicted
    i, j = found.pairs.gold, found.pairs.predicted
    n = len(i)
    forms = a.forms[i], b.forms[j]
    other_form = (forms[0] > 0) & (forms[1] > 0) & (forms[0] != forms[1])
    flags: dict[str, list[bool]] = {
        "boundary": [True] * n if found.apart else _boundary(found, documents),
        "wrong form": other_form.tolist(),
        "wrong source": found.wrong_source.tolist(),
        "unlinked": [found.unlinked] * n,
        "ungrounded": b.ungrounded[j].tolist(),
    }
    names = list(flags)
    kinds = [
        tuple(name for name, is_it in zip(names, row, strict=True) if is_it)
        for row in zip(*flags.values(), strict=True)
    ]
    for doc, target, what, gold, predicted, start, ignored in zip(
        a.doc[i].tolist(),
        _targets(a, i),
        kinds,
        a.names(i),
        b.names(j),
        a.starts(i),
        a.ignored[i].tolist(),
        strict=True,
    ):
        yield doc, Finding(target, what, gold, predicted, start, found.hit, ignored)


def _alone(units: Units, kind: str) -> Iterator[tuple[int, Finding]]:
    i = np.flatnonzero(units.free)
    kinds = ((kind,), (kind, "ungrounded"))
    for doc, target, ungrounded, name, start, ignored in zip(
        units.doc[i].tolist(),
        _targets(units, i),
        units.ungrounded[i].tolist(),
        units.names(i),
        units.starts(i),
        units.ignored[i].tolist(),
        strict=True,
    ):
        gold, predicted = (name, None) if kind == "missed" else (None, name)
        yield doc, Finding(target, kinds[ungrounded], gold, predicted, start, False, ignored)


def _targets(units: Units, index: IntArray) -> list[Target]:
    if units.source is not None:
        return ["attribution"] * len(index)
    return ["quote" if bits == QUOTE else "claim" for bits in units.labels[index].tolist()]


def _boundary(found: Partners, documents: Sequence[Document]) -> list[bool]:
    """Return for which pairs the contents have other letters or digits, as `trim` sees them."""
    a, b = found.gold, found.predicted
    i, j, common = found.pairs.gold, found.pairs.predicted, found.pairs.shared
    differ = np.flatnonzero((common < a.content.sizes[i]) | (common < b.content.sizes[j]))
    wrong = [False] * len(i)
    for place, doc, left, right in zip(
        differ.tolist(),
        a.doc[i[differ]].tolist(),
        a.edges(i[differ]),
        b.edges(j[differ]),
        strict=True,
    ):
        wrong[place] = _letters_differ(documents[doc].text, left, right)
    return wrong


def _letters_differ(text: str, left: list[int], right: list[int]) -> bool:
    """Return whether two different sets of characters differ in a letter or digit.

    >>> _letters_differ("“Rain.”", [0, 7], [1, 5]), _letters_differ("“Rain.”", [0, 7], [2, 5])
    (False, True)
    """
    # Between the edges of both sides, in order, lies in turn what one side has, and what both have
    # or neither has.
    edges = sorted(left + right)
    if edges[-1] > NOWHERE or _letters(text, edges):
        return True
    # Where there is no letter at all, every character counts.
    return not _letters(text, left)


def _letters(text: str, edges: list[int]) -> bool:
    fragments = zip(edges[::2], edges[1::2], strict=True)
    return any(any(map(str.isalnum, text[start:end])) for start, end in fragments)


def _text_order(finding: Finding) -> tuple[bool, int, bool, str, str]:
    start = finding.start
    names = finding.gold or "", finding.predicted or ""
    return start is None, start or 0, finding.gold is None, *names


def _too_many(doc_id: str, pairs: int) -> DataError:
    what = f"{pairs:,} pairs of gold and predicted labels overlap, too many to list its errors"
    return DataError(Problem(doc_id=doc_id, what=what, remedy="look for labels that were repeated"))
