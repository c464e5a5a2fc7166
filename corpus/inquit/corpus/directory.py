"""The corpus directory: ``corpus.toml``, ``documents.jsonl`` and ``layers/NAME.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import tomli_w

from .decoding import made
from .errors import DataError, Problem, quoted
from .files import atomic_directory, write_atomic
from .jsonl import LinesError, all_of, read_annotations, read_documents, write_lines
from .lines import in_order, with_lines
from .model import Annotation, Document, Layer, check_layer_name
from .toml import read_toml
from .vocabulary import GOLD

INFO = "corpus.toml"
DOCUMENTS = "documents.jsonl"
LAYERS = "layers"
#: All that a corpus directory holds beside reports.
OURS = (INFO, DOCUMENTS, LAYERS)


class LayerInfo(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a layer came to be: a table ``[layers.NAME]`` of corpus.toml; see `model.Layer`."""

    kind: Literal["human", "model", "rule", "adjudicated"]
    annotator: str = ""
    guidelines: str = ""
    derived: tuple[str, ...] = ()
    made_by: str = ""

    @classmethod
    def of(cls, layer: Layer) -> LayerInfo:
        """Return the provenance of a layer."""
        return cls(**{name: getattr(layer, name) for name in cls.__struct_fields__})

    def layer(self, name: str, annotations: Iterable[Annotation]) -> Layer:
        """Return a layer with this provenance."""
        return Layer(name=name, annotations=tuple(annotations), **msgspec.structs.asdict(self))


