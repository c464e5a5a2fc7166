"""Joining detached labels with their texts: the inverse of `detach`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from .. import terminal
from ..directory import Corpus
from ..errors import DataError, Problem, quoted
from ..model import Annotation, Document
from .anchors import SHARED, Anchorer
from .detach import with_names
from .find import Candidate, Setting, settings
from .folder import CHANGED, Standoff
from .reanchor import Aside, place_name, reanchor
from .records import Text
from .refusals import equally_good, refusal
from .report import AttachReport, Joined

REPORT = "attach-report.json"


@dataclass(frozen=True, slots=True)
class Attached:
    """A corpus whose labels were joined with their texts, and the report on it."""

    corpus: Corpus
    report: AttachReport

    def write(self, directory: Path, *, force: bool = False) -> None:
        """Write the corpus as a directory with the report beside its files."""
        content = msgspec.json.format(msgspec.json.encode(self.report)) + b"\n"
        self.corpus.write(directory, force=force, beside={REPORT: content})


def attach(
    standoff: Standoff,
    found: Iterable[Candidate],
    *,
    allow_reanchor: bool = False,
    partial: bool = False,
) -> Attached:
    """Join the labels of a release with texts.

    Parameters
    ----------
    standoff : Standoff
    found : iterable of Candidate
        Texts, among others perhaps; see `find.candidates`.
    allow_reanchor : bool
        Take a text of which only white space or typography differ, and move the labels. A text
        that differs in words too, in less than half of it, is taken, but labels near these words
        are refused.
    partial : bool
        Go on without texts that are not found and labels that are refused. The report names them.

    Raises
    ------
    DataError
        With every text that is missing or does not match, and every label that is refused.
    """
    by_sum: dict[str, Candidate] = {}
    for candidate in found:
        by_sum.setdefault(candidate.sha256, candidate)
    missing = [text for text in standoff.texts.values() if text.sha256 not in by_sum]
    exact = {t.doc_id: by_sum[t.sha256] for t in standoff.texts.values() if t.sha256 in by_sum}
    known = {text.sha256 for text in standoff.texts.values()}
    others = [candidate for sha256, candidate in by_sum.items() if sha256 not in known]
    near, unreadable = settings(
        missing, terminal.track(others if missing else (), "comparing texts")
    )
    joiner = _Joiner(standoff)
    problems: list[Problem] = []
    for text in terminal.track(standoff.texts.values(), "attaching", len(standoff.texts)):
        fits = near.get(text.doc_id, [])
        if text.doc_id in exact:
            joiner.join_exact(text, exact[text.doc_id])
        elif not allow_reanchor or not fits or equally_good(fits):
            problems.append(refusal(text, fits, others, standoff.info.obtain))
            joiner.missing.append(text.doc_id)
        else:
            joiner.join_setting(text, fits[0])
    problems += joiner.refused()
    problems += unreadable if problems else ()
    # Where not one text is found there is nothing to go on with, and every reason is told.
    nothing = len(joiner.missing) == len(standoff.texts)
    if joiner.broken or (problems and (nothing or not partial)):
        raise DataError([*joiner.broken, *(problems if nothing or not partial else ())])
    return joiner.attached(len(by_sum))


class _Joiner:
    """Joins one document after the other."""

    def __init__(self, standoff: Standoff) -> None:
        self.missing: list[str] = []
        #: What is wrong with the release itself.
        self.broken: list[Problem] = []
        self._standoff = standoff
        self._labels = {name: layer.by_document() for name, layer in standoff.layers.items()}
        self._documents: list[Document] = []
        self._annotations: dict[str, list[Annotation]] = {name: [] for name in standoff.layers}
        self._joined: list[Joined] = []
        self._used: set[str] = set()

    def join_exact(self, text: Text, candidate: Candidate) -> None:
        document = _document(text, candidate.load(), candidate)
        anchorer = Anchorer(document)
        again = anchorer.text({n: name.fragment for n, name in text.names.items()})
        if again != text:
            self._break(text, "", "its record does not fit its text")
        names = {n: document.text[slice(*name.fragment)] for n, name in text.names.items()}
        kept = []
        for layer, annotation in self._of(text):
            expected = self._standoff.anchors[layer][text.doc_id].spans
            for span, anchors in anchorer.labels(annotation).spans.items():
                if anchors != expected[span]:
                    self._break(text, span, f"its proof fails in layer {quoted(layer)}")
            kept.append((layer, annotation))
        self._keep(document, candidate, "exact", kept, names, [])

    def join_setting(self, text: Text, setting: Setting) -> None:
        document = _document(text, setting.text, setting.candidate)
        names = {n: name for n in text.names if (name := place_name(text, n, setting))}
        aside: list[Aside] = []
        kept = []
        for layer, annotation in self._of(text):
            anchored = self._standoff.anchors[layer][text.doc_id]
            moved, refused = reanchor(annotation, anchored, text, setting, layer)
            aside += refused
            if moved.spans or not annotation.spans:
                sha256 = annotation.sha256 and document.sha256
                kept.append((layer, msgspec.structs.replace(moved, sha256=sha256)))
        self._keep(document, setting.candidate, "reanchored", kept, names, aside)

    def refused(self) -> Iterator[Problem]:
        """Yield a problem for each label that was put aside."""
        for joined in self._joined:
            for aside in joined.aside:
                yield Problem(
                    path=joined.path,
                    doc_id=joined.doc_id,
                    span=aside.span,
                    attribution=aside.attribution,
                    what=f"cannot be put on this text: {aside.reason}",
                    remedy=f"get the exact text, or pass --partial (layer {aside.layer})",
                )

    def attached(self, candidates: int) -> Attached:
        layers = [
            msgspec.structs.replace(layer, annotations=tuple(self._annotations[name]))
            for name, layer in self._standoff.layers.items()
        ]
        report = AttachReport(
            documents=self._joined,
            missing=self.missing,
            unused=candidates - len(self._used),
            left_behind=self._standoff.left_behind,
        )
        return Attached(Corpus(self._standoff.info, self._documents, layers), report)

    def _of(self, text: Text) -> Iterator[tuple[str, Annotation]]:
        for layer, labels in self._labels.items():
            if text.doc_id in labels:
                yield layer, labels[text.doc_id]

    def _keep(
        self,
        document: Document,
        candidate: Candidate,
        how: Literal["exact", "reanchored"],
        kept: list[tuple[str, Annotation]],
        names: dict[str, str],
        aside: list[Aside],
    ) -> None:
        left: set[str] = set()

        def name(number: str) -> str:
            if number not in names:
                left.add(number)
            return names.get(number, number)

        moved = 0
        for layer, annotation in kept:
            self._annotations[layer].append(with_names(annotation, name))
            before = self._labels[layer][document.doc_id].by_id()
            moved += sum(s.fragments != before[s.id].fragments for s in annotation.spans)
        self._documents.append(document)
        self._used.add(candidate.sha256)
        self._joined.append(
            Joined(
                doc_id=document.doc_id,
                path=candidate.path,
                how=how,
                spans=sum(len(annotation.spans) for _, annotation in kept),
                moved=moved,
                aside=aside,
                names_left=sorted(left),
            )
        )

    def _break(self, text: Text, span: str, what: str) -> None:
        self.broken.append(Problem(doc_id=text.doc_id, span=span, what=what, remedy=CHANGED))


def _document(text: Text, content: str, candidate: Candidate) -> Document:
    known = {field: getattr(text, field) for field in SHARED} | {"sha256": candidate.sha256}
    try:
        return Document(text=content, **known)
    except DataError as error:
        raise error.at(path=candidate.path) from None
