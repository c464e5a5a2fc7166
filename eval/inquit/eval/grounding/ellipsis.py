"""Strings that leave something out: their pieces in order, with a bounded gap between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from .alignment import Aligner
from .clauses import (
    FEW,
    clause_before,
    clause_behind,
    denied_within,
    limits,
    negated_within,
    negates,
)
from .guards import denies
from .reading import WORD, Reading
from .tiers import Fragment, Place, Tier
from .tokens import SENTENCE_END
from .views import Page

#: How many places of the first piece of a string with an ellipsis are tried.
_STARTS = 200
#: Strings of more pieces are not looked for, and of many pieces fewer places are tried.
_MOST_PIECES, _LINKS = 100, 2000
#: Code points that an ellipsis may leave out for each token of the shorter piece beside it, and at
#: most.
_GAP, _LONGEST_GAP = 100, 1000

#: An ellipsis with which a string begins, or ends, beside quotation marks and brackets.
_ELLIPSIS_FIRST = re.compile(r"\W{0,3}?[\[(]?\s?(?:…|\.{3}|\. \. \.)")
_ELLIPSIS_LAST = re.compile(r"(?:…|\.{3}|\. \. \.)\W{0,3}$")


class _Link(NamedTuple):
    start: int
    end: int
    similarity: float


def chains(
    page: Page, string: Reading, parts: list[Reading], *, aligned: bool, loose: bool
) -> Iterator[Place]:
    """Yield where all pieces of a string stand in order, no farther apart than they may.

    Parameters
    ----------
    page : Page
    string : Reading
        The whole string.
    parts : list of Reading
        What stands between its ellipses.
    aligned : bool
        Whether words of a piece may differ.
    loose : bool
        Whether two pieces of one word are enough, and places count that are much longer than the
        shortest.
    """
    if len(parts) > _MOST_PIECES or any(part.wordless for part in parts):
        return
    starts = min(_STARTS, _LINKS // len(parts))
    sizes = [len(part.tokens.keys) for part in parts]
    if len(parts) > 1 and sum(sizes) < (2 if loose else 3):
        return
    found: dict[int, tuple[int, list[_Link]]] = {}
    for first in _links(page, parts[0], 0, None, starts, aligned=aligned):
        links: list[_Link] | None = [first]
        for part, size, before in zip(parts[1:], sizes[1:], sizes, strict=False):
            assert links is not None
            gap = min(_LONGEST_GAP, _GAP * min(size, before))
            at = links[-1].end
            stop = at + gap
            following = _links(page, part, at, stop, 1, aligned=aligned)
            link = next(iter(following), None)
            if link is None or _turns(page, at, link.start, part):
                links = None
                break
            links.append(link)
        if links and not _turned_outside(page, string, first.start, links[-1].end):
            found[links[-1].end] = (links[-1].end - first.start, links)
    if not found:
        return
    shortest = min(extent for extent, _ in found.values())
    tier: Tier = "aligned" if aligned else "ellipsis"
    for extent, links in found.values():
        if loose or extent <= 1.5 * shortest + 50:
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
    for begin, end in islice(page.hits("case", part.cased.strip(" "), start), most):
        if stop is not None and begin > stop:
            break
        any_hit = True
        yield _Link(begin, end, 1.0)
    if aligned and not any_hit:
        low = page.blocks.token_at(start)
        high = None if stop is None else page.blocks.token_at(stop + 2 * len(part.text))
        for a in Aligner(page, part).find(low, high):
            if a.start >= start and (stop is None or a.start <= stop):
                yield _Link(a.start, a.end, a.similarity)


def _turns(page: Page, start: int, end: int, part: Reading) -> bool:
    """Tell whether what an ellipsis leaves out negates or limits what it leaves in.

    A negation in a sentence that is left out as a whole does not, nor one between two quotations.
    """
    if '"' in page.classes[max(0, start - 1) : start + 2] and (
        '"' in page.classes[max(start, end - 2) : end + 1]
    ):
        return False
    gap = page.text[start:end]
    ends = [match.end() for match in SENTENCE_END.finditer(gap)]
    left_in = [gap[: ends[0]], gap[ends[-1] :]] if ends else [gap]
    if any(denies(key) for rest in left_in for key in Reading(rest).tokens.keys):
        return True
    if limits(Reading(left_in[-1]).tokens, part):
        return True
    # "Weder A noch B": two words are rather a party that is named than what is said of it.
    if "noch" not in gap or len(part.tokens.keys) <= FEW:
        return False
    tokens = Reading(page.text[max(0, start - 200) : end]).tokens
    first = max(0, start - 200)
    return any(negates(tokens, k) for k, at in enumerate(tokens.starts) if first + at >= start)


def _turned_outside(page: Page, string: Reading, start: int, end: int) -> bool:
    """Tell whether an ellipsis at an end of a string leaves out a negation of the same clause."""
    if _ELLIPSIS_FIRST.match(string.text):
        tokens = Reading(clause_before(page.text, start)).tokens
        if limits(tokens, Reading(page.text[start : start + 20]), 2) or denied_within(tokens):
            return True
    if _ELLIPSIS_LAST.search(string.text):
        return negated_within(Reading(clause_behind(page.text, end)).tokens)
    return False


def _joined(page: Page, links: list[_Link]) -> Iterator[Fragment]:
    """Yield the fragments; pieces with no word between them are one."""
    start, end = links[0].start, links[0].end
    for link in links[1:]:
        if WORD.search(page.classes, end, link.start):
            yield start, end
            start = link.start
        end = link.end
    yield start, end
