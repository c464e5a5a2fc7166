"""REDEWIEDERGABE: speech, thought and writing in German fiction and newspapers, 1840 to 1919.

Source: github.com/redewiedergabe/corpus, doi.org/10.5281/zenodo.3739239 (838 samples). Citation:
Annelen Brunner, Stefan Engelberg, Fotis Jannidis, Ngoc Duyen Tanja Tu and Lukas Weimer (2020),
Corpus REDEWIEDERGABE, LREC 2020, pages 803-812. Licence: CC BY-NC-SA 4.0.

Format: its column-based text, a ``.tsv`` file a sample and a line a token, of which the columns
``tok``, ``stwr``, ``speaker`` and ``intexpr`` are read, and ``metadata*.tsv``. A cell of ``stwr``
holds what the token is part of, outer first, joined by ``|``, each as
``type.medium.ID[.nonfact][.border=..][.prag][.metaph]``; a cell of ``speaker`` or ``intexpr``
holds the IDs it belongs to: ``speaker.12_19``. Tokens of one ID may lie apart.

Mapping: the source may be the whole corpus or a folder of it. ``rwk_*`` files are the consensus
that a third person made of two annotations: the layer "gold". ``rwk1_*`` files (``primary``) are
what one annotator labelled, with the annotator's pseudonym for a folder: a layer each, such as
"mercury". Other single annotations (``rwz_*``) go into the layer of the annotator that the
metadata name. All labels of a sample stand over one text, that of the consensus if it is there;
an annotator's tokens are often cut otherwise, and are placed by their characters. If these differ,
the annotator's file is dropped. The file name, as ``rwk_...`` and without suffix, is the doc_id.

The text is rebuilt: one space between two tokens, no line breaks. STWR N becomes the attribution aN
with the quote qN, its speaker the sources sN (one a run of tokens: several are persons joined),
its intExpr the cue cueN (one span: several runs are parts of one verb, or verbs joined). A speaker
of several STWR is one source of several attributions. If an ID carries two types or media, each
becomes a quote of its own in the one attribution, reported as changed. A speaker or intExpr without
STWR (ID 0 at the end of a sample) stays a span without attribution, reported as changed.

=================================== =======================================================
type direct, indirect, reported      form direct, indirect, reported
type freeIndirect                    form free_indirect
type indirect freeIndirect           form free_indirect, reported as changed: a sentence in the
                                     subjunctive without a clause that introduces it
medium speech, thought, writing      medium speech, thought, writing
medium of two or three of these      no medium: the corpus leaves it open
title, year ("Undefined" left out)   title, published
orig_filename                        group: samples of one text, and ``meta.orig_filename``
other columns of the metadata        ``meta``
=================================== =======================================================

The form "mixed" does not occur. What is lost: the original spacing, frame, nonfact, border, prag,
metaph, a medium left open, which of two STWR over the same words is the outer one, whether runs of
one ID were one annotation or several, footnote marks, and the columns that tools computed. A record
of the report is an STWR of an annotator.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from ..directory import CorpusInfo
from ..errors import DataError, Problem, quoted
from ..model import (
    Annotation,
    Attribution,
    Document,
    Fragment,
    Layer,
    MetaValue,
    Span,
    check_layer_name,
)
from ..terminal import track
from ..vocabulary import GOLD
from .folders import files_below, folders_of
from .intake import Imported, Intake, Options
from .tokenised import fragments, rebuilt, runs

NAME: Final = "redewiedergabe"
LICENCE: Final = "CC-BY-NC-SA-4.0"
LANGUAGE: Final = "de"
COLUMNS: Final = (
    "tok", "normtok", "lemma", "pos", "rfpos", "sentstart", "stwr", "frame", "speaker", "intexpr",
    "note",
)  # fmt: skip
_SKIPPED: Final = {
    "beta-release": "an earlier release of the main corpus",
    "consens": "the labels of the main corpus over other tokens",
    "consensus": "the labels of the main corpus over other tokens",
    "simplified": "the simplified annotation, which has another format",
}
_FORMS: Final = {
    "direct": "direct",
    "indirect": "indirect",
    "reported": "reported",
    "freeIndirect": "free_indirect",
    "indirect freeIndirect": "free_indirect",
}
_COMPOUND: Final = "indirect freeIndirect"
_MEDIUM: Final = r"(?:speech|thought|writing)"
_STWR: Final = re.compile(
    r"(?P<type>direct|indirect[ _]freeIndirect|indirect|freeIndirect|reported)"
    rf"\.(?P<medium>{_MEDIUM}(?:[ _]{_MEDIUM})*)\.(?P<id>\d+)"
    r"(?P<nonfact>\.nonfact)?(?P<border>\.border=\w+)?(?P<prag>\.prag)?(?P<metaph>\.metaph)?",
    re.ASCII,
)
_SECONDARY: Final = ("nonfact", "border", "prag", "metaph")
_IDS: Final = re.compile(r"(speaker|intexpr)\.([\d _]+)", re.ASCII)
_SAMPLE: Final = re.compile(r"rwk\d*_")
_SINGLE: Final = re.compile(r"rwk\d+_")
_TEXT_ID: Final = re.compile(r"rwk_(.+)-[^-]+")
_NOTHING: Final = "-"
_FETCH: Final = "fetch the file again: it may be cut off"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus, its main part, the primary annotations, or one file."""
    intake = Intake(NAME, source)
    samples = _Samples(intake, options)
    files = files_below(intake, ".tsv", skipped=_SKIPPED)
    tables = [path for path in files if path.name.lower().startswith("metadata")]
    for path in tables:
        samples.describe(path)
    found = [path for path in files if path not in set(tables) and not samples.is_list(path)]
    if files and not found:
        what = "holds no sample, only tables about samples"
        intake.problems.append(Problem(path=str(source), what=what, remedy="name the whole corpus"))
    # The consensus first: its text is the one that all labels of a sample stand over.
    for path in track(sorted(found, key=lambda p: not _is_gold(p)), "reading samples"):
        samples.read(path)
    samples.report_unused_rows()
    info = CorpusInfo(
        name=NAME,
        description="Speech, thought and writing representation in German texts of 1840 to 1919 "
        "(Brunner et al. 2020)",
        licence=options.licence or LICENCE,
        languages=(options.language or LANGUAGE,),
    )
    return intake.finish(info, samples.layers(), lost=samples.lost())


