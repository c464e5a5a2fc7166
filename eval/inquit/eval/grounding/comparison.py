"""A string beside some words of a text: which are the same, and whether that is enough.

What is compared may not lose, gain or move a word that carries a number or a polarity.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .amounts import same_amount
from .clauses import begins, denied_behind, negated_before, negates
from .cuts import cuts_number, same_signs
from .folding import folded
from .guards import NEGATIONS, guarded, numeric, opposed
from .modals import MODALS, exchanged, loses_perfect, only_modal
from .names import capitals_tell, known_name, names, same_name
from .reading import Reading
from .tokens import SENTENCE_END, Tokens, unspaced_negations
from .views import Page
from .wordlists import words

#: Least share of the string's rare tokens that are found.
RARE = 0.5
#: How far the match beside a guarded word may be, in tokens.
_BESIDE = 4
#: From this many words on, a modal verb that is all that a clause has lost is not lost by mistake.
_WHOLE = 8
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

#: Number of a token of the string, and of one of the text.
Match = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where a string stands, and how like it is to what stands there."""

    start: int
    end: int
    similarity: float


class Comparison:
    """A string and tokens of a text around the place where it may stand.

    Parameters
    ----------
    page : Page
        The text.
    string : Reading
    held : list of int
        Numbers of the string's guarded tokens.
    tokens : Tokens
        Of the text; a match is a number in these.
    """

    def __init__(self, page: Page, string: Reading, held: list[int], tokens: Tokens) -> None:
        self.page = page
        self.string = string
        self.query = string.tokens
        self.keys = self.query.keys
        self.held = held
        self.tokens = tokens

    def alike(self, matches: list[Match]) -> list[Match] | None:
        """Return tokens between the matches that differ by a typing error.

        None if a word stands there whose opposite the string has.
        """
        keys, size = self.tokens.keys, len(self.keys)
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
                    if beside and mistyped(self.keys[q], keys[d]):
                        found.append((q, d))
                        here = range(d + 1, stop)
                        break
        return found

    def unglued(self, first: int, last: int) -> Match:
        """Return tokens [first, last] with the rest of the words that they cut."""
        tokens = self.tokens
        while tokens.starts[first] in tokens.glued:
            first -= 1
        while tokens.ends[last] in tokens.glued:
            last += 1
        return first, last

    def span(self, first: int, last: int, similarity: float) -> Aligned | None:
        """Return tokens [first, last] as offsets, with the punctuation that the string has too.

        None if what stands there, read alone, has other numbers or negations than the string.
        """
        tokens, text = self.tokens, self.page.text
        start, end = low, high = tokens.starts[first], tokens.ends[last]
        lead, tail = self.query.starts[0], self.query.ends[-1]
        for mark in reversed(folded(self.string.text[:lead])) if lead else ():
            if low == 0 or folded(text[low - 1]) != mark:
                break
            low -= 1
        for mark in folded(self.string.text[tail:]) if tail < len(self.string.text) else ():
            if high == len(text) or folded(text[high]) != mark:
                break
            high += 1
        low = low if low == start or tokens.border(low) else start
        high = high if high == end or tokens.border(high) else end
        if not self.held and (low, high) == (start, end):
            return Aligned(start, end, similarity)
        for begin, stop in ((low, high), (start, end)):
            there = text[begin:stop]
            if (
                Reading(there).guards == self.string.guards
                and not cuts_number(text, begin, stop)
                and same_signs(there, self.string.text)
            ):
                return Aligned(begin, stop, similarity)
        return None

    def kept(self, matches: list[Match], first: int, last: int) -> bool:
        """Tell whether numbers, negations and enough of the rare words are found."""
        keys, counts = self.tokens.keys, self.page.counts
        ours = {i for i, _ in matches}
        if not ours.issuperset(self.held):
            return False
        apart = (pair for pair in pairwise(matches) if pair[1][1] - pair[0][1] > 1)
        if any(self._crosses(one, other) for one, other in apart):
            return False
        if self.held:
            held = set(self.held)
            if not all(self._in_place(matches, k) for k, (i, _) in enumerate(matches) if i in held):
                return False
            if not self._same_amounts(matches):
                return False
        theirs = {at for _, at in matches}
        lead, tail = matches[0][0], len(self.keys) - 1 - matches[-1][0]
        # A word of the string that is not found at its end may stand for one beside the window.
        low = self._same_sentence(first, max(0, first - lead - 1) if lead else first)
        high = self._same_sentence(last, min(len(keys) - 1, last + tail + 1) if tail else last)
        passed = [at for at in range(low, high + 1) if at not in theirs]
        if any(guarded(keys[at]) or negates(self.tokens, at) for at in passed):
            return False
        if len(ours) < len(self.keys) or passed:
            lost = [i for i in range(len(self.keys)) if i not in ours]
            if self._modal_differs(matches, lost, passed):
                return False
        often = max(2, len(self.page.blocks.keys) // 100)
        rare = {i for i, key in enumerate(self.keys) if counts.get(key, 0) <= often}
        if len(rare & ours) < RARE * len(rare):
            return False
        if self._moved(ours, theirs, first, last):
            return False
        differs = self.keys != keys[first : last + 1]
        if differs and (self._denied_behind(last) or self._renamed(matches)):
            return False
        text, end = self.page.text, self.tokens.ends[last]
        if self._questioned(end):
            return False
        begun = begins(self.string, text, self.tokens.starts[first])
        if differs or begun:
            gone = {key for i, key in enumerate(self.keys) if i not in ours}
            if negated_before(self.tokens, first, gone, begun=begun):
                return False
        if self.query.ends[-1] < len(self.string.text) and denied_behind(self.string, text, end):
            return False
        there = text[self.tokens.starts[first] : end]
        return unspaced_negations(self.string.text) == unspaced_negations(there)

    def _modal_differs(self, matches: list[Match], lost: list[int], passed: list[int]) -> bool:
        """Tell whether a modal verb is lost, added or exchanged where that is another statement.

        It may be lost beside other words, or from a few words: then it is likely lost by mistake.
        """
        keys, (first, last) = self.tokens.keys, (matches[0][1], matches[-1][1])
        inside = [at for at in passed if first <= at <= last]
        ours, theirs = [self.keys[i] for i in lost], [keys[at] for at in inside]
        if exchanged(ours, [keys[at] for at in passed]):
            return True
        # A sentence that is turned about has its verb beside what is found.
        beside = {*keys[max(0, first - 3) : first], *keys[last + 1 : last + 3]}
        if only_modal([key for key in ours if key not in beside], theirs) and (
            lost or (len(self.keys) >= _WHOLE and self._clause(first, last))
        ):
            return True
        if loses_perfect(self.keys, lost) or loses_perfect(keys, inside):
            return True
        return any(
            self.keys[i] != keys[at]
            and ((i - 1 in lost and self.keys[i - 1] in MODALS) or keys[at - 1] in MODALS)
            and not (i and at and self.keys[i - 1] == keys[at - 1])
            for i, at in matches
        )

    def _clause(self, first: int, last: int) -> bool:
        """Tell whether there is more than space on both sides of some tokens."""
        starts, ends, classes = self.tokens.starts, self.tokens.ends, self.tokens.classes
        before = classes[ends[first - 1] : starts[first]] if first else "p"
        behind = classes[ends[last] : starts[last + 1]] if last + 1 < len(starts) else "p"
        return bool(before.strip("sSn") and behind.strip("sSn"))

    def _questioned(self, end: int) -> bool:
        """Tell whether a string ends as a question and the text there does not, or the other."""
        tail = self.string.text[self.query.ends[-1] :]
        there = self.page.text[end : end + 2]
        if not tail or not there:
            return False
        ours, theirs = "?" in tail, "?" in there
        return ours != theirs and any(mark in (there if ours else tail) for mark in ".!")

    def _same_amounts(self, matches: list[Match]) -> bool:
        """Tell whether the numbers have the same units and are as exact."""
        same = set(matches)
        torn = matches[-1][1] - matches[0][1] > len(matches)
        held = [i for i in self.held if numeric(self.keys[i])]
        there = dict(matches)
        return all(same_amount(self.query, i, self.tokens, there[i], same, torn=torn) for i in held)

    def _moved(self, ours: set[int], theirs: set[int], first: int, last: int) -> bool:
        """Tell whether a word stands elsewhere than in the string, or a verb turns passive."""
        lost = {key for i, key in enumerate(self.keys) if i not in ours}
        keys = self.tokens.keys
        passed = {keys[at] for at in range(first, last + 1) if at not in theirs}
        for more in (lost, passed):
            if not _AGENT.isdisjoint(more) and not _PASSIVE.isdisjoint(more):
                return True
        lost -= _MOVABLE
        if not lost:
            return False
        far = len(self.keys) - len(ours) + 2
        low, high = max(0, first - far), min(len(keys) - 1, last + far)
        if lost.isdisjoint(keys[low : high + 1]):
            return False
        low, high = self._same_sentence(first, low), self._same_sentence(last, high)
        return any(keys[at] in lost and at not in theirs for at in range(low, high + 1))

    def _denied_behind(self, last: int) -> bool:
        """Tell whether "nicht" stands right behind what is found, in German."""
        tokens = self.tokens
        if "German" not in self.page.languages or last + 1 >= len(tokens.keys):
            return False
        gap = tokens.classes[tokens.ends[last] : tokens.starts[last + 1]]
        return bool(gap) and not gap.strip("sSn") and tokens.keys[last + 1] in NEGATIONS

    def _renamed(self, matches: list[Match]) -> bool:
        """Tell whether a name stands for another name, in English."""
        if len(matches) == len(self.keys) or self.page.languages != {"English"}:
            return False
        text, tokens, query = self.page.text, self.tokens, self.query
        ours = {i for i, _ in matches}
        string = self.string.text
        lost = [i for i in range(len(self.keys)) if i not in ours]
        named = names(string, query, lost)
        if 0 in lost and known_name(text, string[query.starts[0] : query.ends[0]]):
            named.append(0)
        if not named or not capitals_tell(string, query):
            return False
        lead, tail = matches[0][0], len(self.keys) - 1 - matches[-1][0]
        first, last = matches[0][1], matches[-1][1]
        low = self._same_sentence(first, max(0, first - lead))
        high = self._same_sentence(last, min(len(tokens.keys) - 1, last + tail))
        path = [(-1, low - 1), *matches, (len(self.keys), high + 1)]
        for (i, at), (j, stop) in pairwise(path):
            mine = [self.keys[n] for n in named if i < n < j]
            theirs = [tokens.keys[d] for d in range(at + 1, stop) if self._name(d)] if mine else []
            if theirs and not any(same_name(one, other) for one in mine for other in theirs):
                return True
        return False

    def _name(self, n: int) -> bool:
        """Tell whether a token of the text is a name."""
        text, tokens = self.page.text, self.tokens
        word = text[tokens.starts[n] : tokens.ends[n]]
        return bool(names(text, tokens, (n,))) or (word[0].isupper() and known_name(text, word))

    def _crosses(self, one: Match, other: Match) -> bool:
        """Tell whether a sentence ends between two matches, among words the string has not."""
        tokens = self.tokens
        if not SENTENCE_END.search(
            self.page.text, tokens.ends[one[1]], tokens.starts[other[1]] + 1
        ):
            return False
        begin, end = self.query.ends[one[0]], self.query.starts[other[0]] + 1
        return not SENTENCE_END.search(self.string.text, begin, end)

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
        tokens = self.tokens
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
        text, tokens, step = self.page.text, self.tokens, 1 if far > token else -1
        while token != far:
            a, b = (token, token + 1) if step > 0 else (token - 1, token)
            end, start = tokens.ends[a], tokens.starts[b]
            if text[end:start] != " " and SENTENCE_END.search(text, end, start + 1):
                return token
            token += step
        return token


def _pauses(tokens: Tokens, one: int, other: int) -> bool:
    """Tell whether there is punctuation, other than quotation marks and dashes, between tokens."""
    low, high = min(one, other), max(one, other)
    gap = tokens.classes[tokens.ends[low] : tokens.starts[high]]
    return any(kind in gap for kind in "p.,:e")


def mistyped(one: str, other: str) -> bool:
    """Tell whether two words of four letters or more are one typing error apart.

    One letter more, less or other, or two neighbours exchanged; never in a number or a negation.

    >>> mistyped("harbour", "harbor"), mistyped("close", "colse"), mistyped("5000", "5001")
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
