"""Whether the parameters of the extractor can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from numbers import Integral, Real
from typing import Any

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import quoted
from inquit.eval.grounding import TIERS

from .prompt import prompt
from .reply import encodable
from .request import OPTIONAL, OURS, STRUCTURED

#: Parameter, its least and greatest value, whether it is a whole number, and may be left out.
_NUMBERS: tuple[tuple[str, float, float, bool, bool], ...] = (
    ("temperature", 0, 100, False, False),
    ("seed", 0, 2**63 - 1, True, False),
    ("max_tokens", 1, 10**9, True, True),
    ("window", 200, 10**9, True, False),
    ("overlap", 0, 10**9, True, False),
    ("concurrency", 1, 1000, True, False),
    ("timeout", 0.001, 10**6, False, False),
    ("retries", 0, 1000, True, False),
    ("max_wait", 0, 10**6, False, False),
    ("price_input", 0, 10**9, False, True),
    ("price_output", 0, 10**9, False, True),
    ("max_tokens_total", 0, 10**15, True, True),
    ("max_cost", 0, 10**15, False, True),
)

_DEEPEST = 50
#: What fields are called that hold a key.
_KEY = re.compile(r"api[_-]?key|authorization|passw|secret|bearer", re.IGNORECASE)


def problems_of(given: Any) -> Iterator[Problem]:
    """Yield what is wrong with the parameters of an extractor, see `LanguageModelExtractor`."""
    for name in ("base_url", "model"):
        if not isinstance(value := getattr(given, name), str) or not value.strip():
            yield Problem(what=f"{name} is not given", remedy=f"pass --param '{name}=\"...\"'")
        elif not encodable(value):
            yield Problem(what=f"{name} holds half a character (a lone surrogate)")
    for name in ("api_key_env", "cache_dir"):
        if not isinstance(getattr(given, name), str):
            yield Problem(what=f"{name} is no text", remedy="give a string")
    for name, values in (("structured", STRUCTURED), ("max_tier", TIERS)):
        if getattr(given, name) not in values:
            shown = quoted(str(getattr(given, name)))
            yield Problem(what=f"{name} is {shown}", remedy=f"use one of {', '.join(values)}")
    for name, least, most, whole, optional in _NUMBERS:
        value = getattr(given, name)
        if not (value is None and optional) and not _is_number(value, least, most, whole):
            kind = "whole number" if whole else "number"
            remedy = f"give a {kind} from {least:g} to {most:,}"
            yield Problem(what=f"{name} is {_shown(value)}", remedy=remedy)
    yield from _other_problems(given)


def _other_problems(given: Any) -> Iterator[Problem]:
    sizes = (given.window, given.overlap)
    if all(_is_number(size, 0, 10**9, True) for size in sizes) and 4 * given.overlap > given.window:
        what = f"an overlap of {given.overlap} characters is more than a quarter of the window"
        yield Problem(what=what, remedy="make window larger or overlap smaller")
    prices = (given.price_input, given.price_output)
    if None in prices and (given.max_cost is not None or prices != (None, None)):
        what = "a cost needs the prices of input and of output"
        yield Problem(what=what, remedy="give price_input and price_output")
    if not isinstance(given.resend, bool):
        yield Problem(what=f"resend is {given.resend!r}", remedy="use true or false")
    if given.extra is not None and not isinstance(given.extra, Mapping):
        yield Problem(what="extra is no table", remedy="write --param 'extra={top_p=0.9}'")
    elif ours := [name for name in given.extra or () if name in OURS]:
        yield Problem(what=f"extra holds {', '.join(ours)}", remedy="those are set by inquit")
    elif keys := [quoted(name) for name in _names(given.extra) if _KEY.search(name)]:
        what = f"extra holds {', '.join(keys)}, and parameters are stored and shown"
        yield Problem(what=what, remedy="keys come from the environment only, see api_key_env")
    elif not _is_json(given.extra):
        remedy = "use text, finite numbers, true, false, lists and tables"
        yield Problem(
            what="extra holds what JSON cannot tell, such as nan or a date", remedy=remedy
        )
    if not isinstance(given.omit, (list, tuple)) or not all(isinstance(n, str) for n in given.omit):
        yield Problem(what="omit is no list of names", remedy="""write 'omit=["seed"]'""")
    elif wrong := [quoted(name) for name in given.omit if name not in OPTIONAL]:
        remedy = f"known: {', '.join(OPTIONAL)}"
        yield Problem(what=f"omit holds {', '.join(wrong)}", remedy=remedy)
    try:
        prompt(given.prompt)
    except DataError as error:
        yield from error.problems


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the names in a parameter, at any depth."""
    if depth < _DEEPEST and isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _names(inner, depth + 1)
    elif depth < _DEEPEST and isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner, depth + 1)


def number(given: Any, name: str) -> Any:
    """Return a parameter as a number of Python's own if it is a number, also one of numpy's."""
    return _plain(getattr(given, name))


def _plain(value: Any) -> Any:
    if not isinstance(value, Real) or isinstance(value, bool):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _is_json(value: Any, depth: int = 0) -> bool:
    """Whether JSON can say this as it is; numbers as all of its readers take them."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, Real):
        return bool(-(2**63) <= _plain(value) < 2**63)
    if depth == _DEEPEST:
        return False
    if isinstance(value, Mapping):
        named = all(isinstance(name, str) and encodable(name) for name in value)
        return named and all(_is_json(inner, depth + 1) for inner in value.values())
    return isinstance(value, (list, tuple)) and all(_is_json(x, depth + 1) for x in value)


def _is_number(value: Any, least: float, most: float, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, Integral if whole else Real):
        return False
    return bool(least <= _plain(value) <= most)


def _shown(value: Any) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python writes no number of thousands of digits
        return "a number of thousands of digits"
