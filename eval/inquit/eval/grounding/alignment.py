"""The last tier: a string whose words are not quite the text's, aligned with a window of it.

The longest common subsequence of tokens is found bit-parallel (Crochemore et al. 2001, Hyyrö 2004),
in windows around the string's rarest words only. If a string may miss k of its tokens, one of any
k + 1 of them must be in the right window, so the k + 1 that are rarest in the text are enough to
find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .folding import folded
from .guards import NEGATIONS, guarded, opposed
from .languages import shows
from .reading import Reading
from .tokens import SENTENCE_END, Tokens, unspaced_negations
from .views import Page
from .wordlists import words

#: Least share of the string's tokens that are found, and of the window's that are the string's.
COVERAGE, DENSITY = 0.8, 0.65
#: Least Dice coefficient of both, and least share of the string's rare tokens that are found.
SIMILARITY, RARE = 0.75, 0.5
#: Fewest tokens (characters of scripts without spaces count half) between which the text may have
#: others, and of which one may have a typing error; and fewest of which some may be missing.
FEWEST, FEWEST_MISSING = 4, 6
#: How far the match beside a guarded word may be, in tokens.
_BESIDE = 4
#: Words that may not be passed over beside a negation.
_TURNS = frozenset(("but", "and", "only", "just", "merely", "sondern", "nur", "aber", "und"))
#: Words that tell nothing by where they stand: all others may not be lost at one place of a
#: sentence and stand at another.
_MOVABLE = words("""
    a an the of to in on at for and or that this it its as with from would will had has have
    die das ein eine einen einem einer und oder zu in im am an auf mit dass es
""")
#: Words that, together, make a verb passive.
_AGENT = words("by von vom durch")
_PASSIVE = words("was were is are be been being wurde wurden wird werden worden")
#: Longer strings are not aligned; the tiers before have no limit.
LONGEST = 1000
#: What a token of the string weighs, beside one of the window, in where a window ends.
_OURS = 3
#: Windows that are tried, the likeliest first.
_WINDOWS = 24
#: How many places of one token are looked at.
_PLACES = 2000

Match = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where a string stands, and how like it is to what stands there."""

    start: int
    end: int
    similarity: float


