"""What stands beside a number and belongs to it: its unit, its currency, and how exact it is."""

from __future__ import annotations

from collections.abc import Container, Sequence

from .guards import numeric
from .tokens import Tokens
from .units import MEASURES, unit_at
from .wordlists import words

#: Words that, right before a number, say how exact it is; a line holds what says the same.
_EXACTNESS = """
about around roughly approximately approx circa ca zirka rund etwa ungefähr
exactly precisely genau exakt
over above über
under below unter
virtually practically
knapp
gut
annähernd
"""
_EXACT = {word: line.split()[0] for line in _EXACTNESS.splitlines() for word in line.split()}
_UP_TO = (("up", "to"), ("bis", "zu"), ("close", "to"))
_ARTICLES = frozenset(("a", "an", "ein", "eine", "einen", "einer", "einem"))
#: Codes that stand before a number as well.
_CODES = words("eur usd gbp chf jpy cny sek nok dkk pln inr rs aud cad hkd")


def same_amount(
    ours: Tokens,
    i: int,
    theirs: Tokens,
    at: int,
    same: Container[tuple[int, int]],
    *,
    torn: bool = False,
) -> bool:
    """Tell whether the same is said of a number in two texts by the words beside it.

    Parameters
    ----------
    ours, theirs : Tokens
    i, at : int
        The number in each.
    same : container of (int, int)
        Tokens that are the same in both, but for typing errors.
    torn : bool
        Whether several words are lost; then a unit of measure may be.

    >>> from .reading import Reading
    >>> one, two = Reading("about 5 percent of us").tokens, Reading("about 5 of us").tokens
    >>> same_amount(one, 1, two, 1, ()), same_amount(one, 1, one, 1, ())
    (False, True)
    """
    mine, other = ours.keys, theirs.keys
    if mine[i] == "$" and _prefix(ours, i) != _prefix(theirs, at):
        return False
    if i + 1 < len(mine) and (i + 1, at + 1) not in same:
        unit, wanted = _unit(mine, i), _unit(other, at)
        if unit != wanted and (unit or not torn or wanted not in MEASURES):
            return False
    if i == 0 or (i - 1, at - 1) in same:
        return i == 0 or _up_to(mine, i) == _up_to(other, at)
    return _before(mine, i) == _before(other, at)


def _unit(keys: Sequence[str], i: int) -> str:
    """Return the unit behind a number, or behind one word more."""
    unit = unit_at(keys, i + 1)[0]
    if unit or i + 2 >= len(keys) or numeric(keys[i + 1]):
        return unit
    return unit_at(keys, i + 2)[0]


def _prefix(tokens: Tokens, i: int) -> str:
    """Return the letters right before a currency sign; those of US$ say nothing more."""
    if i == 0 or tokens.ends[i - 1] != tokens.starts[i] or tokens.keys[i - 1] == "us":
        return ""
    return tokens.keys[i - 1]


def _before(keys: Sequence[str], i: int) -> str:
    """Return how exact the number that begins at a token is said to be, or its currency."""
    k = i - 1
    if k >= 0 and keys[k] in _CODES:
        return keys[k]
    if k > 0 and keys[k] in _ARTICLES:
        k -= 1
    if k < 0 or numeric(keys[k]):
        return ""
    return _EXACT.get(keys[k]) or _up_to(keys, k + 1)


def _up_to(keys: Sequence[str], i: int) -> str:
    pair = tuple(keys[max(0, i - 2) : i])
    return pair[0] if pair in _UP_TO else ""
