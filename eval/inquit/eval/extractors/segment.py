"""Paragraphs and sentences with exact offsets; no language is assumed.

Segments are ordered and disjoint, start and end with a character that is not white space, and
together hold every such character of the text. All work is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Segment = tuple[int, int]

_BREAK = re.compile(r"\r\n?|[\n\u2028\u2029]")
_ENDS = ".!?…‽؟۔।॥。！？｡"
_CLOSERS = "\"'”’“‘»«›‹)]}」』"
# Possessive, and never begun inside a run: a long run of full stops is walked once.
_END = re.compile(
    rf"(?<![{re.escape(_ENDS)}])[{re.escape(_ENDS)}]++"
    rf"(?:[ \u00a0\u202f][»›])?[{re.escape(_CLOSERS)}]*+"
)
_NO_SPACE_NEEDED = frozenset("。！？｡")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_LOOK_BACK = 24

# Words that a full stop does not end a sentence after, in lower case.
_ABBREVIATION = re.compile(
    r"mrs?|m[sx]|dr|prof|rev|fr|hon|gov|sen|rep|gen|col|lt|maj|capt|cmdr|sgt|pvt|adm|pres|st|mt|ft"
    r"|jr|sr|messrs|mme|mlle|vs|etc|e\.g|i\.e|cf|al|nos|vol|fig|approx|est|dept"
    r"|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec|tue|thu|fri"
    r"|z\.b|d\.h|u\.a|u\.ä|bzw|ca|nr|str|usw|vgl|hl|hr|ing|dipl|abs|bd|evtl|ggf|inkl|sog"
)


def paragraphs(text: str) -> list[Segment]:
    r"""Return the paragraphs of a text.

    A line break ends a paragraph, unless the next line begins with a lower-case letter and the
    line before has not ended a sentence: that is a wrapped line.

    >>> paragraphs("One.\n\nTwo is\nwrapped.  \nThree")
    [(0, 4), (6, 21), (24, 29)]
    """
    found: list[Segment] = []
    joins = False
    for start, end in _lines(text):
        line = text[start:end]
        begin = start + len(line) - len(line.lstrip())
        stop = start + len(line.rstrip())
        if begin >= stop:
            joins = False
            continue
        if joins and text[begin].islower():
            found[-1] = (found[-1][0], stop)
        else:
            found.append((begin, stop))
        joins = text[stop - 1] not in _ENDS and text[stop - 1] not in _CLOSERS
    return found


def sentences(text: str) -> list[Segment]:
    """Return the sentences of a text; none runs over the end of a paragraph.

    Quote marks and brackets behind a full stop belong to the sentence that it ends. A full stop
    behind an initial or a known abbreviation ends none, nor does one before a lower-case letter.

    >>> text = '"Go!" said Dr. J. Roe. "Now." He left.'
    >>> [text[start:end] for start, end in sentences(text)]
    ['"Go!" said Dr. J. Roe.', '"Now."', 'He left.']
    """
    return [
        segment for start, end in paragraphs(text) for segment in split_sentences(text, start, end)
    ]


def _lines(text: str) -> Iterator[Segment]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def split_sentences(text: str, start: int, end: int) -> Iterator[Segment]:
    """Yield the sentences of one paragraph, [start, end) of a text."""
    for match in _END.finditer(text, start, end):
        cut = match.end()
        following = _skip_space(text, cut, end)
        if following >= end:
            break
        if following == cut and text[match.start()] not in _NO_SPACE_NEEDED:
            continue
        if _begins_lower(text, following, end) or _abbreviated(text, start, match):
            continue
        yield start, cut
        start = following
    yield start, end


def _skip_space(text: str, position: int, end: int) -> int:
    while position < end and text[position].isspace():
        position += 1
    return position


def _begins_lower(text: str, position: int, end: int) -> bool:
    while position < end and not text[position].isalnum():
        if text[position].isspace():
            return False
        position += 1
    return position < end and text[position].islower()


def _abbreviated(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return False
    word = _LAST_WORD.search(text[max(start, match.start() - _LOOK_BACK) : match.start()])
    if word is None:
        return False
    name = word[0].lower()
    return _ABBREVIATION.fullmatch(name) is not None or (
        word[0][-1].isupper() and _initials(word[0])
    )


def _initials(word: str) -> bool:
    """Tell whether a word is an initial or a row of them: J, U.S."""
    return all(len(part) == 1 for part in word.split("."))
