"""What every form of predictions is read as."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inquit.corpus import Annotation, Problem
from inquit.corpus.jsonl import open_for_reading

#: Returns a problem with labels together with the place in the file that they come from.
Locate = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Grounding:
    """How many strings were found in the texts, by tier, and how many were not."""

    tiers: Mapping[str, int]
    ungrounded: int

    @property
    def strings(self) -> int:
        """The number of strings."""
        return sum(self.tiers.values()) + self.ungrounded

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        return {
            "strings": self.strings,
            "tiers": dict(self.tiers),
            "ungrounded": self.ungrounded,
        }


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
            return _sha256(self.path)
        names = {file.relative_to(self.path).as_posix(): file for file in self.files}
        lines = [f"{_sha256(file)}  {name}\n" for name, file in sorted(names.items())]
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _sha256(path: Path) -> str:
    with open_for_reading(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
