"""What a release consists of, which document goes into which file, and what may not go out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from ..directory import Corpus, CorpusInfo
from ..errors import DataError, Problem, quoted
from ..licence import is_licence
from ..model import Document, Layer, text_problem
from ..vocabulary import SPLITS

#: Number of the format; a change that old readers cannot read raises it.
FORMAT: Final = 1
#: Format, corpus and provenance; the file by which a directory is known to be a release.
INFO: Final = "release.toml"
CARD: Final = "README.md"
CROISSANT: Final = "croissant.json"
SUMS: Final = "SHA256SUMS"
#: Configurations, the directories of their files, and what a row is.
CONFIGS: Final = {"default": "data", "annotations": "annotations", "remaining": "remaining"}
#: All that a release holds.
OURS: Final = (INFO, CARD, CROISSANT, SUMS, *CONFIGS.values())
#: The split that holds everything when the corpus is not split: the format wants a name.
UNSPLIT: Final = "train"

_TABLE = re.compile(rf"({'|'.join(CONFIGS.values())})/({'|'.join(SPLITS)})\.parquet")
_WORD = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """One file of a release; ``rows`` is None and ``config`` and ``split`` are empty if no table.

    ``bytes`` is its size on disk, ``memory`` the size of its rows as Arrow arrays.
    """

    path: str
    bytes: int
    sha256: str
    config: str = ""
    split: str = ""
    rows: int | None = None
    memory: int = 0


class ReleaseInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``release.toml`` says: ``layer`` names the layer whose labels ``default`` holds."""

    format: int
    layer: str
    corpus: CorpusInfo


@dataclass(frozen=True)
class Plan:
    """The documents of a release by split, checked when made.

    Within a split they keep the order of the corpus, those with labels first.
    """

    corpus: Corpus
    layer: Layer
    splits: dict[str, list[Document]]

    @classmethod
    def of(cls, corpus: Corpus, layer: str, *, private: bool = False) -> Plan:
        """Plan a release; a ``private`` one is not passed on and may hold anything.

        Raises
        ------
        DataError
            If a document or the corpus may not be passed on, only some documents have a split, a
            group stands in two, or there is no such layer.
        """
        documents = list(corpus.documents.values())
        problems = [
            *_layer_problems(corpus, layer),
            *([] if private else _licence_problems(corpus)),
            *_split_problems(documents),
            *_group_problems(documents),
            *_text_problems(corpus.info),
        ]
        if problems:
            raise DataError(problems)
        labelled = corpus.layers[layer].by_document()
        documents.sort(key=lambda d: d.doc_id not in labelled)
        by_split = {
            split: [d for d in documents if (d.split or UNSPLIT) == split] for split in SPLITS
        }
        splits = {split: found for split, found in by_split.items() if found}
        return cls(corpus, corpus.layers[layer], splits)

    @property
    def restricted(self) -> bool:
        """Whether it holds anything that may not be passed on."""
        return any(_licence_problems(self.corpus))

    @property
    def is_split(self) -> bool:
        """Whether the corpus has splits of its own."""
        return any(d.split for found in self.splits.values() for d in found)


def table_place(path: str) -> tuple[str, str] | None:
    """Return (directory, split) if a path names a table of a release, else None.

    >>> table_place("data/dev.parquet")
    ('data', 'dev')
    >>> table_place("../data/dev.parquet")
    """
    match = _TABLE.fullmatch(path)
    return (match[1], match[2]) if match else None


def may_be_released(licence: str) -> bool:
    """Return whether a licence lets a text be passed on, as far as its words tell.

    >>> may_be_released("CC-BY-4.0"), may_be_released("MIT AND Restricted")
    (True, False)
    """
    return "restricted" not in (word.casefold() for word in _WORD.findall(licence))


def _layer_problems(corpus: Corpus, name: str) -> Iterator[Problem]:
    if name not in corpus.layers:
        yield Problem(
            what=f"the corpus has no layer {quoted(name)}, so there are no labels to release",
            remedy="label the documents, or name the layer whose labels go beside the texts with "
            f"--layer; its layers are: {', '.join(sorted(corpus.layers)) or 'none'}",
        )
    elif not corpus.layers[name].annotations:
        yield Problem(
            what=f"layer {quoted(name)} labels no document",
            remedy="label the documents, or name another layer with --layer",
        )


def _licence_problems(corpus: Corpus) -> Iterator[Problem]:
    for document in corpus.documents.values():
        if not may_be_released(document.licence):
            yield Problem(
                doc_id=document.doc_id,
                what=f"licence {quoted(document.licence)} does not let its text be released",
                remedy="state the licence that allows it, take the document out, or make a dataset "
                "for yourself alone with --private",
            )
        elif not is_licence(document.licence):
            yield Problem(
                doc_id=document.doc_id,
                what=f"licence {quoted(document.licence)} is no SPDX expression",
                remedy="name it as spdx.org does, LicenseRef-NAME if it is none of those, or "
                "'restricted'",
            )
    if not may_be_released(corpus.info.licence):
        yield Problem(
            what=f"the corpus has licence {quoted(corpus.info.licence)}, so its labels may not be "
            "released",
            remedy="state the licence of the labels in corpus.toml, or make a dataset for "
            "yourself alone with --private",
        )
    elif not is_licence(corpus.info.licence):
        yield Problem(
            what=f"the corpus has licence {quoted(corpus.info.licence)}, no SPDX expression",
            remedy="name it in corpus.toml as spdx.org does, or LicenseRef-NAME",
        )


def _split_problems(documents: list[Document]) -> Iterator[Problem]:
    without = [d for d in documents if d.split is None]
    if len(without) < len(documents):
        for document in without:
            yield Problem(
                doc_id=document.doc_id,
                what="has no split, others have one",
                remedy="give every document a split, or none",
            )


def _group_problems(documents: list[Document]) -> Iterator[Problem]:
    splits: dict[str, set[str]] = {}
    for document in documents:
        if document.group is not None and document.split is not None:
            splits.setdefault(document.group, set()).add(document.split)
    for group, found in splits.items():
        if len(found) > 1:
            yield Problem(
                what=f"group {quoted(group)} stands in {' and '.join(sorted(found))}",
                remedy="move all its documents to one split",
            )


def _text_problems(info: CorpusInfo) -> Iterator[Problem]:
    """Refuse what TOML and Markdown cannot hold; such strings are never read, only constructed."""
    stated = {"name": info.name, "version": info.version, "description": info.description}
    stated |= {"licence": info.licence, "guidelines": info.guidelines}
    stated |= {f"language {n}": tag for n, tag in enumerate(info.languages)}
    for name, layer in info.layers.items():
        for field in ("annotator", "guidelines", "made_by"):
            stated[f"{field} of layer {quoted(name)}"] = getattr(layer, field)
        stated |= {f"derived of layer {quoted(name)}": " ".join(layer.derived)}
    for name, value in stated.items():
        if problem := text_problem(value):
            yield Problem(what=f"{name} of the corpus: {problem.what}", remedy=problem.remedy)
