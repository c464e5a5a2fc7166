"""What people did in a project: everything the server has, whole or named as missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from inquit.corpus.model import Document
from inquit.corpus.terminal import track

from .client import BrokenAnswerError, LabelStudioError, Project, Server
from .project import holds

#: Tasks in one request: a whole project takes longer than proxies wait.
CHUNK = 100


class Work(NamedTuple):
    """One annotation, skip or draft of one person on one document.

    Parameters
    ----------
    doc_id : str
    person : str
        E-mail address of who did it.
    editor : str
        E-mail address of who changed it last.
    state : {"done", "skipped", "draft"}
    result : object
        Label Studio's regions and relations, unchecked.
    created, updated : str
        ISO times, as the server gives them.
    seconds : float or None
        How long it took, as the browser measured.
    number : int
        Label Studio's id of it.
    """

    doc_id: str
    person: str
    editor: str
    state: Literal["done", "skipped", "draft"]
    result: Any
    created: str
    updated: str
    seconds: float | None
    number: int

    @property
    def order(self) -> tuple[datetime, int]:
        """Sorts by the time of the last change."""
        try:
            when = datetime.fromisoformat(self.updated)
        except ValueError:
            when = datetime.min
        return when if when.tzinfo else when.replace(tzinfo=UTC), self.number


class Unusable(NamedTuple):
    """Something of the export that cannot be anybody's labels of a document."""

    doc_id: str
    person: str
    reason: str
    item: Any


@dataclass(frozen=True)
class Export:
    """Everything in a project.

    Parameters
    ----------
    content : bytes
        The tasks as the server sent them: a JSON array.
    work : list of Work
    unusable : list of Unusable
    pushed : set of str
        Documents that stand in the project.
    """

    content: bytes
    work: list[Work]
    unusable: list[Unusable]
    pushed: set[str]


class _Annotation(msgspec.Struct):
    id: int
    completed_by: int | None = None
    updated_by: int | None = None
    result: Any = None
    was_cancelled: bool = False
    created_at: str = ""
    updated_at: str = ""
    lead_time: float | None = None

    @property
    def state(self) -> Literal["done", "skipped"]:
        return "skipped" if self.was_cancelled else "done"

    def people(self, known: dict[int, str]) -> tuple[str, str]:
        person = known.get(self.completed_by or 0, "")
        return person, known.get(self.updated_by or 0, person)


class _Draft(msgspec.Struct):
    id: int
    user: str = ""
    result: Any = None
    created_at: str = ""
    updated_at: str = ""
    lead_time: float | None = None
    state: Literal["draft"] = "draft"

    def people(self, _: dict[int, str]) -> tuple[str, str]:
        return self.user, self.user


def fetch(server: Server, project: Project, documents: Mapping[str, Document]) -> Export:
    """Read a whole project.

    One annotation that the server cannot write as JSON makes it fail for every task in the same
    request; such tasks are found and named, the others are read.

    Raises
    ------
    LabelStudioError
        If the server is at fault, or no task at all can be read.
    """
    people = server.users()
    listed = dict(server.tasks(project.id))
    numbers = sorted(listed)
    chunks: list[bytes] = []
    work: list[Work] = []
    unusable: list[Unusable] = []
    failures: list[Unusable] = []
    for start in track(range(0, len(numbers), CHUNK), "fetching labels"):
        for content, tasks, failure in _chunks(server, project, numbers[start : start + CHUNK]):
            if failure is not None:
                doc_id = _doc_id(listed[tasks[0]])
                reason = f"task {tasks[0]} cannot be exported: {failure}"
                failures.append(Unusable(doc_id, "", reason, None))
                continue
            if inside := content.strip()[1:-1].strip():
                chunks.append(inside)
            for task in tasks:
                for found in _of_task(task, people, documents):
                    if isinstance(found, Work):
                        work.append(found)
                    else:
                        unusable.append(found)
    if failures and len(failures) == len(numbers):
        raise LabelStudioError(failures[0].reason)
    pushed = {_doc_id(data) for data in listed.values() if _problem(data, documents) == ""}
    return Export(b"[" + b",\n".join(chunks) + b"]\n", work, unusable + failures, pushed)


def _chunks(
    server: Server, project: Project, numbers: list[int]
) -> Iterator[tuple[bytes, list[Any], BrokenAnswerError | None]]:
    """Yield (content, tasks, None), or (nothing, one task id, error) where only that one fails."""
    try:
        yield *server.export(project.id, numbers), None
    except BrokenAnswerError as error:
        if len(numbers) == 1:
            yield b"", numbers, error
            return
        half = len(numbers) // 2
        yield from _chunks(server, project, numbers[:half])
        yield from _chunks(server, project, numbers[half:])


def _of_task(
    task: Any, people: dict[int, str], documents: Mapping[str, Document]
) -> Iterator[Work | Unusable]:
    """Yield every annotation and every draft of a task."""
    if not isinstance(task, dict):
        yield Unusable("", "", "is not a task", task)
        return
    doc_id, problem = _doc_id(task.get("data")), _problem(task.get("data"), documents)
    kinds: tuple[tuple[str, Any], ...]
    kinds = (("annotations", _Annotation), ("drafts", _Draft))
    for name, kind in kinds:
        for item in task.get(name) or []:
            person, editor = "", ""
            try:
                found: Any = msgspec.convert(item, kind)
                person, editor = found.people(people)
                reason = problem or ("" if person else "nobody knows who made it")
            except (msgspec.ValidationError, RecursionError):
                reason = problem or "cannot be read"
            if reason:
                yield Unusable(doc_id, person, reason, item)
                continue
            yield Work(
                doc_id=doc_id,
                person=person,
                editor=editor,
                state=found.state,
                result=found.result,
                created=found.created_at,
                updated=found.updated_at,
                seconds=found.lead_time,
                number=found.id,
            )


def _doc_id(data: object) -> str:
    found = data.get("doc_id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _problem(data: object, documents: Mapping[str, Document]) -> str:
    """Return why the labels of a task are not those of a document; empty if they are."""
    document = documents.get(_doc_id(data))
    if document is None:
        return "the document is not in this corpus"
    if not holds(data, document):
        return "the text in Label Studio is not the text of the document"
    return ""
