"""Texts that are nearly the same: candidates by MinHash, each verified by what the texts share.

A text is taken as its set of shingles, the runs of five words in it, without regard to case,
punctuation and white space. The similarity of two texts is the Jaccard index of their sets: the
share of the shingles of both that stand in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from .terminal import track

#: Words in a shingle, and the similarity from which two texts are near-duplicates.
SHINGLE: Final = 5
SIMILARITY: Final = 0.5

#: A text with so many near-duplicates in its own part is not kept for later texts to meet.
CROWD: Final = 20

# Length of a sketch. Its divisors 2, 3, 6, 9, 14 ... leave a band width for every similarity.
_HASHES = 252
_SEED = 1
# The most a pair of the wanted similarity may be missed, by the choice of the bands.
_MISSED = 1e-4
# Five standard errors of a sketch's estimate: a candidate further below need not be verified.
_MARGIN = 0.13
# Shingles of texts that are kept while others are compared with them; some 200 MB.
_KEPT = 2_000_000

# Scripts that put no space between words (Thai to Lao, Myanmar, Khmer, kana, ideographs).
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(r"\w+")
_WORD_OR_CHARACTER = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


class Pair(msgspec.Struct, frozen=True):
    """Two texts by their places in the sequence, ``first < second``, and their similarity."""

    first: int
    second: int
    similarity: float


class NearDuplicates(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found.

    Parameters
    ----------
    pairs : list of Pair
        By the second text, then the first. Of a text that stands several times in one part, all
        are paired with the first, and only the first with others.
    crowded : int
        Texts with `CROWD` or more near-duplicates before them in their own part. Later texts were
        not compared with them, so some pairs among very many alike may be missing.
    """

    pairs: list[Pair]
    crowded: int


def shingles(text: str) -> list[str]:
    """Return the runs of `SHINGLE` words in order; one, if the text is shorter.

    In scripts without spaces each character counts as a word. A text with no words is its own
    shingle, one with white space only has none.

    >>> shingles("“No,” said Zoë Reyes. No, no")
    ['no said zoë reyes no', 'said zoë reyes no no']
    >>> shingles("Said:")
    ['said']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    unspaced = not folded.isascii() and _ANY_UNSPACED.search(folded)
    words = (_WORD_OR_CHARACTER if unspaced else _WORD).findall(folded)
    if len(words) < SHINGLE:
        whole = " ".join(words) or folded.strip()
        return [whole] if whole else []
    return list(map(" ".join, zip(*(words[i:] for i in range(SHINGLE)), strict=False)))


def near_duplicates(
    texts: Sequence[str],
    parts: Sequence[str | None] | None = None,
    *,
    similarity: float = SIMILARITY,
) -> NearDuplicates:
    """Find the pairs of texts whose similarity is at least the one given.

    No pair is found in error. One of exactly the similarity is missed in less than 1 of 10,000
    cases, a more similar one less often. Whether two texts are found does not depend on the others
    (but see `NearDuplicates.crowded`). Time and memory grow with the number of texts, time also
    with that of the pairs that are nearly similar enough, since each is verified.

    Parameters
    ----------
    texts : sequence of str
    parts : sequence of str or None, optional
        The split each text stands in, so that no crowd in one hides what stands in another.
    similarity : float
        0.1 to 1.

    >>> a = "The ferry had left the quay when the fog came down on the bay."
    >>> near_duplicates([a, "Snow fell.", a.replace("The", "THE").replace(".", "!")]).pairs
    [Pair(first=0, second=2, similarity=1.0)]
    """
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(similarity, _HASHES, _HASHES // _rows(similarity))
    sketches: dict[int, RMinHash] = {}
    known = _Shingles(texts)
    first: dict[tuple[str | None, str], int] = {}
    pairs: list[Pair] = []
    crowded = 0
    for second, text in enumerate(track(texts, "comparing texts", len(texts))):
        part = parts[second] if parts else None
        own = shingles(text)
        if not own:
            continue
        same = first.setdefault((part, text), second)
        if same != second:
            pairs.append(Pair(same, second, 1.0))
            continue
        (sketch,) = RMinHash.from_token_sets([own], _HASHES, _SEED)
        crowd = 0
        for other in sorted(index.query(sketch)):
            if sketch.jaccard(sketches[other]) < similarity - _MARGIN:
                continue
            found = jaccard(known[other], known[second])
            if found >= similarity:
                pairs.append(Pair(other, second, found))
                crowd += not parts or parts[other] == part
        if crowd < CROWD:
            index.insert(second, sketch)
            sketches[second] = sketch
        else:
            crowded += 1
    return NearDuplicates(pairs=pairs, crowded=crowded)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the size of the intersection by that of the union.

    >>> jaccard(frozenset("abc"), frozenset("bcde"))
    0.4
    """
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def clusters(count: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each of so many items the first one that links lead to, over any way.

    >>> clusters(6, [(4, 1), (3, 5), (1, 3)])
    [0, 1, 2, 1, 1, 1]
    """
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(item) for item in range(count)]


def _rows(similarity: float) -> int:
    """Return the widest bands, in hashes, that find pairs of the similarity surely enough."""
    widths = [rows for rows in range(1, _HASHES + 1) if _HASHES % rows == 0]
    missed = {rows: (1 - similarity**rows) ** (_HASHES // rows) for rows in widths}
    return max(rows for rows in widths if missed[rows] <= _MISSED)


class _Shingles:
    """The sets of shingles of texts, by place; forgotten when they become too many."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._sets: dict[int, frozenset[str]] = {}
        self._count = 0

    def __getitem__(self, place: int) -> frozenset[str]:
        found = self._sets.get(place)
        if found is None:
            found = frozenset(shingles(self._texts[place]))
            if self._count + len(found) > _KEPT:
                self._sets.clear()
                self._count = 0
            self._sets[place] = found
            self._count += len(found)
        return found
