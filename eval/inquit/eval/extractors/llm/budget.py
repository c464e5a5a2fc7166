"""What the answers cost, and the ceiling beyond which no request is sent."""

from __future__ import annotations

import threading

from inquit.eval.result import Usage

from .reply import Reply

_MILLION = 1_000_000
_MOST_NAMES, _LONGEST_NAME = 20, 100
#: After so many that cannot be read, and none that tells its tokens, no ceiling can be kept.
_MOST_UNREAD = 3


class _Tokens:
    """A sum of tokens.

    ``told`` and ``untold`` count the answers that tell their own and that do not; ``silent`` those
    of the latter that can be read otherwise.
    """

    def __init__(self) -> None:
        self.given = self.written = 0
        self.told = self.untold = self.silent = 0
        self._largest = (0, 0)

    def add(self, tokens: tuple[int | None, int | None], *, readable: bool = False) -> None:
        given, written = tokens
        if given is None or written is None:
            self.untold += 1
            self.silent += readable
            return
        self.told += 1
        self.given += given
        self.written += written
        self._largest = max(self._largest[0], given), max(self._largest[1], written)

    def bound(self, lost: int) -> tuple[int, int]:
        """Return the sums, what does not tell and what is lost as the largest of those that do."""
        (given, written), unknown = self._largest, self.untold + lost
        return self.given + unknown * given, self.written + unknown * written

    @property
    def known(self) -> bool:
        """Whether the sums mean something: not where all answers are untold."""
        return self.told > 0 or self.untold == 0


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
        self._lost: dict[str, int] = {}
        self._models: set[str] = set()
        self._all, self._new = _Tokens(), _Tokens()

    def count_request(self) -> None:
        """Count a request that is sent."""
        with self._lock:
            self._requests += 1

    @property
    def limited(self) -> bool:
        """Whether there is a ceiling."""
        return self._max_tokens is not None or self._max_cost is not None

    def suspect(self, key: str, times: int) -> None:
        """Note how often a request was sent whose answer was lost, and may have to be paid."""
        with self._lock:
            self._lost[key] = max(0, times)

    def know(self, key: str, reply: Reply) -> None:
        """Count a stored answer with those that it replaced; several documents share its cost."""
        with self._lock:
            if key in self._answers:
                return
            for tokens in reply.replaced:
                self._all.add(tokens)
            self._count(key, reply)

    def take(self, key: str, reply: Reply) -> None:
        """Count that a stored answer is used."""
        self.know(key, reply)
        with self._lock:
            self._cached += 1

    def receive(self, key: str, reply: Reply) -> None:
        """Count an answer that came now; those that it replaced are known."""
        with self._lock:
            self._new.add(reply.tokens)
            self._count(key, reply)

    def _count(self, key: str, reply: Reply) -> None:
        self._answers.add(key)
        self._all.add(reply.tokens, readable=not reply.fault)
        if reply.model and len(self._models) < _MOST_NAMES:
            self._models.add(reply.model[:_LONGEST_NAME])

    def reached(self) -> str:
        """Return why no further request may be sent, "" if it may."""
        if not self.limited:
            return ""
        with self._lock:
            known, lost = self._all, sum(self._lost.values())
            tokens, cost = sum(known.bound(lost)), self._cost(known, *known.bound(lost))
            silent = known.silent > 0 and not known.told
            unread = known.untold >= _MOST_UNREAD and not known.told
            least = "about " if known.untold or lost else ""
        if silent or unread:
            why = (
                "the server does not tell how many tokens it used"
                if silent
                else f"the first {_MOST_UNREAD} answers could not be read"
            )
            return f"{why}, so no ceiling can be kept; take max_tokens_total and max_cost away"
        if self._max_tokens is not None and tokens >= self._max_tokens:
            return (
                f"not sent: {least}{tokens:,} tokens were used, the ceiling is "
                f"{self._max_tokens:,}; raise max_tokens_total to go on"
            )
        if self._max_cost is not None and cost is not None and cost >= self._max_cost:
            return (
                f"not sent: the answers cost {least}{cost:.4g}, the ceiling is "
                f"{self._max_cost:.4g}; raise max_cost to go on"
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
                input_tokens=known.given if known.known else None,
                output_tokens=known.written if known.known else None,
                cost=self._cost(known, known.given, known.written),
                untold=known.untold,
                new_input_tokens=new.given if new.known else None,
                new_output_tokens=new.written if new.known else None,
                new_cost=self._cost(new, new.given, new.written),
            )

    def _cost(self, tokens: _Tokens, given: int, written: int) -> float | None:
        price_input, price_output = self._prices
        if price_input is None or price_output is None or not tokens.known:
            return None
        return (given * price_input + written * price_output) / _MILLION
