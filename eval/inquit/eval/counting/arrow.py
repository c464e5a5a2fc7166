"""An Arrow table as `Columns`: as strict as the model, without a Python object for each span."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import quoted
from inquit.corpus.model import MAX_OFFSET
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS, ROLES

from .arrow_lists import (
    FragmentError,
    booleans,
    column,
    field,
    has_field,
    integers,
    lists,
    offsets,
    strings,
)
from .arrow_schema import check_fields, check_names
from .charsets import AnyIntArray, BoolArray, CharSets, IntArray, ascending, bounds_of
from .columns import Attributions, Columns, Ragged


class ArrowColumns(Columns):
    """The columns of a table with ``doc_id``, ``spans`` and maybe ``attributions``, ``sha256``.

    Raises
    ------
    DataError
        With every span that breaks a rule of the model; attributions and the values of an
        attribute are checked when they are counted. Ids are where attributions name them.
    """

    def __init__(self, table: Any) -> None:
        check_fields(table)
        self.doc_ids = _texts(strings(column(table, "doc_id"), "doc_id"))
        self.sha256 = [""] * len(self.doc_ids)
        if "sha256" in table.column_names:
            known = strings(column(table, "sha256"), "sha256")
            self.sha256 = _texts(known.fill_null(""))
        spans = column(table, "spans")
        problems = [
            Problem(what=f"row {row} has no doc_id", remedy="name the document")
            for row, doc_id in enumerate(self.doc_ids if not all(self.doc_ids) else ())
            if not doc_id
        ]
        problems += [
            Problem(doc_id=self.doc_ids[row], what="spans is null", remedy="give an empty list")
            for row in (
                np.flatnonzero(booleans(spans.is_null())).tolist() if spans.null_count else ()
            )
        ]
        problems += self._ungrounded_problems(table)
        if problems:
            raise DataError(problems)
        self._counts, self._spans = lists(spans, "spans")
        self._given = None
        if "attributions" in table.column_names:
            self._given = lists(column(table, "attributions"), "attributions")
        problems = [*self._label_problems(), *self._fragment_problems()]
        if problems:
            raise DataError(problems)

    @cached_property
    def doc(self) -> IntArray:
        """Document number of each span."""
        return np.repeat(np.arange(len(self._counts), dtype=np.int64), self._counts)

    @cached_property
    def label(self) -> AnyIntArray:
        """Place in `vocabulary.LABELS` of each span's label; -1 where it is none."""
        if not len(self._spans):
            return np.zeros(0, np.int8)
        names = strings(field(self._spans, "label"), "label")
        codes = pc.index_in(names, value_set=pa.array(LABELS, names.type))
        return np.asarray((codes.fill_null(-1) if codes.null_count else codes).cast(pa.int8()))

    @cached_property
    def fragments(self) -> CharSets:
        """Characters of each span."""
        return CharSets(*self._fragments)

    @cached_property
    def _fragments(self) -> tuple[IntArray | None, AnyIntArray, AnyIntArray]:
        """Bounds, start and end of `CharSets`."""
        if not len(self._spans):
            none = np.zeros(0, np.int64)
            return None, none, none
        counts, pairs = lists(field(self._spans, "fragments"), "fragments")
        bounds = None if (counts == 1).all() else bounds_of(counts)
        try:
            return bounds, *offsets(pairs)
        except FragmentError as error:
            rows = np.unique(np.searchsorted(np.cumsum(counts), error.fragments, side="right"))
            raise DataError(
                self._at(row, f"a fragment {error.what}", error.remedy) for row in rows.tolist()
            ) from error

    @cached_property
    def attributions(self) -> Attributions:
        """The attributions, their span ids resolved."""
        none = np.zeros(0, np.int64)
        if self._given is None or not len(self._given[1]):
            return Attributions(none, dict.fromkeys(ROLES, Ragged(np.zeros(1, np.int64), none)))
        counts, rows = self._given
        doc = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        names = _Names(self)
        roles: dict[str, Ragged] = {}
        problems: list[Problem] = []
        for role in ROLES:
            lengths: IntArray = np.zeros(len(doc), np.int64)
            index: IntArray = none
            if has_field(rows, role):
                lengths, ids = lists(field(rows, role), role)
                owner = np.repeat(np.arange(len(doc), dtype=np.int64), lengths)
                index = names.rows(doc[owner], ids, role)
                problems += self._role_problems(role, doc, owner, ids, index)
                problems += self._twice_in_role(role, doc, lengths, index)
            roles[role] = Ragged(bounds_of(lengths), index)
        empty = np.flatnonzero(np.diff(roles["content"].bounds) == 0)
        problems += [
            self._about(doc, row, "has no content", "name the quote or claim that is attributed")
            for row in empty.tolist()
        ]
        problems += self._entity_problems(doc, rows, roles["source"])
        if problems:
            raise DataError(problems)
        return Attributions(doc, roles)

    def has(self, attribute: str, value: str) -> BoolArray:
        """Return for each span whether an attribute has a value."""
        none = np.zeros(len(self._spans), np.bool_)
        if not len(self._spans) or not has_field(self._spans, "attributes"):
            return none
        kept = field(self._spans, "attributes")
        if pa.types.is_map(kept.type):
            values = pc.map_lookup(kept, attribute, "first")
        elif has_field(kept, attribute):
            values = field(kept, attribute)
        else:
            return none
        values = strings(values, attribute)
        if problems := [*self._value_problems(attribute, values)]:
            raise DataError(problems)
        return booleans(pc.equal(values, value))

    def _value_problems(self, attribute: str, values: Any) -> Iterator[Problem]:
        """Yield what is wrong with an attribute that is counted: its values, and whose it is."""
        of = {label: known[attribute] for label, known in ATTRIBUTES.items() if attribute in known}
        allowed = {value for known in of.values() for value in known or ()}
        found = pc.unique(values).drop_null().to_pylist()
        if any(value not in allowed for value in found) and None not in of.values():
            names = pa.array([*allowed], values.type)
            wrong = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=names)))
            for row in np.flatnonzero(booleans(wrong)).tolist():
                what = f"{attribute} {quoted(str(values[row]))} is unknown"
                yield self._at(row, what, f"use one of {', '.join(sorted(allowed))}")
        theirs = np.isin(self.label, [LABELS.index(label) for label in of])
        for row in np.flatnonzero(booleans(pc.is_valid(values)) & ~theirs).tolist():
            label = LABELS[int(self.label[row])]
            remedy = f"its attributes are: {', '.join(ATTRIBUTES[label]) or 'none'}"
            yield self._at(row, f"a {label} has no attribute {quoted(attribute)}", remedy)

    def span_id(self, row: int) -> str:
        """Return the id of a span."""
        return _id(self._spans, row)

    def attribution_id(self, row: int) -> str:
        """Return the id of an attribution."""
        return _id(self._given[1], row) if self._given else ""

    def _ungrounded_problems(self, table: Any) -> Iterator[Problem]:
        """Refuse what would be left out otherwise: a table has no place for such predictions."""
        if "ungrounded" in table.column_names:
            counts, _ = lists(column(table, "ungrounded"), "ungrounded")
            for row in np.flatnonzero(counts).tolist():
                yield Problem(
                    doc_id=self.doc_ids[row],
                    what="has ungrounded predictions, which are not read from a table",
                    remedy="give them as a layer file or as a sequence of Annotation",
                )

    def _label_problems(self) -> Iterator[Problem]:
        for row in np.flatnonzero(self.label < 0).tolist():
            name = field(self._spans, "label")[row]
            remedy = f"use one of {', '.join(LABELS)}"
            yield self._at(row, f"unknown label {quoted(str(name))}", remedy)

    def _fragment_problems(self) -> Iterator[Problem]:
        sets = self.fragments
        if not sets.single:
            for row in np.flatnonzero(sets.counts == 0).tolist():
                yield self._at(row, "has no fragments", "give at least one [start, end)")
        _, start, end = self._fragments
        touches = np.zeros(len(start), np.bool_)
        if not sets.single:
            touches[1:] = (sets.owner[1:] == sets.owner[:-1]) & (start[1:] <= end[:-1])
        for wrong, what, remedy in (
            (
                (start < 0) | (end > MAX_OFFSET),
                "lies outside any text",
                f"give offsets from 0 to {MAX_OFFSET}",
            ),
            (end <= start, "is empty or ends before it starts", "give an end after the start"),
            (
                touches,
                "touches or precedes the one before it",
                "give fragments in ascending order with a gap between them",
            ),
        ):
            for i in np.flatnonzero(wrong).tolist():
                row, shown = int(sets.owner[i]), f"fragment [{start[i]}, {end[i]})"
                yield self._at(row, f"{shown} {what}", remedy)

    def _role_problems(
        self, role: str, doc: IntArray, owner: IntArray, ids: Any, index: IntArray
    ) -> Iterator[Problem]:
        allowed = np.zeros(len(LABELS) + 1, np.bool_)
        allowed[[LABELS.index(label) for label in ROLES[role]]] = True
        label = np.where(index < 0, len(LABELS), np.append(self.label, 0)[index])
        for i in np.flatnonzero(~allowed[label]).tolist():
            fault = (
                "which does not exist" if index[i] < 0 else f"which is a {LABELS[int(label[i])]}"
            )
            what = f"{role} names span {quoted(str(ids[i]))}, {fault}"
            remedy = f"{role} takes {' or '.join(ROLES[role])} of the same document"
            yield self._about(doc, int(owner[i]), what, remedy)

    def _twice_in_role(
        self, role: str, doc: IntArray, lengths: IntArray, index: IntArray
    ) -> Iterator[Problem]:
        if not (lengths > 1).any():
            return
        owner = np.repeat(np.arange(len(lengths)), lengths)
        several = (lengths > 1)[owner] & (index >= 0)
        owner, named = owner[several], index[several]
        order = np.lexsort((named, owner))
        same = (np.diff(owner[order]) == 0) & (np.diff(named[order]) == 0)
        for row in np.unique(owner[order][1:][same]).tolist():
            yield self._about(doc, row, f"{role} names a span twice", "name each span once")

    def _entity_problems(self, doc: IntArray, rows: Any, source: Ragged) -> Iterator[Problem]:
        if not has_field(rows, "entity"):
            return
        entity = field(rows, "entity")
        if entity.null_count == len(entity):
            return
        named = booleans(pc.not_equal(strings(entity, "entity"), ""))
        for row in np.flatnonzero(named & (np.diff(source.bounds) > 0)).tolist():
            remedy = "give the entity to the source"
            yield self._about(doc, row, "has an entity beside a source", remedy)

    def _at(self, row: int, what: str, remedy: str) -> Problem:
        doc_id = self.doc_ids[int(self.doc[row])]
        return Problem(doc_id=doc_id, span=self.span_id(row), what=what, remedy=remedy)

    def _about(self, doc: IntArray, row: int, what: str, remedy: str) -> Problem:
        doc_id = self.doc_ids[int(doc[row])]
        return Problem(
            doc_id=doc_id, attribution=self.attribution_id(row), what=what, remedy=remedy
        )


