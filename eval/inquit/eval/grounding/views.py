"""A text as the tiers see it: as it is, with its type folded, and without case as well."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .blocks import Blocks
from .cuts import cuts_number
from .languages import languages_of
from .lazy import lazy
from .reading import Reading

#: How many hits that no border holds are looked at from one place before a search gives up.
_TRIES = 10_000
#: How often borders are looked up, and in how much text at most, before all of a text is read.
_FEW, _SHORT = 20, 500
#: How many keys are looked for in all of a text before all keys are indexed.
_SOUGHT = 12
#: How many words around a place tell whether it is in a number of several words.
_AROUND = 2
#: Texts up to this length are kept as they were read, the last few of them.
_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each part of a text with its type folded stands in the text itself."""

    irregular: tuple[tuple[int, int, int, int], ...] = ()
    starts: tuple[int, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a stretch as offsets in the text; None if it cuts what corresponds as a whole."""
        if not self.irregular:
            return start, end
        first, last = self._start(start), self._end(end)
        return None if first is None or last is None else (first, last)

    def at(self, offset: int) -> int:
        """Return about where an offset of the text stands in this form."""
        if not self.irregular:
            return offset
        k = bisect_right(self.irregular, offset, key=lambda x: x[2]) - 1
        if k < 0:
            return offset
        first, last, begin, end = self.irregular[k]
        return first if offset == begin else last + max(0, offset - end)

    def _start(self, offset: int) -> int | None:
        k = bisect_right(self.starts, offset) - 1
        if k < 0:
            return offset
        start, end, begin, stop = self.irregular[k]
        if start == offset < end:
            return begin
        return None if offset < end else stop + offset - end

    def _end(self, offset: int) -> int | None:
        k = bisect_right(self.starts, offset - 1) - 1
        if k < 0:
            return offset
        _, end, _, stop = self.irregular[k]
        return None if offset < end else stop + offset - end


class Page(Reading):
    """A text, with everything that is looked up in it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._asked = self._sought = 0

    def border(self, offset: int) -> bool:
        """Tell whether a span may start or end at an offset; see `Tokens.border`.

        The first few times only the words around it are read: most texts are asked no more.
        """
        beside = self.text[max(0, offset - 1) : offset + 1]
        if len(beside) == 2 and beside.isascii() and beside.isalpha():
            return False
        if self._asked < _FEW and "tokens" not in self.__dict__:
            self._asked += 1
            low = high = offset
            for _ in range(_AROUND):
                while low > 0 and self.text[low - 1] == " ":
                    low -= 1
                low = max(0, self.text.rfind(" ", 0, low))
                while high < len(self.text) and self.text[high] == " ":
                    high += 1
                high = self.text.find(" ", high) + 1 or len(self.text)
            if high - low < _SHORT:
                return Reading(self.text[low:high]).tokens.border(offset - low)
        return self.tokens.border(offset)

    @lazy
    def blocks(self) -> Blocks:
        """Return the text, to be read in parts."""
        return Blocks(self.text, self.plain, self.classes)

    @lazy
    def counts(self) -> Mapping[str, int]:
        """How often each key is that of a token."""
        return Counter(self.blocks.keys)

    def numbers(self, key: str) -> Sequence[int]:
        """Return the numbers of the tokens that have a key, ascending."""
        count = self.counts.get(key, 0)
        if self._sought >= _SOUGHT:
            return self._index.get(key, ())
        self._sought += 1
        found, at = list[int](), -1
        for _ in range(count):
            at = self.blocks.keys.index(key, at + 1)
            found.append(at)
        return found

    @lazy
    def _index(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self.blocks.keys):
            found[key].append(number)
        return dict(found)

    @lazy
    def languages(self) -> frozenset[str]:
        """Return the known languages that the text shows; only in these may words differ."""
        return languages_of(self.counts)

    @lazy
    def origins(self) -> Origins:
        """Where each part of the folded text stands; it is not asked unless something is found."""
        return Origins(tuple(self.irregular), tuple(part[0] for part in self.irregular))

    def form(self, tier: str) -> str:
        """Return the text as a tier looks at it."""
        if tier == "exact":
            return self.text
        return self.folded if tier == "folded" else self.cased

    def hits(self, tier: str, needle: str, start: int = 0) -> Iterator[tuple[int, int]]:
        """Yield where a string stands between borders, from an offset on, without overlaps."""
        form, folded = self.form(tier), tier != "exact"
        at = self.origins.at(start) if folded and start else start
        tries = 0
        while (at := form.find(needle, at)) >= 0:
            end = at + len(needle)
            span = self.origins.origin(at, end) if folded else (at, end)
            if span and self._whole(*span):
                if span[0] >= start:
                    yield span
                tries, at = 0, at + len(needle)
                continue
            tries += 1
            if tries > _TRIES:
                return
            at = self._behind_token(at, span, folded=folded)

    def _whole(self, start: int, end: int) -> bool:
        """Tell whether a stretch cuts no word and no number."""
        held = self.border(start) and self.border(end)
        return held and not cuts_number(self.text, start, end)

    def _behind_token(self, at: int, span: tuple[int, int] | None, *, folded: bool) -> int:
        """Return where to look again behind a hit that no border holds."""
        if span is None:
            return at + 1
        tokens = self.blocks.at(span[0])
        k = bisect_right(tokens.starts, span[0]) - 1
        if k >= 0 and tokens.starts[k] < span[0] < tokens.ends[k]:
            end = tokens.ends[k]
            return max(at + 1, self.origins.at(end) if folded else end)
        return at + 1


def page_of(text: str) -> Page:
    """Return a text to look strings up in; that of a recent call is used again."""
    return recent(text) if len(text) <= _KEPT else Page(text)


recent = lru_cache(maxsize=8)(Page)
