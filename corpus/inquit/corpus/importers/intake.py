"""What every importer needs: reading files strictly, collecting faults, counting for the report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ..directory import Corpus, CorpusInfo
from ..errors import DataError, Problem, encodable
from ..jsonl import open_for_reading
from ..model import Document, Layer
from ..vocabulary import LABELS

REPORT = "import-report.json"
#: What an exporter leaves beside its files; importers need not read it.
EXPORT_REPORT = "export-report.json"

_BOMS = (
    (b"\xef\xbb\xbf", "a byte order mark", "save it as UTF-8 without one"),
    (b"\xff\xfe", "a byte order mark of UTF-16", "save it as UTF-8 without one"),
    (b"\xfe\xff", "a byte order mark of UTF-16", "save it as UTF-8 without one"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person can say about a source that does not say it itself; None where not said.

    ``labels`` is a file that says what labels mean, for formats in which they may be anything.
    """

    licence: str | None = None
    language: str | None = None
    labels: Path | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the source that did not become what it was.

    ``path`` is relative to the source; a file is "unread", a record "dropped" or "changed".
    """

    action: Literal["unread", "dropped", "changed"]
    path: str
    line: int | None = None
    reason: str


class LayerCount(msgspec.Struct, frozen=True, kw_only=True):
    """What a layer holds."""

    documents: int
    spans: dict[str, int]
    attributions: int


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What went in, what came out, and what did not.

    Parameters
    ----------
    format, source : str
        Name of the format; file name of the source, without its folders.
    records : int
        Units of the source that were read: files, lines or rows, as its format has it.
    documents, attributions : int
    spans : dict of str to int
        By label, over all layers but those that only repeat what stands in others.
    layers : list of str
    by_layer : dict of str to LayerCount
    changes : list of Change
    derived : list of str
        Attributes that were computed, not found in the source.
    lost : list of str
        What the source says and the model cannot hold.
    """

    format: str
    source: str
    records: int
    documents: int
    layers: list[str]
    by_layer: dict[str, LayerCount]
    spans: dict[str, int]
    attributions: int
    changes: list[Change]
    derived: list[str]
    lost: list[str]


@dataclass(frozen=True, slots=True)
class Imported:
    """A corpus that was read from another format, and the report on it."""

    corpus: Corpus
    report: ImportReport

    def write(self, directory: Path, *, force: bool = False) -> None:
        """Write the corpus as a directory with the report beside its files."""
        content = msgspec.json.format(msgspec.json.encode(self.report)) + b"\n"
        self.corpus.write(directory, force=force, beside={REPORT: content})


