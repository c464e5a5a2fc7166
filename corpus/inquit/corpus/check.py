"""Every rule that a corpus directory is held to, and the check of one against all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from .boundaries import cuts_character, cuts_word, has_outer_space
from .directory import (
    DOCUMENTS,
    INFO,
    LAYERS,
    CorpusInfo,
    annotation_problems,
    read_info,
    undescribed_layers,
)
from .duplicates import SIMILARITY, NearDuplicates, near_duplicates
from .errors import DataError, Problem, quoted
from .jsonl import LinesError, read_annotations, read_documents
from .licence import is_licence
from .lines import with_lines
from .model import Annotation, Document, Span
from .vocabulary import ROLES

Severity = Literal["error", "warning"]
R = TypeVar("R")
_ROLE_LABELS = {"quote", *(role for role in ROLES if role != "content")}

#: Every rule: how grave a breach is, and what it says.
RULES: Final[dict[str, tuple[Severity, str]]] = {
    "info": ("error", f"{INFO} is readable and describes every layer"),
    "no-document": ("error", "a corpus holds documents"),
    "document": ("error", "each document is readable and follows the model"),
    "annotation": ("error", "each line of a layer is readable and follows the model"),
    "fit": ("error", "labels lie inside the text they were made over"),
    "empty-text": ("error", "a document has words"),
    "duplicate-text": ("error", "no two documents have the same text"),
    "duplicate-in-two-splits": ("error", "the same text, or nearly so, stands in one split"),
    "group-in-two-splits": ("error", "the documents of a group stand in one split"),
    "licence": ("warning", "a licence is an SPDX expression, LicenseRef-NAME or 'restricted'"),
    "empty-layer": ("warning", "a layer labels a document"),
    "near-duplicate": ("warning", "no two documents have nearly the same text"),
    "outer-space": ("warning", "a fragment neither begins nor ends with white space"),
    "cut-character": ("warning", "a boundary does not cut a character with its marks"),
    "cut-word": ("warning", "a boundary does not cut a word"),
    "same-span-twice": ("warning", "no two spans have the same label and fragments"),
    "quote-alone": ("warning", "a quote is the content of an attribution"),
    "role-alone": ("warning", "a source, cue or addressee has its attribution"),
    "inside-ignore": ("warning", "nothing is labelled in what is ignored"),
}


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found: the problems of each rule, in the order of RULES.

    ``crowded`` counts documents with so many near-duplicates that not every pair with a later
    document may be among the problems; see `duplicates.NearDuplicates`.
    """

    documents: int
    layers: int
    crowded: int
    problems: dict[str, list[Problem]]

    def count(self, severity: Severity) -> int:
        """Return the number of errors, or of warnings."""
        return sum(
            len(found) for rule, found in self.problems.items() if RULES[rule][0] == severity
        )


def check(directory: Path, *, similarity: float = SIMILARITY) -> CheckResult:
    """Check all files of a corpus directory by all rules.

    A file or line that cannot be read does not keep the others from being checked; while some
    document cannot be read, labels of documents that seem to be missing are not complained of.
    Texts are near-duplicates from the similarity on; see `duplicates`.
    """
    found: dict[str, list[Problem]] = {rule: [] for rule in RULES}
    info = _info(directory, found["info"])
    path = directory / DOCUMENTS
    documents = _readable(read_documents(path), found["document"])
    if not documents and not found["document"]:
        what, remedy = "holds no document", "import some with 'inquit corpus import'"
        found["no-document"].append(Problem(path=str(path), what=what, remedy=remedy))
    for licence in sorted({info.licence, *(d.licence for d in documents)} - {"restricted"}):
        if not is_licence(licence):
            what = f"licence {quoted(licence)} is neither an SPDX expression nor 'restricted'"
            remedy = "name it as spdx.org does, or LicenseRef-NAME if it is none of those"
            found["licence"].append(Problem(path=str(directory), what=what, remedy=remedy))
    near = near_duplicates(
        [document.text for document in documents],
        [document.split for document in documents],
        similarity=similarity,
    )
    for rule, problem in (*_document_rules(documents), *_duplicate_rules(documents, near)):
        found[rule].append(problem.at(path=str(path)))
    known = {document.doc_id: document for document in documents}
    names = sorted({*info.layers, *(file.stem for file in (directory / LAYERS).glob("*.jsonl"))})
    for name in names:
        path = directory / LAYERS / f"{name}.jsonl"
        left: list[Annotation] = []
        annotations = _readable(read_annotations(path), found["annotation"], left)
        for annotation in left:
            if annotation.doc_id in known:
                unfit = annotation_problems(annotation, name, known)
                found["fit"] += [problem.at(path=str(path)) for problem in unfit]
        if not annotations and not found["annotation"]:
            what, remedy = "labels no document", "label some, or remove the layer"
            found["empty-layer"].append(Problem(path=str(path), what=what, remedy=remedy))
        for annotation in annotations:
            if annotation.doc_id not in known and found["document"]:
                continue
            misfits = [
                problem.at(path=str(path))
                for problem in annotation_problems(annotation, name, known)
            ]
            found["fit"] += misfits
            if not misfits:
                for rule, problem in _annotation_rules(annotation, known[annotation.doc_id].text):
                    found[rule].append(problem.at(path=str(path), doc_id=annotation.doc_id))
    return CheckResult(
        documents=len(documents),
        layers=len(names),
        crowded=near.crowded,
        problems={rule: list(with_lines(problems)) for rule, problems in found.items()},
    )


