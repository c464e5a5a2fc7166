"""Finds what stands between quotation marks: straight, curly, guillemets, German and Swedish.

Each opening mark is matched with its closing mark within a paragraph. A quotation whose mark is
opened again at the start of the next paragraph goes on there, and is one quotation with a fragment
a paragraph. All work is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .segment import Segment, paragraphs

_MARK = re.compile("[\"'“”„‟‘’‚‛«»‹›]")
_SINGLE = frozenset("'‘’‚‛")
_CLOSES = {"”": "“„‟”", "’": "‘‚‛", "'": "'"}
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


class _Opening(NamedTuple):
    mark: str
    start: int
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
        self.open: list[_Opening] = []
        first = re.search("[«»‹›]", text)
        self.guillemets = "«‹" if first is None or first[0] in "«‹" else "»›"
        pieces = paragraphs(text)
        for (start, end), following in zip(pieces, [*pieces[1:], None], strict=True):
            self._paragraph(start, end)
            self._end_paragraph(start, end, following)

    def _paragraph(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        skip = start if self.open else -1
        marks = [m.start() for m in _MARK.finditer(self.text, start, end) if m.start() != skip]
        singles = [i for i in marks if self.text[i] in _SINGLE and not self._inside_word(i)]
        self.next_single = dict(zip(singles, singles[1:], strict=False))
        for position in marks:
            mark = self.text[position]
            if mark in "'’" and self._inside_word(position):
                continue
            if self._closes(mark, position):
                continue
            if self._opens(mark, position):
                self.open.append(_Opening(mark, position))
                del self.open[:-_DEEPEST]

    def _end_paragraph(self, start: int, end: int, following: Segment | None) -> None:
        goes_on = self.text[following[0]] if following else ""
        for opening in self.open:
            if opening.mark == goes_on:
                self.open = [
                    _Opening(opening.mark, following[0], (*opening.earlier, (opening.start, end)))
                ]
                return
        if self.open:
            first = self.open[0]
            before = self.text[start : first.start].rstrip()[-1:]
            if first.earlier or (first.mark not in _SINGLE and before in ("", ":", ",")):
                self.found.append((*first.earlier, (first.start, end)))
        self.open = []

    def _closes(self, mark: str, position: int) -> bool:
        """Close the innermost opening that this mark fits, if it is a closing mark here."""
        fits = self._openings_for(mark)
        depth = next(
            (d for d in range(len(self.open) - 1, -1, -1) if self.open[d].mark in fits), -1
        )
        if depth < 0:
            return False
        before, after = self._neighbours(position)
        spaced = self._neighbours(self.open[depth].start)[1].isspace()
        again = (mark in fits or mark in "“‘") and not spaced
        if again and before.isspace() and not after.isspace():
            del self.open[depth:]
            return False
        if mark in "'’" and self._apostrophe(position, self.open[depth].start):
            return True
        opening = self.open[depth]
        if position > opening.start + 1:
            self.found.append((*opening.earlier, (opening.start, position + 1)))
        del self.open[depth:]
        return True

    def _openings_for(self, mark: str) -> str:
        if mark in "«»‹›":
            return {"«": "»", "»": "«", "‹": "›", "›": "‹"}[mark] + mark
        if mark == "“":
            return "„“"
        if mark == "‘":
            return "‚"
        return _CLOSES.get(mark, mark if mark == '"' else "")

    def _opens(self, mark: str, position: int) -> bool:
        before, after = self._neighbours(position)
        if mark in "«»‹›":
            return mark in self.guillemets or mark == "»"
        if after.isspace() or before.isalnum():
            return False
        if mark in "’'":
            free = before.isspace() or before in _BEFORE_OPENING
            return mark == "'" and free and (after.isalnum() or after in '[($“"…')
        if mark == "”":
            return before.isspace() and after.isalnum()
        return True

    def _apostrophe(self, position: int, opened: int) -> bool:
        """Tell whether a mark behind a word ends the word and not the quotation.

        A plural or clipped word may end with one. It does, if the quotation can still be closed
        later and is already too long to be a name or a pair of scare quotes.
        """
        before = self.text[position - 1]
        if before not in "sSnN":
            return False
        later = self.next_single.get(position)
        if later is None or self.text[later] == "‘":
            return False
        if self.text[later - 1] in _ENDS_SPEECH:
            return True
        return position - opened > _SHORT and not self.text[later - 1].isspace()

    def _inside_word(self, position: int) -> bool:
        before, after = self._neighbours(position)
        if self.text[position] not in "'’" or not after.isalnum():
            return False
        if self.text[position] == "’" or before.isalnum():
            return True
        return _CUT_WORD.match(self.text, position + 1, self.end) is not None

    def _neighbours(self, position: int) -> tuple[str, str]:
        before = self.text[position - 1] if position > self.start else " "
        after = self.text[position + 1] if position + 1 < self.end else " "
        return before, after
