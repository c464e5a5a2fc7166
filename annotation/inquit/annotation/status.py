"""How far the work is: per document and annotator; nothing is written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from inquit.corpus.directory import Corpus

from .annotators import Annotators
from .client import Server
from .export import fetch
from .keep import BESIDE
from .pull import project_of


class DocumentStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what with a document; a person with several states stands under each."""

    doc_id: str
    pushed: bool
    done: tuple[str, ...]
    drafts: tuple[str, ...]
    skipped: tuple[str, ...]


class AnnotatorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of one person; ``untouched`` are those pushed that have nothing of theirs."""

    annotator: str
    done: int
    drafts: int
    skipped: int
    untouched: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How far the work is.

    Parameters
    ----------
    wanted : int
        How many people are to label each document.
    missing : int
        Documents of the corpus that were not pushed.
    enough : int
        Documents that have as many submitted annotations as wanted, or more.
    unusable : int
        Annotations and drafts of other texts or of nobody known; `pull` names them.
    """

    url: str
    wanted: int
    missing: int
    enough: int
    unusable: int
    documents: tuple[DocumentStatus, ...]
    annotators: tuple[AnnotatorStatus, ...]


def status(server: Server, directory: Path) -> Status:
    """Ask the server how far the work on a corpus is.

    Raises
    ------
    DataError
        If the corpus has no project.
    LabelStudioError
        If the server is at fault.
    """
    corpus = Corpus.read(directory, layers=[])
    project, _ = project_of(server, corpus)
    people = Annotators.read(directory / BESIDE)
    export = fetch(server, project, corpus.documents)
    people.meet(export.work)
    names = sorted({people.name(work.person) for work in export.work}, key=lambda n: (len(n), n))
    states: dict[str, dict[str, set[str]]] = {
        state: {doc_id: set() for doc_id in corpus.documents}
        for state in ("done", "draft", "skipped")
    }
    for work in export.work:
        states[work.state][work.doc_id].add(people.name(work.person))

    def who(state: str, doc_id: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in states[state][doc_id])

    def count(state: str, name: str) -> int:
        return sum(name in there for there in states[state].values())

    touched = {
        name: {w.doc_id for w in export.work if people.name(w.person) == name} for name in names
    }
    return Status(
        url=f"{server.url}/projects/{project.id}",
        wanted=project.maximum_annotations,
        missing=len(corpus.documents) - len(export.pushed),
        enough=sum(len(there) >= project.maximum_annotations for there in states["done"].values()),
        unusable=len(export.unusable),
        documents=tuple(
            DocumentStatus(
                doc_id=doc_id,
                pushed=doc_id in export.pushed,
                done=who("done", doc_id),
                drafts=who("draft", doc_id),
                skipped=who("skipped", doc_id),
            )
            for doc_id in corpus.documents
        ),
        annotators=tuple(
            AnnotatorStatus(
                annotator=name,
                done=count("done", name),
                drafts=count("draft", name),
                skipped=count("skipped", name),
                untouched=len(export.pushed - touched[name]),
            )
            for name in names
        ),
    )
