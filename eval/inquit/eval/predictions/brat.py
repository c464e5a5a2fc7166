"""A folder of brat files: the labels of document NAME in ``NAME.ann``.

`inquit.corpus.importers.brat` has the format, and what its records become. A file is named after
its document: by the doc_id, by the name that ``inquit corpus export brat`` gives it, or as
``metadata.jsonl`` says. A ``.txt`` file beside it must be the document's text; where the documents
are not known it is the text. A record that would be scored and is not understood (another label,
argument, relation or attribute) is refused, and so is a subfolder with ``.ann`` files, for none is
searched; notes and links to knowledge bases are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from inquit.corpus import Annotation, DataError, Document, Problem
from inquit.corpus.errors import encodable, quoted
from inquit.corpus.files import file_name
from inquit.corpus.importers.brat import CONFIGURATION, METADATA, labels_of, metadata_of
from inquit.corpus.importers.intake import EXPORT_REPORT, Intake, decoded
from inquit.corpus.jsonl import open_for_reading
from inquit.corpus.terminal import counted

from .result import PartError, Predictions

_NAMED = 5


def read(path: Path, documents: Mapping[str, Document] | None) -> Predictions:
    """Read a folder of brat files; every fault of every file is told with its line."""
    folder = _Folder(path, documents)
    found = folder.annotations()
    intake = folder.intake
    intake.problems += folder.refused()

    def locate(problem: Problem) -> Problem:
        return problem.at(path=str(folder.place.get(problem.doc_id, path)))

    if intake.problems:
        raise PartError(dict.fromkeys(intake.problems), found, locate)
    notes = tuple(folder.notes())
    return Predictions("brat", path, tuple(found), notes, files=tuple(folder.files), locate=locate)


class _Folder:
    """The files of a folder, and what is at fault in them."""

    def __init__(self, path: Path, documents: Mapping[str, Document] | None) -> None:
        self.intake = Intake("brat", path)
        self.files: list[Path] = []
        self.place: dict[str, Path] = {}
        self._path = path
        self._documents = documents
        self._names = {name: fields.get("doc_id") for name, fields in self._described().items()}
        self._by_file = {file_name(doc_id, ""): doc_id for doc_id in documents or ()}

    def annotations(self) -> list[Annotation]:
        """Return the labels of each document."""
        texts = {p.name for p in self._path.iterdir() if p.suffix.lower() == ".txt"}
        beside = [*texts, *CONFIGURATION, METADATA, EXPORT_REPORT, "corpus.toml"]
        found: list[Annotation] = []
        if strange := [*self._strange()]:
            self.intake.problems += strange
            if not any(_is_ann(p) and p.is_file() for p in self._path.iterdir()):
                return found
        for path in self.intake.files(".ann", beside=beside):
            with self.intake.collecting(path):
                document = self._document(path)
                if document.doc_id in self.place:
                    what = f"labels document {quoted(document.doc_id)}, as "
                    what += f"{self.place[document.doc_id].name} does"
                    raise DataError(Problem(what=what, remedy="keep one of the two"))
                self.place[document.doc_id] = path
                self.files.append(path)
                annotation = labels_of(self.intake, path, document)
                # Whether gold knows the document can be told of a file with faults, too.
                nothing = Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=())
                found.append(nothing if annotation is None else annotation)
        return found

    def _strange(self) -> Iterator[Problem]:
        """Yield a problem for what is named as labels are and is no file, or holds such files."""
        for path in sorted(self._path.iterdir()):
            if path.is_dir() and any(_is_ann(p) for p in (path, *path.rglob("*"))):
                what = "is a folder" if _is_ann(path) else "is a folder with .ann files"
                remedy = "subfolders are not searched: put its files beside the others"
                yield Problem(path=str(path), what=what, remedy=remedy)
            elif _is_ann(path) and not path.is_dir() and not path.is_file():
                what = "is a pipe or device" if path.exists() else "is a broken link"
                yield Problem(path=str(path), what=what, remedy="put the file itself there")

    def refused(self) -> list[Problem]:
        """Return a problem for each record that would be scored and is not understood."""
        return [
            Problem(
                path=str(self._path / change.path),
                line=change.line,
                what=change.reason.removesuffix("; left out"),
                remedy="use the labels and attributes of docs/formats.md, or remove the record",
            )
            for change in self.intake.changes
            if change.action == "dropped" and not _aside(change.reason)
        ]

    def notes(self) -> list[str]:
        """Return what was left out or read in another way than written."""
        notes = []
        changes = self.intake.changes
        unread = [change.path for change in changes if change.action == "unread"]
        if unread:
            some = ", ".join(unread[:_NAMED]) + (", ..." if len(unread) > _NAMED else "")
            notes.append(f"not read, for they are no .ann files: {some}")
        aside = [change for change in changes if change.action == "dropped"]
        if aside:
            notes.append(f"{counted(len(aside), 'brat note')} left out")
        other = [change for change in changes if change.action == "changed"]
        if other:
            first = f"{other[0].path}:{other[0].line}: {other[0].reason}"
            notes.append(f"{counted(len(other), 'brat record')} read with a remark, first {first}")
        return notes

    def _described(self) -> dict[str, dict[str, object]]:
        path = self._path / METADATA
        if not path.is_file() or self.intake.leads_out(path):
            return {}
        return metadata_of(self.intake)

    def _document(self, path: Path) -> Document:
        """Return the document that a file labels."""
        stem = path.stem
        named = self._names.get(stem)
        exported = self._by_file.get(stem, stem)
        if not isinstance(named, str) and exported != stem and stem in (self._documents or ()):
            what = f"may label {quoted(stem)} or {quoted(exported)}, whose export has this name"
            raise DataError(Problem(what=what, remedy="export the documents, with metadata.jsonl"))
        doc_id = named if isinstance(named, str) else exported
        text = next(
            (p for p in (path.with_suffix(".txt"), path.with_suffix(".TXT")) if p.is_file()), None
        )
        if text is not None and self.intake.leads_out(text):
            raise DataError(())
        if self._documents is None:
            if text is None:
                what = "there is no text to hold the offsets against"
                remedy = f"pass --documents, or put {encodable(stem)}.txt beside it"
                raise DataError(Problem(what=what, remedy=remedy))
            with open_for_reading(text) as stream:
                try:
                    content = decoded(stream.read())
                except DataError as error:
                    raise error.at(path=str(text)) from error
            return Document(doc_id=doc_id, text=content)
        document = self._documents.get(doc_id)
        if document is None:
            what = f"labels {quoted(doc_id)}, which is none of the documents"
            remedy = "name the file after its document, or take it out"
            raise DataError(Problem(what=what, remedy=remedy))
        if text is not None:
            self._same(text, document)
        return document

    def _same(self, path: Path, document: Document) -> None:
        with open_for_reading(path) as stream:
            if stream.read() == document.text.encode():
                return
        what = f"is not the text of document {quoted(document.doc_id)}"
        remedy = "predict on the documents' own texts, or leave the .txt files out"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _is_ann(path: Path) -> bool:
    return path.suffix.lower() == ".ann"


def _aside(reason: str) -> bool:
    """Tell whether a record is a note or a link to a knowledge base, by its id."""
    return reason.startswith(("#", "N"))
