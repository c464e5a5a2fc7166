"""The words of a text, without reading all of it token by token.

A text is cut into blocks between two words. The keys of all its tokens are found in C, by blanking
what is no word; where tokens start and end is looked up only in the blocks that are asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from .classes import CLASSES, odd_characters
from .lazy import lazy
from .tokens import STEMS, Tokens, negations_in_words, tokens_of

#: About how long a block is, in code points.
_BLOCK = 200
#: Classes that are in a token, and those that make one of their own.
_WORD, _ALONE = "ad", "$%o"
#: A block with one of these is read token by token.
_INTRICATE = "mziyxXcr"
_BLANKS = bytes(
    code if code > 127 or CLASSES[code] in _WORD + _ALONE else ord(" ") for code in range(256)
)
#: A digit, or a currency before one, behind what may be of the same token.
_JOINED = re.compile(r"d(?<=[-+.,:']d)")
_SIGNED = re.compile(r"\$(?<=[-+]\$)(?=d)")
#: Behind these a dash or a plus is no sign, and a full stop no decimal point.
_NO_SIGN, _NO_POINT = "adxmzcX.,:+%-", "adxmzcX.,:%"

#: A stretch of a text, and what stands for it.
Edit = tuple[int, int, str]


class Near(NamedTuple):
    """Some tokens of a text, one behind the other.

    ``first`` is the number of the first of them in the text; offsets are those of the text.
    """

    first: int
    tokens: Tokens


class Blocks:
    """A text cut into blocks, each read when it is first asked for.

    Parameters
    ----------
    text, straight, classes : str
        The text, the same as `plain` returns it, and its classes.

    >>> from .classes import classes_of
    >>> text = "He can't pay -1,200.5 or 5%"
    >>> blocks = Blocks(text, text, classes_of(text))
    >>> blocks.keys
    ['he', 'can', 'not', 'pay', '-1,200.5', 'or', '5', '%']
    >>> blocks.near(3, 4).tokens.starts[3]
    9
    """

    def __init__(self, text: str, straight: str, classes: str) -> None:
        self._text, self._straight, self._classes = text, straight, classes
        self._cuts = list(_cuts(classes))
        self._read: dict[int, Tokens] = {}

    @property
    def keys(self) -> list[str]:
        """Keys of all tokens of the text."""
        return self._keys[0]

    def at(self, offset: int) -> Tokens:
        """Return the tokens of the block that an offset is in."""
        return self._block(self._number(offset))

    def token_at(self, offset: int) -> int:
        """Return the number of the first token that starts at an offset or behind it."""
        k = self._number(offset)
        return self._keys[1][k] + bisect_left(self._block(k).starts, offset)

    def _number(self, offset: int) -> int:
        return max(0, min(bisect_right(self._cuts, offset), len(self._cuts) - 1) - 1)

    def near(self, low: int, high: int) -> Near:
        """Return tokens among which are those of the numbers [low, high)."""
        firsts, last = self._keys[1], len(self._cuts) - 1
        begin = min(bisect_right(firsts, max(0, low)), last) - 1
        end = max(begin + 1, min(bisect_left(firsts, high), last))
        keys = self.keys[firsts[begin] : firsts[end]]
        tokens = self._tokens(self._cuts[begin], self._cuts[end], keys)
        return Near(firsts[begin], tokens)

    def _block(self, k: int) -> Tokens:
        tokens = self._read.get(k)
        if tokens is None:
            tokens = self._read[k] = self._tokens(self._cuts[k], self._cuts[k + 1])
        return tokens

    def _tokens(self, low: int, high: int, keys: list[str] | None = None) -> Tokens:
        return tokens_of(self._text, self._straight, self._classes, low, high, keys)

    @lazy
    def _keys(self) -> tuple[list[str], list[int]]:
        """Return the keys of all tokens, and of which number the first of each block is."""
        blank, alone = _blanked(self._straight)
        parts = [blank[low:high] for low, high in pairwise(self._cuts)]
        for k, edits in self._edits().items():
            parts[k] = _edited(parts[k], self._cuts[k], edits)
        for character in alone:
            parts = [part.replace(character, f" {character} ") for part in parts]
        found = [part.casefold().split() for part in parts]
        if intricate := [kind for kind in _INTRICATE if kind in self._classes]:
            for k, (low, high) in enumerate(pairwise(self._cuts)):
                if any(kind in self._classes[low:high] for kind in intricate):
                    found[k] = self._block(k).keys
        keys: list[str] = []
        for more in found:
            keys += more
        return keys, list(accumulate(map(len, found), initial=0))

    def _edits(self) -> dict[int, list[Edit]]:
        """Return, by block, what was blanked of numbers, and words that end in a negation."""
        found: dict[int, list[Edit]] = {}
        for edit in _edits(self._text, self._straight, self._classes):
            found.setdefault(self._number(edit[0]), []).append(edit)
        return found


def _cuts(classes: str) -> Iterator[int]:
    """Yield where blocks start, and the end: behind a space between two words."""
    at = 0
    while at >= 0:
        yield at
        at = classes.find("asa", at + _BLOCK) + 2
        if at < 2:
            break
    yield len(classes)


def _blanked(straight: str) -> tuple[str, list[str]]:
    """Return text with spaces for what is in no token, and the characters that are one alone.

    Marks, signs and points that belong to a token are blanked too.
    """
    alone = [mark for mark in "$%" if mark in straight]
    for character in odd_characters(straight):
        kind = CLASSES[ord(character)]
        if kind in _ALONE:
            alone.append(character)
        elif kind not in _WORD and kind not in _INTRICATE:
            straight = straight.replace(character, " ")
    left = straight.encode("utf-8", "surrogatepass").translate(_BLANKS)
    return left.decode("utf-8", "surrogatepass"), alone


def _edits(text: str, straight: str, classes: str) -> list[Edit]:
    """Return what was blanked of numbers, and the words that end in a negation, in order."""
    kept = [at for match in _JOINED.finditer(classes) for at in _of_number(classes, match.start())]
    if "$" in classes:
        kept += [m.start() - 1 for m in _SIGNED.finditer(classes) if _sign(classes, m.start() - 1)]
    edits = [(at, at + 1, straight[at]) for at in kept]
    for at, end in negations_in_words(text, straight):
        if at and classes[at - 1] in _WORD:
            start = at
            while start and classes[start - 1] in _WORD:
                start -= 1
            stem = STEMS.get(straight[start:at].casefold())
            edits.append((start, end, f"{stem} not") if stem else (at, end, " not"))
    return sorted(edits)


def _of_number(classes: str, digit: int) -> Iterator[int]:
    """Yield where a mark before a digit belongs to its number."""
    at = digit - 1
    kind, before = classes[at], classes[at - 1] if at else ""
    if kind in "+-":
        if _sign(classes, at):
            yield at
    elif before == "d":
        yield at
    elif kind == "." and not (before and before in _NO_POINT):
        yield at
        if before and before in "+-" and _sign(classes, at - 1):
            yield at - 1


def _sign(classes: str, at: int) -> bool:
    """Tell whether a dash or a plus before a number is a sign."""
    return not at or classes[at - 1] not in _NO_SIGN


def _edited(blank: str, offset: int, edits: list[Edit]) -> str:
    """Return the part of a blanked text that starts at an offset with edits."""
    parts: list[str] = []
    done = 0
    for start, end, new in edits:
        parts += blank[done : start - offset], new
        done = end - offset
    return "".join([*parts, blank[done:]])
