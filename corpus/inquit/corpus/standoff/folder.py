"""A stand-off release as a directory: reading, with every rule that it must keep, and writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from ..decoding import faults, made
from ..directory import LAYERS, CorpusInfo
from ..errors import DataError, Problem, quoted
from ..files import atomic_directory, write_atomic
from ..jsonl import open_for_reading, read_annotations, write_lines
from ..model import Annotation, Fragment, Layer, check_layer_name
from ..toml import read_toml
from .proofs import block_starts
from .records import FORMAT, Anchor, Anchored, LeftBehind, Manifest, Text

MANIFEST = "standoff.toml"
README = "README.md"
TEXTS = "texts.jsonl"
ANCHORS = "anchors"

#: What to do about a release that does not fit itself, or its texts.
CHANGED = "the release was changed after it was made: get it again, or detach again"
R = TypeVar("R", bound=Text | Anchored)


@dataclass(frozen=True, slots=True)
class Standoff:
    """A stand-off release.

    ``anchors`` holds, by layer and document, the anchors of each span.
    """

    info: CorpusInfo
    texts: dict[str, Text]
    layers: dict[str, Layer]
    anchors: dict[str, dict[str, Anchored]]
    left_behind: LeftBehind

    @classmethod
    def read(cls, directory: Path | str) -> Standoff:
        """Read a stand-off release; raise DataError with every fault of every file."""
        directory = Path(directory)
        manifest = _read_manifest(directory)
        problems: list[Problem] = []
        texts = _by_document(_read(directory / TEXTS, Text, problems))
        layers: dict[str, Layer] = {}
        anchors: dict[str, dict[str, Anchored]] = {}
        for name, described in manifest.corpus.layers.items():
            try:
                annotations = list(read_annotations(directory / LAYERS / f"{name}.jsonl"))
                layers[name] = described.layer(name, annotations)
            except DataError as error:
                problems += error.problems
            path = directory / ANCHORS / f"{name}.jsonl"
            anchors[name] = _by_document(_read(path, Anchored, problems))
        found = cls(manifest.corpus, texts, layers, anchors, manifest.left_behind)
        if not problems:
            problems += [p.at(path=str(directory)) for p in found._contradictions()]
        if problems:
            raise DataError(problems)
        return found

    def write(self, directory: Path | str, *, force: bool = False) -> None:
        """Write the release as a new directory; with ``force`` an older release is replaced."""
        ours = (MANIFEST, README, TEXTS, ANCHORS, LAYERS)
        with atomic_directory(Path(directory), force=force, mark=MANIFEST, ours=ours) as place:
            _write(place / TEXTS, self.texts.values())
            for name, layer in self.layers.items():
                write_lines(place / LAYERS / f"{name}.jsonl", layer.annotations)
                _write(place / ANCHORS / f"{name}.jsonl", self.anchors[name].values())
            write_atomic(place / README, self._readme())
            manifest = Manifest(format=1, left_behind=self.left_behind, corpus=self.info)
            write_atomic(place / MANIFEST, tomli_w.dumps(msgspec.to_builtins(manifest)))

    def _contradictions(self) -> Iterator[Problem]:
        for text in self.texts.values():
            if len(text.blocks) != len(block_starts(text.letters)):
                what = f"{len(text.blocks)} blocks for {text.letters} letters"
                yield Problem(doc_id=text.doc_id, what=what, remedy=CHANGED)
            yield from _beyond(text, "", [(n.fragment, n.anchor) for n in text.names.values()])
        for name, layer in self.layers.items():
            labelled = layer.by_document()
            for doc_id in sorted(labelled.keys() ^ self.anchors[name].keys()):
                what = f"layer {quoted(name)} has labels without anchors, or anchors without labels"
                yield Problem(doc_id=doc_id, what=what, remedy=CHANGED)
            for doc_id, annotation in labelled.items():
                if doc_id not in self.texts:
                    what = f"is labelled in layer {quoted(name)}, but {TEXTS} does not know it"
                    yield Problem(doc_id=doc_id, what=what, remedy=CHANGED)
                elif doc_id in self.anchors[name]:
                    yield from _misfits(annotation, self.anchors[name][doc_id], self.texts[doc_id])

    def _readme(self) -> str:
        return (
            f"# {self.info.name}: labels without texts\n\n"
            + (f"{self.info.description}\n\n" if self.info.description else "")
            + "This directory holds labels of texts, and not a word of the texts. Licence of the "
            f"labels: {self.info.licence}.\n\n## How to obtain the texts\n\n"
            + f"{self.info.obtain or 'Each line of `texts.jsonl` names the address of its text.'}\n"
            + "\n`texts.jsonl` tells the SHA-256 of each. Then join them, wherever they lie and "
            "whatever the files are named:\n\n"
            + "    inquit corpus attach THIS_DIRECTORY --texts TEXTS NEW_CORPUS\n"
        )


def _misfits(annotation: Annotation, anchored: Anchored, text: Text) -> Iterator[Problem]:
    doc_id = annotation.doc_id
    if annotation.sha256 not in ("", text.sha256):
        what = "its labels were made over a text with another sha256"
        yield Problem(doc_id=doc_id, what=what, remedy=CHANGED)
    spans = annotation.by_id()
    for span_id in sorted(spans.keys() ^ anchored.spans.keys()):
        what = "has no anchors" if span_id in spans else "has anchors but no label"
        yield Problem(doc_id=doc_id, span=span_id, what=what, remedy=CHANGED)
    for span_id in spans.keys() & anchored.spans.keys():
        fragments, anchors = spans[span_id].fragments, anchored.spans[span_id]
        if len(fragments) != len(anchors):
            what = f"has {len(fragments)} fragments and {len(anchors)} anchors"
            yield Problem(doc_id=doc_id, span=span_id, what=what, remedy=CHANGED)
        yield from _beyond(text, span_id, list(zip(fragments, anchors, strict=False)))


def _beyond(
    text: Text, span: str, anchored: Iterable[tuple[Fragment, Anchor | None]]
) -> Iterator[Problem]:
    for (start, end), anchor in anchored:
        if not start < end <= text.length or (
            anchor and not anchor.first < anchor.last <= text.letters
        ):
            what = f"fragment [{start}, {end}) or its anchor lies outside the text"
            yield Problem(doc_id=text.doc_id, span=span, what=what, remedy=CHANGED)


def _read_manifest(directory: Path) -> Manifest:
    path = directory / MANIFEST
    if not path.is_file():
        what = f"is not a stand-off release: it has no {MANIFEST}"
        remedy = "make one with 'inquit corpus detach'"
        raise DataError(Problem(path=str(directory), what=what, remedy=remedy))
    raw = read_toml(path)
    try:
        if raw.get("format") != FORMAT:
            what = f"is of format {quoted(str(raw.get('format')))}; this inquit reads {FORMAT}"
            raise DataError(Problem(what=what, remedy="read it with the inquit that made it"))
        manifest = made(raw, Manifest)
        for name in manifest.corpus.layers:
            check_layer_name(name)
    except DataError as error:
        raise error.at(path=str(path)) from error
    return manifest


def _read(path: Path, kind: type[R], problems: list[Problem]) -> Iterator[R]:
    decoder = msgspec.json.Decoder(kind)
    seen: dict[str, int] = {}
    try:
        stream = open_for_reading(path)
    except DataError as error:
        problems += error.problems
        return
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                record = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = _faults(line, kind)
                problems += [
                    replace(p.at(path=str(path), line=number), remedy=CHANGED) for p in found
                ]
                continue
            first = seen.setdefault(record.doc_id, number)
            if first != number:
                what = f"document {quoted(record.doc_id)} stands in line {first} already"
                problems.append(Problem(path=str(path), line=number, what=what, remedy=CHANGED))
            yield record


def _faults(line: bytes, kind: type[R]) -> Iterator[Problem]:
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        yield Problem(what=f"is not JSON ({error})")
    else:
        yield from faults(raw, kind)


def _by_document(records: Iterable[R]) -> dict[str, R]:
    return {record.doc_id: record for record in records}


def _write(path: Path, records: Iterable[Any]) -> None:
    encoder = msgspec.json.Encoder()
    write_atomic(path, b"".join(encoder.encode(record) + b"\n" for record in records))
