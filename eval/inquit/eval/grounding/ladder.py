"""The ladder: where a string stands in a text, by the first tier that finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple, get_args

from .alignment import Aligner
from .guards import NEGATIONS
from .reading import Reading
from .tokens import pieces
from .views import Page

Tier = Literal["exact", "folded", "case", "ellipsis", "aligned"]
#: From what changes nothing to what changes most.
TIERS: tuple[Tier, ...] = get_args(Tier)
Fragment = tuple[int, int]

#: Of one string, this many places are looked at, or as many as it is wanted times.
PLACES = 1000
#: How many places of the first piece of a string with an ellipsis are tried.
_STARTS = 200
#: Code points that an ellipsis may leave out for each token of the shorter piece beside it, and at
#: most.
_GAP, _LONGEST_GAP = 100, 1000
_TOKEN = re.compile("[adxXcro]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?![a-zß-öø-ÿ])|[。！？]|\n\s?\n")


class Place(NamedTuple):
    """Somewhere a string stands."""

    fragments: tuple[Fragment, ...]
    tier: Tier
    similarity: float


def places(
    page: Page, string: Reading, count: int, max_tier: Tier, near: int | None
) -> list[Place]:
    """Return where a string stands, in text order.

    A tier is asked only if those before it have found nothing; where a string is wanted several
    times, until there is a place for each.

    Parameters
    ----------
    page : Page
    string : Reading
        The string, without outer white space.
    count : int
        How often it is wanted.
    max_tier : Tier
    near : int, optional
        Where places are looked for as well if there are very many.
    """
    if string.wordless:
        return []
    text = string.text
    allowed = TIERS[: TIERS.index(max_tier) + 1]
    found: dict[Fragment, Place] = {}
    for tier in allowed[:3]:
        for span in _hits(page, tier, string, max(PLACES, count), near):
            if span not in found and not _overlaps(span, found):
                found[span] = Place((span,), tier, 1.0)
        if len(found) >= count:
            break
    if found:
        return sorted(found.values())
    parts = [Reading(piece) for piece in pieces(text)] if "ellipsis" in allowed else []
    split = bool(parts) and (len(parts) > 1 or parts[0].text != text)
    if split and (chained := list(_chains(page, string, parts, aligned=False))):
        return sorted(chained)
    if "aligned" not in allowed:
        return []
    if split:
        return sorted(_chains(page, string, parts, aligned=True))
    return [
        Place(((a.start, a.end),), "aligned", a.similarity) for a in Aligner(page, string).find()
    ]


def _hits(
    page: Page, tier: Tier, string: Reading, most: int, near: int | None
) -> Iterator[Fragment]:
    needle = _needle(tier, string)
    if not needle:
        return
    for start in (0,) if near is None else sorted({0, max(0, near - 10_000)}):
        for begin, end in islice(page.hits(tier, needle, start), most):
            there = page.text[begin:end]
            if there == string.text or Reading(there).guards == string.guards:
                yield begin, end


def _needle(tier: Tier, string: Reading) -> str:
    if tier == "exact":
        return string.text
    return (string.folded if tier == "folded" else string.cased).strip(" ")


def _overlaps(span: Fragment, found: dict[Fragment, Place]) -> bool:
    return len(found) < PLACES and any(a < span[1] and span[0] < b for a, b in found)


class _Link(NamedTuple):
    start: int
    end: int
    similarity: float


def _chains(page: Page, string: Reading, parts: list[Reading], *, aligned: bool) -> Iterator[Place]:
    """Yield where all pieces of a string stand in order, no farther apart than they may."""
    if any(part.wordless for part in parts):
        return
    sizes = [len(part.tokens.keys) for part in parts]
    if len(parts) > 1 and sum(sizes) < 3:
        return
    found: dict[int, tuple[int, list[_Link]]] = {}
    for first in _links(page, parts[0], 0, None, _STARTS, aligned=aligned):
        links: list[_Link] | None = [first]
        for part, size, before in zip(parts[1:], sizes[1:], sizes, strict=False):
            assert links is not None
            gap = min(_LONGEST_GAP, _GAP * min(size, before))
            at = links[-1].end
            stop = at + gap
            following = _links(page, part, at, stop, 1, aligned=aligned)
            link = next(iter(following), None)
            if link is None or _turns(page, at, link.start):
                links = None
                break
            links.append(link)
        if links:
            found[links[-1].end] = (links[-1].end - first.start, links)
    if not found:
        return
    shortest = min(extent for extent, _ in found.values())
    tier: Tier = "aligned" if aligned else "ellipsis"
    for extent, links in found.values():
        if extent <= 1.5 * shortest + 50:
            fragments = tuple(_joined(page, links))
            if Reading(" … ".join(page.text[a:b] for a, b in fragments)).guards != string.guards:
                continue
            similarity = sum(
                link.similarity * size for link, size in zip(links, sizes, strict=True)
            )
            yield Place(fragments, tier, similarity / sum(sizes))


def _links(
    page: Page, part: Reading, start: int, stop: int | None, most: int, *, aligned: bool
) -> Iterator[_Link]:
    """Yield where a piece stands that starts in [start, stop]."""
    any_hit = False
    for begin, end in islice(page.hits("case", _needle("case", part), start), most):
        if stop is not None and begin > stop:
            break
        any_hit = True
        yield _Link(begin, end, 1.0)
    if aligned and not any_hit:
        low = page.token_at(start)
        high = None if stop is None else page.token_at(stop + 2 * len(part.text))
        for a in Aligner(page, part).find(low, high):
            if a.start >= start and (stop is None or a.start <= stop):
                yield _Link(a.start, a.end, a.similarity)


def _turns(page: Page, start: int, end: int) -> bool:
    """Tell whether what an ellipsis leaves out negates what it leaves in.

    A negation in a sentence that is left out as a whole does not.
    """
    gap = page.text[start:end]
    ends = [match.end() for match in _SENTENCE_END.finditer(gap)]
    left_in = [gap[: ends[0]], gap[ends[-1] :]] if ends else [gap]
    return any(key in NEGATIONS for part in left_in for key in Reading(part).tokens.keys)


def _joined(page: Page, links: list[_Link]) -> Iterator[Fragment]:
    """Yield the fragments; pieces with no word between them are one."""
    start, end = links[0].start, links[0].end
    for link in links[1:]:
        if _TOKEN.search(page.classes, end, link.start):
            yield start, end
            start = link.start
        end = link.end
    yield start, end
