"""Two results of one benchmark on some of its documents, from the counts that they keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inquit.corpus import Annotation, Corpus, DataError, Document, Layer, Problem
from inquit.corpus.errors import quoted

from ..arguments import check_drawing, layers_of, names_of
from ..counting.align import align, documents_by_id
from ..counting.columns import ObjectColumns
from ..counting.items import ignore_regions
from ..measures import HEADLINE, Measure, parse_all
from ..result import digest
from ..slicing.baselines import Beside, Place, slice_baselines
from ..slicing.shown import Shown
from ..slicing.values import ITEM_SLICES, check_slices, document_members
from ..uncertainty import adjusted
from .results import Compared, Difference, Pairs, at_the_floor


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """The documents of one value of a slice; see `Difference` and `Beside`."""

    value: str
    documents: int
    difference: Difference
    beside: Beside

    def to_json(self) -> dict[str, Any]:
        """Return the numbers; None for what is undefined."""
        numbers = {**self.difference.to_json(), **self.beside.to_json()}
        return {"value": self.value, "documents": self.documents, **numbers}


@dataclass(frozen=True)
class ComparedSlice:
    """One measure by one property of the documents; ``notes`` say how far p can be told."""

    name: str
    measure: str
    parts: tuple[ComparedPart, ...]
    confidence: float = 0.95
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        from ..notebook import compared_slices_html

        return compared_slices_html([self])

    def to_json(self) -> dict[str, Any]:
        """Return what ``inquit eval compare --slice --json`` prints."""
        parts = [part.to_json() for part in self.parts]
        return {
            "slice": self.name,
            "measure": self.measure,
            "parts": parts,
            "notes": list(self.notes),
        }


class ComparedSlices(Shown[ComparedSlice]):
    """What `compare_slices` returns: a tuple of `ComparedSlice`, shown by a notebook as tables."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from ..notebook import compared_slices_html

        return compared_slices_html(self)


def compare_slices(
    compared: Compared,
    slices: Iterable[str],
    documents: Corpus | Mapping[str, Document] | Iterable[Document],
    *,
    gold: Layer | Sequence[Annotation] | None = None,
    humans: Sequence[Layer] = (),
    measures: Iterable[str | Measure] | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
) -> ComparedSlices:
    """Compare two results on parts of their documents; nothing is run or scored again.

    Parameters
    ----------
    compared : Compared
        See `compare_results`; its seed is used again.
    slices : iterable of str
        ``publisher``, ``language``, ``split`` or ``meta.FIELD``. Results hold counts of documents,
        so that slices of labels cannot be told from them.
    documents : Corpus, or documents by id or in any order
        The scored documents.
    gold : Layer or sequence of Annotation, optional
        What the results were scored against: with it trivial systems and people stand beside.
    humans : sequence of Layer
        Layers of people over the same documents; they need ``gold``, which says what is ignored.
    measures : iterable of str or Measure, optional
        Of those that were compared; the headline, or else the first, if left out.
    resamples, confidence
        As for `compare_results`.

    Returns
    -------
    ComparedSlices
        A tuple: one `ComparedSlice` for each slice and measure. ``p_adjusted`` is corrected over
        all parts of all of them.

    Raises
    ------
    SliceError
        If a slice does not exist, or no document has the field.
    DataError
        If a slice is one of labels, a measure was not compared, a document is not there, ``gold``
        is other gold than that of the results, or there are too few resamples; also if an argument
        is not of its kind.
    MeasureError
        If a measure does not exist.
    """
    if not isinstance(compared, Compared):
        what, remedy = f"{type(compared).__name__} is no comparison", "compare_results makes one"
        raise DataError(Problem(what=what, remedy=remedy))
    check_drawing(resamples, confidence, compared.seed, none=False)
    names = names_of(slices, "slice")
    texts = _texts(compared, documents_by_id(documents) or {})
    check_slices(names, texts)
    if problems := [_of_labels(name) for name in names if name in ITEM_SLICES]:
        raise DataError(problems)
    asked = [(name, str(m)) for name in names for m in _measures(compared, measures)]
    beside = _beside(compared, texts, gold, layers_of(humans), asked)
    pairs = Pairs.of(compared.a, compared.b)
    rows = [
        (name, measure, value, mask)
        for name, measure in asked
        for value, mask in document_members(name, texts).items()
    ]
    found = [
        pairs.difference(measure, mask, resamples, confidence, compared.seed)
        for _, measure, _, mask in rows
    ]
    corrected = adjusted([difference.paired.p for difference in found])
    parts: dict[tuple[str, str], list[ComparedPart]] = {place: [] for place in asked}
    for (name, measure, value, mask), difference, p in zip(rows, found, corrected, strict=True):
        seen_against = beside.get((name, measure, value), Beside())
        part = ComparedPart(value, int(mask.sum()), replace(difference, p_adjusted=p), seen_against)
        parts[name, measure].append(part)
    return ComparedSlices(
        ComparedSlice(*place, tuple(listed), confidence, tuple(_notes(listed, resamples)))
        for place, listed in parts.items()
    )


def _measures(compared: Compared, asked: Iterable[str | Measure] | None) -> list[Measure]:
    known = [row.measure for row in compared.differences]
    if asked is None:
        headline = Measure.parse(HEADLINE)
        return [headline if headline in known else known[0]]
    wanted = list(dict.fromkeys(parse_all(asked)))
    held = ", ".join(map(str, known))
    problems = [
        Problem(what=f"{measure} was not compared", remedy=f"name one of those that were: {held}")
        for measure in wanted
        if measure not in known
    ]
    if problems:
        raise DataError(problems)
    return wanted


def _notes(parts: Sequence[ComparedPart], resamples: int) -> Iterator[str]:
    return at_the_floor({part.value: part.difference for part in parts}, resamples, "parts")


def _beside(
    compared: Compared,
    texts: Sequence[Document],
    gold: Layer | Sequence[Annotation] | None,
    humans: Sequence[Layer],
    asked: Sequence[tuple[str, str]],
) -> dict[Place, Beside]:
    if gold is None and humans:
        what, remedy = "people stand beside gold, and there is none", "pass gold too"
        raise DataError(Problem(what=what, remedy=remedy))
    if gold is None:
        return {}
    listed: list[Any]
    if isinstance(gold, Layer):
        listed = list(gold.annotations)
    else:
        listed = list(gold) if isinstance(gold, list | tuple | Iterator) else [gold]
    if strangers := [item for item in listed if not isinstance(item, Annotation)]:
        what = f"gold holds {type(strangers[0]).__name__}, which is no annotation"
        raise DataError(Problem(what=what, remedy="give a Layer, or a sequence of Annotation"))
    labels = {a.doc_id: a for a in listed}
    kept = [labels[doc_id] for doc_id in compared.a.doc_ids if doc_id in labels]
    if digest(kept) != compared.a.benchmark.gold_sha256:
        what, remedy = "these labels are not the gold of the results", "give the layer scored then"
        raise DataError(Problem(what=what, remedy=remedy))
    columns = ObjectColumns(kept)
    side, _, _ = align(columns, columns, {text.doc_id: text for text in texts})
    regions = ignore_regions(side, len(kept))
    wanted = [(name, Measure.parse(measure)) for name, measure in asked]
    return slice_baselines(side, texts, humans, regions, wanted)


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
