"""Which predicted document is which gold document, and what is refused before anything counts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import numpy as np

from inquit.corpus import Corpus, DataError, Document, Problem
from inquit.corpus.errors import Lookalikes
from inquit.corpus.model import other_text

from .charsets import IntArray
from .columns import NOWHERE, Columns
from .items import Side


def align(
    gold: Columns, predicted: Columns, documents: Mapping[str, Document] | None = None
) -> tuple[Side, Side, list[str]]:
    """Return gold, the predictions, and gold's documents that have no prediction.

    Raises
    ------
    DataError
        For every document that stands twice, that gold does not know or that is made over another
        text, and, where the documents are known, every offset outside the text.
    """
    n = len(gold.doc_ids)
    same = list(gold.doc_ids) == list(predicted.doc_ids)
    problems = [*_twice(gold)]
    found: IntArray = np.arange(n)
    # A look-up for each document costs more than matching its spans.
    if problems or not same:
        problems += _twice(predicted)
        place = dict(zip(gold.doc_ids, range(n), strict=True))
        found = np.array([place.get(doc_id, -1) for doc_id in predicted.doc_ids], np.int64)
    agree = same and list(gold.sha256) == list(predicted.sha256)
    rows = () if agree else zip(predicted.doc_ids, predicted.sha256, found.tolist(), strict=True)
    refused: set[str] = set()
    alike = Lookalikes(gold.doc_ids)
    for doc_id, sha256, number in rows:
        if number < 0:
            problems.append(
                Problem(
                    path=predicted.origin,
                    doc_id=doc_id,
                    what="is predicted, gold does not know it",
                    remedy=alike.remedy(doc_id)
                    or "take it out of the predictions, or score against gold that has it",
                )
            )
        elif sha256 and (wanted := gold.sha256[number]) and sha256 != wanted:
            problems.append(_other_text(predicted, doc_id, sha256, wanted, "gold"))
        else:
            continue
        refused.add(doc_id)
    if documents is not None:
        problems += [
            *_document_problems(gold, documents),
            *_document_problems(predicted, documents, refused),
        ]
    problems += _ungrounded_gold(gold)
    if problems:
        raise DataError(dict.fromkeys(problems))
    missing = np.ones(n, np.bool_)
    missing[found] = False
    names = [gold.doc_ids[i] for i in np.flatnonzero(missing)]
    return in_order(gold), Side(predicted, found), names


def in_order(columns: Columns) -> Side:
    """Return a layer whose documents are numbered as they stand."""
    return Side(columns, np.arange(len(columns.doc_ids), dtype=np.int64))


def documents_by_id(
    documents: Corpus | Mapping[str, Document] | Iterable[Document] | None,
) -> Mapping[str, Document] | None:
    """Return documents by their ids, whatever form they come in; refuse one that stands twice."""
    if documents is None:
        return None
    if isinstance(documents, Corpus):
        return documents.documents
    if isinstance(documents, Mapping):
        _check_documents(documents.values())
        return documents
    if isinstance(documents, str) or not isinstance(documents, Iterable):
        raise _no_documents(documents)
    documents = list(documents)
    _check_documents(documents)
    found: dict[str, Document] = {}
    problems = []
    for document in documents:
        if document.doc_id in found:
            what, remedy = "stands twice among the documents", "keep one of the two"
            problems.append(Problem(doc_id=document.doc_id, what=what, remedy=remedy))
        found[document.doc_id] = document
    if problems:
        raise DataError(problems)
    return found


def _check_documents(documents: Iterable[object]) -> None:
    for document in documents:
        if not isinstance(document, Document):
            raise _no_documents(document)


def _no_documents(value: object) -> DataError:
    what = f"{type(value).__name__} is not a form that documents come in"
    remedy = (
        "give a Corpus, a sequence of Document or a mapping of their ids; Corpus.read reads one"
    )
    return DataError(Problem(what=what, remedy=remedy))


def _twice(columns: Columns) -> Iterator[Problem]:
    if len(set(columns.doc_ids)) == len(columns.doc_ids):
        return
    seen: set[str] = set()
    for doc_id in columns.doc_ids:
        if doc_id in seen:
            yield Problem(
                path=columns.origin,
                doc_id=doc_id,
                what="stands twice",
                remedy="a layer holds one annotation a document",
            )
        seen.add(doc_id)


def _ungrounded_gold(gold: Columns) -> Iterator[Problem]:
    for row in gold.ungrounded.tolist():
        yield Problem(
            path=gold.origin,
            doc_id=gold.doc_ids[int(gold.doc[row])],
            span=gold.span_id(row),
            what="is ungrounded: it has no place in the text",
            remedy="gold labels stand in the text; only predictions may be ungrounded",
        )


def _document_problems(
    columns: Columns, documents: Mapping[str, Document], refused: Container[str] = ()
) -> Iterator[Problem]:
    """Yield what is wrong with labels over the texts; as `Annotation.problems_with`, at once."""
    lengths: IntArray = np.full(len(columns.doc_ids), np.iinfo(np.int64).max)
    for i, (doc_id, sha256) in enumerate(zip(columns.doc_ids, columns.sha256, strict=True)):
        document = documents.get(doc_id)
        if doc_id in refused and (document is None or sha256 not in ("", document.sha256)):
            continue
        if document is None:
            yield Problem(
                path=columns.origin,
                doc_id=doc_id,
                what="is labelled but is not among the documents",
                remedy="add the document, or remove its labels",
            )
        elif sha256 and sha256 != document.sha256:
            yield _other_text(columns, doc_id, sha256, document.sha256, "the document")
        else:
            lengths[i] = len(document.text)
    sets = columns.fragments
    placed = sets.start < NOWHERE
    outside = np.flatnonzero(placed & (sets.end > lengths[columns.doc][sets.owner]))
    for i in outside.tolist():
        row = int(sets.owner[i])
        doc = int(columns.doc[row])
        yield Problem(
            path=columns.origin,
            doc_id=columns.doc_ids[doc],
            span=columns.span_id(row),
            what=f"ends at {sets.end[i]}, the text has {lengths[doc]} code points",
            remedy="give offsets in code points, half-open, inside the text",
        )


def _other_text(columns: Columns, doc_id: str, found: str, wanted: str, of: str) -> Problem:
    return other_text(found, wanted, of).at(path=columns.origin, doc_id=doc_id)


def texts_of(doc_ids: Sequence[str], documents: Mapping[str, Document]) -> list[Document]:
    """Return the documents in this order."""
    return [documents[doc_id] for doc_id in doc_ids]
