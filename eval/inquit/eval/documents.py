"""The texts that labels are about, wherever they lie."""

from __future__ import annotations

from pathlib import Path

from inquit.corpus import Document
from inquit.corpus.directory import DOCUMENTS, INFO
from inquit.corpus.jsonl import read_documents

from .run import open_corpus


def documents_at(path: Path) -> dict[str, Document]:
    """Return documents by their ids, in the order of the source.

    Parameters
    ----------
    path : Path
        A corpus directory, a release, or a file like ``documents.jsonl`` of a corpus.

    Raises
    ------
    DataError
        If it is none of them, or with every fault of its documents.
    """
    if path.is_dir() and not (path / INFO).is_file():
        return open_corpus(path).documents
    file = path / DOCUMENTS if path.is_dir() else path
    return {document.doc_id: document for document in read_documents(file)}
