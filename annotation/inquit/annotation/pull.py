"""Labels back: one layer a person, everything else kept beside it with the reason.

Beside the corpus, in ``label-studio/``, which is not released:

``export-<UTC time>.json``
    The tasks as the server sent them, one file for each state that was pulled.
``annotators.toml``
    E-mail address and pseudonym of each person; see `annotators`.
``annotations.jsonl``
    For each annotation that became labels: who made it, who changed it last, when, how long.
``refused.jsonl``
    Everything that did not become labels, and why.
``pulled.json``
    The checksums of the layers that were written, to know them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus.directory import Corpus
from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.labelstudio import to_model
from inquit.corpus.model import Annotation, Layer

from .annotators import Annotators
from .client import Project, Server
from .export import Work, fetch
from .keep import (
    HISTORY,
    REFUSED,
    checksums,
    keep_export,
    open_beside,
    write_json_lines,
    write_layers,
)
from .project import Key, find_project


class PulledLayer(msgspec.Struct, frozen=True, kw_only=True):
    """The layer of one person."""

    name: str
    documents: int
    spans: int
    attributions: int
    changed: bool


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A document, and who did something with it."""

    doc_id: str
    annotator: str


class RefusedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Something that did not become labels; the thing itself is in the file."""

    doc_id: str
    annotator: str
    region: str
    reason: str


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What `pull` did.

    Parameters
    ----------
    layers : tuple of PulledLayer
        One a person.
    refused : tuple of RefusedPlace
        What did not become labels.
    drafts, skipped : tuple of Place
        Not labels: never submitted, and put aside.
    edited : tuple of Place
        Annotations that somebody else changed last.
    left : tuple of str
        Layers of earlier pulls of which the server has nothing now; they are as they were.
    export_file, refused_file : str
        The raw export, and what was refused with the reasons.
    """

    layers: tuple[PulledLayer, ...]
    refused: tuple[RefusedPlace, ...]
    drafts: tuple[Place, ...]
    skipped: tuple[Place, ...]
    edited: tuple[Place, ...]
    left: tuple[str, ...]
    export_file: str
    refused_file: str


def pull(server: Server, directory: Path, *, force: bool = False) -> Pulled:
    """Write the labels of everyone as layers; again, and nothing changes unless people worked.

    Parameters
    ----------
    force : bool
        Also replace layers that no pull wrote or that were edited, and drop labels of documents
        of which the server has nothing any more.

    Raises
    ------
    DataError
        If the corpus has no project, or a layer may not be replaced; then no layer is written.
    LabelStudioError
        If the server is at fault.
    """
    corpus = Corpus.read(directory, layers=[])
    project, key = project_of(server, corpus)
    beside = open_beside(directory)
    people = Annotators.read(beside)
    export = fetch(server, project, corpus.documents)
    people.meet(export.work)
    unusable = [(u, people.name(u.person) if u.person else "") for u in export.unusable]
    # Kept before anything can be refused: it is a copy of people's work.
    export_file = keep_export(beside, export.content)
    people.save(beside)

    chosen, refused = _newest(export.work, people)
    refused += [_refused(u.doc_id, name, u.reason, u.item) for u, name in unusable]
    labels: dict[str, list[Annotation]] = {}
    for work in chosen:
        annotation, parts = to_model(work.result, corpus.documents[work.doc_id])
        name = people.name(work.person)
        labels.setdefault(name, []).append(annotation)
        refused += [_refused(work.doc_id, name, p.reason, p.item, p.region) for p in parts]
    write_json_lines(beside / REFUSED, refused)
    write_json_lines(beside / HISTORY, (_history(work, people) for work in chosen))

    layers = [_layer(name, labels[name], corpus, key) for name in sorted(labels, key=_natural)]
    states = {state: _places(export.work, state, people) for state in ("draft", "skipped")}
    put_aside = {(place.annotator, place.doc_id) for place in states["skipped"]}
    changed = write_layers(directory, layers, put_aside, force=force)
    return Pulled(
        layers=tuple(_counted(layer, changed) for layer in layers),
        refused=tuple(
            RefusedPlace(**{k: v for k, v in line.items() if k != "item"}) for line in refused
        ),
        drafts=states["draft"],
        skipped=states["skipped"],
        edited=tuple(_place(work, people) for work in chosen if work.editor != work.person),
        left=tuple(sorted(checksums(beside).keys() - labels.keys(), key=_natural)),
        export_file=str(export_file),
        refused_file=str(beside / REFUSED),
    )


def project_of(server: Server, corpus: Corpus) -> tuple[Project, Key]:
    """Return the project of a corpus; raise DataError if it was not pushed."""
    found = find_project(server, corpus.info)
    if found is None:
        raise DataError(
            Problem(
                what=f"corpus {quoted(corpus.info.name)} has no project at {server.url}",
                remedy="send its documents there with 'inquit annotate push'",
            )
        )
    return found


def _newest(work: Iterable[Work], people: Annotators) -> tuple[list[Work], list[dict[str, Any]]]:
    """Return what was submitted, the newest of each person and document, and the others."""
    newest: dict[tuple[str, str], Work] = {}
    older = []
    for one in sorted(work, key=lambda one: one.order):
        if one.state != "done":
            continue
        place = (one.person, one.doc_id)
        if place in newest:
            older.append(newest[place])
        newest[place] = one
    reason = "the same person submitted this document again later; that one is used"
    refused = [_refused(o.doc_id, people.name(o.person), reason, o.result) for o in older]
    return list(newest.values()), refused


def _layer(name: str, labels: list[Annotation], corpus: Corpus, key: Key) -> Layer:
    place = {doc_id: number for number, doc_id in enumerate(corpus.documents)}
    return Layer(
        name=name,
        kind="human",
        guidelines=key.guidelines,
        made_by="a person in Label Studio",
        annotations=tuple(sorted(labels, key=lambda annotation: place[annotation.doc_id])),
    )


def _counted(layer: Layer, changed: set[str]) -> PulledLayer:
    return PulledLayer(
        name=layer.name,
        documents=len(layer.annotations),
        spans=sum(len(a.spans) for a in layer.annotations),
        attributions=sum(len(a.attributions) for a in layer.annotations),
        changed=layer.name in changed,
    )


def _refused(
    doc_id: str, annotator: str, reason: str, item: Any, region: str = ""
) -> dict[str, Any]:
    place = {"doc_id": doc_id, "annotator": annotator, "region": region}
    return {**place, "reason": reason, "item": item}


def _history(work: Work, people: Annotators) -> dict[str, Any]:
    return {
        "doc_id": work.doc_id,
        "annotator": people.name(work.person),
        "changed_by": people.name(work.editor),
        "created": work.created,
        "updated": work.updated,
        "seconds": work.seconds,
    }


def _places(work: Iterable[Work], state: str, people: Annotators) -> tuple[Place, ...]:
    return tuple(_place(one, people) for one in work if one.state == state)


def _place(work: Work, people: Annotators) -> Place:
    return Place(doc_id=work.doc_id, annotator=people.name(work.person))


def _natural(name: str) -> tuple[int, str]:
    """Sort a2 before a10."""
    return len(name), name
