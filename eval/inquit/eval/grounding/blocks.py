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
#: About how long a token is, with what stands behind it; and what text is too long to be searched
#: for each string.
_WIDTH, _LONG = 8, 20_000
#: How often some tokens are asked for before all are read.
_MANY = 12
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
        self._intricate = [kind for kind in _INTRICATE if kind in classes]
        self._blank, self._alone = _blanked(straight)
        self._read: dict[int, Tokens] = {}
        self._asked = 0

    @lazy
    def keys(self) -> list[str]:
        """Return the keys of all tokens of the text."""
        if self._intricate:
            return [key for keys in self._by_block for key in keys]
        edits = _edits(self._text, self._straight, self._classes)
        return self._split(_edited(self._blank, 0, edits))

    def at(self, offset: int) -> Tokens:
        """Return the tokens of the block that an offset is in."""
        return self._block(self._number(offset))

    def token_at(self, offset: int) -> int:
        """Return the number of the first token that starts at an offset or behind it."""
        k = self._number(offset)
        return self._firsts[k] + bisect_left(self._block(k).starts, offset)

    def near(self, low: int, high: int, known: int | None = None) -> Near:
        """Return tokens among which are those of the numbers [low, high).

        Parameters
        ----------
        low, high : int
        known : int, optional
            One of the numbers, of a key that no other token has.
        """
        self._asked += 1
        if self._asked > _MANY:
            low = max(0, low)
            part, whole = slice(low, high), self._whole
            starts, ends, keys = whole.starts[part], whole.ends[part], whole.keys[part]
            return Near(low, Tokens(starts, ends, keys, whole.glued, self._classes))
        if known is not None and (found := self._around(low, high, known)):
            return found
        firsts, last = self._firsts, len(self._cuts) - 1
        begin = min(bisect_right(firsts, max(0, low)), last) - 1
        end = max(begin + 1, min(bisect_left(firsts, high), last))
        keys = self.keys[firsts[begin] : firsts[end]]
        tokens = self._tokens(self._cuts[begin], self._cuts[end], keys)
        return Near(firsts[begin], tokens)

    def _around(self, low: int, high: int, known: int) -> Near | None:
        """Return tokens by where a rare one stands, without counting those before it."""
        key, blank = self.keys[known], self._lowered
        at = blank.find(f" {key} ") + 1
        if not at:
            return None
        begin = self._classes.rfind("asa", 0, max(0, at - _WIDTH * (known - low))) + 2
        end = self._classes.find("asa", at + _WIDTH * (high - known)) + 2
        begin, end = begin if begin > 1 else 0, end if end > 1 else len(self._text)
        tokens = self._tokens(begin, end)
        here = bisect_left(tokens.starts, at)
        if tokens.starts[here : here + 1] != [at] or tokens.keys[here] != key:
            return None
        first = known - here
        enough = (begin == 0 or first <= low) and (
            end == len(self._text) or first + len(tokens.keys) >= high
        )
        return Near(first, tokens) if enough else None

    @lazy
    def _whole(self) -> Tokens:
        return self._tokens(0, len(self._text), self.keys)

    @lazy
    def _lowered(self) -> str:
        """Return the blanked text without case; empty where that would not be of its length."""
        lowered = self._blank.casefold()
        known = len(lowered) == len(self._text) <= _LONG and not self._intricate
        return lowered if known else ""

    @lazy
    def _cuts(self) -> list[int]:
        return list(_cuts(self._classes))

    @lazy
    def _firsts(self) -> list[int]:
        """Return the number of the first token of each block, and of all tokens."""
        return list(accumulate(map(len, self._by_block), initial=0))

    @lazy
    def _by_block(self) -> list[list[str]]:
        edits: dict[int, list[Edit]] = {}
        for edit in _edits(self._text, self._straight, self._classes):
            edits.setdefault(self._number(edit[0]), []).append(edit)
        found: list[list[str]] = []
        for k, (low, high) in enumerate(pairwise(self._cuts)):
            if any(kind in self._classes[low:high] for kind in self._intricate):
                found.append(self._block(k).keys)
            else:
                part = self._blank[low:high]
                found.append(self._split(_edited(part, low, edits[k]) if k in edits else part))
        return found

    def _split(self, blank: str) -> list[str]:
        for character in self._alone:
            blank = blank.replace(character, f" {character} ")
        return blank.casefold().split()

    def _number(self, offset: int) -> int:
        return max(0, min(bisect_right(self._cuts, offset), len(self._cuts) - 1) - 1)

    def _block(self, k: int) -> Tokens:
        tokens = self._read.get(k)
        if tokens is None:
            tokens = self._read[k] = self._tokens(self._cuts[k], self._cuts[k + 1])
        return tokens

    def _tokens(self, low: int, high: int, keys: list[str] | None = None) -> Tokens:
        return tokens_of(self._text, self._straight, self._classes, low, high, keys)


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