class _Stwr(NamedTuple):
    """What a part of a cell of the column ``stwr`` says."""

    id: int
    type: str
    medium: str
    secondary: tuple[str, ...]

    @property
    def attributes(self) -> dict[str, str]:
        found = {"form": _FORMS[self.type]}
        if " " not in self.medium:
            found["medium"] = self.medium
        return found


@lru_cache(maxsize=1 << 14)
def _stwr(part: str) -> _Stwr:
    match = _STWR.fullmatch(part)
    if match is None:
        what = f"stwr {quoted(part)} is not type.medium.ID with what may follow"
        raise DataError(Problem(what=what, remedy=_FETCH))
    return _Stwr(
        int(match["id"]),
        match["type"].replace("_", " "),
        match["medium"].replace("_", " "),
        tuple(name for name in _SECONDARY if match[name]),
    )


@dataclass(slots=True)
class _Sample:
    """What a file says: its tokens, and by ID the tokens of each label."""

    tokens: list[str] = field(default_factory=list)
    stwr: dict[int, dict[_Stwr, list[int]]] = field(default_factory=dict)
    speaker: dict[int, list[int]] = field(default_factory=dict)
    intexpr: dict[int, list[int]] = field(default_factory=dict)
    frames: set[str] = field(default_factory=set)
    secondary: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    footnote: int = 0
    remarks: list[tuple[int, str]] = field(default_factory=list)

    def line(self, token: int) -> int:
        return token + 2


