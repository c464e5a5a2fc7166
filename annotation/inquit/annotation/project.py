"""The Label Studio project of a corpus: how it is found, and what is in it.

The project's description ends with a line that names the corpus, the label config and the version
of the guidelines. Ids are never kept: the server gives them out again after a deletion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from inquit.corpus.directory import CorpusInfo
from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.model import Document

from .client import NoAnswerError, Project, Server
from .config import GUIDELINES, config_hash, instruction, label_config

_MARK = "inquit: "
_TITLE = 50


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What a project belongs to; a line of its description."""

    corpus: str
    config: str
    guidelines: str


@dataclass(frozen=True)
class Tasks:
    """The tasks of a project by document.

    Parameters
    ----------
    present : dict
        Task ids by document id, one or more each: documents of the corpus, with their text.
    foreign : int
        Number of tasks that are no document of the corpus.
    """

    present: dict[str, list[int]] = field(default_factory=dict)
    foreign: int = 0

    def repeated(self) -> list[str]:
        """Return the documents that stand there more than once."""
        return [doc_id for doc_id, tasks in self.present.items() if len(tasks) > 1]


def find_project(server: Server, info: CorpusInfo) -> tuple[Project, Key] | None:
    """Return the project of a corpus, or None if there is none yet.

    Raises
    ------
    DataError
        If there are several, or its label config is not the one of this inquit.
    """
    keys = {number: _key(text) for number, text in server.projects().items()}
    ours = [(number, key) for number, key in keys.items() if key and key.corpus == info.name]
    if not ours:
        return None
    if len(ours) > 1:
        raise DataError(
            Problem(
                what=f"{len(ours)} projects at {server.url} belong to corpus {quoted(info.name)}: "
                f"{', '.join(str(number) for number, _ in ours)}",
                remedy="remove the last line of the description of all but one",
            )
        )
    project, key = server.project(ours[0][0]), ours[0][1]
    where = f"project {project.id} ({quoted(project.title)}) at {server.url}"
    if key.config != config_hash(label_config()):
        raise DataError(
            Problem(
                what=f"{where} was made with another label config",
                remedy="use the inquit that made it, or give the corpus another name for a new one",
            )
        )
    if key.config != config_hash(project.label_config):
        raise DataError(
            Problem(
                what=f"the label config of {where} was changed there",
                remedy="put it back (Settings, Labeling Interface): labels would be misread",
            )
        )
    return project, key


def make_project(server: Server, info: CorpusInfo, annotators: int) -> tuple[Project, Key]:
    """Make the project of a corpus.

    Parameters
    ----------
    annotators : int
        How many people are to label each document.
    """
    key = Key(corpus=info.name, config=config_hash(label_config()) or "", guidelines=GUIDELINES)
    line = msgspec.json.encode(key).decode()
    # Label Studio cleans what looks like HTML.
    for character in "<>&":
        line = line.replace(character, f"\\u{ord(character):04x}")
    try:
        server.create_project(
            title=f"inquit: {info.name}"[:_TITLE],
            description=f"Made by 'inquit annotate push'. Keep the next line.\n{_MARK}{line}",
            label_config=label_config(),
            expert_instruction=instruction(),
            show_instruction=True,
            maximum_annotations=annotators,
        )
    except NoAnswerError:
        # It may have been made all the same; made twice, it could not be found again.
        found = find_project(server, info)
        if found is None:
            raise
        return found
    found = find_project(server, info)
    if found is None:
        raise DataError(
            Problem(
                what=f"the new project at {server.url} does not show the name of the corpus",
                remedy="delete it there and report this",
            )
        )
    return found


def list_tasks(server: Server, project: Project, documents: Iterable[Document]) -> Tasks:
    """Return what is in the project; raise DataError if a text there is not the one here."""
    known = {document.doc_id: document for document in documents}
    tasks, problems, foreign = Tasks(), [], 0
    for number, data in server.tasks(project.id):
        doc_id = data.get("doc_id") if isinstance(data, dict) else None
        document = known.get(doc_id) if isinstance(doc_id, str) else None
        if document is None:
            foreign += 1
        elif not holds(data, document):
            problems.append(
                Problem(
                    doc_id=document.doc_id,
                    what=f"has another text in project {project.id} at {server.url}",
                    remedy="restore the text here, or give the new one a new doc_id",
                )
            )
        else:
            tasks.present.setdefault(document.doc_id, []).append(number)
    if problems:
        raise DataError(problems)
    return Tasks(tasks.present, foreign)


def task_data(document: Document) -> dict[str, Any]:
    """Return what a task holds of a document."""
    more = {name: getattr(document, name) for name in ("title", "published", "publisher", "url")}
    return {
        "text": document.text,
        "doc_id": document.doc_id,
        "sha256": document.sha256,
        **{name: value for name, value in more.items() if value is not None},
    }


def holds(data: object, document: Document) -> bool:
    """Tell whether the data of a task hold this very text."""
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str) or not isinstance(data, dict):
        return False
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return data.get("sha256") == digest == document.sha256


def _key(description: str) -> Key | None:
    for line in reversed(description.split("\n")):
        if line.startswith(_MARK):
            try:
                return msgspec.json.decode(line.removeprefix(_MARK), type=Key)
            except msgspec.DecodeError:
                return None
    return None
