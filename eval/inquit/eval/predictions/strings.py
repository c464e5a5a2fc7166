"""Strings: a layer file in which spans have words (``text``) instead of offsets.

`inquit.eval.grounding` finds them in the documents, with all its tiers. What is not found stays a
prediction: it is kept as ungrounded, and counts as a false positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from inquit.corpus import Annotation, DataError, Document, Problem, terminal
from inquit.corpus.errors import Lookalikes
from inquit.corpus.jsonl import LinesError, all_of
from inquit.corpus.lines import in_order

from ..grounding import ground_annotation
from ..grounding.annotations import hint_problems
from ..grounding.strings import StringAnnotation, read_strings
from .layer import by_line
from .result import Grounding, Locate, PartError, Predictions


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:
    """Read strings and find them in the documents."""
    try:
        strings = all_of(read_strings(path))
    except LinesError as error:
        hints = [
            problem.at(path=str(path), line=error.lines.get(line.doc_id))
            for line in error.left
            if (document := (documents or {}).get(line.doc_id)) is not None
            for problem in hint_problems(document, line)
            if line.sha256 in ("", document.sha256)
        ]
        every = LinesError(in_order([*error.problems, *hints]), error.left, error.lines)
        raise PartError.of_lines(every, path) from error
    locate = by_line(path)
    found, grounding = grounded(strings, path, documents, locate)
    return Predictions("strings", path, found, grounding=grounding, files=(path,), locate=locate)


def grounded(
    strings: Sequence[StringAnnotation],
    path: Path,
    documents: Mapping[str, Document] | None,
    locate: Locate,
) -> tuple[tuple[Annotation, ...], Grounding]:
    """Find strings, which stand in a file, in the documents."""
    if documents is None:
        what = "holds strings, and the documents they are from are not known"
        remedy = "pass --documents, or a corpus as GOLD"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    problems: list[Problem] = []
    alike = Lookalikes(documents)
    found: list[Annotation] = []
    tiers: dict[str, list[str | None]] = {}
    astray: dict[str, tuple[str, ...]] = {}
    for item in terminal.track(strings, "grounding", len(strings)):
        document = documents.get(item.doc_id)
        if document is None:
            what = "is predicted, but is none of the documents"
            remedy = alike.remedy(item.doc_id)
            remedy = remedy or (
                "take it out of the predictions, or give the documents that it is one of"
            )
            problems.append(locate(Problem(doc_id=item.doc_id, what=what, remedy=remedy)))
            continue
        try:
            made = ground_annotation(document, item)
        except DataError as error:
            problems += [locate(p.at(doc_id=item.doc_id)) for p in error.problems]
            continue
        found.append(made.annotation)
        tiers[item.doc_id] = [place.tier for place in made.found.values()]
        astray |= {item.doc_id: made.astray} if made.astray else {}
    if problems:
        raise DataError(problems)
    return tuple(found), Grounding(tiers, astray)
