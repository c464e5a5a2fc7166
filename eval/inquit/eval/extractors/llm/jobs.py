"""Documents on their way: windows out, labels in, a document as soon as it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from inquit.corpus import Annotation, DataError, Document, Problem
from inquit.corpus.errors import InquitError, told

from ..base import ExtractorStopped
from .merge import merge
from .windows import Window

#: The place of a document among all, with its labels, or with why it has none.
Placed = tuple[int, Annotation | None, Exception | None]
Ask = Callable[["Job", Window], Annotation]


class Job:
    """One document on its way: its windows, and the labels that have come for them."""

    def __init__(self, place: int, document: Document, parts: list[Window]) -> None:
        self.place = place
        self.document = document
        self.windows = parts
        self.labels: dict[int, Annotation] = {}
        #: Whether a window has failed, and whether the outcome was passed on.
        self.failed = self.told = False

    def merged(self) -> Annotation:
        """Return the labels of the whole document."""
        pairs = [(window, self.labels[i]) for i, window in enumerate(self.windows)]
        return merge(self.document, pairs)


def finished(jobs: list[Job], pool: ThreadPoolExecutor, ask: Ask) -> Iterator[Placed]:
    """Yield the documents as they are done; what a failed one still wanted is not asked."""
    running: dict[Future[Annotation | None], tuple[Job, int]] = {}
    for job in jobs:
        if not job.windows:
            yield job.place, job.merged(), None
        for i, window in enumerate(job.windows):
            running[pool.submit(_unless_failed, ask, job, window)] = job, i
    for future in as_completed(list(running)):
        job, i = running.pop(future)
        try:
            labels = future.result()
            if labels is None or job.told:
                continue
            job.labels[i] = labels
            if len(job.labels) < len(job.windows):
                continue
            outcome: Placed = job.place, job.merged(), None
        except ExtractorStopped:
            raise
        except Exception as error:
            if job.told:
                continue
            outcome = job.place, None, _told(error, job, i)
        job.told = True
        yield outcome


def _unless_failed(ask: Ask, job: Job, window: Window) -> Annotation | None:
    try:
        return None if job.failed else ask(job, window)
    except Exception:
        job.failed = True
        raise


def _told(error: Exception, job: Job, i: int) -> Exception:
    """Return an error that says which part of a long document it is about."""
    if len(job.windows) == 1 or not isinstance(error, InquitError):
        return error
    window = job.windows[i]
    return DataError(Problem(what=f"characters {window.start} to {window.end}: {told(error)}"))
