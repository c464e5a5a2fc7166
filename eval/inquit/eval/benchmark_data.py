"""What a run is on: a benchmark, whose files are found, checked and imported, or a corpus."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from inquit.corpus import Corpus, DataError, Problem
from inquit.corpus.directory import INFO
from inquit.corpus.errors import did_you_mean, quoted
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import ImportReport
from inquit.corpus.jsonl import open_for_reading
from inquit.corpus.vocabulary import GOLD

from .benchmark import Definition, names, read_definition
from .measures import DEFAULT
from .result import Files
from .run import Run, described, open_corpus


@dataclass(frozen=True, eq=False)
class Opened:
    """A corpus to run on.

    Parameters
    ----------
    corpus : Corpus
    directory : Path, optional
        Where it was read from, if it can be read from there again.
    split : str, optional
        What is scored; None for what `run.task` takes then.
    layer : str
    measures : tuple of str
    files : {"", "as seen", "other", "not seen"}
        Of a benchmark: whether its files are those that it was defined with.
    notes : tuple of str
    """

    corpus: Corpus
    directory: Path | None = None
    split: str | None = None
    layer: str = GOLD
    measures: tuple[str, ...] = DEFAULT
    files: Files = ""
    notes: tuple[str, ...] = ()

    def mark(self, done: Run) -> Run:
        """Return a run whose result and scores say what is known of the files."""
        result, scores = done.result, done.scores
        benchmark = msgspec.structs.replace(result.benchmark, files=self.files)
        notes = [*result.notes, *self.notes]
        return replace(
            done,
            result=msgspec.structs.replace(result, benchmark=benchmark, notes=notes),
            scores=replace(scores, notes=(*scores.notes, *self.notes)),
        )


def resolve(on: str, data: Path | None = None) -> Opened:
    """Open a benchmark by its name, or a corpus directory or release.

    A directory of a benchmark's name goes before the benchmark if it holds a corpus and no
    ``data`` is given.

    Raises
    ------
    DataError
        If there is neither, or the benchmark's corpus is not in ``data``.
    """
    directory, known = Path(on), names()
    if on in known and (data is not None or not is_corpus(directory)):
        return open_benchmark(read_definition(on), data)
    if not directory.is_dir():
        listed = f"benchmarks: {', '.join(known)}; or name a corpus directory"
        remedy = f"{did_you_mean(on, known)} {listed}".lstrip()
        what = f"{quoted(on)} is no benchmark and no directory"
        raise DataError(Problem(what=what, remedy=remedy))
    if data is not None:
        what = "is a directory, which needs no --data"
        raise DataError(Problem(path=on, what=what, remedy=f"benchmarks: {', '.join(known)}"))
    _, layer = described(directory)
    return Opened(open_corpus(directory), directory, layer=layer)


def open_benchmark(definition: Definition, data: Path | None) -> Opened:
    """Import a benchmark's corpus, in memory; nothing is written.

    Parameters
    ----------
    definition : Definition
    data : Path or None
        The folder that a person has put the corpus in.

    Raises
    ------
    DataError
        If it is not there, with how to obtain it, or if it cannot be read.
    """
    source = find(definition, data)
    files, notes = check_files(definition, source)
    imported = read(definition.importer, source)
    notes += _changes(imported.report, source)
    corpus = imported.corpus
    corpus.info = msgspec.structs.replace(
        corpus.info, name=definition.name, version=definition.version
    )
    return Opened(
        corpus,
        split=definition.split,
        layer=definition.layer,
        measures=definition.measures,
        files=files,
        notes=tuple(notes),
    )


def is_corpus(directory: Path) -> bool:
    """Return whether a directory is a corpus directory or a release."""
    from inquit.corpus.release.layout import INFO as RELEASE_INFO

    return any((directory / name).is_file() for name in (INFO, RELEASE_INFO))


def find(definition: Definition, data: Path | None) -> Path:
    """Return the folder that the importer is to read.

    Raises
    ------
    DataError
        If the corpus is not in the folder, with how to obtain it.
    """
    what = f"benchmark {definition.name} needs its corpus, which inquit does not bring"
    if data is not None:
        for place in (data / name for name in definition.places):
            if place.is_dir() and any(any(place.glob(pattern)) for pattern in definition.holds):
                return place
        what = f"no {' or '.join(definition.holds)} in it" if data.is_dir() else "is not a folder"
    where = "" if data is None else str(data)
    raise DataError(Problem(path=where, what=what, remedy=definition.how_to_obtain()))


def check_files(definition: Definition, source: Path) -> tuple[Files, list[str]]:
    """Return whether the files are those that were seen, and a note on each that differs.

    A file that is not there is no fault: a part of a corpus can be scored.
    """
    states: list[bool] = []
    notes: list[str] = []
    for name, expected in definition.files.items():
        found = [digest(path) for path in _paths(source, name)]
        if found:
            states.append(expected in found)
        if found and expected not in found:
            notes.append(
                f"{name} is not the file that {definition.name} {definition.version} was defined "
                f"with (expected sha256 {expected}, found {found[0]}): scores may not be comparable"
            )
    if not definition.files:
        return "", notes
    if not states:
        what = f"{definition.name} {definition.version} was defined with none of the files found"
        return "not seen", [f"{what}: that they are the same version is not known"]
    return ("as seen" if all(states) else "other"), notes


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, that of the list of its files' digests.

    Hidden files are not listed.
    """
    if path.is_dir():
        files = (p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        inner = sorted(files, key=os.fsencode)
        lines = b"".join(digest(p).encode() + b"  " + os.fsencode(p.name) + b"\n" for p in inner)
        return hashlib.sha256(lines).hexdigest()
    with open_for_reading(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _paths(source: Path, name: str) -> list[Path]:
    """Return the files below a folder, or the folders, whose path ends as a name says."""
    pattern = name.rstrip("/")
    is_wanted = Path.is_dir if name.endswith("/") else Path.is_file
    paths = sorted(source.resolve().rglob(pattern.rpartition("/")[2]))
    return [path for path in paths if is_wanted(path) and path.match(pattern)]


def _changes(report: ImportReport, source: Path) -> list[str]:
    counts = Counter(c.action for c in report.changes if c.action != "unread")
    if not counts:
        return []
    told = " and ".join(f"{n:,} {action}" for action, n in sorted(counts.items()))
    return [
        f"of {report.records:,} records, {told} when they were imported; "
        f"'inquit corpus import {report.format} {source.name} DEST' lists them"
    ]