class Aligner:
    """A string to be aligned with windows of a text."""

    def __init__(self, page: Page, string: Reading) -> None:
        self.page = page
        self.string = string
        self.text = string.text
        self.query = string.tokens
        self.keys = self.query.keys
        #: Numbers of the guarded tokens.
        self.held = [i for i, key in enumerate(self.keys) if guarded(key)]
        size = len(self.keys)
        weight = size - 0.5 * sum(self.query.classes[s] in "cX" for s in self.query.starts)
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
        end = len(self.page.tokens.keys) if end is None else end
        if not 0 < size <= LONGEST or end - begin < self.needed - (1 if self.loose else 0):
            return []
        masks: dict[str, int] = {}
        for i, key in enumerate(self.keys):
            masks[key] = masks.get(key, 0) | 1 << i
        found: dict[Match, float] = {}
        for low, high in self._windows(begin, end, masks):
            if result := self._align(low, high, masks):
                first, last, similarity = result
                found[first, last] = max(similarity, found.get((first, last), 0.0))
        if not found:
            return []
        best = max(found.values())
        chosen: list[Aligned] = []
        for (first, last), similarity in sorted(found.items()):
            if similarity > best - 1e-9:
                one = self._span(first, last, similarity)
                if one and (not chosen or one.start >= chosen[-1].end):
                    chosen.append(one)
        return chosen

    def _windows(self, begin: int, end: int, masks: dict[str, int]) -> Iterator[Match]:
        """Yield windows that hold enough of the string's tokens, the likeliest first."""
        index, size = self.page.index, len(self.keys)
        rarest = sorted(range(size), key=lambda i: (len(index.get(self.keys[i], ())), i))
        extra = self.widest - self.needed + 1 if self.loose else 0
        width = max(1, extra // 2)
        votes: dict[int, int] = {}
        for i in rarest[: self.spare + 1]:
            for at in index.get(self.keys[i], ())[:_PLACES]:
                if begin <= at < end:
                    bucket = (at - i) // width
                    votes[bucket] = votes.get(bucket, 0) + 1
        keys, wanted = self.page.tokens.keys, masks.keys()
        tried = 0
        for bucket in sorted(votes, key=lambda b: (-votes[b], b)):
            low = max(begin, bucket * width - extra)
            high = min(end, (bucket + 1) * width + size + extra)
            if len(wanted - set(keys[low:high])) <= self.spare:
                yield low, high
                tried += 1
                if tried >= _WINDOWS:
                    return

    def _align(self, low: int, high: int, masks: dict[str, int]) -> tuple[int, int, float] | None:
        matches = _common(self.keys, self.page.tokens.keys[low:high], masks)
        matches = [(i, low + j) for i, j in matches]
        least = self.needed - (1 if self.loose else 0)
        if len(matches) < least or not matches:
            return None
        matches = self._tightest(matches, least)
        pairs = self._alike(matches)
        if pairs is None:
            return None
        both = sorted({*matches, *pairs})
        first, last = self._unglued(both[0][1], both[-1][1])
        tokens = self.page.tokens
        if not (tokens.border(tokens.starts[first]) and tokens.border(tokens.ends[last])):
            return None
        size, window = len(self.keys), last - first + 1
        if len(both) < self.needed or window > self.widest or len(both) < DENSITY * window:
            return None
        similarity = 2 * (len(matches) + 0.8 * len(pairs)) / (size + window)
        if similarity < SIMILARITY or not self._kept(both, first, last):
            return None
        return first, last, similarity

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

    def _alike(self, matches: list[Match]) -> list[Match] | None:
        """Return tokens between the matches that differ by a typing error.

        None if a word stands there whose opposite the string has.
        """
        keys, size = self.page.tokens.keys, len(self.keys)
        if len(matches) == size and matches[-1][1] - matches[0][1] + 1 == size:
            return []
        lead, tail = matches[0][0], size - 1 - matches[-1][0]
        before = (-1, max(-1, matches[0][1] - lead - 1))
        behind = (size, min(len(keys), matches[-1][1] + tail + 1))
        found: list[Match] = []
        path = [before, *matches, behind]
        for k, ((i, at), (j, stop)) in enumerate(pairwise(path)):
            if j - i < 2 or stop - at < 2:
                continue
            outside = k in (0, len(path) - 2)
            here = range(at + 1, stop)
            for q in range(i + 1, j):
                for d in here:
                    if opposed(self.keys[q], keys[d]):
                        return None
                    beside = d - at == q - i or stop - d == j - q
                    if outside:
                        beside = (
                            d == matches[0][1] - 1 and q == lead - 1
                            if k == 0
                            else d == matches[-1][1] + 1 and q == matches[-1][0] + 1
                        )
                    if beside and alike(self.keys[q], keys[d]):
                        found.append((q, d))
                        here = range(d + 1, stop)
                        break
        return found

    def _kept(self, matches: list[Match], first: int, last: int) -> bool:
        """Tell whether numbers, negations and enough of the rare words are found."""
        keys, index = self.page.tokens.keys, self.page.index
        ours = {i for i, _ in matches}
        if not ours.issuperset(self.held):
            return False
        if any(self._crosses(one, other) for one, other in pairwise(matches)):
            return False
        if self.held:
            held = set(self.held)
            if not all(self._in_place(matches, k) for k, (i, _) in enumerate(matches) if i in held):
                return False
        theirs = {at for _, at in matches}
        lead, tail = matches[0][0], len(self.keys) - 1 - matches[-1][0]
        # A word of the string that is not found at its end may stand for one beside the window.
        low = self._same_sentence(first, max(0, first - lead - 1) if lead else first)
        high = self._same_sentence(last, min(len(keys) - 1, last + tail + 1) if tail else last)
        if any(guarded(keys[at]) and at not in theirs for at in range(low, high + 1)):
            return False
        often = max(2, len(keys) // 100)
        rare = [i for i, key in enumerate(self.keys) if len(index.get(key, ())) <= often]
        if sum(i in ours for i in rare) < RARE * len(rare):
            return False
        if self._moved(ours, theirs, first, last):
            return False
        there = self.page.text[self.page.tokens.starts[first] : self.page.tokens.ends[last]]
        return unspaced_negations(self.text) == unspaced_negations(there)

    def _moved(self, ours: set[int], theirs: set[int], first: int, last: int) -> bool:
        """Tell whether a word stands elsewhere than in the string, or a verb turns passive."""
        lost = {key for i, key in enumerate(self.keys) if i not in ours}
        keys = self.page.tokens.keys
        passed = {keys[at] for at in range(first, last + 1) if at not in theirs}
        for more in (lost, passed):
            if not _AGENT.isdisjoint(more) and not _PASSIVE.isdisjoint(more):
                return True
        lost -= _MOVABLE
        if not lost:
            return False
        far = len(self.keys) - len(ours) + 2
        low = self._same_sentence(first, max(0, first - far))
        high = self._same_sentence(last, min(len(keys) - 1, last + far))
        return any(keys[at] in lost and at not in theirs for at in range(low, high + 1))

    def _crosses(self, one: Match, other: Match) -> bool:
        """Tell whether a sentence ends between two matches, among words the string has not."""
        if other[1] - one[1] < 2:
            return False
        tokens = self.page.tokens
        if not SENTENCE_END.search(
            self.page.text, tokens.ends[one[1]], tokens.starts[other[1]] + 1
        ):
            return False
        begin, end = self.query.ends[one[0]], self.query.starts[other[0]] + 1
        return not SENTENCE_END.search(self.text, begin, end)

    def _in_place(self, matches: list[Match], k: int) -> bool:
        """Tell whether a guarded word stands to the matches beside it as in the string.

        A number stands as far from one of them, but for a word. A negation stands as far from one
        of them, but for two words from the other, and with no pause or turn on either side that is
        not in both.
        """
        i, at = matches[k]
        beside = [*matches[max(0, k - 1) : k], *matches[k + 1 : k + 2]]
        apart = [abs(abs(i - j) - abs(at - there)) for j, there in beside]
        if self.keys[i] not in NEGATIONS:
            return not beside or min(apart) <= 1
        if beside and (min(apart) > 0 or max(apart) > 2):
            return False
        tokens = self.page.tokens
        for j, there in beside:
            if max(abs(i - j), abs(at - there)) > _BESIDE:
                return False
            if _pauses(self.query, i, j) != _pauses(tokens, at, there):
                return False
            low, high = min(at, there), max(at, there)
            if not _TURNS.isdisjoint(tokens.keys[low + 1 : high]):
                return False
        return True

    def _same_sentence(self, token: int, far: int) -> int:
        """Return the token farthest from one, as far as another, in the same sentence."""
        tokens, step = self.page.tokens, 1 if far > token else -1
        while token != far:
            a, b = sorted((token, token + step))
            if SENTENCE_END.search(self.page.text, tokens.ends[a], tokens.starts[b] + 1):
                return token
            token += step
        return token

    def _unglued(self, first: int, last: int) -> Match:
        """Return tokens [first, last] with the rest of the words that they cut."""
        tokens = self.page.tokens
        while tokens.starts[first] in tokens.glued:
            first -= 1
        while tokens.ends[last] in tokens.glued:
            last += 1
        return first, last

    def _span(self, first: int, last: int, similarity: float) -> Aligned | None:
        """Return tokens [first, last] as offsets, with the punctuation that the string has too.

        None if what stands there, read alone, has other numbers or negations than the string.
        """
        tokens, text = self.page.tokens, self.page.text
        start, end = low, high = tokens.starts[first], tokens.ends[last]
        for mark in reversed(folded(self.text[: self.query.starts[0]])):
            if low == 0 or folded(text[low - 1]) != mark:
                break
            low -= 1
        for mark in folded(self.text[self.query.ends[-1] :]):
            if high == len(text) or folded(text[high]) != mark:
                break
            high += 1
        low = low if tokens.border(low) else start
        high = high if tokens.border(high) else end
        if not self.held and (low, high) == (start, end):
            return Aligned(start, end, similarity)
        for begin, stop in ((low, high), (start, end)):
            if Reading(text[begin:stop]).guards == self.string.guards:
                return Aligned(begin, stop, similarity)
        return None


def _pauses(tokens: Tokens, one: int, other: int) -> bool:
    """Tell whether there is punctuation, other than quotation marks and dashes, between tokens."""
    low, high = min(one, other), max(one, other)
    gap = tokens.classes[tokens.ends[low] : tokens.starts[high]]
    return any(kind in gap for kind in "p.,:e")


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


def alike(one: str, other: str) -> bool:
    """Tell whether two words of four letters or more are one typing error apart.

    One letter more, less or other, or two neighbours exchanged; never in a number or a negation.

    >>> alike("harbour", "harbor"), alike("close", "colse"), alike("5000", "5001")
    (True, True, False)
    """
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    if guarded(one) or guarded(other) or opposed(one, other):
        return False
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    a, b = one[begin:], other[begin:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]