class Intake:
    """Collects what an importer reads, and every fault of it, before anything is written.

    Parameters
    ----------
    format : str
    source : Path
        Must exist.
    """

    def __init__(self, format: str, source: Path) -> None:  # noqa: A002 (the word of the command)
        self.format = format
        self.source = source
        self.records = 0
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        self._paths: dict[str, str] = {}
        if not source.exists():
            raise _refusal(source, "does not exist", "check the path")

    def files(
        self, suffix: str, *, beside: Iterable[str] = (), folder: Path | None = None
    ) -> Iterator[Path]:
        """Yield the source's files with a suffix, by name; what else is there is reported.

        The source may be one such file. ``beside`` names other files that are read elsewhere,
        ``folder`` a folder inside the source that is read instead of it.
        """
        folder = folder or self.source
        if self.source.is_file():
            if self.source.suffix.lower() != suffix:
                what, remedy = f"is not a {suffix} file", f"name a {suffix} file or a folder"
                raise _refusal(self.source, what, remedy)
            self.records += 1
            yield self.source
            return
        try:
            entries = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
        except OSError as error:
            what = f"cannot be read ({error.strerror or error})"
            raise _refusal(folder, what, "check the path") from error
        before, told = self.records, len(self.problems)
        for path in entries:
            if self.leads_out(path):
                continue
            if path.is_file() and path.suffix.lower() == suffix:
                self.records += 1
                yield path
            elif path.name not in beside:
                self.changed("unread", path, _why_not(path, suffix))
        if self.records == before and len(self.problems) == told:
            self.problems.append(
                Problem(
                    path=str(folder),
                    what=f"holds no {suffix} file",
                    remedy="name the folder that holds them; subfolders are not searched",
                )
            )

    def leads_out(self, path: Path) -> bool:
        """Tell whether a path is a link to a file outside the source; that is a problem."""
        if not path.is_symlink() or not path.is_file():
            return False
        if path.resolve().is_relative_to(self.source.resolve()):
            return False
        what, remedy = "is a link to a file outside the source", "put the file itself there"
        self.problems.append(Problem(path=str(path), what=what, remedy=remedy))
        return True

    def text(self, path: Path) -> str | None:
        """Return a file's text, exactly as it stands; None if it was refused."""
        with self.collecting(path), open_for_reading(path) as stream:
            return decoded(stream.read())
        return None

    def add(self, path: Path, make: Callable[[], Document]) -> None:
        """Make a document and keep it, or what is wrong with it."""
        with self.collecting(path):
            document = make()
            first = self._paths.setdefault(document.doc_id, str(path))
            if first != str(path):
                raise DataError(
                    Problem(
                        doc_id=document.doc_id,
                        what=f"stands in {first} already",
                        remedy="give each document an id of its own",
                    )
                )
            self.documents.append(document)

    def changed(
        self,
        action: Literal["unread", "dropped", "changed"],
        path: Path,
        reason: str,
        line: int | None = None,
    ) -> None:
        """Note a file that is not read, or a record that is dropped or changed."""
        relative = path.relative_to(self.source) if self.source in path.parents else path.name
        place = encodable(str(relative))
        self.changes.append(Change(action=action, path=place, line=line, reason=reason))

    @contextmanager
    def collecting(self, path: Path) -> Iterator[None]:
        """Keep the faults that the block raises, with the file they were found in."""
        try:
            yield
        except DataError as error:
            self.problems += error.at(path=str(path)).problems

    def finish(
        self,
        info: CorpusInfo,
        layers: Iterable[Layer] = (),
        *,
        derived: Iterable[str] = (),
        lost: Iterable[str] = (),
        repeated: Iterable[str] = (),
    ) -> Imported:
        """Return the corpus and the report, or raise DataError with every fault found.

        ``repeated`` names layers whose labels stand in other layers too.
        """
        if not self.documents and not self.problems:
            what, remedy = "holds no document", "name a source that holds some"
            self.problems.append(Problem(path=str(self.source), what=what, remedy=remedy))
        if self.problems:
            raise DataError(self.problems)
        corpus = Corpus(info, self.documents, layers)
        counts = {name: _count(layer) for name, layer in corpus.layers.items()}
        counted = [count for name, count in counts.items() if name not in set(repeated)]
        return Imported(
            corpus,
            ImportReport(
                format=self.format,
                source=encodable(self.source.resolve().name),
                records=self.records,
                documents=len(corpus.documents),
                layers=list(counts),
                by_layer=counts,
                spans={label: sum(c.spans[label] for c in counted) for label in LABELS},
                attributions=sum(c.attributions for c in counted),
                changes=self.changes,
                derived=list(derived),
                lost=list(lost),
            ),
        )


def _count(layer: Layer) -> LayerCount:
    spans = dict.fromkeys(LABELS, 0)
    for annotation in layer.annotations:
        for span in annotation.spans:
            spans[span.label] += 1
    return LayerCount(
        documents=len(layer.annotations),
        spans=spans,
        attributions=sum(len(a.attributions) for a in layer.annotations),
    )


def _why_not(path: Path, suffix: str) -> str:
    if path.is_dir():
        return "a folder"
    if not path.exists():
        return "a broken link"
    if path.is_file():
        return f"not a {suffix} file"
    return "not a regular file"


def decoded(content: bytes) -> str:
    r"""Return the text of a file's bytes, nothing added, removed or replaced.

    Raises
    ------
    DataError
        If the bytes are no UTF-8, or begin with a byte order mark: kept, it would be a character
        of the text and move every offset; removed, the text would not be the file.

    >>> decoded(b"caf\xe9 au lait")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    inquit.corpus.errors.DataError: is not UTF-8 at byte 3 (0xE9: invalid continuation byte); ...
    """
    for mark, what, remedy in _BOMS:
        if content.startswith(mark):
            raise DataError(Problem(what=f"begins with {what} at byte 0", remedy=remedy))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise DataError(
            Problem(
                what=f"is not UTF-8 at byte {error.start} "
                f"(0x{content[error.start]:02X}: {error.reason})",
                remedy="save it as UTF-8",
            )
        ) from error


def _refusal(path: Path, what: str, remedy: str) -> DataError:
    return DataError(Problem(path=str(path), what=what, remedy=remedy))
