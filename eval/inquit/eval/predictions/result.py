"""What every form of predictions is read as."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inquit.corpus import Annotation, DataError, Problem
from inquit.corpus.errors import quoted
from inquit.corpus.jsonl import LinesError, open_for_reading
from inquit.corpus.terminal import counted

_NAMED = 5
#: Returns a problem with labels together with the place in the file that they come from.
Locate = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Grounding:
    """By which tier strings were found in the texts, document by document; None: not at all.

    ``astray`` names by document the spans whose context was found nowhere.
    """

    by_document: Mapping[str, Sequence[str | None]]
    astray: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def tiers(self) -> dict[str, int]:
        """The number of strings found, by tier."""
        from ..grounding import TIERS

        return {tier: self._count(tier) for tier in TIERS}

    @property
    def ungrounded(self) -> int:
        """The number of strings that were found nowhere."""
        return self._count(None)

    @property
    def strings(self) -> int:
        """The number of strings."""
        return sum(map(len, self.by_document.values()))

    def of(self, doc_ids: Iterable[str]) -> Grounding:
        """Return that of some documents."""
        names = [*doc_ids]
        return Grounding(
            {name: self.by_document.get(name, ()) for name in names},
            {name: self.astray[name] for name in names if name in self.astray},
        )

    def notes(self) -> tuple[str, ...]:
        """Return what a person has to know."""
        by_tier = ", ".join(f"{number} {tier}" for tier, number in self.tiers.items() if number)
        if not self.strings:
            return ("the predictions hold no strings to find",)
        there = f"{self.strings - self.ungrounded:,} of {counted(self.strings, 'string')}"
        found = f"{there} found in the texts" + (f": {by_tier}" if by_tier else "")
        more: tuple[str, ...] = ()
        if self.ungrounded:
            gone = f"{counted(self.ungrounded, 'string')} found nowhere (ungrounded): each is a "
            more = (gone + "prediction that is wrong",)
        return found, *more, *astray_note(self.astray)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        return {"strings": self.strings, "tiers": self.tiers, "ungrounded": self.ungrounded}

    def _count(self, tier: str | None) -> int:
        return sum(found.count(tier) for found in self.by_document.values())


def astray_note(astray: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return what a person has to know of contexts that were found nowhere, by document."""
    spans = [f"{quoted(doc_id)} {span_id}" for doc_id, ids in astray.items() for span_id in ids]
    if not spans:
        return ()
    some = ", ".join(spans[:_NAMED]) + (", ..." if len(spans) > _NAMED else "")
    return (f"{counted(len(spans), 'context')} found nowhere, which so decided nothing: {some}",)


class PartError(DataError):
    """Faults of labels of which a part could be read, to be held against gold and the texts.

    ``left`` is that part, ``locate`` says where in the file it stands. ``whole`` tells whether
    each document that the file labels is in it, with all or some of its labels or none.
    """

    def __init__(
        self,
        problems: Iterable[Problem],
        left: Iterable[Annotation],
        locate: Locate,
        *,
        whole: bool = False,
    ) -> None:
        super().__init__(problems)
        self.left = tuple(left)
        self.locate = locate
        self.whole = whole

    @classmethod
    def of_lines(cls, error: LinesError, path: Path) -> PartError:
        """Return the faults of JSON lines; what is left of one that is no labels is its text's."""
        left = {
            a.doc_id: a
            if isinstance(a, Annotation)
            else Annotation(doc_id=a.doc_id, sha256=a.sha256, spans=())
            for a in error.left
        }
        for doc_id in error.lines:
            if doc_id and doc_id not in left:
                left[doc_id] = Annotation(doc_id=doc_id, spans=())

        def locate(problem: Problem) -> Problem:
            return problem.at(path=str(path), line=error.lines.get(problem.doc_id))

        whole = all(p.doc_id for p in error.problems)
        return cls(error.problems, left.values(), locate, whole=whole)


@dataclass(frozen=True)
class Predictions:
    """Predictions that were read.

    Parameters
    ----------
    form : str
        One of FORMS.
    path : Path
        A file or folder.
    annotations : sequence of Annotation
        One a document.
    notes : tuple of str
        What a person has to know of how they were read.
    grounding : Grounding, optional
        Of strings.
    files : tuple of Path
        The files that were read.
    locate : callable
        Adds to a problem with a label where it stands.
    """

    form: str
    path: Path
    annotations: Sequence[Annotation]
    notes: tuple[str, ...] = ()
    grounding: Grounding | None = None
    files: tuple[Path, ...] = ()
    locate: Locate = field(default=lambda problem: problem, compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file; of a folder that of its list of files, as sha256sum prints."""
        if not self.path.is_dir():
            return sha256_of(self.path)
        names = {file.relative_to(self.path).as_posix(): file for file in self.files}
        lines = [f"{sha256_of(file)}  {name}\n" for name, file in sorted(names.items())]
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open_for_reading(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
