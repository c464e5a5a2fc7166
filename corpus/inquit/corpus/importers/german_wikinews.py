"""German Wikinews: who says what, how and to whom, in 998 articles of the German Wikinews.

Source: github.com/uhh-lt/german-news-quotation-attribution-2024, by the Language Technology Group
of Universität Hamburg. Citation: Fynn Petersen-Frey and Chris Biemann (2024), Dataset of Quotation
Attribution in German News Articles, LREC-COLING 2024, arXiv:2404.16764. Licence: CC BY-NC-SA 4.0.

Format: a folder of ``.json`` files, or folders ``train``, ``dev`` and ``test`` of them; one article
a file, with ``documentName``, ``originalText``, ``sentences``, ``tokens`` and ``annotations``. An
annotation has an ``id``, a ``type``, a ``medium``, and ``quote``, ``speaker``, ``cue``, ``frame``
and ``addressee`` with their ``spans`` (code points, end exclusive), ``tokenIds`` and ``text``.

Mapping: ``documentName`` ("number - title (date)") becomes the doc_id and, taken apart, title,
date and ``meta.page``; ``originalText`` the text, exactly; the name of the folder the split. Each
annotation N becomes an attribution aN in the layer "gold". Its quote becomes the quote qN, also
where two annotations have the same words; speaker becomes source, cue cue, addressee addressee,
each one span, with a fragment for each span of the corpus. Where two annotations have the same
words for a speaker, cue or addressee, they share the span. Span ids have the number of the first
annotation that uses them. An annotation without a quote is dropped.

================================ ==========================================================
type Direct, Indirect, Reported   form direct, indirect, reported
type FreeIndirect                 form free_indirect
type IndirectFreeIndirect         form free_indirect, reported as changed: a sentence in the
                                  subjunctive without a clause that introduces it, so no
                                  grammar ties it to one; the corpus keeps it apart
medium Speech, Thought, Writing   medium speech, thought, writing
medium ST, SW, TW, STW            no medium: the corpus leaves it open between two or three
medium none                       no medium
================================ ==========================================================

The form "mixed" does not occur: where some words stand in quotation marks, the corpus has a direct
quote inside an indirect one, with an attribution each. What is lost: the frame (the clause that
introduces the quote), a medium left open, sentences and tokens, ``hasNested`` and ``isNested``
(where quotes lie in each other is seen in their spans). A record of the report is an annotation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from ..directory import CorpusInfo
from ..errors import DataError, Problem, quoted
from ..model import Annotation, Attribution, Document, Fragment, Layer, Span
from ..terminal import track
from ..vocabulary import GOLD
from .folders import files_below, folders_of, split_of
from .fragments import joined
from .intake import Imported, Intake, Options
from .located import read_object

NAME: Final = "german-wikinews"
LICENCE: Final = "CC-BY-NC-SA-4.0"
LANGUAGE: Final = "de"
_TITLE = re.compile(r"(\d+) - (.+) \((\d{4}-\d{2}-\d{2})\)")
_FORMS: Final = {
    "Direct": "direct",
    "Indirect": "indirect",
    "Reported": "reported",
    "FreeIndirect": "free_indirect",
    "IndirectFreeIndirect": "free_indirect",
}
_COMPOUND: Final = "IndirectFreeIndirect"
_MEDIA: Final = {"Speech": "speech", "Thought": "thought", "Writing": "writing", "none": ""}
_OPEN_MEDIA: Final = ("ST", "SW", "TW", "STW")
_ROLES: Final = (
    # In the corpus, the label, the prefix of its ids.
    ("quote", "quote", "q"),
    ("speaker", "source", "s"),
    ("cue", "cue", "cue"),
    ("addressee", "addressee", "ad"),
)
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus, one of its splits, or one of its files."""
    intake = Intake(NAME, source)
    articles = _Articles(intake, options)
    for path in track(files_below(intake, ".json"), "reading articles"):
        text = intake.text(path)
        if text is not None:
            intake.add(path, partial(articles.document, path, text))
    if intake.problems:
        raise DataError(intake.problems)
    layer = Layer(
        name=GOLD,
        annotations=tuple(articles.annotations),
        kind="human",
        made_by=f"the labels of the corpus as published, read by the {NAME} importer",
    )
    info = CorpusInfo(
        name=NAME,
        description="Quotations and their attribution in articles of the German Wikinews "
        "(Petersen-Frey and Biemann 2024)",
        licence=options.licence or LICENCE,
        languages=(options.language or LANGUAGE,),
    )
    return intake.finish(info, [layer], lost=articles.lost())


