"""Two results of one benchmark on some of its documents, from the counts that they keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.errors import quoted

from .arguments import check_drawing
from .compare import Compared, Difference, Pairs
from .measures import HEADLINE
from .slice_values import ITEM_SLICES, check_slices, document_members
from .uncertainty import adjusted


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """The documents of one value of a slice; see `Difference`."""

    value: str
    documents: int
    difference: Difference

    def to_json(self) -> dict[str, Any]:
        """Return the numbers; None for what is undefined."""
        return {"value": self.value, "documents": self.documents, **self.difference.to_json()}


@dataclass(frozen=True)
class ComparedSlice:
    """One measure by one property of the documents."""

    name: str
    measure: str
    parts: tuple[ComparedPart, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval compare --slice --json`` prints."""
        parts = [part.to_json() for part in self.parts]
        return {"slice": self.name, "measure": self.measure, "parts": parts}


def compare_slices(
    compared: Compared,
    slices: Iterable[str],
    documents: Mapping[str, Document],
    *,
    measures: Sequence[str] | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
) -> tuple[ComparedSlice, ...]:
    """Compare two results on parts of their documents; nothing is run or scored again.

    Parameters
    ----------
    compared : Compared
        See `compare_results`; its seed is used again.
    slices : iterable of str
        ``publisher``, ``language``, ``split`` or ``meta.FIELD``. Results hold counts of documents,
        so that slices of labels cannot be told from them.
    documents : dict of str to Document
        The scored documents, by their ids.
    measures : sequence of str, optional
        Of those that were compared; the headline, or else the first, if left out.
    resamples, confidence
        As for `compare_results`.

    Returns
    -------
    tuple of ComparedSlice
        One for each slice and measure. ``p_adjusted`` is corrected over all parts of all of them.

    Raises
    ------
    SliceError
        If a slice does not exist, or no document has the field.
    DataError
        If a slice is one of labels, a document is not there, or there are too few resamples.
    """
    check_drawing(resamples, confidence, compared.seed, none=False)
    names = list(dict.fromkeys(slices))
    texts = _texts(compared, documents)
    check_slices(names, texts)
    if problems := [_of_labels(name) for name in names if name in ITEM_SLICES]:
        raise DataError(problems)
    known = [str(d.measure) for d in compared.differences]
    wanted = list(measures) if measures else [HEADLINE if HEADLINE in known else known[0]]
    pairs = Pairs.of(compared.a, compared.b)
    rows = [
        (name, measure, value, int(mask.sum()), mask)
        for name in names
        for measure in wanted
        for value, mask in document_members(name, texts).items()
    ]
    found = [
        pairs.difference(measure, mask, resamples, confidence, compared.seed)
        for _, measure, _, _, mask in rows
    ]
    corrected = adjusted([difference.paired.p for difference in found])
    parts: dict[tuple[str, str], list[ComparedPart]] = {}
    for (name, measure, value, count, _), difference, p in zip(rows, found, corrected, strict=True):
        part = ComparedPart(value, count, replace(difference, p_adjusted=p))
        parts.setdefault((name, measure), []).append(part)
    return tuple(ComparedSlice(*key, tuple(listed)) for key, listed in parts.items())


def _texts(compared: Compared, documents: Mapping[str, Document]) -> list[Document]:
    problems = list(_missing(compared, documents))
    if problems:
        raise DataError(problems)
    return [documents[doc_id] for doc_id in compared.a.doc_ids]


def _missing(compared: Compared, documents: Mapping[str, Document]) -> Iterator[Problem]:
    for doc_id in compared.a.doc_ids:
        if doc_id not in documents:
            what, remedy = "was scored and is not in the corpus", "give the corpus that was scored"
            yield Problem(doc_id=doc_id, what=what, remedy=remedy)


def _of_labels(name: str) -> Problem:
    return Problem(
        what=f"slice {quoted(name)} goes by labels, and results hold the counts of documents",
        remedy="slice by publisher, language, split or meta.FIELD; 'inquit eval report' and "
        f"'inquit eval score --slice {name}' show each system by itself",
    )
