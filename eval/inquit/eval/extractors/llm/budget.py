"""What the answers cost, and the ceiling beyond which no request is sent."""

from __future__ import annotations

import threading

from inquit.eval.result import Usage

from .reply import Reply

_MILLION = 1_000_000
_MOST_NAMES, _LONGEST_NAME = 20, 100


class _Tokens:
    """A sum of tokens; ``told`` is false once an answer did not tell its own."""

    def __init__(self) -> None:
        self.given = self.written = 0
        self.told = True

    def add(self, reply: Reply) -> None:
        if reply.input_tokens is None or reply.output_tokens is None:
            self.told = False
        self.given += reply.input_tokens or 0
        self.written += reply.output_tokens or 0

    @property
    def sum(self) -> int:
        return self.given + self.written


class Budget:
    """Totals over all answers of a run, shared by its threads.

    Every answer that the predictions rest on counts, also one that an earlier run has paid; so a
    ceiling holds over all runs that together make a benchmark, however often they were killed.
    """

    def __init__(
        self,
        *,
        price_input: float | None = None,
        price_output: float | None = None,
        max_tokens: int | None = None,
        max_cost: float | None = None,
    ) -> None:
        self._prices = (price_input, price_output)
        self._max_tokens = max_tokens
        self._max_cost = max_cost
        self._lock = threading.Lock()
        self._requests = self._cached = 0
        self._answers: set[str] = set()
        self._models: set[str] = set()
        self._all, self._new = _Tokens(), _Tokens()

    def count_request(self) -> None:
        """Count a request that is sent."""
        with self._lock:
            self._requests += 1

    def add(self, key: str, reply: Reply, *, new: bool) -> None:
        """Count an answer; one that several documents share costs once."""
        with self._lock:
            if new:
                self._new.add(reply)
            else:
                self._cached += 1
            if key not in self._answers:
                self._answers.add(key)
                self._all.add(reply)
                if reply.model and len(self._models) < _MOST_NAMES:
                    self._models.add(reply.model[:_LONGEST_NAME])

    def reached(self) -> str:
        """Return why no further request may be sent, "" if it may."""
        if self._max_tokens is None and self._max_cost is None:
            return ""
        with self._lock:
            tokens, told, cost = self._all.sum, self._all.told, self._cost(self._all)
        if not told:
            return (
                "the server does not tell how many tokens it used, so no ceiling can be kept; "
                "take max_tokens_total and max_cost away"
            )
        if self._max_tokens is not None and tokens >= self._max_tokens:
            return (
                f"not sent: {tokens:,} tokens were used, the ceiling is {self._max_tokens:,}; "
                "raise max_tokens_total to go on"
            )
        if self._max_cost is not None and cost is not None and cost >= self._max_cost:
            return (
                f"not sent: the answers cost {cost:.4g}, the ceiling is {self._max_cost:.4g}; "
                "raise max_cost to go on"
            )
        return ""

    def usage(self) -> Usage:
        """Return the totals so far."""
        with self._lock:
            known, new = self._all, self._new
            return Usage(
                requests=self._requests,
                answers=len(self._answers),
                cached=self._cached,
                models=sorted(self._models),
                input_tokens=known.given if known.told else None,
                output_tokens=known.written if known.told else None,
                cost=self._cost(known),
                new_input_tokens=new.given if new.told else None,
                new_output_tokens=new.written if new.told else None,
                new_cost=self._cost(new),
            )

    def _cost(self, tokens: _Tokens) -> float | None:
        price_input, price_output = self._prices
        if price_input is None or price_output is None or not tokens.told:
            return None
        return (tokens.given * price_input + tokens.written * price_output) / _MILLION
