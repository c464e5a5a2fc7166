"""SpkAtt-2023, task 1: who says what to whom in speeches in the German Bundestag.

Source: github.com/umanlp/SpkAtt-2023, the data of task 1 of the GermEval 2023 shared task on
speaker attribution. Citation: Rehbein et al. (2023), the overview in the Proceedings of the 2023
Shared Task on Speaker Attribution (SpkAtt-2023), KONVENS 2023. Licence: CC BY-SA 4.0.

Format: the official one, ``.json`` files in folders ``task1`` of the folders ``train``, ``dev`` and
``trial``; one speech a file, with ``Sentences`` (``SentenceId``, ``Tokens``) and ``Annotations``:
objects that name the tokens of ``Cue``, ``PTC`` (the particle of a verb that is the cue),
``Message``, ``Source``, ``Addr``, ``Topic``, ``Medium`` and ``Evidence`` as "sentence:token", in
any order. Folders ``task1_alternative_format`` (the same labels) and ``eval`` (texts without their
labels) are not read.

Mapping: the file name without ``.json`` becomes the doc_id and, taken apart, date, ``meta.party``
and ``meta.speaker``; the folder the split (``trial`` is none). The text is rebuilt: one space
between two tokens, a line for each sentence. Each annotation with a message becomes an attribution
in the layer "gold": message the quote (of its own, also where two annotations have the same words),
source the source, cue and particle together the cue, addressee the addressee; each one span, with a
fragment for each run of tokens. Sources, cues and addressees over the same words are one span. Ids
count in text order. The corpus says no form and no medium, and none is set. An annotation without
a message is no attribution: its spans are kept without one, reported as changed; an annotation
that names no token in a role that is read is dropped.

What is lost: the original spacing, Topic, Evidence and Medium (the document or way by which a
message comes), which words of a cue are particles. A record of the report is an annotation.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..directory import CorpusInfo
from ..errors import DataError, Problem, quoted
from ..model import Annotation, Attribution, Document, Fragment, Layer, MetaValue, Span
from ..terminal import track
from ..vocabulary import GOLD
from .folders import files_below, folders_of, split_of
from .intake import Imported, Intake, Options
from .located import read_object
from .tokenised import fragments, rebuilt

NAME: Final = "spkatt"
LICENCE: Final = "CC-BY-SA-4.0"
LANGUAGE: Final = "de"
_SKIPPED: Final = {
    "task1_alternative_format": "the alternative format, which holds the labels of task1 again",
    "eval": "texts for the shared task without their labels",
}
_FILE = re.compile(
    r"(?P<session>\d+)_(?P<item>.+?)_(?P<party>AfD|CDUCSU|FDP|GRUENE|LINKE|SPD|fraktionslos)_"
    r"(?P<speaker>.+)_ID\d+_(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})",
    re.ASCII,
)
_ID = re.compile(r"\d+:\d+", re.ASCII)
_LABELS: Final = {
    # Label: the roles of the corpus whose tokens it covers, and the prefix of its ids.
    "quote": (("Message",), "q"),
    "source": (("Source",), "s"),
    "cue": (("Cue", "PTC"), "cue"),
    "addressee": (("Addr",), "ad"),
}
_READ: Final = frozenset(role for roles, _ in _LABELS.values() for role in roles)
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus, one of its parts, or one of its files."""
    intake = Intake(NAME, source)
    speeches = _Speeches(intake, options)
    for path in track(files_below(intake, ".json", skipped=_SKIPPED), "reading speeches"):
        text = intake.text(path)
        if text is not None:
            intake.add(path, partial(speeches.document, path, text))
    if intake.problems:
        raise DataError(intake.problems)
    layer = Layer(
        name=GOLD,
        annotations=tuple(speeches.annotations),
        kind="human",
        made_by=f"the labels of the corpus as published, read by the {NAME} importer",
    )
    info = CorpusInfo(
        name=NAME,
        description="Speaker attribution in speeches in the German Bundestag (SpkAtt-2023, task 1)",
        licence=options.licence or LICENCE,
        languages=(options.language or LANGUAGE,),
    )
    return intake.finish(info, [layer], lost=speeches.lost())


class _Place(NamedTuple):
    """What a span covers; sorts in text order."""

    start: int
    minus_end: int
    fragments: tuple[Fragment, ...]
    record: int

    @classmethod
    def of(cls, fragments: tuple[Fragment, ...], record: int) -> _Place:
        return cls(fragments[0][0], -fragments[-1][1], fragments, record)