class _Articles:
    """Reads articles; ``annotations`` are their labels."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self.intake = intake
        self.options = options
        self.annotations: list[Annotation] = []
        self._counts: Counter[str] = Counter()
        self._media: Counter[str] = Counter()

    def document(self, path: Path, text: str) -> Document:
        raw = read_object(text, ("annotations",))
        problems = list(_misses(raw))
        if problems:
            raise DataError(problems)
        name, words = raw["documentName"], raw["originalText"]
        title = _TITLE.fullmatch(name)
        document = Document(
            doc_id=name,
            text=words,
            language=self.options.language or LANGUAGE,
            licence=self.options.licence or LICENCE,
            title=title and title[2],
            published=title and title[3],
            publisher="Wikinews",
            split=split_of(folders_of(path, self.intake.source)),
            meta={"page": title[1]} if title else {},
        )
        self.annotations.append(self._annotation(path, document, raw["annotations"]))
        self._counts["sentences"] += len(raw.get("sentences", ()))
        self._counts["tokens"] += len(raw.get("tokens", ()))
        return document

    def lost(self) -> list[str]:
        counts = self._counts
        found = [f"frame, the clause that introduces a quote: {counts['frame']:,} annotations"]
        if self._media:
            media = ", ".join(f"{name} {n:,}" for name, n in sorted(self._media.items()))
            found.append(
                f"medium that the corpus leaves open between speech (S), thought (T) and "
                f"writing (W): {media} quotes"
            )
        found.append(f"{counts['sentences']:,} sentences and {counts['tokens']:,} tokens")
        found.append(
            "hasNested and isNested: where quotes lie in each other is seen in their spans"
        )
        return found

    def _annotation(
        self, path: Path, document: Document, items: list[tuple[int, Any]]
    ) -> Annotation:
        spans: dict[object, Span] = {}
        attributions: list[Attribution] = []
        problems: list[Problem] = []
        numbers: set[int] = set()
        for line, item in items:
            self.intake.records += 1
            try:
                record = _Record(item, document.text)
                if record.number in numbers:
                    what = f"annotation {record.number} stands twice"
                    raise DataError(Problem(what=what, remedy="give each an id of its own"))
            except DataError as error:
                problems += error.at(line=line).problems
                continue
            numbers.add(record.number)
            for action, reason in record.remarks():
                self.intake.changed(action, path, reason, line)
            self._counts["frame"] += record.has_frame
            if not record.places["quote"]:
                continue
            if record.medium in _OPEN_MEDIA:
                self._media[record.medium] += 1
            ids: dict[str, str] = {}
            for role, label, prefix in _ROLES:
                if place := record.places[role]:
                    key = record.number if label == "quote" else (label, place)
                    attributes = record.attributes() if label == "quote" else {}
                    span = Span(f"{prefix}{record.number}", label, place, attributes)
                    ids[label] = spans.setdefault(key, span).id
            attributions.append(
                Attribution(
                    id=f"a{record.number}",
                    content=(ids["quote"],),
                    source=(ids["source"],) if "source" in ids else (),
                    cue=(ids["cue"],) if "cue" in ids else (),
                    addressee=(ids["addressee"],) if "addressee" in ids else (),
                )
            )
        if problems:
            raise DataError(p.at(doc_id=document.doc_id) for p in problems)
        return Annotation(
            doc_id=document.doc_id,
            sha256=document.sha256,
            spans=tuple(spans.values()),
            attributions=tuple(attributions),
        )


class _Record:
    """An annotation of the corpus, taken apart and checked against the text."""

    def __init__(self, item: Any, text: str) -> None:
        if not isinstance(item, dict):
            raise DataError(Problem(what="an annotation is no JSON object", remedy=_FETCH))
        number = item.get("id")
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            what = "an annotation has no id" if number is None else f"id {number!r} is no number"
            raise DataError(Problem(what=what, remedy=_FETCH))
        self.number = number
        self.type = str(item.get("type"))
        self.medium = str(item.get("medium"))
        self.has_frame = bool(_spans(item.get("frame")))
        self.places: dict[str, tuple[Fragment, ...]] = {}
        self._remarks: list[str] = []
        problems: list[Problem] = []
        for role, *_ in _ROLES:
            try:
                self.places[role] = self._place(role, item.get(role), text)
            except DataError as error:
                problems += error.problems
        if problems:
            raise DataError(problems)

    def attributes(self) -> dict[str, str]:
        found = {"form": _FORMS.get(self.type), "medium": _MEDIA.get(self.medium)}
        return {name: value for name, value in found.items() if value}

    def remarks(self) -> Iterator[tuple[Literal["dropped", "changed"], str]]:
        """Yield what is not taken over as it stands: whether it is dropped or changed, and why."""
        name = f"annotation {self.number}"
        if not self.places["quote"]:
            yield "dropped", f"{name} has no quote, and there is no attribution without one"
            return
        for remark in self._remarks:
            yield "changed", f"{name}: {remark}"
        if self.type == _COMPOUND:
            yield "changed", f"{name}: type {_COMPOUND} becomes form free_indirect"
        elif self.type not in _FORMS:
            yield "changed", f"{name}: type {quoted(self.type)} is unknown, no form is set"
        if self.medium not in _MEDIA and self.medium not in _OPEN_MEDIA:
            what = f"medium {quoted(self.medium)} is unknown, no medium is set"
            yield "changed", f"{name}: {what}"

    def _place(self, role: str, value: Any, text: str) -> tuple[Fragment, ...]:
        spans = _spans(value)
        if spans is None:
            what = f"annotation {self.number}: {role} has no list of spans"
            raise DataError(Problem(what=what, remedy=_FETCH))
        listed = []
        for span in spans:
            start, end = (
                (span.get("charBegin"), span.get("charEnd"))
                if isinstance(span, dict)
                else (None, None)
            )
            if type(start) is not int or type(end) is not int:
                what = f"annotation {self.number}: {role} has a span without charBegin and charEnd"
                raise DataError(Problem(what=what, remedy=_FETCH))
            if not 0 <= start < end <= len(text):
                what = (
                    f"annotation {self.number}: {role} [{start}, {end}) is no stretch of the text, "
                    f"which has {len(text)} code points"
                )
                raise DataError(Problem(what=what, remedy=_FETCH))
            listed.append((start, end))
        said = value.get("text") if isinstance(value, dict) else None
        found = " ".join(text[start:end] for start, end in listed)
        if isinstance(said, str) and said != found:
            self._remarks.append(
                f"{role} is said to be {quoted(said)}, its offsets give {quoted(found)}: "
                "the offsets are kept"
            )
        together = joined(listed)
        if len(together) < len(listed):
            self._remarks.append(f"{role} has spans that overlap or touch, they are joined")
        if listed != sorted(listed):
            self._remarks.append(f"{role} has spans out of order, they are sorted")
        return together


def _misses(raw: dict[str, Any]) -> Iterator[Problem]:
    for name, kind, words in (
        ("documentName", str, "text"),
        ("originalText", str, "text"),
        ("annotations", list, "a list"),
    ):
        if name not in raw:
            yield Problem(what=f"has no {quoted(name)}", remedy="name files of this corpus")
        elif not isinstance(raw[name], kind):
            yield Problem(what=f"{quoted(name)} is not {words}", remedy=_FETCH)


def _spans(value: Any) -> list[Any] | None:
    """Return the spans of a role; an empty list may stand for a role that is empty."""
    if value is None or value == []:
        return []
    spans = value.get("spans") if isinstance(value, dict) else None
    return spans if isinstance(spans, list) else None
