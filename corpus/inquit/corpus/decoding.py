"""What is wrong with decoded JSON or TOML, in the user's words: where, what, and what to do."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar, get_args

import msgspec
from msgspec.structs import FieldInfo, fields

from .errors import DataError, Problem, did_you_mean, quoted

S = TypeVar("S", bound=msgspec.Struct)

#: What the decoder calls things, and what people do.
_WORDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "date": "a date",
    "datetime": "a date",
    "time": "a time",
}
#: What is asked of a field, by its name, where its type does not say it.
_ASKED = {
    "doc_id": "name the document, in a string",
    "fragments": "give [start, end) in code points, such as [[0, 12]]",
    "spans": "give a list of spans, [] if the document has none",
    "attributions": "give a list of attributions, or leave it out",
    "ungrounded": "give a list of strings that are not in the text, or leave it out",
    "content": "give a list of span ids",
    "source": "give a list of span ids",
    "cue": "give a list of span ids",
    "addressee": "give a list of span ids",
    "attributes": "give an object of strings, or leave it out",
    "hint": "give an offset in code points, or leave it out",
    "meta": "give strings, numbers, booleans or lists of strings",
}
#: What is asked where a string is wanted and a number or the like stands.
IN_QUOTES = "write it in quotation marks"
_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<key>key in )?\$(?P<place>.*)`)?", re.DOTALL)
_GOT = re.compile(r"Expected `(?P<wanted>[^`]*)`(?P<more>.*?)(?:, got (?P<got>.*))?", re.DOTALL)
_FIELD = re.compile(r"Object (?P<fault>contains unknown|missing required) field `(?P<name>.*)`")
_STEP = re.compile(r"\.(?P<field>\w+)|\[(?P<index>\d+|\.\.\.)\]")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NAME = re.compile(r"[\w-]{1,60}")
_MOST, _FEW = 12, 3


class _Found(NamedTuple):
    """A place in what was decoded: its path, what stands there, and its type in the model."""

    path: str
    value: Any
    kind: Any
    field: str


def faults(raw: Any, kind: type[msgspec.Struct], *, within: str = "") -> Iterator[Problem]:
    """Yield every fault of an object that could not be made a ``kind``, field by field.

    Parameters
    ----------
    raw : object
        Of the types that JSON and TOML have.
    kind : type
        What it should be; no problem is yielded if it is one.
    within : str
        The place of ``raw`` in what the user wrote, such as ``spans[3]``.

    >>> class Point(msgspec.Struct, forbid_unknown_fields=True):
    ...     x: int
    ...     name: str = ""
    >>> for problem in faults({"x": True, "nam": "a"}, Point):
    ...     print(problem)
    unknown field `nam`; did you mean 'name'?
    `x` is true, not a whole number; give a whole number
    """
    if not isinstance(raw, dict):
        try:
            msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            yield refusal(error, raw, kind, within=within)
        return
    known = {field.encode_name: field for field in fields(kind)}
    yield from _all_unknown([name for name in raw if name not in known], known, within)
    whole = True
    for name, field in known.items():
        if name not in raw:
            if field.required:
                whole = False
                yield _missing(name, field.type, within)
            continue
        try:
            msgspec.convert(raw[name], field.type)
        except msgspec.ValidationError as error:
            whole = False
            inner = [*_inner_faults(raw[name], field.type, within + _written(name, within))]
            yield from inner or [refusal(error, raw, kind, within=within, field=name)]
    if whole:
        # What the object says of itself, once its fields are of their types.
        try:
            msgspec.convert({k: v for k, v in raw.items() if k in known}, kind)
        except msgspec.ValidationError as error:
            yield from _causes(error) or [refusal(error, raw, kind, within=within)]


def made(raw: Any, kind: type[S]) -> S:
    """Return an object made of what was decoded; raise DataError with every fault of it."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise DataError([*faults(raw, kind)] or [refusal(error, raw, kind)]) from error


def faults_within(raw: Any, kind: type[msgspec.Struct], within: str) -> Iterator[Problem]:
    """Yield every fault of an object at a place in what the user wrote; see `faults`."""
    return faults(raw, kind, within=within)


