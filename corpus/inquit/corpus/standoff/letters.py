"""The letters of a text: what is left when white space and typography are taken out of it.

Two texts that differ in nothing else have the same letters. Folded are: white space and other
signs that are not seen; every quotation mark, apostrophe and prime; a single one set twice; every
dash and hyphen, and a run of them; the ellipsis; the Latin ligatures; composed and decomposed
accents. Everything else is kept: case, figures, superscripts, other punctuation.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# A frozen version of the character data: what was detached today must fold the same under any
# later Python. What came to Unicode after it is kept as it stands, but for the few in _UNSEEN.
_DATA = unicodedata.ucd_3_2_0

_SINGLE = "'`´‘’"
_QUOTES = {*_SINGLE, *'"“”„‟‚‛«»‹›′″‵‶ʼʻ＂＇'}
_DASHES = {*"-‐‑‒–—―−﹘﹣－"}
_UNSEEN = {"\xad", "\u061c", *map(chr, range(0x2066, 0x206A)), *map(chr, range(0xFE00, 0xFE10))}
_SPELLED = {
    "…": "...", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ſt", "ﬆ": "st",
    **dict.fromkeys(_QUOTES, "'"), **dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_UNSEEN, ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters, and for each of them where the sign it comes from begins and ends in the text.

    A sign is what typography changes as one: an ellipsis is one sign and three letters.
    """

    text: str
    starts: array[int]
    ends: array[int]

    def of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the letters of a fragment; None if it has none, or cuts a sign.

        >>> fold("I said “no”").of(7, 11)
        (5, 9)
        """
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        if first == last or self.ends[last - 1] > end or (first and self.ends[first - 1] > start):
            return None
        return first, last

    def place(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the fragment that letters make up; None if that cuts a sign.

        >>> fold("She said:  'wait ...'").place(8, 16)
        (11, 20)
        """
        for edge in (first, last):
            if 0 < edge < len(self.text) and self.starts[edge] == self.starts[edge - 1]:
                return None
        return self.starts[first], self.ends[last - 1]


def fold(text: str) -> Letters:
    """Return the letters of a text.

    >>> fold("“Wait… a\u00a0ﬁne mess”").text == fold('"Wait... a fine  mess"').text
    True
    """
    letters: list[str] = []
    starts, ends = array("l"), array("l")
    for start, end in _signs(text):
        for letter in _folded(text[start:end]):
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return Letters("".join(letters), starts, ends)


def _signs(text: str) -> Iterator[tuple[int, int]]:
    start, length = 0, len(text)
    while start < length:
        end = start + 1
        if text[start] in _DASHES:
            while end < length and text[end] in _DASHES:
                end += 1
        elif text[start] in _SINGLE:
            while end < length and text[end] == text[start]:
                end += 1
        while end < length and not text[end].isascii() and _joins(text[end]):
            end += 1
        yield start, end
        start = end


@lru_cache(maxsize=1 << 16)
def _folded(sign: str) -> str:
    if len(sign) > 1 and sign[0] in _DASHES:
        sign = "-" + sign.lstrip("".join(_DASHES))
    elif len(sign) > 1 and sign[0] in _SINGLE:
        # Two are one double mark; three are two marks, and which comes first nobody can tell.
        marks = len(sign) - len(sign.lstrip(sign[0]))
        sign = sign[marks // 2 :]
    return "".join(map(_spelled, _DATA.normalize("NFD", sign)))


def _spelled(c: str) -> str:
    if c in _SPELLED:
        return _SPELLED[c]
    return "" if _DATA.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cf") else c


@lru_cache(maxsize=1 << 12)
def _joins(c: str) -> bool:
    """Return whether a character is a mark on the one before it."""
    return _DATA.combining(_DATA.normalize("NFD", c)[0]) != 0