def has_words(table: Any) -> bool:
    """Tell whether any span of a table has ``text``."""
    if "spans" not in table.column_names or "doc_id" not in table.column_names:
        return False
    check_names(table.schema)
    kind = table.schema.field("spans").type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    if not pa.types.is_struct(kind.value_type) or kind.value_type.get_field_index("text") < 0:
        return False
    words = field(lists(column(table, "spans"), "spans")[1], "text")
    return bool(len(words) > words.null_count)


class _Names:
    """Finds the spans that attributions name."""

    def __init__(self, columns: ArrowColumns) -> None:
        spans = columns._spans
        ids = strings(field(spans, "id"), "id") if len(spans) else pa.array([], pa.string())
        self._known = pc.unique(ids)
        keys = self._keys(columns.doc, ids)
        self._order = np.arange(len(keys)) if ascending(keys) else np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]
        twice = self._order[1:][self._sorted[1:] == self._sorted[:-1]]
        if len(twice):
            raise DataError(
                columns._at(row, "id stands twice", "give each span its own id")
                for row in twice.tolist()
            )

    def rows(self, doc: IntArray, ids: Any, role: str) -> IntArray:
        """Return the span of each name in its document; -1 where there is none."""
        wanted = self._keys(doc, strings(ids, role))
        if not len(self._sorted) or not len(wanted):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[at] == wanted, self._order[at], -1)

    def _keys(self, doc: IntArray, ids: Any) -> IntArray:
        codes = integers(pc.index_in(ids, value_set=self._known).fill_null(len(self._known)))
        return doc * (len(self._known) + 1) + codes


def _texts(values: Any) -> list[Any]:
    """Return strings, None for null; ten times as fast as ``to_pylist``."""
    found: list[Any] = values.to_numpy(zero_copy_only=False).tolist()
    return found


def _id(rows: Any, row: int) -> str:
    return str(rows[row]["id"]) if has_field(rows, "id") else f"number {row}"
