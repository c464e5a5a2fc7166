"""Reading nested Arrow arrays strictly, as numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import quoted
from inquit.corpus.model import MAX_OFFSET

from .charsets import AnyIntArray, BoolArray, IntArray

_FORM = "give the columns of a layer file; see docs/formats.md"


class FragmentError(Exception):
    """Some fragments are no pairs of whole numbers: which, what is wrong, what to do."""

    def __init__(self, fragments: IntArray, what: str, remedy: str) -> None:
        super().__init__(what)
        self.fragments = fragments
        self.what = what
        self.remedy = remedy


def column(table: Any, name: str) -> Any:
    """Return a column as one array; raise DataError if there is none."""
    if name not in table.column_names:
        raise _refusal(f"the table has no column {name!r}")
    found = table.column(name).combine_chunks()
    if isinstance(found, pa.ChunkedArray):
        found = pa.concat_arrays(found.chunks) if found.num_chunks else pa.array([], found.type)
    return found


def has_field(rows: Any, name: str) -> bool:
    """Whether rows are structs with this field."""
    return pa.types.is_struct(rows.type) and any(field.name == name for field in rows.type)


def field(rows: Any, name: str) -> Any:
    """Return one field of structs; raise DataError if there is none."""
    if not has_field(rows, name):
        raise _refusal(f"there is no field {name!r} in {quoted(str(rows.type))}")
    return pc.struct_field(rows, name)


def lists(values: Any, name: str) -> tuple[IntArray, Any]:
    """Return the lengths of lists, and all their items in one array; a null list is empty.

    The lengths have the width that Arrow has for them.
    """
    if pa.types.is_fixed_size_list(values.type) and values.null_count:
        values = values.cast(pa.list_(values.type.value_type))
    kind = values.type
    if pa.types.is_fixed_size_list(kind):
        return np.full(len(values), kind.list_size, np.int64), values.flatten()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.list_value_length(values)
        if lengths.null_count:
            lengths = lengths.fill_null(0)
        return np.asarray(lengths), values.flatten()
    if pa.types.is_null(kind):
        return np.zeros(len(values), np.int64), pa.array([], pa.null())
    raise _refusal(f"{name} is {quoted(str(kind))}, not a list")


def strings(values: Any, name: str) -> Any:
    """Return an array of strings, without dictionary encoding."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        values = values.cast(pa.string())
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        raise _refusal(f"{name} is {quoted(str(values.type))}, not text")
    return values


def offsets(pairs: Any) -> tuple[AnyIntArray, AnyIntArray]:
    """Return starts and ends from an array of pairs or of structs with ``start`` and ``end``.

    They are of the width that Arrow has for them.

    Raises
    ------
    FragmentError
        With the fragments at fault.
    DataError
        If offsets are of a type that holds no whole numbers.
    """
    if pa.types.is_struct(pairs.type):
        return _whole_numbers(field(pairs, "start"), 1), _whole_numbers(field(pairs, "end"), 1)
    widths, flat = lists(pairs, "a fragment")
    wrong = np.flatnonzero(widths != 2)
    if len(wrong):
        raise FragmentError(wrong, "is not a pair", "give [start, end)")
    values = _whole_numbers(flat, 2)
    return values[::2], values[1::2]


def integers(values: Any) -> IntArray:
    """Return an array without nulls as 64-bit integers."""
    return np.asarray(values.cast(pa.int64()), np.int64)


def booleans(values: Any) -> BoolArray:
    """Return an array as booleans; null is false."""
    return np.asarray(values.fill_null(False), np.bool_)


def _whole_numbers(values: Any, width: int) -> AnyIntArray:
    """Return offsets as their type has them, ``width`` of them a fragment."""
    if len(values) and not pa.types.is_integer(values.type):
        raise DataError(Problem(what=f"offsets are {values.type}", remedy="give whole numbers"))
    if values.null_count:
        missing = np.flatnonzero(booleans(values.is_null()))
        what = "lacks an offset: null is no whole number"
        raise FragmentError(missing // width, what, "give [start, end)")
    if pa.types.is_uint64(values.type):
        beyond = np.flatnonzero(np.asarray(values) > MAX_OFFSET)
        if len(beyond):
            remedy = f"give offsets from 0 to {MAX_OFFSET}"
            raise FragmentError(beyond // width, "lies outside any text", remedy)
    return np.asarray(values)


def _refusal(what: str) -> DataError:
    return DataError(Problem(what=what, remedy=_FORM))
