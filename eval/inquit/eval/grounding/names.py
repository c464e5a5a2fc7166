"""Which words of an English text are names, by their capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .tokens import Tokens
from .wordlists import words

#: What may stand before a word within a sentence, by class; else its capital tells nothing.
_WITHIN = "sSn,-'"
#: A person with one of these is the same person without.
_TITLES = words("mr mrs ms miss dr sir")
#: From this length on all words have a capital where a title has them.
_LONG = 4
#: In longer texts no word is looked for.
_SEARCHED = 100_000


def names(text: str, tokens: Tokens, numbers: Iterable[int]) -> list[int]:
    """Return which of some tokens have a capital that does not come from where they stand.

    >>> from .reading import Reading
    >>> string = Reading("We saw Ana Reyes. The port is shut")
    >>> names(string.text, string.tokens, range(8))
    [2, 3]
    """
    return [n for n in numbers if _capital(text, tokens, n) and _within(tokens, n)]


def known_name(text: str, word: str) -> bool:
    """Tell whether a text has a word with a capital within a sentence, and never without one.

    >>> known_name("Today the port asked Reyes. Port Varrow is near.", "Reyes")
    True
    >>> known_name("Today the port asked Reyes. Port Varrow is near.", "Port")
    False
    """
    if len(text) > _SEARCHED or re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text):
        return False
    return re.search(rf"[a-z],?\s{re.escape(word)}(?!\w)", text) is not None


def capitals_tell(text: str, tokens: Tokens) -> bool:
    """Tell whether a text has words without a capital that a title in capitals would not have."""
    spans = zip(tokens.starts, tokens.ends, strict=True)
    return any(end - start >= _LONG and text[start].islower() for start, end in spans)


def same_name(one: str, other: str) -> bool:
    """Tell whether the keys of two names may be one name, cut or with letters left out.

    >>> same_name("teal", "tal"), same_name("reyes", "hall"), same_name("ben", "ken")
    (True, False, False)
    """
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    if len(short) < 3 or len(long) - len(short) > 2 or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _capital(text: str, tokens: Tokens, n: int) -> bool:
    return text[tokens.starts[n]].isupper() and tokens.keys[n] not in _TITLES


def _within(tokens: Tokens, n: int) -> bool:
    if n == 0:
        return False
    gap = tokens.classes[tokens.ends[n - 1] : tokens.starts[n]]
    return bool(gap) and not gap.strip(_WITHIN)