def _info(directory: Path, problems: list[Problem]) -> CorpusInfo:
    try:
        info = read_info(directory)
    except DataError as error:
        if not (directory / INFO).is_file():
            raise
        problems += error.problems
        return CorpusInfo(name="")
    problems += undescribed_layers(directory, info)
    return info


def _readable(
    records: Iterator[R], problems: list[Problem], left: list[R] | None = None
) -> list[R]:
    """Return the records that can be read; add what is wrong with the others to the problems.

    ``left`` takes what can be read of the others.
    """
    kept: list[R] = []
    try:
        kept.extend(records)
    except DataError as error:
        problems += error.problems
        if left is not None and isinstance(error, LinesError):
            left += error.left
    return kept


def _document_rules(documents: Iterable[Document]) -> Iterator[tuple[str, Problem]]:
    first: dict[str, str] = {}
    splits: dict[str, dict[str, list[str]]] = {}
    for document in documents:
        doc_id = document.doc_id
        if not document.text.strip():
            what = "holds white space only" if document.text else "has no text"
            yield "empty-text", Problem(doc_id=doc_id, what=what, remedy="remove it")
        elif (other := first.setdefault(document.sha256, doc_id)) != doc_id:
            what = f"has the same text as document {quoted(other)}"
            yield "duplicate-text", Problem(doc_id=doc_id, what=what, remedy="keep one of the two")
        if document.group is not None and document.split is not None:
            splits.setdefault(document.group, {}).setdefault(document.split, []).append(doc_id)
    for group, members in splits.items():
        if len(members) > 1:
            where = " and ".join(
                f"{split} ({quoted(ids[0])}{f' and {len(ids) - 1} more' if ids[1:] else ''})"
                for split, ids in members.items()
            )
            yield (
                "group-in-two-splits",
                Problem(
                    doc_id=list(members.values())[1][0],
                    what=f"group {quoted(group)} stands in {where}",
                    remedy="move all its documents to one split",
                ),
            )


def _duplicate_rules(
    documents: Sequence[Document], near: NearDuplicates
) -> Iterator[tuple[str, Problem]]:
    for pair in near.pairs:
        one, other = documents[pair.first], documents[pair.second]
        same = one.sha256 == other.sha256
        what = f"has {'' if same else 'nearly '}the same text as document {quoted(one.doc_id)}"
        if not same:
            what += f" (similarity {_rounded_down(pair.similarity)})"
        if one.split and other.split and one.split != other.split:
            rule = "duplicate-in-two-splits"
            what += f", which stands in {one.split}, this one in {other.split}"
            remedy = "put both in one split ('inquit corpus split' can), or remove one"
        elif same:
            continue
        else:
            rule, remedy = "near-duplicate", "keep both in one split, or remove one"
        yield rule, Problem(doc_id=other.doc_id, what=what, remedy=remedy)


def _rounded_down(similarity: float) -> str:
    return f"{int(similarity * 100) / 100:.2f}"


def _annotation_rules(annotation: Annotation, text: str) -> Iterator[tuple[str, Problem]]:
    seen: dict[tuple[object, ...], str] = {}
    for span in annotation.spans:
        for rule, what, remedy in _boundary_rules(span, text):
            yield rule, Problem(span=span.id, what=what, remedy=remedy)
        other = seen.setdefault((span.label, span.fragments), span.id)
        if other != span.id:
            what = f"has the label and the fragments of span {quoted(other)}"
            yield "same-span-twice", Problem(span=span.id, what=what, remedy="keep one of the two")
    yield from _role_rules(annotation)
    yield from _ignore_rules(annotation)


def _boundary_rules(span: Span, text: str) -> Iterator[tuple[str, str, str]]:
    for start, end in span.fragments:
        if has_outer_space(text, start, end):
            what = f"{span.label} fragment [{start}, {end}) has white space at its edge"
            yield "outer-space", what, "leave it outside"
        for edge, offset in (("begins", start), ("ends", end)):
            if cuts_character(text, offset):
                rule, cut, remedy = "cut-character", "character", "move it to the edge"
            elif cuts_word(text, offset):
                rule, cut, remedy = "cut-word", "word", "move it to the edge, if not meant"
            else:
                continue
            around = quoted(f"{text[max(0, offset - 12) : offset]}|{text[offset : offset + 12]}")
            yield rule, f"{span.label} {edge} at {offset} inside a {cut}: {around}", remedy


def _role_rules(annotation: Annotation) -> Iterator[tuple[str, Problem]]:
    used = {i for a in annotation.attributions for _, ids in a.roles() for i in ids}
    for span in annotation.spans:
        if span.id not in used and span.label in _ROLE_LABELS:
            rule = "quote-alone" if span.label == "quote" else "role-alone"
            remedy = "add it to one, or remove it"
            yield rule, Problem(span=span.id, what=f"{span.label} in no attribution", remedy=remedy)


def _ignore_rules(annotation: Annotation) -> Iterator[tuple[str, Problem]]:
    ignored = [span for span in annotation.spans if span.label == "ignore"]
    for span in annotation.spans if ignored else ():
        if span.label == "ignore":
            continue
        for region in ignored:
            if any(
                s < end and start < e for s, e in region.fragments for start, end in span.fragments
            ):
                what = f"{span.label} shares text with ignore {quoted(region.id)}"
                remedy = "shorten one of the two, or remove the label"
                yield "inside-ignore", Problem(span=span.id, what=what, remedy=remedy)
