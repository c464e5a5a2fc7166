"""Documents out: what Label Studio does not have yet is sent, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus.directory import Corpus
from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.labelstudio import from_model
from inquit.corpus.model import Document, Layer
from inquit.corpus.terminal import track

from .client import NoAnswerError, Server
from .config import GUIDELINES
from .project import Tasks, find_project, list_tasks, make_project, task_data

#: At most so many tasks, or so many bytes of text, in one request.
BATCH, BYTES = 100, 4_000_000
#: How many people label each document, unless told otherwise: two can be compared.
ANNOTATORS = 2


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What `push` did.

    Parameters
    ----------
    url, project : str, int
        Where the tasks are.
    sent, present : int
        Documents sent now, and documents that were there before.
    pre_labelled : int
        Documents that got the labels of a layer now.
    not_shown : list of str
        What of that layer Label Studio cannot hold.
    repeated : list of str
        Documents that stand there more than once.
    foreign : int
        Tasks there that are no document of this corpus.
    """

    url: str
    project: int
    sent: int
    present: int
    pre_labelled: int
    not_shown: tuple[str, ...]
    repeated: tuple[str, ...]
    foreign: int


def push(
    server: Server, directory: Path, *, layer: str | None = None, annotators: int | None = None
) -> Pushed:
    """Send the documents of a corpus to its project, which is made if there is none.

    May be called again at any time: what is there is not sent again, and after a failure the
    project is listed before anything else is sent.

    Parameters
    ----------
    layer : str, optional
        Labels to show to the annotators as a start. They count as predictions, never as labels.
    annotators : int, optional
        How many people are to label each document.

    Raises
    ------
    DataError
        If the corpus is at fault, or what is on the server does not belong to it.
    LabelStudioError
        If the server is at fault.
    """
    corpus = Corpus.read(directory, layers=[] if layer is None else [layer])
    labels = None if layer is None else corpus.layer(layer)
    results, lost = _predictions(corpus, labels)
    found = find_project(server, corpus.info)
    project, key = found or make_project(server, corpus.info, annotators or ANNOTATORS)
    if key.guidelines != GUIDELINES:
        raise DataError(
            Problem(
                what=f"project {project.id} at {server.url} shows guidelines "
                f"{quoted(key.guidelines)}, this inquit has {quoted(GUIDELINES)}",
                remedy="give the corpus another name for a new project",
            )
        )
    if annotators is not None and annotators != project.maximum_annotations:
        server.update_project(project.id, maximum_annotations=annotators)

    def listed() -> Tasks:
        return list_tasks(server, project, corpus.documents.values())

    tasks = listed()
    if tasks.foreign and not tasks.present:
        raise DataError(
            Problem(
                what=f"project {project.id} at {server.url} holds {tasks.foreign} documents, "
                f"and none of these: another corpus is named {quoted(corpus.info.name)} too",
                remedy="give this one another name in corpus.toml",
            )
        )
    missing = [d for d in corpus.documents.values() if d.doc_id not in tasks.present]
    total = len(missing)
    for batch in track(list(_batches(missing)), "sending documents"):
        try:
            server.import_tasks(project.id, [{"data": task_data(d)} for d in batch])
        except NoAnswerError as error:
            # Sent once more, what was stored after all would stand there twice.
            there = listed().present
            if any(document.doc_id not in there for document in batch):
                raise _broken_off(error, f"{len(there)} of {len(corpus.documents)}") from None
    if total:
        tasks = listed()
    pre_labelled = 0
    if labels is not None:
        pre_labelled = _pre_label(server, project.id, labels.annotator, results, tasks)
        if results:
            server.update_project(project.id, model_version=labels.annotator)
    return Pushed(
        url=f"{server.url}/projects/{project.id}",
        project=project.id,
        sent=total,
        present=len(corpus.documents) - total,
        pre_labelled=pre_labelled,
        not_shown=tuple(map(str, lost)),
        repeated=tuple(tasks.repeated()),
        foreign=tasks.foreign,
    )


def _predictions(
    corpus: Corpus, layer: Layer | None
) -> tuple[dict[str, list[dict[str, Any]]], list[Problem]]:
    results, lost = {}, []
    for annotation in layer.annotations if layer else ():
        document = corpus.documents[annotation.doc_id]
        results[document.doc_id], problems = from_model(document, annotation)
        lost += problems
    return results, lost


def _pre_label(
    server: Server, project: int, version: str, results: dict[str, list[Any]], tasks: Tasks
) -> int:
    """Send the predictions that are not there; raise DataError where there are other ones."""
    there = {p.task: p.result for p in server.predictions(project) if p.model_version == version}
    problems, missing = [], []
    for doc_id, result in results.items():
        for task in tasks.present[doc_id]:
            if task not in there:
                missing.append({"task": task, "model_version": version, "result": result})
            elif there[task] != result:
                problems.append(
                    Problem(
                        doc_id=doc_id,
                        what=f"has other predictions by {quoted(version)} in project {project}",
                        remedy="delete them in Label Studio, or name the annotator differently",
                    )
                )
    if problems:
        raise DataError(problems)
    for start in track(range(0, len(missing), BATCH), "sending labels"):
        batch = missing[start : start + BATCH]
        try:
            server.import_predictions(project, batch)
        except NoAnswerError as error:
            stored = {p.task for p in server.predictions(project) if p.model_version == version}
            if any(prediction["task"] not in stored for prediction in batch):
                raise _broken_off(error, f"the labels of {len(stored)}") from None
    return len({prediction["task"] for prediction in missing})


def _broken_off(error: NoAnswerError, there: str) -> NoAnswerError:
    return NoAnswerError(
        f"{error}\n{there} documents are there; push again to send the rest, nothing is sent twice"
    )


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        more = len(document.text.encode())
        if batch and (len(batch) == BATCH or size + more > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += more
    if batch:
        yield batch
