"""The form of a quote read off the quotation marks of its text, for corpora that do not say it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from ..model import Fragment

_MARK = re.compile("''|``|[\"“”„‟«»]")
_SINGLE = re.compile(r"(?<![\w'’])['‘](?=[\w“\"\[(…])(?!\d\ds?\b|[Tt]is\b|[Tt]was\b|[Ee]m\b)")
_SINGLE_END = re.compile(r"(?<=[^\s'‘])['’](?![\w'])")
_PARAGRAPH = re.compile(r"\S(?:.|\n(?![^\S\n]*\n))*")
_OPENING = frozenset("“„‟«") | {"``"}
_BEFORE_OPENING = frozenset("([{-–—/'‘…:")


def quotation_marks(text: str) -> list[Fragment]:
    """Return the stretches that stand between quotation marks, marks included, in text order.

    Double marks of any kind, then single ones outside them. A mark that nothing closes reaches to
    the end of its paragraph; paragraphs end at blank lines.

    >>> text = "“We sail,” she said, calling it a 'fine' day."
    >>> [text[start:end] for start, end in quotation_marks(text)]
    ['“We sail,”', "'fine'"]
    """
    found: list[Fragment] = []
    is_open = False
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        position = start
        marks = _MARK.finditer(text, start, end)
        # A quotation that goes on is opened again; where it is not, a closing mark shows that
        # the paragraph belongs to it.
        opened: int | None = None
        for mark in marks:
            if opened is None:
                if _opens(mark, text, start, end):
                    found += _singles(text, position, mark.start())
                    opened = mark.start()
                elif is_open and position == start:
                    found.append((start, mark.end()))
                    position = mark.end()
            elif _closes(mark, text, end):
                found.append((opened, mark.end()))
                position, opened = mark.end(), None
        if opened is None:
            found += _singles(text, position, end)
        else:
            found.append((opened, end))
        is_open = opened is not None
    return found


def form_of(text: str, fragments: Iterable[Fragment], marked: list[Fragment]) -> str | None:
    """Return direct, mixed or indirect: all, some or none of the words stand in quotation marks.

    Parameters
    ----------
    text : str
    fragments : iterable of (start, end)
    marked : list of (start, end)
        As `quotation_marks` finds them in this text.

    Returns
    -------
    str or None
        None if the fragments hold neither letter nor digit.

    >>> text = "that “we sail”"
    >>> form_of(text, [(0, 14)], quotation_marks(text))
    'mixed'
    """
    inside = outside = False
    for start, end in fragments:
        i = max(0, bisect_right(marked, (start, start)) - 1)
        while start < end:
            while i < len(marked) and marked[i][1] <= start:
                i += 1
            first, last = marked[i] if i < len(marked) else (end, end)
            here = first <= start
            stop = min(end, last if here else first)
            if any(c.isalnum() for c in text[start:stop]):
                inside, outside = inside or here, outside or not here
            start = stop
    if inside:
        return "mixed" if outside else "direct"
    return "indirect" if outside else None


def _opens(mark: re.Match[str], text: str, start: int, end: int) -> bool:
    """Tell whether a double mark opens a quotation: by its shape, else by what is around it."""
    if mark[0] in _OPENING:
        return True
    after = text[mark.end()] if mark.end() < end else " "
    before = text[mark.start() - 1] if mark.start() > start else " "
    return not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)


def _closes(mark: re.Match[str], text: str, end: int) -> bool:
    """Tell whether a double mark closes the open quotation, though it may be one that opens."""
    if mark[0] in ("”", "»"):
        return True
    before = text[mark.start() - 1]
    after = text[mark.end()] if mark.end() < end else " "
    if before.isspace():
        return after.isspace() and mark[0] not in _OPENING
    return not after.isalnum()


def _singles(text: str, start: int, end: int) -> list[Fragment]:
    found = []
    while (opening := _SINGLE.search(text, start, end)) is not None:
        closing = _SINGLE_END.search(text, opening.end(), end)
        if closing is None:
            break
        found.append((opening.start(), closing.end()))
        start = closing.end()
    return found
