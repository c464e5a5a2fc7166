"""The ladder: where a string stands in a text, by the first tier that finds it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from .alignment import Aligner
from .clauses import begins, opens_behind_negation
from .ellipsis import chains
from .reading import WORD, Reading
from .tiers import TIERS, Fragment, Place, Tier
from .tokens import pieces
from .views import Page

#: Of one string, this many places are looked at, or as many as it is wanted times; and where a
#: hint or a content will choose.
PLACES, MANY = 1000, 50_000
#: How near, in code points, to a hint or a content a vague string is looked for.
NEAR = 100


def places(
    page: Page,
    string: Reading,
    count: int,
    max_tier: Tier,
    *,
    loose: bool = False,
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
    loose : bool
        Whether something else will tell which place is meant. Then more places are looked at, and
        places of `vague` strings as well.
    """
    if string.wordless and not (loose and string.text):
        return []
    text = string.text
    allowed = TIERS[: TIERS.index(max_tier) + 1]
    if string.wordless:
        allowed = allowed[:2]
    found: dict[Fragment, Place] = {}
    for tier in allowed[:3]:
        before = sorted(found)
        for span in _hits(page, tier, string, max(MANY if loose else PLACES, count)):
            if not _overlaps(span, before):
                found.setdefault(span, Place((span,), tier, 1.0))
        if len(found) >= count:
            break
    if found:
        return sorted(found.values())
    parts = [Reading(piece) for piece in pieces(text)] if "ellipsis" in allowed else []
    split = bool(parts) and (len(parts) > 1 or parts[0].text != text)
    if split and (chained := list(chains(page, string, parts, aligned=False, loose=loose))):
        return sorted(chained)
    if "aligned" not in allowed:
        return []
    if split:
        return sorted(chains(page, string, parts, aligned=True, loose=loose))
    return [
        Place(((a.start, a.end),), "aligned", a.similarity) for a in Aligner(page, string).find()
    ]


def vague(string: Reading) -> bool:
    """Tell whether a string says so little that something else must tell its place.

    >>> vague(Reading(":")), vague(Reading("gab … bekannt")), vague(Reading("he said"))
    (True, True, False)
    """
    if string.wordless:
        return True
    return len(string.tokens.keys) < 3 and len(list(pieces(string.text))) > 1


def _hits(page: Page, tier: Tier, string: Reading, most: int) -> Iterator[Fragment]:
    needle = _needle(tier, string)
    if not needle:
        return
    for begin, end in islice(page.hits(tier, needle), most):
        there = page.text[begin:end]
        if there != string.text and Reading(there).guards != string.guards:
            continue
        if tier != "case" or not _opens(page, string, begin):
            yield begin, end


def _opens(page: Page, string: Reading, begin: int) -> bool:
    """Tell whether a string says that a sentence begins where a negation stands in the text."""
    word = WORD.search(page.classes, begin)
    at = word.start() if word else begin
    return begins(string, page.text, at) and opens_behind_negation(page.text, at)


def _needle(tier: Tier, string: Reading) -> str:
    if tier == "exact":
        return string.text
    return (string.folded if tier == "folded" else string.cased).strip(" ")


def _overlaps(span: Fragment, others: list[Fragment]) -> bool:
    """Tell whether a stretch overlaps one of others, which are ascending and apart."""
    k = bisect_left(others, (span[1], 0))
    return k > 0 and others[k - 1][1] > span[0]
