"""A strings file and its documents to annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from inquit.corpus import DataError, Document, Problem

from ..predictions.json_lines import is_strings, mixed
from ..predictions.layer import by_line
from .annotations import GroundedAnnotation, ground_annotation
from .strings import StringAnnotation, read_strings
from .tiers import Tier

Progress = Callable[[Sequence[StringAnnotation]], Iterable[StringAnnotation]]


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
        With every fault of the file: of its lines, or else of those that name no document, or one
        with another text.
    """
    try:
        lines = list(read_strings(path))
    except DataError as error:
        if not is_strings(path) and not any(mixed(path)):
            what = "holds offsets, no strings: there is nothing to find"
            remedy = "score it as it is, with 'inquit eval score'"
            raise DataError([Problem(path=str(path), what=what, remedy=remedy)]) from error
        raise
    locate = by_line(path)
    problems: list[Problem] = []
    found: list[GroundedAnnotation] = []
    for line in progress(lines):
        document = documents.get(line.doc_id)
        if document is None:
            what, remedy = "is none of the documents", "give the documents that it is one of"
            problems.append(locate(Problem(doc_id=line.doc_id, what=what, remedy=remedy)))
            continue
        try:
            found.append(ground_annotation(document, line, max_tier=max_tier))
        except DataError as error:
            problems += [locate(problem.at(doc_id=line.doc_id)) for problem in error.problems]
    if problems:
        raise DataError(problems)
    return found
