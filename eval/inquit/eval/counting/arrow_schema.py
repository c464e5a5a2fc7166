"""What an Arrow table holds that would be lost: names given twice, and fields that nobody reads."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import did_you_mean, quoted
from inquit.corpus.vocabulary import ATTRIBUTES, ROLES

_ONCE = "keep one of the two; Arrow would take either"
#: What is asked where labels are numbers.
NAMES: Final = "give labels by their names, as strings (a ClassLabel holds their numbers)"
_OBJECT: Final = "give attributes as a struct or map of strings"
_READ: Final = ("doc_id", "sha256", "spans", "attributions", "ungrounded")
_SPAN: Final = ("id", "label", "fragments", "attributes", "text")
_ATTRIBUTION: Final = ("id", *ROLES, "entity")
_FRAGMENT: Final = ("start", "end")
_ATTRIBUTES: Final = tuple(dict.fromkeys(name for known in ATTRIBUTES.values() for name in known))


def check_fields(table: Any) -> None:
    """Raise DataError with everything inside the columns of a table that nobody would read.

    Of a table that can hold nothing such only the types are looked at.
    """
    check_names(table.schema)
    found: list[tuple[str, str]] = []
    for name, known in (("spans", _SPAN), ("attributions", _ATTRIBUTION)):
        if name in table.column_names and _may_be_unread(table.schema.field(name).type, known):
            found += _unread(_items(table.column(name)), known, name)
    if found:
        raise DataError(Problem(what=what, remedy=remedy) for what, remedy in found)


def check_names(schema: Any) -> None:
    """Raise DataError if a column that is read, or a field in one, stands twice."""
    found = [*twice_in(schema, _READ)]
    if found:
        raise DataError(Problem(what=what, remedy=remedy) for what, remedy in found)


def twice_in(schema: Any, columns: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and what to do for each name that stands twice beside another.

    Parameters
    ----------
    schema : pyarrow.Schema
    columns : container of str
        The columns that are read; what other columns hold is of no matter.
    """
    for name in _twice(schema.names):
        if name in columns:
            yield f"has column {quoted(name)} twice", _ONCE
    for field in schema:
        if field.name in columns:
            for place, name in _fields_twice(field.type, field.name):
                yield f"has field {quoted(name)} twice in `{place}`", _ONCE


def _may_be_unread(kind: Any, known: tuple[str, ...]) -> bool:
    """Tell whether rows of a type may hold what `_unread` refuses."""
    kind = getattr(kind, "value_type", kind)
    if not pa.types.is_struct(kind):
        return False
    for field in kind:
        if field.name not in known:
            return True
        inner = getattr(field.type, "value_type", field.type)
        if field.name == "label" and pa.types.is_integer(field.type):
            return True
        if field.name == "fragments" and pa.types.is_struct(inner):
            if not {f.name for f in inner} <= {*_FRAGMENT}:
                return True
        elif field.name == "attributes" and not pa.types.is_null(field.type):
            if not pa.types.is_struct(field.type):
                return True
            texts = all(not [*_no_text(f.type, "")] for f in field.type)
            if not texts or not {f.name for f in field.type} <= {*_ATTRIBUTES}:
                return True
    return False


def _unread(rows: Any, known: tuple[str, ...], place: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with each field of structs that is not known and not null."""
    if not pa.types.is_struct(rows.type):
        return
    for field in rows.type:
        if field.name in known and field.name not in ("attributes", "fragments", "label"):
            continue
        inner = pc.struct_field(rows, field.name)
        if inner.null_count == len(inner):
            continue
        where = f"{place}.{field.name}"
        if field.name not in known:
            remedy = did_you_mean(field.name, known) or f"its fields are {', '.join(known)}"
            yield f"unknown field {quoted(field.name)} in `{place}`", remedy
        elif field.name == "label":
            if pa.types.is_integer(field.type):
                yield f"`{where}` is {field.type}, not text", NAMES
        elif field.name == "fragments":
            yield from _unread(_items(inner), _FRAGMENT, where)
        elif pa.types.is_map(inner.type):
            yield from _map_faults(inner, where)
        elif pa.types.is_struct(inner.type):
            yield from _unread(inner, _ATTRIBUTES, where)
            for attribute in inner.type:
                yield from _no_text(attribute.type, f"{where}.{attribute.name}")
        else:
            yield f"`{where}` is {quoted(str(inner.type))}, not a struct or map", _OBJECT


def _map_faults(maps: Any, where: str) -> Iterator[tuple[str, str]]:
    yield from _no_text(maps.type.item_type, where)
    offsets = np.asarray(maps.offsets)
    keys = maps.keys.slice(offsets[0], offsets[-1] - offsets[0])
    known = pc.unique(keys)
    for key in map(str, known.to_pylist()):
        if key not in _ATTRIBUTES:
            remedy = did_you_mean(key, _ATTRIBUTES) or f"they are {', '.join(_ATTRIBUTES)}"
            yield f"unknown attribute {quoted(key)} in `{where}`", remedy
    owner = np.repeat(np.arange(len(maps)), np.diff(offsets))
    entries = owner * max(len(known), 1) + np.asarray(pc.index_in(keys, value_set=known))
    if len(np.unique(entries)) < len(entries):
        yield f"an attribute stands twice in a map of `{where}`", "keep one of the two"


def _no_text(kind: Any, where: str) -> Iterator[tuple[str, str]]:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        yield f"`{where}` is {quoted(str(kind))}, not text", _OBJECT


def _items(values: Any) -> Any:
    """Return the items of lists in one array; what is no list has none to look at."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.nulls(0)
    kind = values.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return values.flatten() if is_list or pa.types.is_fixed_size_list(kind) else pa.nulls(0)


def _fields_twice(kind: Any, place: str) -> Iterator[tuple[str, str]]:
    if pa.types.is_struct(kind):
        for name in _twice([field.name for field in kind]):
            yield place, name
        for field in kind:
            yield from _fields_twice(field.type, f"{place}.{field.name}")
    elif hasattr(kind, "value_type"):
        yield from _fields_twice(kind.value_type, place)


def _twice(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]
