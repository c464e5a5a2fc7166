"""Tokens of a text, their borders, and what of them is guarded."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .folding import folded
from .guards import UNSPACED_NEGATIONS
from .numbers import one_number

_REST = r"(?:[adxmz]|[iy]+(?=[adx])|yS{1,2}(?=[adx])|(?<=d)[.,:'](?=d))*+"
#: Each alternative begins with what it can begin with, so that a search skips all else fast. A
#: dash is a sign, and a full stop a decimal point, only behind what is no word and no mark of one.
_TOKEN = re.compile(
    rf"a++(?![dxmziy])|[adx]{_REST}"
    rf"|[-+](?<![adxmzcX.,:+%\-][-+])(?:\.?+d{_REST}|(?=\$d))"
    rf"|\.(?<![adxmzcX.,:%]\.)d{_REST}"
    r"|[cX][mz]*+|rr?m*+|o[mz]*+(?:(?<=z)o[mz]*+)*+|[$%]m*+"
)
#: About where a sentence ends: nothing hangs on it but what an ellipsis may leave out, how far a
#: guard looks, and which place is nearer.
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*+\s++(?![a-zß-öø-ÿ])|[。！？]|\n\s?\n")
_DOTS = r"(?:…|\.{3,}|\.\s\.\s\.)"
#: Three dots or more, or the character, alone or in brackets.
_ELLIPSIS = re.compile(rf"\[\s?{_DOTS}\s?\]|\(\s?{_DOTS}\s?\)|{_DOTS}")
_NOT = re.compile(r"'[tT](?<=[nN].[tT])(?!\w)")
#: The apostrophes with which a negation is taken apart.
_APOSTROPHES = "'’ʼ‘＇`´"
_CANNOTS = [(end, re.compile(rf"{end}(?<=[cC]{end})(?!\w)")) for end in ("annot", "ANNOT")]
#: Tokens that hold one of these are not the same, letter for letter, in any other type.
_INTRICATE = "mziyxX"
#: Keys of longer tokens are not remembered.
_LONG = 50
#: What stands before "n't" in the words that are more than cut off before it.
STEMS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "be"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens in text order: where they start and end, and the keys by which they are compared.

    ``glued`` holds the offsets at which one word was taken apart ("do|n't", "can|not"): a token
    ends there and the next begins, and yet no span may.
    """

    starts: list[int]
    ends: list[int]
    keys: list[str]
    glued: frozenset[int]
    classes: str

    def border(self, offset: int) -> bool:
        """Tell whether a span may start or end at an offset: in no word, number or grapheme."""
        if offset <= 0 or offset >= len(self.classes):
            return True
        k = bisect_right(self.starts, offset) - 1
        if k >= 0 and self.starts[k] < offset < self.ends[k]:
            return False
        kinds = self.classes[offset - 1 : offset + 2]
        if kinds[1] in "mz" or kinds[0] == "z" or offset in self.glued:
            return False
        # A space that groups digits: 12 000
        if kinds == "dnd" or (kinds[:2] == "nd" and self.classes[offset - 2 : offset - 1] == "d"):
            return False
        if k >= 0 and self.starts[k] == offset:
            k -= 1
        if k < 0 or k + 1 == len(self.starts):
            return True
        gap = self.classes[self.ends[k] : self.starts[k + 1]]
        if gap.strip("sSn-"):
            return True
        return not one_number(self.keys[max(0, k - 1) : k + 1], gap, self.keys[k + 1 : k + 3])


def tokens_of(
    text: str,
    straight: str,
    classes: str,
    low: int = 0,
    high: int | None = None,
    keys: list[str] | None = None,
) -> Tokens:
    """Return the tokens of a text, or of a part of it, given it as `plain` returns it as well.

    Parameters
    ----------
    text, straight, classes : str
        The text, the same as `plain` returns it, and its classes.
    low, high : int, optional
        The part, which begins and ends where a token does.
    keys : list of str, optional
        Those of the tokens, if they are known.

    >>> from .classes import classes_of
    >>> text = "He can't pay -1,200.5 or 5%"
    >>> tokens_of(text, text, classes_of(text)).keys
    ['he', 'can', 'not', 'pay', '-1,200.5', 'or', '5', '%']
    """
    high = len(text) if high is None else high
    spans = [match.span() for match in _TOKEN.finditer(classes, low, high)]
    starts, ends = [s for s, _ in spans], [e for _, e in spans]
    read = _keys(text, straight, classes, low, high, spans) if keys is None else None
    glued = sorted(negations_in_words(text, straight, low, high), reverse=True)
    taken = [at for at, end in glued if _take_apart(text, at, end, starts, ends, read)]
    return Tokens(starts, ends, read or keys or [], frozenset(taken), classes)


def _keys(
    text: str, straight: str, classes: str, low: int, high: int, spans: list[tuple[int, int]]
) -> list[str]:
    here = classes[low:high]
    if not any(kind in here for kind in _INTRICATE):
        lowered = straight[low:high].casefold()
        if len(lowered) == high - low:
            return [lowered[s - low : e - low] for s, e in spans]
    return [_key(text[s:e]) if e - s < _LONG else key_of(text[s:e]) for s, e in spans]


def negations_in_words(
    text: str, straight: str, low: int = 0, high: int = sys.maxsize
) -> Iterator[tuple[int, int]]:
    """Yield where a negation stands at the end of a word.

    >>> list(negations_in_words("I can’t, I cannot", "I can't, I cannot"))
    [(4, 7), (14, 17)]
    """
    if straight.find("'", low, high) >= 0:
        for match in _NOT.finditer(straight, low, high):
            if text[match.start()] in _APOSTROPHES:
                yield match.start() - 1, match.end()
    for end, pattern in _CANNOTS:
        if straight.find(end, low, high) >= 0:
            for match in pattern.finditer(straight, low, high):
                yield match.start() + 2, match.end()


def _take_apart(
    text: str, at: int, end: int, starts: list[int], ends: list[int], keys: list[str] | None
) -> bool:
    """Make the word that ends in a negation two tokens."""
    k = bisect_right(starts, at) - 1
    if k < 0 or starts[k] == at or ends[k] <= at:
        return False
    last = k if ends[k] >= end else k + 1
    if keys is not None:
        stem = key_of(text[starts[k] : at])
        keys[k : last + 1] = [STEMS.get(stem, stem), "not"]
    starts[k : last + 1] = [starts[k], at]
    ends[k : last + 1] = [at, end]
    return True


def key_of(token: str) -> str:
    """Return what a token is compared by: its type folded, without case.

    >>> key_of("Straße"), key_of("−5")
    ('strasse', '-5')
    """
    return folded(token).casefold()


_key = lru_cache(maxsize=50_000)(key_of)


def unspaced_negations(text: str) -> list[str]:
    """Return the negations that are longer than a token, of scripts without spaces."""
    return [] if text.isascii() else UNSPACED_NEGATIONS.findall(text)


def pieces(text: str) -> Iterator[str]:
    """Yield what stands between the ellipses of a string."""
    for piece in _ELLIPSIS.split(text):
        if stripped := piece.strip():
            yield stripped
