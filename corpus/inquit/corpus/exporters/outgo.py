"""What every exporter needs: the layers it writes, names for its files, counting for the report."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
import tomli_w

from ..directory import INFO, Corpus, LayerInfo
from ..files import file_name, write_atomic
from ..model import Annotation, Layer
from ..vocabulary import LABELS

_LONGEST = 180


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document or span that the format took in part, or not at all."""

    action: Literal["dropped", "changed"]
    doc_id: str
    span: str = ""
    reason: str


class ExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What went out, and what did not.

    Parameters
    ----------
    format : str
    layers : list of str
    documents, attributions : int
        Written.
    spans : dict of str to int
        Written, by label, over all layers.
    changes : list of Change
    lost : dict of str to int
        What the format has no place for, and how much of it there was.
    """

    format: str
    layers: list[str]
    documents: int
    spans: dict[str, int]
    attributions: int
    changes: list[Change]
    lost: dict[str, int]


class Outgo:
    """Collects what an exporter writes and leaves out.

    Parameters
    ----------
    format : str
    corpus : Corpus
    layers : sequence of Layer
        Those to write.
    place : Path
        An empty directory.
    """

    def __init__(
        self,
        format: str,  # noqa: A002 (the word of the command)
        corpus: Corpus,
        layers: Iterable[Layer],
        place: Path,
    ) -> None:
        self.format = format
        self.corpus = corpus
        self.layers = tuple(layers)
        self.place = place
        self.changes: list[Change] = []
        self.lost: Counter[str] = Counter()
        self._documents = 0
        self._spans = dict.fromkeys(LABELS, 0)
        self._attributions = 0
        left_out = corpus.layers.keys() - {layer.name for layer in self.layers}
        if left_out:
            self.lost[f"layers ({', '.join(sorted(left_out))})"] = len(left_out)

    def annotations(self) -> dict[str, Annotation]:
        """Return the labels of the one layer by document; nothing if there is none."""
        return self.layers[0].by_document() if self.layers else {}

    def wrote(self, *annotations: Annotation) -> None:
        """Count a document that was written with these labels."""
        self._documents += 1
        for annotation in annotations:
            self._attributions += len(annotation.attributions)
            for span in annotation.spans:
                self._spans[span.label] += 1

    def changed(
        self, action: Literal["dropped", "changed"], doc_id: str, reason: str, span: str = ""
    ) -> None:
        """Note a document or span that is left out or not written as it is."""
        self.changes.append(Change(action=action, doc_id=doc_id, span=span, reason=reason))

    def write_info(self) -> None:
        """Write ``corpus.toml``, by which an importer knows what the layers are."""
        layers = {layer.name: LayerInfo.of(layer) for layer in self.layers}
        info = msgspec.structs.replace(self.corpus.info, layers=layers)
        raw = msgspec.to_builtins(info)
        write_atomic(self.place / INFO, tomli_w.dumps(raw, multiline_strings=False))

    def file_names(self, suffix: str) -> dict[str, str]:
        """Return a file name for each document: readable, not too long, different in any case."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for doc_id in self.corpus.documents:
            name = file_name(doc_id, "")
            if len(name) > _LONGEST or name.casefold() in taken:
                digest = hashlib.sha256(doc_id.encode()).hexdigest()[:16]
                name = f"{name[:_LONGEST]}-{digest}"
            taken.add(name.casefold())
            found[doc_id] = name + suffix
        return found

    def finish(self) -> ExportReport:
        """Return the report."""
        return ExportReport(
            format=self.format,
            layers=[layer.name for layer in self.layers],
            documents=self._documents,
            spans=self._spans,
            attributions=self._attributions,
            changes=self.changes,
            lost=dict(self.lost),
        )
