"""Fragments as the model has them, of stretches as corpora have them."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Fragment


def joined(stretches: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return stretches in text order; those that touch or overlap become one.

    >>> joined([(9, 12), (0, 4), (4, 6)])
    ((0, 6), (9, 12))
    """
    found: list[Fragment] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
