"""A layer as numpy columns: one row a span, one row an attribution.

`columns_of` takes labels in any form they come in: a `Layer`, a sequence of `Annotation`, or an
Arrow table with the columns of a layer file. Matching and counting see only `Columns`.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from inquit.corpus import (
    Annotation,
    Attribution,
    DataError,
    Document,
    Layer,
    Problem,
    Span,
    Ungrounded,
)
from inquit.corpus.vocabulary import LABELS, ROLES

from .charsets import AnyIntArray, BoolArray, CharSets, IntArray, bounds_of

#: Where ungrounded predictions lie: behind every text, so nothing in any text can match them.
NOWHERE = 2**33
LABEL_CODES = {label: code for code, label in enumerate(LABELS)}
#: Documents whose offsets are held as Python objects: few enough for those to stay in the cache.
_BATCH = 200


@dataclass(frozen=True, eq=False)
class Ragged:
    """Lists of row numbers: list ``i`` is ``index[bounds[i]:bounds[i + 1]]``."""

    bounds: IntArray
    index: IntArray


@dataclass(frozen=True, eq=False)
class Attributions:
    """Attributions as columns: the document of each, and for each role the spans that fill it."""

    doc: IntArray
    roles: dict[str, Ragged]


class Columns(ABC):
    """The labels of one layer.

    Attributes
    ----------
    doc_ids, sha256 : sequence of str, length documents
        A missing checksum is "".
    origin : str
        File the labels were read from, for messages; may be empty.
    notes : tuple of str
        What a person has to know of how the labels were read.
    """

    doc_ids: Sequence[str]
    sha256: Sequence[str]
    origin: str = ""
    notes: tuple[str, ...] = ()

    @property
    @abstractmethod
    def doc(self) -> IntArray:
        """Document number of each span."""

    @property
    @abstractmethod
    def label(self) -> AnyIntArray:
        """Label of each span: its place in `vocabulary.LABELS`."""

    @property
    @abstractmethod
    def fragments(self) -> CharSets:
        """Characters of each span."""

    @property
    @abstractmethod
    def attributions(self) -> Attributions:
        """The attributions; resolved when first asked for."""

    @property
    def ungrounded(self) -> IntArray:
        """Rows of the predictions that are not in the text."""
        return np.zeros(0, np.int64)

    @abstractmethod
    def has(self, attribute: str, value: str) -> BoolArray:
        """Return for each span whether an attribute has a value."""

    @abstractmethod
    def span_id(self, row: int) -> str:
        """Return the id of a span."""

    @abstractmethod
    def attribution_id(self, row: int) -> str:
        """Return the id of an attribution."""


class ObjectColumns(Columns):
    """The columns of Python objects.

    An ungrounded prediction is a row like any other; its characters, as many as its text has, lie
    in places of their own behind every text.
    """

    def __init__(self, annotations: Sequence[Annotation], origin: str = "") -> None:
        self.origin = origin
        self._annotations = annotations
        self._grounded = [a.spans for a in annotations]
        self._whole = not [a for a in annotations if a.ungrounded]
        self._rows = self._grounded if self._whole else _rows_of(annotations)
        self.doc_ids = [a.doc_id for a in annotations]
        self.sha256 = [a.sha256 for a in annotations]

    @cached_property
    def doc(self) -> IntArray:
        """Document number of each span."""
        counts = _lengths(self._rows)
        return np.repeat(np.arange(len(counts), dtype=np.int64), counts)

    @property
    def label(self) -> AnyIntArray:
        """Place in `vocabulary.LABELS` of each span's label."""
        return self._walked[0]

    @property
    def fragments(self) -> CharSets:
        """Characters of each span."""
        return self._walked[1]

    @property
    def ungrounded(self) -> IntArray:
        """Rows of the predictions that are not in the text."""
        sets = self.fragments
        return np.zeros(0, np.int64) if self._whole else sets.owner[sets.start >= NOWHERE]

    @cached_property
    def _walked(self) -> tuple[AnyIntArray, CharSets]:
        # One walk for both: touching each object is what scoring objects costs.
        labels, packed = bytearray(), bytearray()
        kind = "i" if self._whole else "q"
        inner: list[int] = []  # the fragments that are not the first of their span
        placed: Sequence[Sequence[Span | _Nowhere]]
        placed = self._grounded if self._whole else list(_placed(self._annotations))
        for batch in range(0, len(placed), _BATCH):
            offsets: list[int] = []
            label, extend, codes = labels.append, offsets.extend, LABEL_CODES
            for spans in placed[batch : batch + _BATCH]:
                for span in spans:
                    try:
                        (fragment,) = span.fragments
                    except ValueError:
                        first = (len(packed) // struct.calcsize(kind) + len(offsets)) // 2
                        inner += range(first + 1, first + len(span.fragments))
                        extend(chain.from_iterable(span.fragments))
                    else:
                        extend(fragment)
                    label(codes[span.label])
            # Three times as fast as np.array.
            packed += struct.pack(f"{len(offsets)}{kind}", *offsets)
        flat = np.frombuffer(packed, kind)
        start, end = flat[::2], flat[1::2]
        bounds = np.delete(np.arange(len(start) + 1), inner) if inner else None
        return np.frombuffer(labels, np.int8), CharSets(bounds, start, end)

    @cached_property
    def _spans(self) -> list[Span | Ungrounded]:
        return list(chain.from_iterable(self._rows))

    @cached_property
    def attributions(self) -> Attributions:
        """The attributions, their span ids resolved."""
        first = bounds_of(_lengths(self._rows))
        doc: list[int] = []
        lists: dict[str, list[list[int]]] = {role: [] for role in ROLES}
        for number, annotation in enumerate(self._annotations):
            if not annotation.attributions:
                continue
            offset = int(first[number])
            place = {span.id: row for row, span in enumerate(self._rows[number], offset)}
            for attribution in annotation.attributions:
                doc.append(number)
                for role, ids in attribution.roles():
                    lists[role].append([place[i] for i in ids])
        return Attributions(
            np.array(doc, np.int64), {role: _ragged(rows) for role, rows in lists.items()}
        )

    def has(self, attribute: str, value: str) -> BoolArray:
        """Return for each span whether an attribute has a value."""
        wanted = (span.attributes.get(attribute) == value for span in self._spans)
        return np.fromiter(wanted, np.bool_, len(self._spans))

    def span_id(self, row: int) -> str:
        """Return the id of a span."""
        return self._spans[row].id

    def attribution_id(self, row: int) -> str:
        """Return the id of an attribution."""
        return self._attributions[row].id

    @cached_property
    def _attributions(self) -> list[Attribution]:
        return list(chain.from_iterable(a.attributions for a in self._annotations))


def columns_of(
    labels: Any, origin: str = "", *, texts: Mapping[str, Document] | None = None
) -> Columns:
    """Return labels as columns.

    Parameters
    ----------
    labels : Layer, sequence of Annotation, Columns, or anything that Arrow can read as a table
        A table has the columns ``doc_id``, ``spans``, and, where there are any, ``attributions``
        and ``sha256``, as in a layer file. A Hugging Face ``Dataset`` is one.
    origin : str
        File the labels come from, for messages.
    texts : mapping of str to Document, optional
        With them a table may have words (``text``) instead of ``fragments``, which are found there.

    Raises
    ------
    DataError
        If the labels are of another kind, or a table breaks a rule of the model.
    """
    if isinstance(labels, Columns):
        return labels
    if isinstance(labels, Layer):
        return ObjectColumns(labels.annotations, origin)
    if isinstance(labels, Mapping):
        if not labels:
            raise _not_labels(labels)
        parts = ", ".join(map(str, labels))
        what = f"{type(labels).__name__} is not a form that labels come in"
        remedy = f"give one of what it holds ({parts})"
        raise DataError(Problem(what=what, remedy=remedy))
    if (table := _table(labels)) is not None:
        from .arrow import ArrowColumns, has_words

        return _found(table, texts) if has_words(table) else ArrowColumns(table)
    if isinstance(labels, str | bytes | Annotation) or not hasattr(labels, "__iter__"):
        raise _not_labels(labels)
    annotations = list(labels)
    for item in annotations:
        if not isinstance(item, Annotation):
            raise _not_labels(item)
    return ObjectColumns(annotations, origin)


def _found(table: Any, texts: Mapping[str, Document] | None) -> Columns:
    """Return the columns of a table of strings."""
    from ..predictions.table import of_strings

    annotations, grounding = of_strings(table, texts)
    columns = ObjectColumns(annotations)
    columns.notes = grounding.notes()
    return columns


def _table(labels: Any) -> Any:
    """Return what holds an Arrow table as a table, anything else as None."""
    if hasattr(labels, "__arrow_c_stream__") or hasattr(labels, "__arrow_c_array__"):
        import pyarrow as pa

        return pa.table(labels)
    if hasattr(labels, "with_format") and hasattr(labels, "column_names"):
        return labels.with_format("arrow")[:]
    return None


def _not_labels(value: object) -> DataError:
    return DataError(
        Problem(
            what=f"{type(value).__name__} is not a form that labels come in",
            remedy="give a Layer, a sequence of Annotation, or an Arrow table",
        )
    )


def _rows_of(annotations: Sequence[Annotation]) -> Sequence[tuple[Span | Ungrounded, ...]]:
    return [(*a.spans, *a.ungrounded) for a in annotations]


@dataclass(frozen=True)
class _Nowhere:
    """Stands for an ungrounded prediction where its place is asked for."""

    label: str
    fragments: tuple[tuple[int, int]]


def _placed(annotations: Iterable[Annotation]) -> Iterator[Sequence[Span | _Nowhere]]:
    """Yield the spans of each annotation, with a place for those that have none."""
    free = NOWHERE
    for annotation in annotations:
        if not annotation.ungrounded:
            yield annotation.spans
            continue
        spans: list[Span | _Nowhere] = [*annotation.spans]
        for item in annotation.ungrounded:
            end = free + max(len(item.text), 1)
            spans.append(_Nowhere(item.label, ((free, end),)))
            free = end + 1
        yield spans


def _lengths(lists: Sequence[Sequence[Any]]) -> IntArray:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _ragged(rows: list[list[int]]) -> Ragged:
    bounds = bounds_of(_lengths(rows))
    return Ragged(bounds, np.array([i for row in rows for i in row], np.int64))
