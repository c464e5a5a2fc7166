"""Where a text may be cut: between grapheme clusters, between words, at white space."""

from __future__ import annotations

import unicodedata

# Scripts written without spaces, or with particles joined to the word: a boundary between two of
# their letters says nothing.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul Jamo
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x9FFF),  # radicals, Kana, Bopomofo, Han
    (0xA960, 0xA97F),  # Hangul Jamo
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x1AFF0, 0x1B16F),  # Kana
    (0x20000, 0x3FFFF),  # Han
)
_ZWNJ, _ZWJ = "\u200c", "\u200d"


def cuts_character(text: str, offset: int) -> bool:
    r"""Return whether an offset lies inside what a reader takes for one character.

    Follows the grapheme clusters of UAX 29 for line endings, combining marks, variation
    selectors, emoji (modifiers, tags, joiners, flags) and Hangul; not for the conjuncts of Indic
    scripts and the few prepended marks.

    >>> cuts_character("e\u0301", 1), cuts_character("\r\n", 1), cuts_character("ab", 1)
    (True, True, False)
    """
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if after.isascii():
        return before == "\r" and after == "\n"
    if _is_control(before) or _is_control(after):
        return False
    if _extends(after):
        return True
    if before == _ZWJ and unicodedata.category(after) == "So":
        first = offset - 1
        while first and _extends(text[first]):
            first -= 1
        return unicodedata.category(text[first]) == "So"
    if _is_flag_letter(before) and _is_flag_letter(after):
        first = offset
        while first and _is_flag_letter(text[first - 1]):
            first -= 1
        return (offset - first) % 2 == 1
    return _joins_hangul(before, after)


def cuts_word(text: str, offset: int) -> bool:
    """Return whether an offset lies between two letters or digits of a word.

    Always false in scripts that put no space between words.

    >>> cuts_word("denied", 2), cuts_word("well-known", 4), cuts_word("he said", 2)
    (True, False, False)
    """
    if not 0 < offset < len(text) or not text[offset].isalnum():
        return False
    start = offset - 1
    while start and not text[start].isascii() and unicodedata.category(text[start])[0] == "M":
        start -= 1
    return all(c.isalnum() and not _is_unspaced(c) for c in (text[start], text[offset]))


def has_outer_space(text: str, start: int, end: int) -> bool:
    """Return whether a stretch of text begins or ends with white space.

    >>> has_outer_space("he said", 2, 7), has_outer_space("he said", 3, 7)
    (True, False)
    """
    return text[start].isspace() or text[end - 1].isspace()


def _is_control(c: str) -> bool:
    category = unicodedata.category(c)
    if category == "Cf":
        return c not in (_ZWNJ, _ZWJ) and not "\U000e0020" <= c <= "\U000e007f"
    return category in ("Cc", "Zl", "Zp")


def _extends(c: str) -> bool:
    return (
        unicodedata.category(c) in ("Mn", "Me", "Mc")
        or c in (_ZWNJ, _ZWJ, "\uff9e", "\uff9f", "\u0e33", "\u0eb3")
        or "\U0001f3fb" <= c <= "\U0001f3ff"
        or "\U000e0020" <= c <= "\U000e007f"
    )


def _is_flag_letter(c: str) -> bool:
    return "\U0001f1e6" <= c <= "\U0001f1ff"


def _joins_hangul(before: str, after: str) -> bool:
    first, second = _hangul(before), _hangul(after)
    return (
        (first == "L" and second in ("L", "V", "LV", "LVT"))
        or (first in ("LV", "V") and second in ("V", "T"))
        or (first in ("LVT", "T") and second == "T")
    )


def _hangul(c: str) -> str:
    if "\u1100" <= c <= "\u115f" or "\ua960" <= c <= "\ua97c":
        return "L"
    if "\u1160" <= c <= "\u11a7" or "\ud7b0" <= c <= "\ud7c6":
        return "V"
    if "\u11a8" <= c <= "\u11ff" or "\ud7cb" <= c <= "\ud7fb":
        return "T"
    if "\uac00" <= c <= "\ud7a3":
        return "LV" if (ord(c) - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _is_unspaced(c: str) -> bool:
    return c >= "\u0e00" and any(first <= ord(c) <= last for first, last in _UNSPACED)
