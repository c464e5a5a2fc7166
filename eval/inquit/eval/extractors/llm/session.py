"""Asking: from the cache where the answer is known, over HTTP, again and again, where it is not."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import structs

from inquit.corpus.errors import DataError

from ..base import ExtractorStopped
from . import backoff
from .budget import Budget
from .endpoint import Endpoint
from .errors import RequestError
from .line import Line
from .reply import Reply, error_code, read_reply, server_message
from .store import DIRECTORY, Claim, Store, Stored, StoreInterruptedError
from .wire import Arrived, NoAnswerError, exchange

if TYPE_CHECKING:
    import httpx

#: Too many, and what servers and the proxies before them say when they are down or too slow.
_RETRIED = (408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529)
#: After so many refusals and not one answer, what is asked must be wrong for every document.
_MOST_REFUSED = 10
#: A request is sent once, and once more if asked for.
_MOST_SENDINGS = 2
_STOPPING = {
    401: "the key is not accepted; see api_key_env",
    402: "the account has to be paid",
    403: "the key may not do this; see api_key_env",
    404: "there is no such place or model; see base_url and model",
}
#: What servers say of a request that they do not understand, and the parameter that mends it.
_MENDED = {
    "response_format": "structured",
    "json_schema": "structured",
    "temperature": "omit",
    "seed": "omit",
    "max_tokens": "max_tokens, omit and extra",
}
_NO_QUOTA = "insufficient_quota"


@dataclass(frozen=True)
class Patience:
    """How often and how long a request is tried; seconds."""

    timeout: float
    retries: int
    max_wait: float


def request_key(url: str, body: bytes) -> str:
    """Return the name of a request: the SHA-256 of where it goes and all it says, but the key."""
    return hashlib.sha256(url.encode() + b"\n" + body).hexdigest()


class Session:
    """Requests of one extractor, shared by its threads.

    Parameters
    ----------
    endpoint : Endpoint
    store : Store
    budget : Budget
    patience : Patience
    resend : bool
        Whether requests that were sent before and left no usable answer are sent again, once.
    """

    def __init__(
        self, endpoint: Endpoint, store: Store, budget: Budget, patience: Patience, *, resend: bool
    ) -> None:
        self.endpoint = endpoint
        self.budget = budget
        self._store = store
        self._patience = patience
        self._resend = resend
        self._gate = backoff.Gate()
        self._sent: set[str] = set()
        self._answered = False
        self._refusals = 0
        self._lines: set[Line] = set()
        self._given_up = False
        self._why: ExtractorStopped | None = None
        self._lock = threading.Lock()

    def stop(self, error: ExtractorStopped | None = None) -> None:
        """Send nothing any more; those who wait are woken."""
        with self._lock:
            self._why = self._why or error
        self._gate.close()

    @property
    def under_way(self) -> int:
        """How many requests wait for their answers."""
        return len(self._lines)

    def waits(self, seconds: float) -> bool:
        """Whether requests are under way, and still are after some seconds."""
        ends = time.monotonic() + seconds
        while self.under_way and time.monotonic() < ends:
            time.sleep(0.02)
        return self.under_way > 0

    def give_up(self) -> None:
        """Wait for no answer any more; what was under way stays noted as sent."""
        self.stop()
        with self._lock:
            self._given_up = True
            for line in self._lines:
                line.cut()

    def ask(self, client: httpx.Client, body: bytes, check: Callable[[Reply], object]) -> Reply:
        """Return the answer to a request, from the cache or from the server.

        Parameters
        ----------
        client : httpx.Client
        body : bytes
        check : callable
            Raises RequestError if a reply cannot be used.

        Raises
        ------
        RequestError
            If there is none. An answer that cannot be used is returned.
        ExtractorStopped
            If nothing more may be sent in this run.
        """
        key = request_key(self.endpoint.url, body)
        try:
            found = self._store.read(key)
            if found is None or self._again(key, found, found.sending, check):
                with self._store.claim(key, lambda: self._gate.closed) as claim:
                    found = claim.stored
                    if found is None or self._again(key, found, claim.sendings, check):
                        return self._asked(client, claim, key, body, check)
            self._know(key, found)
            self.budget.take(key, found.reply)
            return found.reply
        except StoreInterruptedError:
            raise self._stopped() from None
        except OSError as error:
            what = f"answers cannot be kept in {self._store.directory} ({error.strerror or error})"
            remedy = f"free or name a place: --param cache_dir, or the environment's {DIRECTORY}"
            stopped = ExtractorStopped(f"{what}, so no more is asked; {remedy}")
            self.stop(stopped)
            raise stopped from error

    def know(self, body: bytes) -> None:
        """Count what a request has cost, if it was sent already."""
        # Whatever is wrong with its files is told when it is asked for.
        with suppress(DataError, OSError):
            key = request_key(self.endpoint.url, body)
            self._know(key, self._store.read(key))

    def _know(self, key: str, found: Stored | None) -> None:
        answers, sendings = 0, self._store.sendings(key) if self.budget.limited else 0
        if found:
            self.budget.know(key, found.reply)
            answers, sendings = 1 + len(found.reply.replaced), max(sendings, found.sending)
        self.budget.suspect(key, sendings - answers)

    def _again(
        self, key: str, found: Stored | None, sendings: int, check: Callable[[Reply], object]
    ) -> bool:
        """Whether to send what was sent before, by another run, and left nothing of use."""
        allowed = self._resend and sendings < _MOST_SENDINGS and key not in self._sent
        return allowed and (found is None or _useless(check, found.reply))

    def _asked(
        self,
        client: httpx.Client,
        claim: Claim,
        key: str,
        body: bytes,
        check: Callable[[Reply], object],
    ) -> Reply:
        """Return a new answer, once it is kept."""
        replaced: tuple[tuple[int | None, int | None], ...] = ()
        if claim.stored:
            old = claim.stored.reply
            self.budget.know(key, old)
            replaced = (*old.replaced, old.tokens)
        elif claim.lost and not self._again(key, None, claim.sendings, check):
            again = (
                f"delete {claim.mark} to send it once more"
                if claim.sendings >= _MOST_SENDINGS
                else "--param resend=true sends it again"
            )
            raise RequestError(
                f"was sent at {claim.lost}, and the run ended before the answer came; it may "
                f"have been paid for: {again}"
            )
        reply = structs.replace(self._send(client, claim, key, body), replaced=replaced)
        self._answered = True
        claim.keep(reply, self.endpoint.url)
        self.budget.receive(key, reply)
        return reply

    def _send(self, client: httpx.Client, claim: Claim, key: str, body: bytes) -> Reply:
        left = self._patience.max_wait
        attempt = 0
        while True:
            self._may_send()
            self._sent.add(key)
            claim.mark_sent()
            self.budget.count_request()
            asked: float | None = None
            reached = True
            try:
                arrived = self._exchange(client, body)
            except NoAnswerError as error:
                if self._given_up:
                    if not error.reached:
                        claim.clear()
                    raise self._stopped() from None
                why, reached = f"the server {error}", error.reached
            else:
                # Frameworks answer a POST with 201 of their own accord; it is as much paid for.
                if 200 <= arrived.status < 300:
                    return read_reply(arrived, self.endpoint)
                why = self._refused(claim, arrived)
                asked = backoff.retry_after(arrived.headers.get("retry-after"))
            wait = backoff.delay(attempt) if asked is None else asked + backoff.delay(0) / 4
            if asked is not None:
                # Also where this request gives up: the others have to wait as well.
                self._gate.hold(asked)
                if asked > self._patience.max_wait:
                    claim.clear()
                    raise self._stop(
                        f"{why}; it asks to wait {asked:,.0f} seconds, and max_wait is "
                        f"{self._patience.max_wait:,.0f}"
                    )
            tried = f"{why}, tried {attempt + 1} time{'s' * (attempt > 0)}"
            if attempt >= self._patience.retries or wait > left:
                claim.clear()
                if not reached:
                    raise self._stop(tried)
                if wait > left:
                    tried += f"; it would have to wait {wait:.0f} more seconds, see max_wait"
                raise RequestError(tried)
            left -= wait
            if not reached:
                claim.clear()
            self._gate.sleep(wait)
            attempt += 1

    def _exchange(self, client: httpx.Client, body: bytes) -> Arrived:
        line = Line()
        with self._lock:
            self._lines.add(line)
            if self._given_up:
                line.cut()
        try:
            return exchange(client, self.endpoint, body, self._patience.timeout, line)
        finally:
            with self._lock:
                self._lines.discard(line)

    def _refused(self, claim: Claim, arrived: Arrived) -> str:
        """Return why a status of no success means no answer; raise if trying is no use."""
        claim.clear()
        status = arrived.status
        why = f"the server answered {status}: {server_message(arrived, self.endpoint)}"
        remedy = _STOPPING.get(status, "")
        if status in (401, 403) and not self.endpoint.key:
            variable = self.endpoint.variable
            told = f"{variable} is not set or empty" if variable else "api_key_env is empty"
            remedy = f"no key was sent, since {told}"
        elif 300 <= status < 400:
            place = self.endpoint.scrub(arrived.headers.get("location", "elsewhere"))
            remedy = f"it leads to {place!a:.200}, and the key goes to base_url only"
        elif status == 429 and error_code(arrived) == _NO_QUOTA:
            remedy = _STOPPING[402]
        if remedy:
            raise self._stop(f"{why}; {remedy}")
        if status in _RETRIED:
            return why
        why += next((f"; see {see}" for said, see in _MENDED.items() if said in why), "")
        with self._lock:
            self._refusals += 1
            hopeless = self._refusals >= _MOST_REFUSED and not self._answered
        if hopeless:
            raise self._stop(f"{_MOST_REFUSED} requests were refused and none was answered: {why}")
        raise RequestError(why)

    def _stop(self, why: str) -> ExtractorStopped:
        kept = "; the answers that came are kept, and the same command goes on with them"
        told = f"{self.endpoint.base_url}: {why}{kept * self._answered}"
        error = ExtractorStopped(told)
        self.stop(error)
        return error

    def _may_send(self) -> None:
        """Return when a request may go out; raise if none may."""
        self._gate.wait()
        if self._gate.closed:
            raise self._stopped()
        if reached := self.budget.reached():
            raise RequestError(reached)

    def _stopped(self) -> ExtractorStopped:
        return self._why or ExtractorStopped("stopped")


def _useless(check: Callable[[Reply], object], reply: Reply) -> bool:
    with suppress(RequestError):
        check(reply)
        return False
    return True