class _Speeches:
    """Reads speeches; ``annotations`` are their labels."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self.intake = intake
        self.options = options
        self.annotations: list[Annotation] = []
        self._unread: Counter[str] = Counter({"Topic": 0, "Evidence": 0, "Medium": 0})
        self._particles = 0

    def document(self, path: Path, text: str) -> Document:
        raw = read_object(text, ("Sentences", "Annotations"))
        for name in ("Sentences", "Annotations"):
            if not isinstance(raw.get(name), list):
                what = f"has no list {quoted(name)}"
                remedy = "name files of the official format (folder task1)"
                raise DataError(Problem(what=what, line=1, remedy=remedy))
        sentences = _sentences(raw["Sentences"])
        words, places = rebuilt(sentences.values())
        name = path.stem
        document = Document(
            doc_id=name,
            text=words,
            language=self.options.language or LANGUAGE,
            licence=self.options.licence or LICENCE,
            split=split_of(self._folders(path)),
            **_from_name(name),
        )
        numbers: dict[str, int] = {}
        for sentence, tokens in sentences.items():
            for token in range(len(tokens)):
                numbers[f"{sentence}:{token}"] = len(numbers)
        records = self._records(path, raw["Annotations"], numbers)
        self.annotations.append(_annotation(document, records, places))
        return document

    def lost(self) -> list[str]:
        return [
            "the original spacing: the text has one space between two tokens, "
            "a line for each sentence",
            *(f"{role}: {count:,} annotations" for role, count in self._unread.items()),
            f"which words of a cue are particles (PTC): {self._particles:,} cues",
        ]

    def _folders(self, path: Path) -> list[str]:
        folders = folders_of(path, self.intake.source)
        if folders[-1] == "task1":  # What the split is named for lies outside the source.
            source = self.intake.source.resolve()
            folders.append((source.parent if source.is_file() else source).parent.name)
        return folders

    def _records(
        self, path: Path, items: list[tuple[int, Any]], numbers: dict[str, int]
    ) -> list[dict[str, list[int]]]:
        """Return the tokens of each annotation by label; those without any are left out."""
        found: list[dict[str, list[int]]] = []
        problems: list[Problem] = []
        for number, (line, item) in enumerate(items, 1):
            self.intake.records += 1
            try:
                tokens = _tokens(item, numbers)
            except DataError as error:
                problems += error.at(line=line).problems
                continue
            for role in tokens.keys() - _READ:
                self._unread[role] += bool(tokens[role])
            self._particles += bool(tokens.get("PTC"))
            record = {
                label: [token for role in roles for token in tokens.get(role, ())]
                for label, (roles, _) in _LABELS.items()
            }
            if not any(record.values()):
                reason = f"annotation {number} names no cue, source, message or addressee"
                self.intake.changed("dropped", path, reason, line)
                continue
            if not record["quote"]:
                reason = f"annotation {number} has no message: its spans have no attribution"
                self.intake.changed("changed", path, reason, line)
            found.append(record)
        if problems:
            raise DataError(problems)
        return found


def _sentences(items: list[tuple[int, Any]]) -> dict[int, list[str]]:
    """Return the tokens of each sentence by its id, in the order of the file."""
    found: dict[int, list[str]] = {}
    problems: list[Problem] = []
    for line, item in items:
        number = item.get("SentenceId") if isinstance(item, dict) else None
        tokens = item.get("Tokens") if isinstance(item, dict) else None
        if type(number) is not int or not isinstance(tokens, list):
            what = "a sentence has no SentenceId, or no list of Tokens"
        elif not all(isinstance(token, str) and token.strip() for token in tokens):
            what = f"sentence {number} has a token that is no text, or empty"
        elif number in found:
            what = f"sentence {number} stands twice"
        else:
            found[number] = tokens
            continue
        problems.append(Problem(what=what, line=line, remedy=_FETCH))
    if not any(found.values()) and not problems:
        problems.append(Problem(what="holds no token", line=1, remedy=_FETCH))
    if problems:
        raise DataError(problems)
    return found


def _tokens(item: Any, numbers: dict[str, int]) -> dict[str, list[int]]:
    """Return the tokens of each role of an annotation."""
    if not isinstance(item, dict):
        raise DataError(Problem(what="an annotation is no JSON object", remedy=_FETCH))
    found: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for role, ids in item.items():
        if not isinstance(ids, list) or not all(
            isinstance(i, str) and _ID.fullmatch(i) for i in ids
        ):
            what = f"{quoted(role)} is no list of ids like '4:12'"
            problems.append(Problem(what=what, remedy=_FETCH))
            continue
        missing = [quoted(i) for i in ids if i not in numbers]
        if missing:
            what = f"{quoted(role)} names {', '.join(missing)}, which no sentence has"
            problems.append(Problem(what=what, remedy=_FETCH))
        found[role] = [numbers[i] for i in ids if i in numbers]
    if problems:
        raise DataError(problems)
    return found


def _annotation(
    document: Document, records: list[dict[str, list[int]]], places: list[Fragment]
) -> Annotation:
    covered: dict[str, list[_Place]] = {
        label: sorted(
            _Place.of(fragments(record[label], places), number)
            for number, record in enumerate(records)
            if record[label]
        )
        for label in _LABELS
    }
    spans: list[Span] = []
    ids: dict[tuple[int, str], str] = {}
    for label, found in covered.items():
        last: tuple[Fragment, ...] = ()
        count = 0
        for place in found:
            if label == "quote" or place.fragments != last:
                count += 1
                spans.append(Span(f"{_LABELS[label][1]}{count}", label, place.fragments))
            last = place.fragments
            ids[place.record, label] = spans[-1].id

    def filled(record: int, label: str) -> tuple[str, ...]:
        return (ids[record, label],) if (record, label) in ids else ()

    attributions = [
        Attribution(
            id=f"a{count}",
            content=filled(place.record, "quote"),
            source=filled(place.record, "source"),
            cue=filled(place.record, "cue"),
            addressee=filled(place.record, "addressee"),
        )
        for count, place in enumerate(covered["quote"], 1)
    ]
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(spans),
        attributions=tuple(attributions),
    )


def _from_name(name: str) -> dict[str, Any]:
    match = _FILE.fullmatch(name)
    if match is None:
        return {}
    meta: dict[str, MetaValue] = {
        "party": match["party"],
        "speaker": match["speaker"].replace("_", " "),
        "session": match["session"],
        "item": match["item"].replace("_", " "),
    }
    return {"published": f"{match['year']}-{match['month']}-{match['day']}", "meta": meta}
