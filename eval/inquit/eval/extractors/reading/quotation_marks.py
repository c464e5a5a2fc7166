"""Finds what stands between quotation marks: straight, curly, guillemets, German and Swedish.

Each opening mark is matched with its closing mark within a paragraph. A quotation whose mark is
opened again at the start of the next paragraph goes on there, and is one quotation with a fragment
a paragraph. All work is linear in the length of the text.
"""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest
from typing import NamedTuple

from ..segment import Segment, paragraphs

_MARK = re.compile("''|``|[\"'“”„‟‘’‚‛«»‹›]")
_SINGLE = frozenset("'‘’‚‛")
#: Which opening marks a mark closes.
_CLOSES = {
    '"': {'"', "“"},
    "'": {"'"},
    "''": {"''", "``"},
    "”": {"“", "„", "‟", "”", '"'},
    "“": {"„", "“"},
    "’": {"‘", "‚", "‛"},
    "‘": {"‚"},
    "»": {"«", "»"},
    "«": {"»"},
    "›": {"‹", "›"},
    "‹": {"›"},
}
_NONE: frozenset[str] = frozenset()
_BEFORE_OPENING = frozenset("([{-–—/\"“„«‹:;,…'‘")
_ENDS_SPEECH = frozenset(".,!?…;:—–-")
_CUT_WORD = re.compile(r"(?:em|n|tis|twas|til|cause|bout|round|cos|\d\ds)\b", re.IGNORECASE)
_DEEPEST = 8
_SHORT = 30


class Quotation(NamedTuple):
    """What stands between quotation marks, the marks included.

    ``depth`` is 0, or the number of quotations that this one lies in.
    """

    fragments: tuple[Segment, ...]
    depth: int


class _Mark(NamedTuple):
    text: str
    start: int
    end: int
    earlier: tuple[Segment, ...] = ()


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text, outer ones before those that they hold.

    Apostrophes are told from closing marks; a mark without its partner opens nothing, unless a
    paragraph begins with it, or a colon or comma stands before it.

    >>> text = "‘It’s late,’ he said of the boys’ ‘new “plan”’."
    >>> [(text[f[0][0] : f[0][1]], depth) for f, depth in quotations(text)]
    [('‘It’s late,’', 0), ('‘new “plan”’', 0), ('“plan”', 1)]
    """
    found = _Scanner(text).found
    found.sort(key=lambda fragments: (fragments[0][0], -fragments[-1][1]))
    ends: list[int] = []
    result = []
    for fragments in found:
        while ends and ends[-1] <= fragments[0][0]:
            ends.pop()
        result.append(Quotation(fragments, len(ends)))
        ends.append(fragments[-1][1])
    return result


class _Scanner:
    """Walks over a text once; ``open`` are the marks that wait for their partners."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[Segment, ...]] = []
        self.open: list[_Mark] = []
        first = re.search("[«»‹›]", text)
        self.guillemets = "«‹" if first is None or first[0] in "«‹" else "»›"
        pieces = paragraphs(text)
        for (start, end), following in zip_longest(pieces, pieces[1:]):
            self._paragraph(start, end)
            self._end_paragraph(start, end, following)

    def _paragraph(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        skip = start if self.open else -1
        marks = [
            mark
            for m in _MARK.finditer(self.text, start, end)
            if m.start() != skip and not self._apostrophe(mark := _Mark(m[0], m.start(), m.end()))
        ]
        self.next_single = dict(pairwise(m.start for m in marks if m.text in _SINGLE))
        for mark in marks:
            if not self._closes(mark) and self._opens(mark):
                self.open.append(mark)
                del self.open[:-_DEEPEST]

    def _end_paragraph(self, start: int, end: int, following: Segment | None) -> None:
        for mark in self.open:
            if following and self.text.startswith(mark.text, following[0]):
                begin = following[0]
                earlier = (*mark.earlier, (mark.start, end))
                self.open = [_Mark(mark.text, begin, begin + len(mark.text), earlier)]
                return
        if self.open:
            mark = self.open[0]
            before = self.text[start : mark.start].rstrip()[-1:]
            if mark.earlier or (mark.text not in _SINGLE and before in ("", ":", ",")):
                self.found.append((*mark.earlier, (mark.start, end)))
        self.open = []

    def _closes(self, mark: _Mark) -> bool:
        """Close the innermost opening that this mark fits, if it is a closing mark here."""
        fits = _CLOSES.get(mark.text, _NONE)
        depth = len(self.open) - 1
        while depth >= 0 and self.open[depth].text not in fits:
            depth -= 1
        if depth < 0:
            return False
        opening = self.open[depth]
        before, after = self._around(mark)
        spaced = self._around(opening)[1].isspace()
        may_open = mark.text in fits and not spaced
        if may_open and before.isspace() and not after.isspace():
            if depth == len(self.open) - 1:
                del self.open[depth:]  # its closing mark was forgotten
            return False
        if mark.text in _SINGLE and self._ends_word(mark, opening):
            return True
        if mark.start > opening.end:
            self.found.append((*opening.earlier, (opening.start, mark.end)))
        del self.open[depth:]
        return True

    def _opens(self, mark: _Mark) -> bool:
        before, after = self._around(mark)
        if mark.text in "«»‹›":
            return mark.text in self.guillemets or mark.text == "»"
        if after.isspace() or before.isalnum() or mark.text == "’":
            return False
        if mark.text == "'":
            return (before.isspace() or before in _BEFORE_OPENING) and (
                after.isalnum() or after in '[($“"…'
            )
        return mark.text != "”" or (before.isspace() and after.isalnum())

    def _ends_word(self, mark: _Mark, opening: _Mark) -> bool:
        """Tell whether a mark behind a word ends the word and not the quotation.

        A plural or clipped word may end with one. It does, if the quotation can still be closed
        later and is already too long to be a name or a pair of scare quotes.
        """
        later = self.next_single.get(mark.start)
        if later is None or self.text[mark.start - 1] not in "sSnN" or self.text[later] == "‘":
            return False
        before_later = self.text[later - 1]
        long = mark.start - opening.start > _SHORT and not before_later.isspace()
        return long or before_later in _ENDS_SPEECH

    def _apostrophe(self, mark: _Mark) -> bool:
        before, after = self._around(mark)
        if mark.text not in ("'", "’") or not after.isalnum():
            return False
        if mark.text == "’" or before.isalnum():
            return True
        return _CUT_WORD.match(self.text, mark.end, self.end) is not None

    def _around(self, mark: _Mark) -> tuple[str, str]:
        before = self.text[mark.start - 1] if mark.start > self.start else " "
        after = self.text[mark.end] if mark.end < self.end else " "
        return before, after
