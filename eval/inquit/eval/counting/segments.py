"""Labels that lie on each segment of a text, as columns: made without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np

from inquit.corpus.vocabulary import ROLES

from .charsets import BoolArray, CharSets, IntArray, bounds_of
from .columns import LABEL_CODES, Attributions, Columns, Ragged


class SegmentColumns(Columns):
    """The columns of one span of each label on each segment; see `trivial_labels.label_segments`.

    Parameters
    ----------
    doc_ids : sequence of str
    segments : sequence of sequence of (start, end)
        Those of each document, in order.
    labels : sequence of str
        With "quote" among them each segment has an attribution of its quote, without source.
    """

    def __init__(
        self,
        doc_ids: Sequence[str],
        segments: Sequence[Sequence[tuple[int, int]]],
        labels: Sequence[str],
    ) -> None:
        self.doc_ids = doc_ids
        self.sha256 = [""] * len(doc_ids)
        self._labels = tuple(labels)
        self._counts = np.fromiter(map(len, segments), np.int64, len(doc_ids))
        ends = np.fromiter(chain.from_iterable(chain.from_iterable(segments)), np.int64)
        self._segments = ends.reshape(-1, 2)

    @cached_property
    def doc(self) -> IntArray:
        """Document number of each span."""
        numbers = np.arange(len(self._counts), dtype=np.int64)
        return np.repeat(numbers, self._counts * len(self._labels))

    @cached_property
    def label(self) -> IntArray:
        """Place in `vocabulary.LABELS` of each span's label."""
        codes = np.array([LABEL_CODES[label] for label in self._labels], np.int64)
        return np.tile(codes, len(self._segments))

    @cached_property
    def fragments(self) -> CharSets:
        """Characters of each span."""
        start, end = np.repeat(self._segments, len(self._labels), axis=0).T
        return CharSets(np.arange(len(start) + 1), start.copy(), end.copy())

    @cached_property
    def attributions(self) -> Attributions:
        """One attribution for each segment, of its quote."""
        n = len(self._segments) if "quote" in self._labels else 0
        none = Ragged(np.zeros(n + 1, np.int64), np.zeros(0, np.int64))
        roles = dict.fromkeys(ROLES, none)
        if n:
            quotes = np.arange(n) * len(self._labels) + self._labels.index("quote")
            roles["content"] = Ragged(bounds_of(np.ones(n, np.int64)), quotes)
        numbers = np.arange(len(self._counts), dtype=np.int64)
        return Attributions(np.repeat(numbers, self._counts if n else 0), roles)

    def has(self, attribute: str, value: str) -> BoolArray:  # noqa: ARG002  # as all Columns have
        """Return for each span that it has no attribute."""
        return np.zeros(len(self.label), np.bool_)

    def span_id(self, row: int) -> str:
        """Return the id of a span: its label and the number of its segment."""
        segment, label = divmod(row, len(self._labels))
        return f"{self._labels[label]}{self._number(segment)}"

    def attribution_id(self, row: int) -> str:
        """Return the id of an attribution."""
        return f"a{self._number(row)}"

    def _number(self, segment: int) -> int:
        first = bounds_of(self._counts)
        return segment - int(first[np.searchsorted(first, segment, side="right") - 1]) + 1