class _Samples:
    """Reads files, and keeps for each sample its text and for each annotator the labels."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self.intake = intake
        self.options = options
        self._rows: dict[str, dict[str, str]] = {}
        self._annotators: dict[str, str] = {}
        self._described: dict[Path, list[str]] = {}
        self._first: dict[str, tuple[Path, Document]] = {}
        self._labels: dict[str, dict[str, Annotation]] = {}
        self._paths: dict[tuple[str, str], Path] = {}
        self._counts: Counter[str] = Counter()
        self._media: Counter[str] = Counter()

    def is_list(self, path: Path) -> bool:
        """Tell whether a file is the list of annotators, which says nothing that is not known."""
        if path.name.lower() != "annotators_per_file.tsv":
            return False
        self.intake.changed("unread", path, "the list of annotators, whom the folders name")
        return True

    def describe(self, path: Path) -> None:
        """Read a table of metadata."""
        text = self.intake.text(path)
        if text is None:
            return
        with self.intake.collecting(path):
            header, *rows = _cells(text)
            problems = []
            if "file" not in header:
                what = "has no column 'file'"
                raise DataError(Problem(what=what, line=1, remedy="name the table of the corpus"))
            for line, cells in enumerate(rows, 2):
                if len(cells) != len(header):
                    what = f"has {len(cells)} columns, the header has {len(header)}"
                    problems.append(Problem(what=what, line=line, remedy=_FETCH))
                    continue
                row = dict(zip(header, cells, strict=True))
                stem = _stem(row.pop("file"))
                if annotator := row.pop("annotator", ""):
                    self._annotators[stem] = annotator
                sample = _sample_id(stem)
                if sample == stem or sample not in self._rows:  # The main corpus says most.
                    self._rows[sample] = row
                self._described.setdefault(path, []).append(sample)
            if problems:
                raise DataError(problems)

    def report_unused_rows(self) -> None:
        for path, samples in self._described.items():
            if count := sum(sample not in self._first for sample in samples):
                self.intake.changed("unread", path, f"{count:,} rows on samples that are not here")

    def read(self, path: Path) -> None:
        """Read a sample."""
        text = self.intake.text(path)
        if text is None:
            return
        with self.intake.collecting(path):
            doc_id = _sample_id(_stem(path.name))
            layer = self._layer(path)
            other = self._paths.setdefault((layer, doc_id), path)
            if other != path:
                what = f"is labelled by {quoted(layer)} in {other} already"
                raise DataError(Problem(doc_id=doc_id, what=what, remedy="keep one of the two"))
            sample = _parsed(text)
            self.intake.records += len(sample.stwr)
            words, places = rebuilt([sample.tokens])
            if doc_id not in self._first:
                self._first[doc_id] = path, self._document(doc_id, words)
                self.intake.documents.append(self._first[doc_id][1])
            first, document = self._first[doc_id]
            if words != document.text:
                moved = _moved(sample.tokens, document.text)
                if isinstance(moved, str):
                    reason = (
                        f"{len(sample.stwr)} STWR of {layer}: its text is not that of "
                        f"{first.name}: {moved}"
                    )
                    self.intake.changed("dropped", path, reason)
                    return
                places = moved
            for token, remark in sorted(sample.remarks):
                self.intake.changed("changed", path, remark, sample.line(token))
            self._count(doc_id, layer, sample)
            labels = _annotation(document, sample, places)
            self._labels.setdefault(layer, {})[doc_id] = labels

    def layers(self) -> list[Layer]:
        names = sorted(self._labels, key=lambda name: (name != GOLD, name))
        return [
            Layer(
                name=name,
                annotations=tuple(self._labels[name].values()),
                kind="adjudicated" if name == GOLD else "human",
                made_by="the consensus of the corpus, made by a third person from two annotations"
                if name == GOLD
                else "the labels of one annotator of the corpus",
            )
            for name in names
        ]

    def lost(self) -> list[str]:
        counts = self._counts
        found = [
            "the original spacing: the text has one space between two tokens, no line breaks",
            f"frame, the clause that introduces an STWR: {counts['frame']:,}",
        ]
        found += [f"{name}: {counts[name]:,} STWR" for name in _SECONDARY]
        if self._media:
            media = ", ".join(f"{name} {n:,}" for name, n in sorted(self._media.items()))
            found.append(f"medium that the corpus leaves open: {media} STWR")
        found += [
            f"which of two STWR over the same words is the outer one: {counts['same']:,} pairs",
            f"whether runs of one ID were one annotation or several: {counts['runs']:,} "
            "speakers and intExpr",
            f"note: {counts['note']:,} tokens are marked as footnote",
            "normtok, lemma, pos, rfpos and sentstart, which tools computed",
        ]
        if counts["cabtokens"]:
            found.append(
                f"tokens, it may be: {counts['cabtokens']:,} samples have another number of them "
                "than their metadata count (cabtokens)"
            )
        return found

    def _layer(self, path: Path) -> str:
        if _is_gold(path):
            return GOLD
        folders = [f for f in folders_of(path, self.intake.source) if f not in ("tsv", "txt")]
        nearest = folders[0] if folders else self.intake.source.resolve().parent.name
        name = nearest if _SINGLE.match(path.name) else self._annotators.get(_stem(path.name))
        check_layer_name(name or nearest)
        return name or nearest

    def _document(self, doc_id: str, text: str) -> Document:
        row = {k: v for k, v in self._rows.get(doc_id, {}).items() if v not in ("", "Undefined")}
        text_id = _TEXT_ID.fullmatch(doc_id)
        meta: dict[str, MetaValue] = {
            key: value for key, value in row.items() if key not in ("title", "year")
        }
        return Document(
            doc_id=doc_id,
            text=text,
            language=self.options.language or LANGUAGE,
            licence=self.options.licence or LICENCE,
            title=row.get("title"),
            published=row.get("year"),
            group=row.get("orig_filename") or (text_id and text_id[1]),
            meta=meta,
        )

    def _count(self, doc_id: str, layer: str, sample: _Sample) -> None:
        self._counts["frame"] += len(sample.frames)
        self._counts["note"] += sample.footnote
        for name, ids in sample.secondary.items():
            self._counts[name] += len(ids)
        for kinds in sample.stwr.values():
            for medium in {kind.medium for kind in kinds if " " in kind.medium}:
                self._media[medium] += 1
        extents = Counter(tuple(t) for kinds in sample.stwr.values() for t in kinds.values())
        self._counts["same"] += sum(n * (n - 1) // 2 for n in extents.values())
        for labels in (sample.speaker, sample.intexpr):
            self._counts["runs"] += sum(len(runs(tokens)) > 1 for tokens in labels.values())
        counted = self._rows.get(doc_id, {}).get("cabtokens")
        if layer == GOLD and counted not in (None, str(len(sample.tokens))):
            self._counts["cabtokens"] += 1


def _parsed(text: str) -> _Sample:
    """Take a file apart; raise DataError with every fault of it."""
    header, *rows = _cells(text)
    if tuple(header) != COLUMNS:
        what = f"has not the columns {', '.join(COLUMNS)}"
        remedy = "name files of the column-based text format"
        raise DataError(Problem(what=what, line=1, remedy=remedy))
    sample = _Sample()
    problems: list[Problem] = []
    for token, cells in enumerate(rows):
        if len(cells) != len(COLUMNS):
            what = f"has {len(cells)} columns, not {len(COLUMNS)}"
            problems.append(Problem(what=what, line=sample.line(token), remedy=_FETCH))
            continue
        word, *_, stwr, frame, speaker, intexpr, note = cells
        sample.tokens.append(word)
        try:
            if not word.strip():
                raise DataError(Problem(what="has no token", remedy=_FETCH))
            if stwr != _NOTHING:
                for part in stwr.split("|"):
                    _add(sample, _stwr(part), token)
            if speaker != _NOTHING:
                _add_ids(sample, sample.speaker, "speaker", speaker, token)
            if intexpr != _NOTHING:
                _add_ids(sample, sample.intexpr, "intexpr", intexpr, token)
            if frame != _NOTHING:
                sample.frames.update(re.findall(r"\d+", frame))
            sample.footnote += note != _NOTHING
        except DataError as error:
            problems += error.at(line=sample.line(token)).problems
    if not rows:
        problems.append(Problem(what="holds no token", line=1, remedy=_FETCH))
    if problems:
        raise DataError(problems)
    sample.remarks += _remarks(sample)
    return sample


def _add(sample: _Sample, stwr: _Stwr, token: int) -> None:
    for name in stwr.secondary:
        sample.secondary[name].add(stwr.id)
    kinds = sample.stwr.setdefault(stwr.id, {})
    kinds.setdefault(stwr._replace(secondary=()), []).append(token)


def _add_ids(
    sample: _Sample, labels: dict[int, list[int]], name: str, cell: str, token: int
) -> None:
    for part in cell.split("|"):
        match = _IDS.fullmatch(part)
        numbers = re.split("[_ ]", match[2]) if match and match[1] == name else []
        if not any(numbers):
            what = f"{name} {quoted(part)} is not {name}.ID or {name}.ID_ID"
            raise DataError(Problem(what=what, remedy=_FETCH))
        if not all(numbers):
            sample.remarks.append((token, f"{quoted(part)} has an empty ID, left out"))
        for number in filter(None, numbers):
            labels.setdefault(int(number), []).append(token)


def _remarks(sample: _Sample) -> Iterator[tuple[int, str]]:
    for number, kinds in sample.stwr.items():
        first = min(tokens[0] for tokens in kinds.values())
        if len(kinds) > 1:
            names = " and ".join(f"{kind.type}.{kind.medium}" for kind in kinds)
            yield first, f"STWR {number} is {names}: a quote each, in one attribution"
        if any(kind.type == _COMPOUND for kind in kinds):
            yield first, f"STWR {number}: type {_COMPOUND} becomes form free_indirect"
    for name, labels in (("speaker", sample.speaker), ("intexpr", sample.intexpr)):
        for number, tokens in labels.items():
            if number not in sample.stwr:
                what = f"{name} {number} belongs to no STWR: a span without attribution"
                yield tokens[0], what


def _annotation(document: Document, sample: _Sample, places: Sequence[Fragment]) -> Annotation:
    spans: list[Span] = []
    shared: dict[tuple[str, tuple[Fragment, ...]], str] = {}

    def ids_of(label: str, prefix: str, number: int, groups: Iterable[list[int]]) -> list[str]:
        found = []
        for place, tokens in enumerate(groups, 1):
            key = label, fragments(tokens, places)
            if key not in shared:
                shared[key] = f"{prefix}{number}" + (f".{place}" if place > 1 else "")
                spans.append(Span(shared[key], *key))
            found.append(shared[key])
        return found

    attributions = []
    for number in sorted({*sample.stwr, *sample.speaker, *sample.intexpr}):
        content = []
        for place, (kind, tokens) in enumerate(sample.stwr.get(number, {}).items(), 1):
            content.append(f"q{number}" + (f".{place}" if place > 1 else ""))
            where = fragments(tokens, places)
            spans.append(Span(content[-1], "quote", where, kind.attributes))
        speakers = runs(sample.speaker.get(number, ()))
        source = ids_of("source", "s", number, speakers)
        cue = ids_of("cue", "cue", number, filter(None, [sample.intexpr.get(number)]))
        if content:
            attributions.append(
                Attribution(
                    id=f"a{number}", content=tuple(content), source=tuple(source), cue=tuple(cue)
                )
            )
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(spans),
        attributions=tuple(attributions),
    )


def _moved(tokens: list[str], text: str) -> list[Fragment] | str:
    """Return where tokens stand in a text with the same characters, or where it differs.

    White space does not count.
    """
    here = [i for i, c in enumerate(text) if not c.isspace()]
    places: list[Fragment] = []
    done = 0
    for number, token in enumerate(tokens, 1):
        letters = "".join(token.split())
        found = "".join(text[i] for i in here[done : done + len(letters)])
        if found != letters:
            return f"token {number} is {quoted(letters)}, there it says {quoted(found)}"
        places.append((here[done], here[done + len(letters) - 1] + 1))
        done += len(letters)
    if done < len(here):
        rest = text[here[done] :]
        return f"it ends before {quoted(rest)}"
    return places


def _cells(text: str) -> list[list[str]]:
    lines = text.split("\n")
    if not lines[-1]:
        del lines[-1]
    return [line.removesuffix("\r").split("\t") for line in lines] or [[""]]


def _is_gold(path: Path) -> bool:
    return path.name.startswith("rwk_")


def _stem(name: str) -> str:
    return Path(name).stem.removesuffix(".xmi")


def _sample_id(stem: str) -> str:
    return _SAMPLE.sub("rwk_", stem, count=1)
