"""Words and characters that are numbers, and which of them are one number together."""

from __future__ import annotations

import re
from functools import lru_cache

from .wordlists import words

_EN_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_EN_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_EN_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|zero"
_EN_MULTIPLES = "(?:hundred|thousand|million|billion|trillion|quadrillion|dozen|lakh|crore)s?"
_EN_ORDINALS = (
    "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    "(?:thir|four|fif|six|seven|eigh|nine)teenth|"
    "(?:twen|thir|for|fif|six|seven|eigh|nine)tieth|"
    "(?:hundred|thousand|million|billion|trillion)th)(?:s|ly)?"
)
_ENGLISH = re.compile(
    rf"(?:(?:{_EN_TENS}|{_EN_UNITS}|{_EN_TEENS}|{_EN_MULTIPLES})+(?:fold|some|score)?|manifold|multifold|"
    rf"(?:{_EN_TENS})?(?:{_EN_ORDINALS})|(?:{_EN_TENS})(?:{_EN_UNITS})|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ties|(?:six|seven|eigh|nine)?teens?|"
    r"half|halves|halved|quarter(?:s|ed)?|once|twice|thrice|both|sole|single|couple|pair|score|"
    r"(?:doubl|tripl|trebl|quadrupl|quintupl)(?:e|es|ed|ing|y)|trio|duo|quartet|bn|mn|tn|nil|nought)"
)
_DE_UNITS = "zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
#: Wherever in a German or Dutch word one of these stands, the word is a number.
_DE_ANYWHERE = re.compile(
    "hundert|tausend|zwanzig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|zwölf|"
    "zehn|million|milliard|billion|billiard|dutzend|einhalb|eineinviertel|anderthalb|undein|"
    "dreiviertel|honderd|duizend|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
)
_GERMAN = re.compile(
    rf"(?:{_DE_UNITS})(?:und\w*|er\w{{0,2}}|en|e|te\w?|tel\w*|tens|fach\w*|mal\w*|\w+ig\w{{0,2}}|"
    rf"(?:{_DE_UNITS})\w*)?"
    r"|(?:zwei(?!f|g)|drei(?!st)|vier|fünf|sech[sz]|sieb[etz]|neun)\w+"
    r"|null|eins|ein(?:mal|malig\w*|fache?s?|jährig\w*|köpfig\w*|tägig\w*|stündig\w*|wöchig\w*)"
    r"|erst(?:e[mnrs]?|ens)|halb(?:e[mnrs]?|iert\w*)?|hälften?|drittel\w*|dritte[mnrs]?|drittens"
    r"|achtel\w*|halb(?:jähr|stünd|tägl?)\w*|viertel\w*|doppel\w*|doppelt\w*|verdoppel\w*|verdreifach\w*|vervierfach\w*|verfünffach\w*"
    r"|halbier\w*|beide[mnrs]?|beiderlei|einzig\w*|paar|mio|mrd|bio|tsd"
)
#: Of French, Spanish, Italian and Dutch.
_OTHERS = words("""
    deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente
    quarante cinquante soixante cent cents mille milliard milliards moitié
    dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
    diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta
    noventa cien ciento mil millón millones
    tre quattro cinque otto nove dieci venti trenta cento milione milioni miliardo miliardi
    twee drie vijf zes zeven negen tien miljoen miljard
""")
_ROMAN = re.compile(r"(?=..|[vx])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_NO_ROMAN = frozenset(("mix", "mi", "di", "dim", "mid", "li"))

_SPOKEN = re.compile(
    rf"{_EN_TENS}|{_EN_UNITS}|{_EN_TEENS}|{_EN_MULTIPLES}|{_EN_ORDINALS}|bn|mn|tn|hal(?:f|ves)|"
    rf"quarters?|ein|eine|{_DE_UNITS}|hundert|tausend|million(?:en)?|milliarden?|billion(?:en)?|mio|"
    r"tsd|mrd|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"vingts?|trente|quarante|cinquante|soixante|cents?|mille|milliards?|millón|millones|mil|"
    r"treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|miljoen|miljard|milion[ei]|"
    r"miliard[oi]"
)
_LARGE = re.compile(
    rf"{_EN_TENS}|{_EN_MULTIPLES}|(?:hundred|thousand|million|billion|trillion)ths?|bn|mn|tn|"
    r"hundert|tausend|million(?:en)?|milliarden?|billion(?:en)?|dutzend|mio|mrd|tsd|cents?|mille|"
    r"milliards?|mil|millón|millones|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|"
    r"vingts?|trente|quarante|cinquante|soixante|miljoen|miljard|milion[ei]|miliard[oi]"
)
_UNIT = re.compile(f"{_EN_UNITS}|ein|{_DE_UNITS}")
_PART = re.compile(
    rf"{_EN_ORDINALS}|hal(?:f|ves)|quarters?|drittel|viertel|(?:fünf|sechs|sieb|ach|neun|zehn)tel"
)
_PARTS = re.compile(f"{_SPOKEN.pattern}|{_LARGE.pattern}|{_UNIT.pattern}|{_PART.pattern}")
_ENDS_IN_DIGIT = re.compile(r".*\d", re.DOTALL)
_AND = frozenset(("and", "und", "et", "y"))
_HANGUL = frozenset("영공일이삼사오육륙칠팔구십백천만억조")
_HANGUL_LARGE = frozenset("십백천만억조")
_HANGUL_TENS = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_HANGUL_UNITS = (
    "하나", "한", "둘", "두", "셋", "세", "넷", "네", "다섯", "여섯", "일곱", "여덟", "아홉",
)  # fmt: skip


@lru_cache(maxsize=50_000)
def number_word(key: str) -> bool:
    """Tell whether the key of a token is a number in words: English, German, some others, Roman.

    >>> [number_word(w) for w in ("twenty", "threefold", "dreihundert", "xiv", "beachten", "mix")]
    [True, True, True, True, False, False]
    """
    return bool(
        key in _OTHERS
        or _ENGLISH.fullmatch(key)
        or _GERMAN.fullmatch(key)
        or _DE_ANYWHERE.search(key)
        or (key not in _NO_ROMAN and _ROMAN.fullmatch(key))
    )


def one_number(left: list[str], gap: str, right: list[str]) -> bool:
    """Tell whether what stands on both sides of a place is one number.

    Parameters
    ----------
    left, right : list of str
        Keys of the two tokens before the place and of the two behind it, fewer at an end of a text.
    gap : str
        Classes of what stands between them.

    >>> one_number(["in", "twenty"], "-", ["five"]), one_number(["1"], "s", ["000", "km"])
    (True, True)
    >>> one_number(["after", "two"], "s", ["weeks"]), one_number(["人", "一"], "", ["千", "二"])
    (False, True)
    """
    one, other = left[-1], right[0]
    if not gap:
        return _unspaced(left, right)
    if gap == "-":
        return bool(_SPOKEN.fullmatch(one) and _SPOKEN.fullmatch(other))
    if gap.strip("sSn"):
        return False
    return _spaced(left, right)


@lru_cache(maxsize=50_000)
def _numeral(key: str) -> bool:
    """Tell whether a key may be a part of a number of several words."""
    return key in _AND or key[-1:].isdecimal() or _PARTS.fullmatch(key) is not None


def _spaced(left: list[str], right: list[str]) -> bool:
    one, other = left[-1], right[0]
    if not (_numeral(one) and _numeral(other)):
        return False
    if len(other) == 3 and other.isdecimal() and len(one) <= 3 and one.isdecimal():
        return True
    if other in _AND:
        return len(right) > 1 and bool(_LARGE.fullmatch(one) and _SPOKEN.fullmatch(right[1]))
    if one in _AND:
        return len(left) > 1 and bool(_LARGE.fullmatch(left[0]) and _SPOKEN.fullmatch(other))
    if _UNIT.fullmatch(one) and _PART.fullmatch(other):
        return True
    if _LARGE.fullmatch(other):
        return bool(_SPOKEN.fullmatch(one) or _ENDS_IN_DIGIT.fullmatch(one))
    return bool(_LARGE.fullmatch(one) and _SPOKEN.fullmatch(other))


def _unspaced(left: list[str], right: list[str]) -> bool:
    one, other = left[-1], right[0]
    if len(one) == 1 and one in _HANGUL and other in _HANGUL:
        return one in _HANGUL_LARGE or other in _HANGUL_LARGE
    if one[-1:].isnumeric() and other[:1].isnumeric():
        return True
    if one[-1:].isdecimal() and other in _HANGUL_LARGE:
        return True
    if "가" <= one[-1:] <= "힣":
        return "".join(left).endswith(_HANGUL_TENS) and "".join(right).startswith(_HANGUL_UNITS)
    return False
