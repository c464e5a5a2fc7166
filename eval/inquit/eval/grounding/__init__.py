"""Strings to offsets: where in a text the words stand that a language model answers with.

What cannot be found stays ungrounded; nothing is guessed. docs/grounding.md describes the tiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inquit.corpus import DataError, Problem

from .annotations import GroundedAnnotation, ground_annotation
from .assignment import Found, Wanted, assign
from .strings import StringAnnotation, StringSpan, read_strings
from .tiers import TIERS, Tier
from .views import page_of

__all__ = [
    "TIERS",
    "Found",
    "GroundedAnnotation",
    "StringAnnotation",
    "StringSpan",
    "Tier",
    "Wanted",
    "ground",
    "ground_annotation",
    "read_strings",
]


def ground(text: str, wanted: Sequence[Wanted | str], *, max_tier: Tier = "aligned") -> list[Found]:
    """Find strings in a text.

    Parameters
    ----------
    text : str
    wanted : sequence of Wanted or str
        In the order in which they were given; that order decides between the places of a string
        that the text repeats.
    max_tier : {"exact", "folded", "case", "ellipsis", "aligned"}
        The last tier that is asked.

    Returns
    -------
    list of Found
        One for each string.

    Raises
    ------
    ValueError
        If there is no such tier.
    DataError
        If an argument is not of its kind.

    >>> ground("He said: “We’ll sail at dawn.” He did.", ["We'll sail", "He", "He", "She"])
    ... # doctest: +NORMALIZE_WHITESPACE
    [Found(fragments=((10, 20),), tier='folded', similarity=1.0),
     Found(fragments=((0, 2),), tier='exact', similarity=1.0),
     Found(fragments=((31, 33),), tier='exact', similarity=1.0),
     Found(fragments=(), tier=None, similarity=0.0)]
    """
    if max_tier not in TIERS:
        raise ValueError(f"tier {max_tier!r} is unknown; use one of {', '.join(TIERS)}")
    if not isinstance(text, str):
        raise _stranger(text, "text", "a str")
    if isinstance(wanted, str | Wanted) or not isinstance(wanted, Iterable):
        raise _stranger(wanted, "sequence of strings", "a list of Wanted or str")
    wants = [Wanted(want) if isinstance(want, str) else want for want in wanted]
    for want in wants:
        if not isinstance(want, Wanted):
            raise _stranger(want, "string to be found", "Wanted or str")
    return assign(page_of(text), wants, max_tier)


def _stranger(value: object, what: str, give: str) -> DataError:
    return DataError(Problem(what=f"{type(value).__name__} is no {what}", remedy=f"give {give}"))
