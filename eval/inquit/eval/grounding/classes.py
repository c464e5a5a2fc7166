"""What each character is to grounding.

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

import unicodedata

_SINGLE = "'`´‘’‚‛′‵ʹʻʼʽ‹›❛❜＇"
_DOUBLE = '"“”„‟″‶«»❝❞〝〞〟＂「」『』'
_DASHES = "-‐‑‒–—―−﹘﹣－⁃"
#: How many tables may hold before they compute instead of remembering.
_REMEMBERED = 60_000

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
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


class Table(dict[int, str]):
    """A table for `str.translate` that fills itself."""

    def __missing__(self, code: int) -> str:
        value = self.find(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = value
        return value

    def find(self, character: str) -> str:
        """Return the value of a character."""
        raise NotImplementedError


class _Classes(Table):
    def find(self, character: str) -> str:
        return _CLASSES.get(character) or _class_of(character)


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
        if character in LIGATURES or unicodedata.normalize("NFC", character) != character:
            return "X" if unspaced else "x"
        return "c" if unspaced else "a"
    if character.isnumeric():
        return "d"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "r"
    if category == "Sc":
        return "$"
    return "o" if category == "So" and code > 0xFF else "p"


CLASSES = _Classes()
#: With more characters beyond ASCII than this, a text is looked up character by character.
_FEW = 64
#: Stand-ins for classes: an ASCII character of the class, or else a control character.
_STAND_IN = {kind: chr(0x80 + k) for k, kind in enumerate("nxXcmzieyro")}
_STAND_IN |= {CLASSES[code]: chr(code) for code in range(127, -1, -1)}
_TABLE = bytearray(CLASSES[code].encode()[0] for code in range(128)) + b"p" * 128
for _kind, _character in _STAND_IN.items():
    _TABLE[ord(_character)] = ord(_kind)
_BYTES = bytes(_TABLE)
_ASCII = bytes(range(128))


def odd_characters(text: str) -> list[str]:
    """Return the distinct characters beyond ASCII, ascending.

    >>> odd_characters("“Ähm,” ähm")
    ['Ä', 'ä', '“', '”']
    """
    if text.isascii():
        return []
    # The bytes of ASCII are struck out first: a set of few characters is made faster.
    left = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return sorted(set(left.decode("utf-8", "surrogatepass")))


def classes_of(text: str, odd: list[str] | None = None) -> str:
    """Return the class of each character, given `odd_characters` if they are known.

    >>> classes_of("He’s 5, ok")
    "aa'asd,saa"
    """
    if text.isascii():
        return text.encode().translate(_BYTES).decode()
    odd = odd_characters(text) if odd is None else odd
    if len(odd) > _FEW:
        return text.translate(CLASSES)
    # Control characters come first in `odd`, so none that is put in is replaced again.
    for character in odd:
        kind = CLASSES[ord(character)]
        text = text.replace(character, _STAND_IN.get(kind, kind))
    return text.encode("latin-1").translate(_BYTES).decode()
