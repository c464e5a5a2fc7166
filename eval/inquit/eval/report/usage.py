"""What a language model was asked and what it cost, in words for the page.

Names of models come from a server: they are cut here, and the page shows them as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from inquit.corpus.terminal import counted

from ..result import Usage

_MODELS: Final = 10
_NAME: Final = 200
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Used:
    """The models by name, one line for the table, and (name, value) of all that is known."""

    models: tuple[str, ...]
    more_models: int
    brief: str
    facts: tuple[tuple[str, str], ...]


def used(usage: Usage) -> Used:
    """Return what to say of a language model's use.

    Where answers did not tell their tokens, tokens and cost are lower bounds, and said to be.

    >>> told = used(
    ...     Usage(
    ...         requests=9, answers=8, cached=1, input_tokens=4000, output_tokens=500, cost=1.25,
    ...         new_input_tokens=4000, new_output_tokens=500, new_cost=1.25, untold=2,
    ...     )
    ... )
    >>> told.brief
    '8 answers, cost at least 1.25'
    >>> dict(told.facts)["tokens"]
    'at least 4,000 in, 500 out (2 answers did not tell)'
    """
    bound = "at least " if usage.untold else ""
    silent = f" ({counted(usage.untold, 'answer')} did not tell)" if usage.untold else ""
    tokens = _tokens(usage.input_tokens, usage.output_tokens)
    new = _tokens(usage.new_input_tokens, usage.new_output_tokens)
    answers = counted(usage.answers, "answer")
    facts = [
        ("requests", f"{usage.requests:,} sent"),
        ("answers", f"{usage.answers:,} used, {usage.cached:,} times from the cache"),
        ("tokens", f"{bound}{tokens}{silent}" if tokens else "the server did not tell"),
    ]
    brief = answers
    if usage.cost is not None:
        brief = f"{answers}, cost {bound}{_cost(usage.cost)}"
        facts.append(("cost", f"{bound}{_cost(usage.cost)}"))
    elif tokens:
        every = (usage.input_tokens or 0) + (usage.output_tokens or 0)
        brief = f"{answers}, {bound}{every:,} tokens"
    if new and (new, usage.new_cost) != (tokens, usage.cost):
        paid = "" if usage.new_cost is None else f", cost {bound}{_cost(usage.new_cost)}"
        facts.append(("of these in this run", f"{bound}{new}{paid}"))
    return Used(
        tuple(_cut(name) for name in usage.models[:_MODELS]),
        max(0, len(usage.models) - _MODELS),
        brief,
        tuple(facts),
    )


def by_reason(failed: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return each reason for which documents failed, with their ids.

    >>> by_reason({"a": "late", "b": "cut off", "c": "late"})
    [('late', ['a', 'c']), ('cut off', ['b'])]
    """
    reasons: dict[str, list[str]] = {}
    for doc_id, why in failed.items():
        reasons.setdefault(why, []).append(doc_id)
    return list(reasons.items())


def _tokens(given: int | None, written: int | None) -> str:
    return "" if given is None or written is None else f"{given:,} in, {written:,} out"


def _cost(cost: float) -> str:
    """Return a cost, in whatever currency its prices were.

    >>> _cost(12345.678), _cost(3.4567), _cost(0.000012)
    ('12,345.68', '3.457', '0.000012')
    """
    if cost >= 1000:
        return f"{cost:,.2f}"
    digits = f"{cost:.4g}"
    return digits if cost < _TINY else f"{Decimal(digits):f}"


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
