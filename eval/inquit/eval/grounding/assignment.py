"""Which of its places a string gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .ladder import Fragment, Place, Tier, places
from .reading import Reading
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
    texts = [want.text.strip() for want in wanted]
    counts = Counter(texts)
    hints = [_hint(page, want, max_tier) for want in wanted]
    known: dict[str, list[Place]] = {}
    for text, hint in zip(texts, hints, strict=True):
        if text not in known or (hint is not None and len(known[text]) >= 1000):
            known[text] = places(page, Reading(text), counts[text], max_tier, hint)
    chosen: list[Place | None] = [None] * len(wanted)
    taken: dict[str, set[Place]] = {}
    for i, (text, hint) in enumerate(zip(texts, hints, strict=True)):
        there = known[text]
        if len(there) == 1:
            chosen[i] = there[0]
        elif there and hint is not None:
            chosen[i] = _nearest(there, hint, taken.setdefault(text, set()))
    _in_order(texts, known, chosen, taken)
    return [Found() if place is None else Found(*place) for place in chosen]


def _nearest(there: Sequence[Place], hint: int, taken: set[Place]) -> Place:
    free = [place for place in there if place not in taken] or there
    nearest = min(free, key=lambda place: (abs(place.fragments[0][0] - hint), place.fragments))
    taken.add(nearest)
    return nearest


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
    there = places(page, Reading(want.context.strip()), 1, max_tier, None)
    if not there:
        return None
    start, _ = there[0].fragments[0]
    return start + max(0, want.context.strip().find(want.text.strip()))
