"""Identifiers that tell words of a text, and others in their place."""

from __future__ import annotations

import hashlib

import msgspec

from ..directory import Corpus
from ..errors import DataError, Problem
from ..model import Document
from .detach import telling


def without_telling_ids(corpus: Corpus) -> tuple[Corpus, int]:
    """Return the corpus with neutral ids where a doc_id or group has words of its text or title.

    A doc_id becomes ``text-`` and the begin of the text's checksum, a group ``group-`` and the
    begin of a checksum of its documents' checksums, so equal groups stay equal.

    Returns
    -------
    corpus : Corpus
    count : int
        How many documents got another doc_id or group.
    """
    members: dict[str, list[Document]] = {}
    for document in corpus.documents.values():
        if document.group is not None:
            members.setdefault(document.group, []).append(document)
    groups = {
        group: f"group-{_short(''.join(sorted(d.sha256 for d in found)))}"
        for group, found in members.items()
        if any(telling(_only(d, group=group)) for d in found)
    }
    renamed: dict[str, Document] = {}
    for document in corpus.documents.values():
        doc_id = document.doc_id
        if telling(_only(document, doc_id=doc_id)):
            doc_id = f"text-{document.sha256[:12]}"
        group = groups.get(document.group or "", document.group)
        if (doc_id, group) != (document.doc_id, document.group):
            renamed[document.doc_id] = msgspec.structs.replace(document, doc_id=doc_id, group=group)
    documents = [renamed.get(d.doc_id, d) for d in corpus.documents.values()]
    if len({d.doc_id for d in documents}) < len(documents):
        raise DataError(
            Problem(
                what="two documents with telling ids have the same text",
                remedy="remove one, or pass --keep-ids",
            )
        )
    layers = []
    for layer in corpus.layers.values():
        annotations = tuple(
            msgspec.structs.replace(a, doc_id=renamed[a.doc_id].doc_id)
            if a.doc_id in renamed
            else a
            for a in layer.annotations
        )
        layers.append(msgspec.structs.replace(layer, annotations=annotations))
    return Corpus(corpus.info, documents, layers), len(renamed)


def _only(document: Document, *, doc_id: str = "-", group: str | None = None) -> Document:
    """Return a text beside one identifier alone; words of the title count as words of the text."""
    text = f"{document.title or ''}\n{document.text}"
    return Document(doc_id=doc_id, text=text, group=group)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
