"""What each character is to grounding, and what it becomes when type is folded.

A text is read through its *classes*: a string of the same length with one letter a character. All
patterns run over the classes, so they are short, linear and never lose an offset.

====  ====================================================================================
a d   letter; digit or other numeral
x X   letter or ideograph that Unicode composes or splits (a ligature, the Kelvin sign)
c     character of a script written without spaces: a token of its own
m z   mark or other extender, which belongs to the character before it; joiner of emoji
s S n space; other white space; white space that groups digits (no-break, thin)
i y   invisible format character; soft hyphen
' "   single and double quotation marks
- +   dashes and minus signs; plus
. , : full stop; comma; colon or slash (these join digits)
e     ellipsis
$ %   currency; per cent
r o   regional indicator; other symbol (emoji)
p     everything else
====  ====================================================================================
"""

from __future__ import annotations

import re
import unicodedata

_SINGLE = "'`´‘’‚‛′‵ʹʻʼʽ‹›❛❜＇"
_DOUBLE = '"“”„‟″‶«»❝❞〝〞〟＂「」『』'
_DASHES = "-‐‑‒–—―−﹘﹣－⁃"
#: How many tables may hold before they compute instead of remembering.
_REMEMBERED = 60_000
#: Longer runs of marks are left as they are: composing them takes time that grows with the square.
_LONGEST_CLUSTER = 30

_CLASSES = {
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("%‰‱٪﹪％", "%"),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007", "n"),
    " ": "s", "+": "+", ".": ".", ",": ",", ":": ":", "/": ":", "⁄": ":", "…": "e", "_": "a",
    "\u00ad": "y", "\u200d": "z", "\u200c": "m",
}  # fmt: skip
#: First and last code point of scripts written without spaces, or with particles glued on.
_UNSPACED = (
    (0x0E01, 0x0EFF), (0x0F40, 0x0FBC), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF),
    (0x1A20, 0x1AAF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x30FF), (0x3105, 0x318F),
    (0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0xA48C), (0xA980, 0xA9FF), (0xAA60, 0xAA7F),
    (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1B000, 0x1B2FF), (0x20000, 0x3FFFF),
)  # fmt: skip
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


class _Table(dict[int, str]):
    """A table for `str.translate` that fills itself."""

    def __missing__(self, code: int) -> str:
        value = self.find(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = value
        return value

    def find(self, character: str) -> str:
        raise NotImplementedError


class _Classes(_Table):
    def find(self, character: str) -> str:
        return _CLASSES.get(character) or _class_of(character)


class _Folds(_Table):
    def find(self, character: str) -> str:
        kind = CLASSES[ord(character)]
        return {"'": "'", '"': '"', "-": "-", "S": " ", "n": " "}.get(kind, character)


class _Cases(_Table):
    def find(self, character: str) -> str:
        folded = character.casefold()
        return folded if len(folded) == 1 else character


CLASSES = _Classes()
_FOLDS = _Folds()
_CASES = _Cases()

#: Where folding does more than put one character for one.
_IRREGULAR = re.compile(r"[^m]m+|[sSn][sSni]+|yS{0,2}|i+|e|--+|''|[xX]")


def classes_of(text: str) -> str:
    """Return the class of each character.

    >>> classes_of("He’s 5, ok")
    "aa'asd,saa"
    """
    return text.translate(CLASSES)


def cased(text: str) -> str:
    """Return text without case, of the same length.

    >>> cased("Große ÄRA")
    'große ära'
    """
    folded = text.casefold()
    return folded if len(folded) == len(text) else text.translate(_CASES)


def folded_pieces(text: str, classes: str) -> tuple[str, list[tuple[int, int, int, int]]]:
    r"""Return text with its type folded, and where that is not one character for one.

    Returns
    -------
    folded : str
        Composed (NFC), with straight quotation marks, hyphens for dashes, one space for each run of
        white space, three dots for an ellipsis, without soft hyphens and invisible characters.
    irregular : list of (start, end, start in text, end in text)
        Half-open stretches that correspond as a whole, ascending; between them characters
        correspond one to one.

    >>> folded_pieces("“No … he’s", classes_of("“No … he’s"))
    ('"No ... he\'s', [(4, 7, 4, 5)])
    """
    parts: list[str] = []
    irregular: list[tuple[int, int, int, int]] = []
    done = length = 0
    for match in _IRREGULAR.finditer(classes):
        start, end = match.span()
        new = _irregular(text[start:end], match[0])
        parts.append(text[done:start])
        length += start - done
        irregular.append((length, length + len(new), start, end))
        parts.append(new)
        length += len(new)
        done = end
    parts.append(text[done:])
    return "".join(parts).translate(_FOLDS), irregular


def folded(text: str) -> str:
    r"""Return text with its type folded, stripped of outer white space.

    >>> folded(" He said —\n‘no’ ")
    "He said - 'no'"
    """
    return folded_pieces(text, classes_of(text))[0].strip(" ")


def _irregular(piece: str, kinds: str) -> str:
    if "m" in kinds or kinds in "xX":
        if len(piece) > _LONGEST_CLUSTER:
            return piece
        return unicodedata.normalize("NFC", _LIGATURES.get(piece[0], piece[0]) + piece[1:])
    return {"e": "...", "-": "-", "'": '"', "i": "", "y": ""}.get(kinds[0], " ")


def _class_of(character: str) -> str:
    code, category = ord(character), unicodedata.category(character)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return "m"
    if category[0] == "M" or 0x1160 <= code <= 0x11FF:
        return "m"
    if character.isspace():
        return "S"
    if category == "Cf":
        return "i"
    if category[0] == "L" or category == "Nl":
        unspaced = any(first <= code <= last for first, last in _UNSPACED)
        if character in _LIGATURES or unicodedata.normalize("NFC", character) != character:
            return "X" if unspaced else "x"
        return "c" if unspaced else "a"
    if character.isnumeric():
        return "d"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "r"
    if category == "Sc":
        return "$"
    return "o" if category == "So" and code > 0xFF else "p"