class CorpusInfo(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What ``corpus.toml`` says; ``obtain`` tells where texts that are not shipped can be had."""

    name: str
    version: str = "0"
    description: str = ""
    obtain: str = ""
    licence: str = "restricted"
    languages: tuple[str, ...] = ()
    guidelines: str = ""
    layers: dict[str, LayerInfo] = {}


class Corpus:
    """Documents and the layers over them.

    Parameters
    ----------
    info : CorpusInfo
        Its ``layers`` are set from ``layers``.
    documents : iterable of Document
    layers : iterable of Layer

    Raises
    ------
    DataError
        If a document or layer stands twice, or a layer does not fit the documents.
    """

    def __init__(
        self, info: CorpusInfo, documents: Iterable[Document], layers: Iterable[Layer] = ()
    ) -> None:
        self.documents: dict[str, Document] = {}
        self.layers: dict[str, Layer] = {}
        problems: list[Problem] = []
        for document in documents:
            if document.doc_id in self.documents:
                problems.append(
                    Problem(
                        doc_id=document.doc_id, what="stands twice", remedy="keep one of the two"
                    )
                )
            self.documents[document.doc_id] = document
        for layer in layers:
            if layer.name in self.layers:
                problems.append(
                    Problem(what=f"layer {quoted(layer.name)} stands twice", remedy="keep one")
                )
            elif other := next((n for n in self.layers if _same_file(n, layer.name)), None):
                what = f"layers {quoted(other)} and {quoted(layer.name)} differ only in case"
                problems.append(
                    Problem(what=what, remedy="rename one: their files may be the same")
                )
            self.layers[layer.name] = layer
            problems += layer_problems(layer, self.documents)
        if problems:
            raise DataError(problems)
        described = {name: LayerInfo.of(layer) for name, layer in self.layers.items()}
        self.info = msgspec.structs.replace(info, layers=described)

    @classmethod
    def read(cls, directory: Path | str, *, layers: Iterable[str] | None = None) -> Corpus:
        """Read a corpus directory with all its layers, or only those named.

        Raises DataError with every fault of every file.
        """
        directory = Path(directory)
        info = read_info(directory)
        problems: list[Problem] = []
        documents: list[Document] = []
        try:
            documents.extend(read_documents(directory / DOCUMENTS))
        except DataError as error:
            problems += error.problems
        known = {document.doc_id: document for document in documents}
        whole = not problems
        found: list[Layer] = []
        for name in info.layers if layers is None else layers:
            path = str(directory / LAYERS / f"{name}.jsonl")
            readable: Iterable[Annotation] = ()
            try:
                found.append(read_layer(directory, name, info))
                readable = found[-1].annotations
            except DataError as error:
                problems += error.problems
                readable = error.left if isinstance(error, LinesError) else ()
            for annotation in readable:
                # While some document cannot be read, none seems to be missing.
                if whole or annotation.doc_id in known:
                    unfit = annotation_problems(annotation, name, known)
                    problems += [p.at(path=path) for p in unfit]
        if layers is None:
            problems += undescribed_layers(directory, info)
        if problems:
            raise DataError(in_order(with_lines(problems)))
        return cls(info, documents, found)

    def write(
        self,
        directory: Path | str,
        *,
        force: bool = False,
        beside: Mapping[str, bytes | str] | None = None,
    ) -> None:
        """Write the corpus as a new directory; with ``force`` an existing corpus is replaced.

        ``beside`` holds the content of reports by name. A directory that holds anything else, such
        as layers by people or the raw exports of their work, is not replaced.
        """
        if force:
            _refuse_to_lose_layers(Path(directory), self.layers)
        with atomic_directory(Path(directory), force=force, mark=INFO, ours=OURS) as place:
            write_lines(place / DOCUMENTS, self.documents.values())
            (place / LAYERS).mkdir()
            for name, layer in self.layers.items():
                write_lines(place / LAYERS / f"{name}.jsonl", layer.annotations)
            for name, content in (beside or {}).items():
                write_atomic(place / name, content)
            write_atomic(place / INFO, _toml(self.info))

    @classmethod
    def read_filled(cls, directory: Path | str) -> Corpus:
        """Read a corpus directory with all its layers; raise DataError if it has no document."""
        corpus = cls.read(directory)
        if not corpus.documents:
            what, remedy = "holds no document", "import some with 'inquit corpus import'"
            raise DataError(Problem(path=str(directory), what=what, remedy=remedy))
        return corpus

    def layer(self, name: str = GOLD) -> Layer:
        """Return a layer by name; raise DataError that lists what there is."""
        if name not in self.layers:
            raise _no_layer(name, self.layers)
        return self.layers[name]


def read_info(directory: Path) -> CorpusInfo:
    """Read ``corpus.toml``."""
    path = directory / INFO
    if not path.is_file():
        raise DataError(
            Problem(
                path=str(directory),
                what=f"is not a corpus directory: it has no {INFO}",
                remedy="make one with 'inquit corpus import'",
            )
        )
    raw = read_toml(path)
    try:
        info = made(raw, CorpusInfo)
        for name in info.layers:
            check_layer_name(name)
    except DataError as error:
        raise error.at(path=str(path)) from error
    return info


def read_layer(directory: Path, name: str, info: CorpusInfo | None = None) -> Layer:
    """Read one layer of a corpus directory."""
    info = info or read_info(directory)
    check_layer_name(name)
    if name not in info.layers:
        raise _no_layer(name, info.layers, directory)
    annotations = all_of(read_annotations(directory / LAYERS / f"{name}.jsonl"))
    return info.layers[name].layer(name, annotations)


def write_layer(directory: Path, layer: Layer, *, force: bool = False) -> None:
    """Write a layer into an existing corpus directory and describe it in ``corpus.toml``."""
    info = read_info(directory)
    documents = {document.doc_id: document for document in read_documents(directory / DOCUMENTS)}
    if problems := list(layer_problems(layer, documents)):
        raise DataError(problems)
    write_lines(directory / LAYERS / f"{layer.name}.jsonl", layer.annotations, force=force)
    layers = {**info.layers, layer.name: LayerInfo.of(layer)}
    write_atomic(directory / INFO, _toml(msgspec.structs.replace(info, layers=layers)), force=True)


def _same_file(one: str, other: str) -> bool:
    """Tell whether two names are one file in some file systems."""
    return one.casefold() == other.casefold()


def _refuse_to_lose_layers(directory: Path, kept: Iterable[str]) -> None:
    """Raise DataError if the work of people stands in a corpus and not in the one to replace it."""
    if not (directory / INFO).is_file():
        return
    for name, layer in read_info(directory).layers.items():
        if layer.kind in ("human", "adjudicated") and name not in kept:
            raise DataError(
                Problem(
                    path=str(directory / LAYERS / f"{name}.jsonl"),
                    what="is the work of people and would be lost if the corpus were replaced",
                    remedy="move it away, or name another place",
                )
            )


def layer_problems(layer: Layer, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Yield what is wrong with a layer over these documents."""
    for annotation in layer.annotations:
        yield from annotation_problems(annotation, layer.name, documents)


def annotation_problems(
    annotation: Annotation, layer: str, documents: Mapping[str, Document]
) -> Iterator[Problem]:
    """Yield what is wrong with one annotation of a layer over these documents."""
    document = documents.get(annotation.doc_id)
    if document is None:
        yield Problem(
            doc_id=annotation.doc_id,
            what=f"is labelled in layer {quoted(layer)} but is not in the corpus",
            remedy="add the document or remove its labels",
        )
    else:
        yield from annotation.problems_with(document)
    for item in annotation.ungrounded:
        yield Problem(
            doc_id=annotation.doc_id,
            span=item.id,
            what=f"of layer {quoted(layer)} is ungrounded: it has no place in the text",
            remedy="a corpus holds labels of its texts; score predictions with 'inquit eval score'",
        )


def undescribed_layers(directory: Path, info: CorpusInfo) -> Iterator[Problem]:
    """Yield a problem for each layer file that ``corpus.toml`` does not describe."""
    for path in sorted((directory / LAYERS).glob("*.jsonl")):
        if path.stem not in info.layers:
            yield Problem(
                path=str(path),
                what=f"is not described in {INFO}",
                remedy=f"add [layers.{path.stem}] with its kind, or move the file away",
            )


def _no_layer(name: str, known: Iterable[str], directory: Path | None = None) -> DataError:
    return DataError(
        Problem(
            path=str(directory or ""),
            what=f"has no layer {quoted(name)}",
            remedy=f"its layers are: {', '.join(sorted(known)) or 'none'}",
        )
    )


def _toml(info: CorpusInfo) -> str:
    raw: dict[str, Any] = msgspec.to_builtins(info)
    return tomli_w.dumps(raw, multiline_strings=False)
