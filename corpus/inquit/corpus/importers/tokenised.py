"""Token corpora: a text is rebuilt from its tokens, and labels over tokens become fragments.

Such a corpus does not say where white space stood. The text has one space between two tokens, so
that the tokens can be had back, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import Fragment


def rebuilt(sentences: Iterable[Iterable[str]]) -> tuple[str, list[Fragment]]:
    r"""Return the text of tokens, and where each token stands in it.

    A space stands between two tokens, a line feed between two sentences.

    >>> rebuilt([["He", "left", "."], ["Why", "?"]])
    ('He left .\nWhy ?', [(0, 2), (3, 7), (8, 9), (10, 13), (14, 15)])
    """
    pieces: list[str] = []
    places: list[Fragment] = []
    offset = 0
    gap = ""
    for sentence in sentences:
        for token in sentence:
            pieces += (gap, token)
            offset += len(gap)
            places.append((offset, offset + len(token)))
            offset += len(token)
            gap = " "
        gap = "\n" if pieces else ""
    return "".join(pieces), places


def fragments(tokens: Iterable[int], places: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments that tokens cover: one a run of neighbours, in text order.

    >>> fragments([3, 0, 1], [(0, 2), (3, 7), (8, 9), (10, 13)])
    ((0, 7), (10, 13))
    """
    return tuple((places[run[0]][0], places[run[-1]][1]) for run in runs(tokens))


def runs(tokens: Iterable[int]) -> list[list[int]]:
    """Return the runs of neighbours among token numbers, in order.

    >>> runs([5, 2, 1, 2])
    [[1, 2], [5]]
    """
    found: list[list[int]] = []
    for token in sorted(set(tokens)):
        if found and found[-1][-1] == token - 1:
            found[-1].append(token)
        else:
            found.append([token])
    return found
