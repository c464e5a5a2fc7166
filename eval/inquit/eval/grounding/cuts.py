"""Numbers that a span would cut where no token is cut: signs, fractions, dates, multiples."""

from __future__ import annotations

import re

from .guards import numeric

_COMPARED = "<>≤≥~±≈≲≳"
_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_LARGE = (
    r"(?:hundred|thousand|million|billion|trillion|lakh|crore|hundert|tausend|million(?:en)?|"
    r"milliarden?|billion(?:en)?|dutzend|dozen)s?\b"
)
#: How a span begins that may be the rest of a number; what stands before it then.
_HEAD = re.compile(
    rf"(?P<digit>[$€£¥₹]?\.?\d)|(?P<fraction>[{_FRACTIONS}])|(?P<half>(?:a\s)?(?:half|quarter|third)\b)"
    rf"|(?P<large>(?:an?\s)?{_LARGE})",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"(?P<sign>[<>]=|[{_COMPARED}])\s?$")
#: An arrow, a line of a reply, struck text, the end of a tag.
_NO_SIGN = re.compile(r"[-=]>\s?$|(?:^|\n)[>\s]*>\s?$|~~$|<[/!a-zA-Z][^<>\n]*>$")
_BEFORE = {
    "digit": re.compile(r"\^$"),
    "fraction": re.compile(r"\d\s?$"),
    "half": re.compile(r"(\w+)\sand\s(?:an?\s)?$"),
    "large": re.compile(
        r"\b(?:half|quarter|third)\s(?:of\s)?(?:an?\s)?$|\w*(?:halb|viertel)(?:e[nr]?)?\s$",
        re.IGNORECASE,
    ),
}
_MIXED, _DAY = re.compile(r"\d{1,3}/\d"), re.compile(r"\d\d-\d\d(?!\d)")
_WHOLE, _YEAR, _YEAR_MONTH = (
    re.compile(p) for p in (r"(?<!\d)\d{1,3}\s$", r"(?<!\d)\d{4}-$", r"(?<!\d)\d{4}-\d\d-$")
)
#: Whose dollars they are.
_DOLLAR = re.compile(r"(?<!\w)(?:A|AU|C|CA|HK|NZ|NT|S|R)$")
#: What stands behind a number that is cut at its end.
_BEHIND = re.compile(
    rf"\^\d|\s?[{_FRACTIONS}]|\s\d{{1,3}}/\d|\sand\s(?:an?\s)?(?:half|quarter|third|three\squarters)\b|"
    r"\s?(?:[Tt]sd|crore|lakh|k|K)\b|-(?:\d\d-)?\d\d(?!\d)"
)
_ANY_SIGN = re.compile(rf"[{_COMPARED}]|[-−–]\s[$€£¥₹]?\d")
_NUMBER = re.compile(r"(?<![\w.,:'’])\.?\d")
_LAST = re.compile(r"[^\W_]+$")


def cuts_number(text: str, begin: int, end: int) -> bool:
    """Tell whether a span leaves out the sign or a part of a number at one of its ends.

    >>> cuts_number("half a million", 7, 14), cuts_number("at < 5 %", 5, 8)
    (True, True)
    >>> cuts_number("to 5 ½ km", 0, 4), cuts_number("on 2023-01-02", 3, 7)
    (True, True)
    >>> cuts_number("on 5 boats", 3, 10)
    False
    """
    head = _HEAD.match(text, begin)
    if head and _cut_before(text, begin, head):
        return True
    behind = _BEHIND.match(text, end)
    if not behind:
        return False
    last = _LAST.search(text, max(0, end - 20), end)
    if last is None or not numeric(last[0].casefold()):
        return False
    if behind[0][0] == "-":
        there = text[max(0, end - 8) : end]
        return bool(re.search(r"(?<!\d)\d{4}(?:-\d\d)?$", there)) and (
            len(behind[0]) > 3 or "-" in there[-4:]
        )
    return behind[0].strip().lower() != "k" or last[0].isdigit()


def _cut_before(text: str, begin: int, head: re.Match[str]) -> bool:
    kind = head.lastgroup or ""
    before = text[max(0, begin - 24) : begin]
    if found := _BEFORE[kind].search(before):
        return kind != "half" or numeric(found[1].casefold())
    if kind != "digit":
        return False
    if _MIXED.match(text, begin) and _WHOLE.search(before):
        return True
    if text[begin] == "$" and _DOLLAR.search(before):
        return True
    if _YEAR_MONTH.search(before) or (_DAY.match(text, begin) and _YEAR.search(before)):
        return True
    return sign_before(text, begin) != ""


def sign_before(text: str, begin: int) -> str:
    """Return the sign of comparison before a number; "" if there is none.

    >>> sign_before("it is <= 5", 9), sign_before("<b>5</b>", 3)
    ('≤', '')
    """
    before = text[max(0, begin - 60) : begin].rstrip("$€£¥₹")
    sign = _SIGN.search(before)
    if sign is None or _NO_SIGN.search(before):
        return ""
    return {"<=": "≤", ">=": "≥"}.get(sign["sign"], sign["sign"])


def same_signs(one: str, other: str) -> bool:
    """Tell whether the numbers of two texts have the same signs of comparison, and minus signs.

    A dash between spaces before a number may be one; a comma or another mark may stand for it.

    >>> same_signs("it is < 5", "it is > 5"), same_signs("it is ≤5", "it is <= 5")
    (False, True)
    >>> same_signs("lost - 5 points", "lost 5 points"), same_signs("a - 5 men -", "a, 5 men,")
    (False, True)
    """
    if not (_ANY_SIGN.search(one) or _ANY_SIGN.search(other)):
        return True
    ours, theirs = (
        [_sign(text, m.start()) for m in _NUMBER.finditer(text)] for text in (one, other)
    )
    return len(ours) == len(theirs) and all(
        a == b or {a, b} <= {"-", "?"} or {a, b} <= {"", "?"}
        for a, b in zip(ours, theirs, strict=True)
    )


def _sign(text: str, begin: int) -> str:
    """Return the sign before a number; "?" for another mark."""
    if sign := sign_before(text, begin):
        return sign
    before = text[max(0, begin - 4) : begin].rstrip("$€£¥₹")
    if re.search(r"(?:\s|^)[-−–]\s$", before):
        return "-"
    return "?" if re.search(r"[^\w\s]\s?$", before) else ""
