"""Finding the texts of a release: by checksum, and by their letters where they were set anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..directory import DOCUMENTS, INFO
from ..errors import DataError, Problem, encodable
from ..importers.intake import decoded
from ..jsonl import open_for_reading, read_documents
from .letters import Letters, fold
from .proofs import BLOCK, block_starts, digest
from .records import Text

#: A text is taken for another setting of the same text only if more of its blocks are there.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be one of the texts that are sought; ``load`` reads it."""

    path: str
    sha256: str
    load: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A text that holds the letters of another, or most of them.

    ``shifts`` holds for each block of the other text how far its letters stand from where they
    stood, and None for a block that is not found, or found in several places.
    """

    candidate: Candidate
    text: str
    letters: Letters
    shifts: tuple[int | None, ...]

    @property
    def share(self) -> float:
        """Part of the blocks that are found."""
        return sum(shift is not None for shift in self.shifts) / len(self.shifts)


def candidates(sources: Iterable[Path]) -> Iterator[Candidate]:
    """Yield the texts of files, of all files in folders, and of corpus directories."""
    for source in sources:
        if not source.exists():
            raise DataError(
                Problem(path=str(source), what="does not exist", remedy="check the path")
            )
        if (source / INFO).is_file() and (source / DOCUMENTS).is_file():
            path = source / DOCUMENTS
            for document in read_documents(path):
                place = f"{path}: document {document.doc_id!r}"
                yield Candidate(place, document.sha256, lambda text=document.text: text)  # type: ignore[misc]
            continue
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file():
                yield _file(path)


def _file(path: Path) -> Candidate:
    with open_for_reading(path) as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()

    def load() -> str:
        try:
            return decoded(path.read_bytes())
        except DataError as error:
            raise error.at(path=str(path)) from None

    return Candidate(encodable(str(path)), sha256, load)


def settings(
    texts: Sequence[Text], found: Iterable[Candidate]
) -> tuple[dict[str, list[Setting]], list[Problem]]:
    """Return, by document, other settings of its text, the fullest first, and what is unreadable.

    Each candidate is read once, whatever the number of texts.
    """
    owners: dict[str, list[Text]] = {}
    for text in texts:
        for block in text.blocks:
            owners.setdefault(block, []).append(text)
    settings: dict[str, list[Setting]] = {text.doc_id: [] for text in texts}
    problems: list[Problem] = []
    for candidate in found:
        try:
            content = candidate.load()
        except DataError as error:
            problems += error.problems
            continue
        letters = fold(content)
        places = _places(letters.text, owners.keys())
        near = {text.doc_id: text for block in places for text in owners[block]}
        for doc_id, text in near.items():
            setting = Setting(candidate, content, letters, _shifts(text, letters.text, places))
            if setting.share > ENOUGH:
                settings[doc_id].append(setting)
    for fits in settings.values():
        fits.sort(key=lambda setting: -setting.share)
    return settings, problems


def _places(letters: str, wanted: Iterable[str]) -> dict[str, list[int]]:
    """Return where the wanted blocks begin in a text."""
    wanted = set(wanted)
    places: dict[str, list[int]] = {}
    for start in range(max(len(letters) - BLOCK, 0) + 1):
        block = digest(letters[start : start + BLOCK])
        if block in wanted:
            places.setdefault(block, []).append(start)
    return places


def _shifts(text: Text, letters: str, places: dict[str, list[int]]) -> tuple[int | None, ...]:
    """Place each block where it stands once, or where its neighbour says that it stands."""
    starts = block_starts(text.letters)
    options = [
        {place - start for place in places.get(block, ())}
        for block, start in zip(text.blocks, starts, strict=True)
    ]
    if text.letters == len(letters) and all(0 in shifts for shifts in options):
        return (0,) * len(options)
    shifts = [next(iter(found)) if len(found) == 1 else None for found in options]
    for order, step in ((range(1, len(shifts)), -1), (reversed(range(len(shifts) - 1)), 1)):
        for i in order:
            if shifts[i] is None and shifts[i + step] in options[i]:
                shifts[i] = shifts[i + step]
    return tuple(shifts)
