"""Which of its places a string gets."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .ladder import NEAR, places, vague
from .reading import Reading
from .tiers import Fragment, Place, Tier
from .views import Page


@dataclass(frozen=True, slots=True)
class Wanted:
    """A string to be grounded.

    Parameters
    ----------
    text : str
    hint : int, optional
        Offset near which it stands.
    context : str, optional
        A longer string in which it stands.
    """

    text: str
    hint: int | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a string stands.

    Parameters
    ----------
    fragments : tuple of (start, end)
        Half-open code point offsets, ascending; empty if the string was not found.
    tier : str, optional
        One of `TIERS`; None if the string was not found.
    similarity : float
        1 if all words are the text's, less in tier "aligned", 0 if the string was not found.
    """

    fragments: tuple[Fragment, ...] = ()
    tier: Tier | None = None
    similarity: float = 0.0


def assign(page: Page, wanted: Sequence[Wanted], max_tier: Tier) -> list[Found]:
    """Return a place for each string, as `ground` describes it."""
    if len(wanted) == 1 and wanted[0].hint is None and not wanted[0].context:
        there = places(page, Reading(wanted[0].text.strip()), 1, max_tier)
        return [Found(*there[0]) if there else Found()]
    texts = [want.text.strip() for want in wanted]
    counts = Counter(texts)
    hints = [_hint(page, want, max_tier) for want in wanted]
    readings = {text: Reading(text) for text in counts}
    hinted = {text for text, hint in zip(texts, hints, strict=True) if hint is not None}
    known = {
        text: places(page, reading, counts[text], max_tier, loose=text in hinted)
        for text, reading in readings.items()
    }
    chosen: list[Place | None] = [None] * len(wanted)
    taken: dict[str, set[Place]] = {}
    for i, (text, hint) in enumerate(zip(texts, hints, strict=True)):
        if known[text] and (hint is not None or len(known[text]) == 1):
            chosen[i] = _nearest(known[text], hint or 0, taken.setdefault(text, set()))
    for text in hinted:
        if known[text] and vague(readings[text]):
            _keep_near(texts, text, hints, chosen)
            known[text] = []
    if any(place is None and known[text] for place, text in zip(chosen, texts, strict=True)):
        _in_order(texts, known, chosen, taken)
    return [Found() if place is None else Found(*place) for place in chosen]


def _keep_near(
    texts: Sequence[str],
    vague_text: str,
    hints: Sequence[int | None],
    chosen: list[Place | None],
) -> None:
    """Take back the places of a vague string that are not near a hint, in place."""
    for i, (text, hint) in enumerate(zip(texts, hints, strict=True)):
        place = chosen[i]
        if text == vague_text and place is not None:
            start = place.fragments[0][0]
            if hint is None or abs(start - hint) > NEAR:
                chosen[i] = None


def _nearest(there: Sequence[Place], hint: int, taken: set[Place]) -> Place:
    """Return the place nearest to a hint, one that is not taken if there is any."""
    if len(there) == 1:
        taken.add(there[0])
        return there[0]
    behind = bisect_left(there, hint, key=lambda place: place.fragments[0][0])
    outward = _outward(there, behind, hint)
    nearest = next((place for place in outward if place not in taken), None)
    if nearest is None:
        nearest = next(_outward(there, behind, hint))
    taken.add(nearest)
    return nearest


def _outward(there: Sequence[Place], behind: int, hint: int) -> Iterator[Place]:
    """Yield places in text order by how near they are to a hint."""
    before = behind - 1
    while before >= 0 or behind < len(there):
        if behind >= len(there) or (
            before >= 0
            and hint - there[before].fragments[0][0] <= there[behind].fragments[0][0] - hint
        ):
            yield there[before]
            before -= 1
        else:
            yield there[behind]
            behind += 1


def _in_order(
    texts: Sequence[str],
    known: dict[str, list[Place]],
    chosen: list[Place | None],
    taken: dict[str, set[Place]],
) -> None:
    """Choose for the strings that have several places and no hint, in place."""
    left = Counter(
        text for text, place in zip(texts, chosen, strict=True) if place is None and known[text]
    )
    free = {text: [p for p in known[text] if p not in taken.get(text, ())] for text in left}
    following = _following(chosen)
    used: dict[str, int] = {}
    low = 0
    for i, text in enumerate(texts):
        place = chosen[i]
        if place is None and known[text]:
            there = free[text] or known[text]
            first = min(used.get(text, 0), len(there) - 1)
            last = max(first, len(there) - left[text])
            at = first
            if following[i] >= low:
                inside = (
                    k for k in range(first, last + 1)
                    if low <= there[k].fragments[0][0] <= following[i]
                )  # fmt: skip
                at = next(inside, first)
            used[text], left[text] = at + 1, left[text] - 1
            place = chosen[i] = there[at]
        if place is not None:
            low = place.fragments[0][0]


def _following(chosen: Sequence[Place | None]) -> list[float]:
    """Return for each string where the next one starts whose place is known."""
    start = float("inf")
    result = []
    for place in reversed(chosen):
        result.append(start)
        if place is not None:
            start = place.fragments[0][0]
    return result[::-1]


def _hint(page: Page, want: Wanted, max_tier: Tier) -> int | None:
    """Return near which offset a string stands, by its hint or by its context."""
    if want.hint is not None or not want.context:
        return want.hint
    there = places(page, Reading(want.context.strip()), 1, max_tier)
    if not there:
        return None
    start, _ = there[0].fragments[0]
    return start + max(0, want.context.strip().find(want.text.strip()))
