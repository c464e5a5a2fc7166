"""A strings file and its documents to annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from inquit.corpus import DataError, Document, Problem
from inquit.corpus.errors import Lookalikes
from inquit.corpus.jsonl import LinesError, all_of
from inquit.corpus.lines import in_order

from ..predictions.json_lines import is_offsets
from ..predictions.layer import by_line
from ..predictions.recognise import recognise
from .annotations import GroundedAnnotation, check_text, ground_annotation
from .strings import StringAnnotation, read_strings
from .tiers import Tier

Progress = Callable[[Sequence[StringAnnotation]], Iterable[StringAnnotation]]
_NOTHING = "no strings: there is nothing to find"
_AS_IT_IS = "score it as it is, with 'inquit eval score'"


def ground_file(
    path: Path,
    documents: Mapping[str, Document],
    *,
    max_tier: Tier = "aligned",
    progress: Progress = iter,
) -> list[GroundedAnnotation]:
    """Find all strings of a file in their documents.

    Parameters
    ----------
    path : Path
        A strings file.
    documents : mapping of str to Document
        By their ids; may be more than the file names.
    max_tier : str
    progress : callable
        Yields the lines of the file, and shows how far it has come.

    Raises
    ------
    DataError
        With every fault of the file: of its lines, and of those that name no document, or one
        with another text.
    """
    _refuse_other_forms(path)
    alike = Lookalikes(documents)
    try:
        lines = all_of(read_strings(path))
    except LinesError as error:
        if is_offsets(path):
            what = f"holds offsets, {_NOTHING}"
            raise DataError([Problem(path=str(path), what=what, remedy=_AS_IT_IS)]) from error
        unfit = (p for line in error.left for p in _misfits(line, documents, alike))
        told = [p.at(path=str(path), line=error.lines.get(p.doc_id)) for p in unfit]
        raise DataError(in_order([*error.problems, *told])) from error
    if not lines:
        what = "holds no document, so there is nothing to find"
        remedy = "give each document a line, also one without labels"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    locate = by_line(path)
    problems: list[Problem] = []
    found: list[GroundedAnnotation] = []
    for line in progress(lines):
        if misfits := list(_misfits(line, documents, alike)):
            problems += map(locate, misfits)
            continue
        found.append(ground_annotation(documents[line.doc_id], line, max_tier=max_tier))
    if problems:
        raise DataError(problems)
    return found


def _refuse_other_forms(path: Path) -> None:
    """Raise DataError if strings are given as a table, or predictions have no strings at all."""
    form = ""
    try:
        form = recognise(path)
    except DataError:
        # What is wrong in a file is told line by line.
        if path.is_dir():
            raise
    if form == "table":
        what = "is a table, no JSON lines"
        remedy = "write it with Dataset.to_json(lines=True), or score it with 'inquit eval score'"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    if form in ("offsets_csv", "brat"):
        kind = "a CSV of offsets" if form == "offsets_csv" else "a folder of brat files"
        raise DataError(Problem(path=str(path), what=f"is {kind}, {_NOTHING}", remedy=_AS_IT_IS))


def _misfits(
    line: StringAnnotation, documents: Mapping[str, Document], alike: Lookalikes
) -> Iterator[Problem]:
    """Yield a problem if a line names no document, or one with another text."""
    document = documents.get(line.doc_id)
    if document is None:
        what = "is none of the documents"
        remedy = alike.remedy(line.doc_id)
        remedy = remedy or "give the documents that it is one of"
        yield Problem(doc_id=line.doc_id, what=what, remedy=remedy)
        return
    try:
        check_text(document, line)
    except DataError as error:
        yield from (problem.at(doc_id=line.doc_id) for problem in error.problems)