def refusal(
    error: msgspec.ValidationError,
    raw: Any,
    kind: Any = None,
    *,
    within: str = "",
    field: str = "",
) -> Problem:
    """Return what the decoder says of the first fault, put so that one knows what to do.

    Parameters
    ----------
    error : msgspec.ValidationError
    raw : object
        What was decoded; of what it lacks only the decoder's own words are said.
    kind : type, optional
        What it should be.
    within : str
        The place of ``raw`` in what the user wrote.
    field : str
        The field of ``raw`` that alone was decoded, if it was not all.
    """
    said = _AT.fullmatch(str(error))
    what, place = (said["what"], said["place"] or "") if said else (str(error), "")
    if field:
        place = f".{field}{place}"
    at = _at(raw, kind, place, what, within)
    if fault := _FIELD.fullmatch(what):
        known = _fields_of(at.kind)
        if fault["fault"] == "contains unknown":
            return _unknown(fault["name"], known, at.path)
        wanted = known[fault["name"]].type if fault["name"] in known else None
        return _missing(fault["name"], wanted, at.path)
    here = f"`{at.path}`" if at.path else ""
    remedy = _ASKED.get(at.field, "")
    scalar = not isinstance(at.value, (dict, list, tuple)) and at.value is not None
    if said and said["key"]:
        return Problem(what=f"{here} has a key that is not fit ({what})".strip(), remedy=remedy)
    if what.startswith("Invalid enum value"):
        values = ", ".join(str(value) for value in _values_of(at.kind))
        remedy = f"use one of {values}" if values else remedy
        value = quoted(str(at.value), 40)
        return Problem(what=f"{here} is {value}, which is unknown".strip(), remedy=remedy)
    got = _GOT.fullmatch(what)
    if not got:
        return Problem(what=f"{here} is not fit ({what})".strip(), remedy=remedy or _remedy(at))
    wanted = _wanted(got["wanted"].split(" | "), got["more"])
    is_struct = isinstance(at.kind, type) and issubclass(at.kind, msgspec.Struct)
    quotes = scalar and wanted.startswith("a string")
    asked = remedy or (IN_QUOTES if quotes else f"give {wanted}")
    if is_struct and wanted == "an object":
        keys = ", ".join(name for name, f in _fields_of(at.kind).items() if f.required)
        asked = f"give an object with {keys}" if keys else "give an object"
    if got["got"] and re.fullmatch(r"\d+", got["got"]) and isinstance(at.value, (list, tuple)):
        items = "1 item" if got["got"] == "1" else f"{got['got']} items"
        return Problem(what=f"{here} has {items}, not {wanted}".strip(), remedy=asked)
    return Problem(what=f"{here} is {shown(at.value)}, not {wanted}".strip(), remedy=asked)


