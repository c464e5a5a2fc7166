"""The last tier: a string whose words are not quite the text's, aligned with a window of it.

The longest common subsequence of tokens is found bit-parallel (Crochemore et al. 2001, Hyyrö 2004),
in windows around the string's rarest words only. If a string may miss k of its tokens, one of any
k + 1 of them must be in the right window, so the k + 1 that are rarest in the text are enough to
find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .comparison import Aligned, Comparison, Match
from .guards import guarded
from .languages import shows
from .reading import Reading
from .views import Page

#: Least share of the string's tokens that are found, and of the window's that are the string's.
COVERAGE, DENSITY = 0.8, 0.65
#: Least Dice coefficient of both.
SIMILARITY = 0.75
#: Fewest tokens (characters of scripts without spaces count half) between which the text may have
#: others, and of which one may have a typing error; and fewest of which some may be missing.
FEWEST, FEWEST_MISSING = 4, 6
#: Longer strings are not aligned; the tiers before have no limit.
LONGEST = 1000
#: What a token of the string weighs, beside one of the window, in where a window ends.
_OURS = 3
#: Windows that are tried, the likeliest first.
_WINDOWS = 24
#: How many places of one token are looked at.
_PLACES = 2000
#: How many tokens around a match are looked at, beside as many as it lacks.
_AROUND = 8


class Aligner:
    """A string to be aligned with windows of a text."""

    def __init__(self, page: Page, string: Reading) -> None:
        self.page = page
        self.string = string
        self.keys = string.tokens.keys
        #: Numbers of the guarded tokens.
        self.held = [i for i, key in enumerate(self.keys) if guarded(key)]
        size = len(self.keys)
        weight = size - 0.5 * _unspaced(string)
        #: Whether words may differ at all.
        self.loose = weight >= FEWEST and shows(self.keys, page.languages)
        missing = self.loose and weight >= FEWEST_MISSING
        self.needed = -int(-size * COVERAGE // 1) if missing else size
        #: A token with a typing error is not found as it is.
        self.spare = max(size - self.needed, 1) if self.loose else 0
        self.widest = int(size / DENSITY) if self.loose else size

    def find(self, begin: int = 0, end: int | None = None) -> list[Aligned]:
        """Return where the string stands best in tokens [begin, end), in text order.

        Several windows are returned if they are equally good.
        """
        size = len(self.keys)
        end = len(self.page.blocks.keys) if end is None else end
        if not 0 < size <= LONGEST or end - begin < self.needed - (1 if self.loose else 0):
            return []
        masks: dict[str, int] = {}
        for i, key in enumerate(self.keys):
            masks[key] = masks.get(key, 0) | 1 << i
        found: dict[Match, tuple[float, Comparison, Match]] = {}
        for low, high in self._windows(begin, end, masks):
            if result := self._align(low, high, masks):
                span, similarity, comparison, here = result
                if span not in found or similarity > found[span][0]:
                    found[span] = similarity, comparison, here
        if not found:
            return []
        best = max(similarity for similarity, _, _ in found.values())
        chosen: list[Aligned] = []
        for _, (similarity, comparison, (first, last)) in sorted(found.items(), key=_place):
            if similarity > best - 1e-9:
                one = comparison.span(first, last, similarity)
                if one and (not chosen or one.start >= chosen[-1].end):
                    chosen.append(one)
        return chosen

    def _windows(self, begin: int, end: int, masks: dict[str, int]) -> Iterator[Match]:
        """Yield windows that hold enough of the string's tokens, the likeliest first."""
        counts, size = self.page.counts, len(self.keys)
        rarest = sorted(range(size), key=lambda i: (counts.get(self.keys[i], 0), i))
        extra = self.widest - self.needed + 1 if self.loose else 0
        width = max(1, extra // 2)
        votes: dict[int, int] = {}
        for i in rarest[: self.spare + 1]:
            for at in self.page.numbers(self.keys[i])[:_PLACES]:
                if begin <= at < end:
                    bucket = (at - i) // width
                    votes[bucket] = votes.get(bucket, 0) + 1
        keys, wanted = self.page.blocks.keys, masks.keys()
        tried = 0
        for bucket in sorted(votes, key=lambda b: (-votes[b], b)):
            low = max(begin, bucket * width - extra)
            high = min(end, (bucket + 1) * width + size + extra)
            if len(wanted - set(keys[low:high])) <= self.spare:
                yield low, high
                tried += 1
                if tried >= _WINDOWS:
                    return

    def _align(
        self, low: int, high: int, masks: dict[str, int]
    ) -> tuple[Match, float, Comparison, Match] | None:
        """Return where the string stands in tokens [low, high), and how like it is to them.

        The first and last token are returned as numbers in the text and in the comparison.
        """
        size = len(self.keys)
        matches = _common(self.keys, self.page.blocks.keys[low:high], masks)
        least = self.needed - (1 if self.loose else 0)
        if len(matches) < least or not matches:
            return None
        matches = self._tightest(matches, least)
        around = size - len(matches) + _AROUND
        counts = self.page.counts
        near = self.page.blocks.near(
            low + matches[0][1] - around,
            low + matches[-1][1] + around + 1,
            next((low + j for i, j in matches if counts[self.keys[i]] == 1), None),
        )
        matches = [(i, low + j - near.first) for i, j in matches]
        comparison = Comparison(self.page, self.string, self.held, near.tokens)
        pairs = comparison.alike(matches)
        if pairs is None:
            return None
        both = sorted({*matches, *pairs})
        first, last = comparison.unglued(both[0][1], both[-1][1])
        tokens = near.tokens
        if not (tokens.border(tokens.starts[first]) and tokens.border(tokens.ends[last])):
            return None
        window = last - first + 1
        if len(both) < self.needed or window > self.widest or len(both) < DENSITY * window:
            return None
        similarity = 2 * (len(matches) + 0.8 * len(pairs)) / (size + window)
        if similarity < SIMILARITY or not comparison.kept(both, first, last):
            return None
        return (near.first + first, near.first + last), similarity, comparison, (first, last)

    def _tightest(self, matches: list[Match], least: int) -> list[Match]:
        """Leave out matches at the ends that stand apart, if the rest is the more like for it."""
        size, most = len(self.keys), len(matches)
        best, chosen = 0.0, (0, most)
        for begin in range(most - least + 1):
            for end in range(most, begin + least - 1, -1):
                window = matches[end - 1][1] - matches[begin][1] + 1
                similarity = (end - begin) / (_OURS * size + window)
                if similarity > best + 1e-12:
                    best, chosen = similarity, (begin, end)
        return matches[slice(*chosen)]


def _unspaced(string: Reading) -> int:
    """Return how many tokens are characters of scripts without spaces."""
    tokens = string.tokens
    return sum(tokens.classes[start] in "cX" for start in tokens.starts)


def _place(found: tuple[Match, object]) -> Match:
    return found[0]


def _common(keys: Sequence[str], window: Sequence[str], masks: dict[str, int]) -> list[Match]:
    """Return the longest common subsequence of two token lists, as late in the window as can be.

    It ends at the first token of the window at which it is complete.
    """
    row = full = (1 << len(keys)) - 1
    rows = [row]
    fewest, j = len(keys), 0
    for key in window:
        if mask := masks.get(key):
            hit = row & mask
            row = ((row + hit) | (row - hit)) & full
            if (left := row.bit_count()) < fewest:
                fewest, j = left, len(rows)
        rows.append(row)
    i = len(keys)
    found: list[Match] = []
    while i and j:
        if keys[i - 1] == window[j - 1]:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif rows[j] >> (i - 1) & 1:
            i -= 1
        else:
            j -= 1
    return found[::-1]
