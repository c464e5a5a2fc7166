"""The tiers of the ladder, and what they find."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Tier = Literal["exact", "folded", "case", "ellipsis", "aligned"]
#: From what changes nothing to what changes most.
TIERS: tuple[Tier, ...] = get_args(Tier)
Fragment = tuple[int, int]


class Place(NamedTuple):
    """Somewhere a string stands."""

    fragments: tuple[Fragment, ...]
    tier: Tier
    similarity: float
