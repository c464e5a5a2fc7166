"""The extractor ``llm``: any model behind an OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from inquit.corpus import Annotation, DataError, Document, Problem, terminal
from inquit.corpus.errors import told
from inquit.eval.grounding import Tier, ground_annotation
from inquit.eval.result import Usage

from ..base import Extractor, ExtractorStopped, check_annotations, check_documents
from .answer import strings_of
from .budget import Budget
from .endpoint import Endpoint, key_in, refuse_key
from .errors import RequestError
from .jobs import Job, Placed, finished
from .parameters import number, problems_of
from .request import request_body
from .session import Patience, Session
from .store import Store, answers_directory
from .windows import Window, windows
from .wire import THREADS, open_client

#: A document with its labels, or with why it has none.
Outcome = tuple[Document, Annotation | None, Exception | None]

#: Seconds.
_SHORT = 2.0


class LanguageModelExtractor(Extractor):
    """Asks a language model for quotes, sources, cues, addressees and claims, and grounds them.

    The key is read from the environment when it is needed; it is no parameter, and stands in
    nothing that is stored or shown. Every answer is kept on disk and never asked for twice.

    Parameters
    ----------
    base_url : str
        Of an OpenAI-compatible server, up to ``/v1``; requests go to ``/chat/completions`` there.
    model : str
        As the server names it.
    api_key_env : str
        The environment variable that holds the key; "" for none. It has to be set, unless it is
        OPENAI_API_KEY.
    prompt : str
        Version of the instructions, one of `prompt.VERSIONS`.
    structured : {"schema", "object", "none"}
        How the form of the answer is asked for: ``json_schema`` (strict), ``json_object``, or in
        the prompt only, for servers that know neither.
    temperature : float
    seed : int
        Passed to the server; whether it heeds it is its own matter.
    max_tokens : int, optional
        The most tokens of one answer; the server's own limit if left out.
    extra : mapping, optional
        More fields of the request, as they stand. Never put a key here.
    omit : sequence of str
        Fields of the request to leave out, such as "temperature" where a model refuses it.
    window, overlap : int
        Characters of the windows that longer texts are cut into, and of what two windows share.
    max_tier : str
        The last tier of grounding that counts, see ``inquit eval ground``.
    concurrency : int
        The most requests at a time.
    timeout : float
        Seconds within which the whole answer has to come.
    retries : int
        How often a request is tried again after 429, 5xx and the like, or no answer.
    max_wait : float
        Seconds that one request waits between its tries in all. A server that asks for a longer
        wait ends the run.
    price_input, price_output : float, optional
        Of a million tokens, in any currency.
    max_tokens_total, max_cost : int and float, optional
        The ceiling. Once the answers used so far have reached it, no request is sent.
    cache_dir : str
        Where answers are kept; the environment's INQUIT_LLM_CACHE or the user's cache if left out.
    resend : bool
        Whether to send again what an earlier run sent and what left no usable answer; no request
        is sent a third time.

    >>> LanguageModelExtractor(base_url="http://127.0.0.1:8080/v1", model="m").predict([])
    []
    """

    def __init__(
        self,
        *,
        base_url: str = "",
        model: str = "",
        api_key_env: str = "OPENAI_API_KEY",
        prompt: str = "v1",
        structured: str = "schema",
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int | None = None,
        extra: Mapping[str, Any] | None = None,
        omit: Sequence[str] = (),
        window: int = 12000,
        overlap: int = 1500,
        max_tier: Tier = "aligned",
        concurrency: int = 4,
        timeout: float = 600.0,
        retries: int = 5,
        max_wait: float = 600.0,
        price_input: float | None = None,
        price_output: float | None = None,
        max_tokens_total: int | None = None,
        max_cost: float | None = None,
        cache_dir: str = "",
        resend: bool = False,
    ) -> None:
        self.base_url = base_url
        self.model = model
        self.api_key_env = api_key_env
        self.prompt = prompt
        self.structured = structured
        self.temperature = temperature
        self.seed = seed
        self.max_tokens = max_tokens
        self.extra = extra
        self.omit = omit
        self.window = window
        self.overlap = overlap
        self.max_tier = max_tier
        self.concurrency = concurrency
        self.timeout = timeout
        self.retries = retries
        self.max_wait = max_wait
        self.price_input = price_input
        self.price_output = price_output
        self.max_tokens_total = max_tokens_total
        self.max_cost = max_cost
        self.cache_dir = cache_dir
        self.resend = resend

    def predict(self, X: Iterable[Document]) -> list[Annotation]:
        """Return one annotation a document, in the order of ``X``.

        Raises
        ------
        DataError
            If parameters are wrong, or a document fails; with all that did. Their companions'
            answers are kept, so asking again for those costs nothing.
        ExtractorStopped
            If the server lets nobody in.
        """
        documents = check_documents(X)
        found: dict[int, Annotation] = {}
        problems = []
        for place, annotation, error in self._predicted(documents):
            if annotation is not None:
                found[place] = annotation
            elif error is not None:
                problems.append((place, error))
        if problems:
            problems.sort(key=lambda pair: pair[0])
            raise DataError(
                Problem(doc_id=documents[place].doc_id, what=told(error))
                for place, error in problems
            ) from problems[0][1]
        return check_annotations([found[i] for i in range(len(documents))], documents)

    def predict_each(self, X: Iterable[Document]) -> Iterator[Outcome]:
        """Yield each document with its labels or with why it has none, as they come in.

        Raises
        ------
        DataError
            If parameters are wrong.
        ExtractorStopped
            If the server lets nobody in.
        """
        documents = check_documents(X)
        for place, annotation, error in self._predicted(documents):
            yield documents[place], annotation, error

    def usage(self) -> Usage:
        """Return what this extractor has used so far."""
        return self._budget().usage()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_kept"}

    def _predicted(self, documents: list[Document]) -> Iterator[Placed]:
        session = self._session()
        size, overlap, at_once = (number(self, n) for n in ("window", "overlap", "concurrency"))
        jobs = [Job(i, d, _asked_about(d.text, size, overlap)) for i, d in enumerate(documents)]
        if session.budget.limited:
            # A ceiling is one over all runs: what is known counts before anything is sent.
            for job in jobs:
                for window in job.windows:
                    session.know(self._body(window.of(job.document.text)))
        with (
            open_client(session.endpoint, number(self, "timeout"), at_once) as client,
            ThreadPoolExecutor(at_once, thread_name_prefix=THREADS) as pool,
        ):
            ask = partial(self._labels, session, client)
            try:
                yield from finished(jobs, pool, ask)
            except BaseException as error:
                # Ctrl-C too: what is under way is paid for, so its answer is waited for and kept.
                stopped = error if isinstance(error, ExtractorStopped) else None
                session.stop(stopped)
                try:
                    pool.shutdown(wait=False, cancel_futures=True)
                    # Where the run ends with its own message, only a long wait needs another.
                    if session.waits(_SHORT if stopped else 0):
                        terminal.note(_waiting(session.under_way, self.timeout))
                    pool.shutdown()
                except KeyboardInterrupt:
                    session.give_up()
                raise

    def _labels(self, session: Session, client: Any, job: Job, window: Window) -> Annotation:
        """Return the labels of a window; errors leave here without the key, whatever they quote."""
        try:
            return self._asked(session, client, job, window)
        except Exception as error:
            said = told(error)
            shown = session.endpoint.scrub(said)
            if shown == said:
                raise
            kind = ExtractorStopped if isinstance(error, ExtractorStopped) else RequestError
        raise kind(shown)

    def _asked(self, session: Session, client: Any, job: Job, window: Window) -> Annotation:
        part = Document(doc_id=job.document.doc_id, text=window.of(job.document.text))
        check = partial(strings_of, document=part)
        strings = check(session.ask(client, self._body(part.text), check))
        return ground_annotation(part, strings, max_tier=self.max_tier).annotation

    def _body(self, text: str) -> bytes:
        return request_body(
            text,
            model=self.model,
            version=self.prompt,
            structured=self.structured,
            temperature=self.temperature,
            seed=self.seed,
            max_tokens=self.max_tokens,
            extra=self.extra or {},
            omit=self.omit,
        )

    def _session(self) -> Session:
        variable = self.api_key_env if isinstance(self.api_key_env, str) else ""
        key = key_in(variable)
        refuse_key(key, self.get_params(deep=False))
        problems = list(problems_of(self))
        if problems:
            raise DataError(problems)
        endpoint = Endpoint(self.base_url, key, variable)
        directory = answers_directory(self.cache_dir)
        patience = Patience(*(number(self, n) for n in ("timeout", "retries", "max_wait")))
        return Session(endpoint, Store(directory), self._budget(), patience, resend=self.resend)

    def _budget(self) -> Budget:
        """Return the totals of this extractor, over all its predictions at these prices."""
        limits: dict[str, Any] = {
            "price_input": number(self, "price_input"),
            "price_output": number(self, "price_output"),
            "max_tokens": number(self, "max_tokens_total"),
            "max_cost": number(self, "max_cost"),
        }
        kept: tuple[dict[str, Any], Budget] | None = vars(self).get("_kept")
        if kept is None or kept[0] != limits:
            kept = limits, Budget(**limits)
            self._kept = kept
        return kept[1]


def _asked_about(text: str, size: int, overlap: int) -> list[Window]:
    return [window for window in windows(text, size, overlap) if window.of(text).strip()]


def _waiting(answers: int, timeout: float) -> str:
    return (
        f"waiting for {terminal.counted(answers, 'answer')} under way, at most {timeout:g} "
        "seconds; the same command goes on from here; Ctrl-C gives them up, though they may be "
        "paid for"
    )
