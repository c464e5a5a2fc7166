"""Long texts in overlapping windows that begin and end between sentences."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ..segment import paragraphs, sentences


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch [start, end) of a text, in code points; ``first`` and ``last`` of its text."""

    start: int
    end: int
    first: bool = True
    last: bool = True

    def of(self, text: str) -> str:
        """Return this stretch of a text."""
        return text[self.start : self.end]


def windows(text: str, size: int, overlap: int) -> list[Window]:
    """Return windows that together cover a text; none for a text without words.

    Parameters
    ----------
    text : str
    size : int
        The most characters of a window.
    overlap : int
        The least characters that two neighbours share, at most a quarter of ``size``.

    A window ends before a paragraph if one begins in its last quarter, else before a sentence if
    one begins in its second half, else in the middle of one; the next begins before a sentence.

    >>> [(w.start, w.end) for w in windows("One is. Two is. Six is. Ten is.", 24, 6)]
    [(0, 24), (16, 31)]
    """
    if not text.strip():
        return []
    if len(text) <= size:
        return [Window(0, len(text))]
    begins = [start for start, _ in sentences(text)]
    openings = [start for start, _ in paragraphs(text)]
    found: list[Window] = []
    start = end = 0
    while start + size < len(text):
        most = start + size
        # Each window ends behind the one before it, so that none is a part of another.
        end = (
            _latest(openings, max(end, most - size // 4), most)
            or _latest(begins, max(end, most - size // 2), most)
            or _space(text, max(end, most - size // 4), most)
        )
        found.append(Window(start, end, first=not found, last=False))
        near = end - overlap
        back = near - size // 8
        start = _latest(begins, max(start, back), near) or _space(text, max(start, back), near)
    found.append(Window(start, len(text), first=not found, last=True))
    return found


def _latest(places: list[int], above: int, most: int) -> int:
    """Return the last of sorted places in (above, most], 0 if there is none."""
    i = bisect_right(places, most)
    return places[i - 1] if i and places[i - 1] > above else 0


def _space(text: str, above: int, most: int) -> int:
    """Return a place in (above, most] before which there is white space; else ``most``."""
    for place in range(most, above, -1):
        if text[place - 1].isspace():
            return place
    return most