def shown(value: Any) -> str:
    """Return a value as a message shows it: itself where it is short, else what it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinite or too large"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 128 else "a very large number"
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str):
        return f"the string {quoted(value, 40)}"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return str(value)


def _inner_faults(value: Any, kind: Any, within: str) -> Iterator[Problem]:
    """Yield the faults of the objects that a field holds, of each one its own."""
    kind = _plain(kind)
    inner = _inner(kind)
    if _fields_of(kind) and isinstance(value, dict):
        yield from faults(value, kind, within=within)
    elif _fields_of(inner) and isinstance(value, dict):
        for name, item in value.items():
            yield from faults(item, inner, within=within + _written(name, within))
    elif _fields_of(inner) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, inner, within=f"{within}[{number}]")


def _causes(error: msgspec.ValidationError) -> tuple[Problem, ...]:
    cause = error.__cause__
    return cause.problems if isinstance(cause, DataError) else ()


def _all_unknown(names: list[str], known: dict[str, FieldInfo], within: str) -> Iterator[Problem]:
    if len(names) <= _FEW:
        yield from (_unknown(name, known, within) for name in names)
        return
    # Another kind of object altogether: one problem, so that it does not hide the others.
    some = ", ".join(_quoted(name) for name in names[:_FEW])
    what = f"{_in(within)}unknown fields {some} and {len(names) - _FEW} more"
    yield Problem(what=what, remedy=_fields_are(known))


def _unknown(name: str, known: dict[str, FieldInfo], within: str) -> Problem:
    remedy = did_you_mean(name, known) or _fields_are(known)
    return Problem(what=f"{_in(within)}unknown field {_quoted(name)}", remedy=remedy)


def _fields_are(known: dict[str, FieldInfo]) -> str:
    if not known:
        return "leave it out"
    some = list(known)[:_MOST]
    return f"its fields are {', '.join(some)}{', ...' if len(known) > _MOST else ''}"


def _quoted(name: str) -> str:
    return f"`{name}`" if _NAME.fullmatch(name) else quoted(name)


def _missing(name: str, kind: Any, within: str) -> Problem:
    remedy = _ASKED.get(name) or _remedy(_Found("", None, kind, ""))
    return Problem(what=f"{_in(within)}field `{name}` is missing", remedy=remedy)


def _in(place: str) -> str:
    return f"`{place}`: " if place else ""


def _at(raw: Any, kind: Any, place: str, what: str, within: str) -> _Found:
    """Follow the decoder's path through what was decoded and through the model."""
    path, value, field = within, raw, ""
    for step in _STEP.finditer(place):
        name: Any = step["field"]
        if name is not None:
            field = field if field in ("meta", "fragments") else name
            known = _fields_of(kind)
            kind = known[name].type if name in known else None
        else:
            kind = _inner(kind)
            if step["index"] != "...":
                name = int(step["index"])
            elif isinstance(value, dict):
                last = step.end() == len(place)
                name = _key(value, kind, what if last else "", place[step.end() :])
            else:
                name = 0
        path += _written(name, path)
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            value = msgspec.UNSET
    return _Found(path, value, _plain(kind), field)


def _key(value: dict[str, Any], kind: Any, what: str, rest: str) -> str:
    """Return the key that the decoder means by ``[...]``: the first that it refuses like this."""
    for name, inner in value.items():
        try:
            msgspec.convert(inner, kind)
        except msgspec.ValidationError as error:
            if what in str(error) and rest in str(error):
                return name
    return "..."


def _written(name: str | int, path: str) -> str:
    if isinstance(name, int):
        return f"[{name}]"
    if _KEY.fullmatch(name):
        return f".{name}" if path else name
    return "[...]" if name == "..." else f"[{quoted(name)}]"


def _plain(kind: Any) -> Any:
    """Return a type without ``| None``."""
    inner = [t for t in get_args(kind) if t is not type(None)]
    return inner[0] if len(inner) == 1 and type(None) in get_args(kind) else kind


def _inner(kind: Any) -> Any:
    inner = [t for t in get_args(_plain(kind)) if t is not ...]
    return inner[-1] if inner else Any


def _fields_of(kind: Any) -> dict[str, FieldInfo]:
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {field.encode_name: field for field in fields(kind)}
    return {}


def _values_of(kind: Any) -> list[Any]:
    found = []
    for value in get_args(kind):
        inner = get_args(value)
        found += [v for v in inner or (value,) if isinstance(v, (str, int))]
    return found


def _wanted(kinds: list[str], more: str) -> str:
    names = [_WORDS.get(kind, kind) for kind in kinds]
    if "a whole number" in names and "a number" in names:
        names.remove("a whole number")
    text = ", ".join(names[:-1]) + " or " + names[-1] if len(names) > 1 else names[0]
    if length := re.fullmatch(r" of length (\d+)", more):
        return f"{text} of {length[1]}"
    return text + more


def _remedy(at: _Found) -> str:
    kind = _plain(at.kind)
    for base, word in ((str, "a string"), (bool, "true or false"), (int, "a whole number")):
        if kind is base:
            return f"give {word}"
    if kind is float:
        return "give a number"
    origin = getattr(kind, "__origin__", None)
    if origin in (list, tuple):
        return "give a list"
    if values := _values_of(kind):
        return f"use one of {', '.join(map(str, values))}"
    return "give it"
