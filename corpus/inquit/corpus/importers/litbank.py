"""LitBank: direct speech and its speakers in 100 English works of fiction.

Source: github.com/dbamman/litbank, folder ``quotations/tsv``. Citation: Sims and Bamman (2020),
Measuring Information Propagation in Literary Social Networks, EMNLP 2020, arXiv:2004.13980.
Licence: CC BY 4.0.

Format: ``NAME.txt`` with a sentence a line, its tokens divided by one space, and ``NAME.ann`` (not
brat) with lines divided by tabs: ``QUOTE  id  first sentence  first token  last sentence  last
token  words`` and ``ATTRIB  id  speaker``. Sentences and tokens count from 0, the last token is
part of the quote.

Mapping: the file name without ``.txt`` becomes the doc_id and the number it begins with
``meta.gutenberg``; the file, exactly, the text. Each QUOTE becomes a direct quote under its id, in
one piece, also over several sentences, in the layer "gold". ATTRIB names a character of the
corpus's coreference and no stretch of text: the name becomes the entity of an attribution, under
the id of the quote, that has no source. A quote with no ATTRIB stays without an attribution and is
reported as changed, like one whose words are not those that its line states. A text without
``.ann`` file is a document that nobody labelled; in an empty one nothing was found.

What is lost: nothing of these files. The corpus itself has lost the original spacing, and where in
the text a speaker is named. A record of the report is a line of an ``.ann`` file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ..directory import CorpusInfo
from ..errors import DataError, Problem, encodable, quoted
from ..model import Annotation, Attribution, Document, Fragment, Layer, Span
from ..terminal import track
from ..vocabulary import GOLD
from .intake import Imported, Intake, Options

NAME: Final = "litbank"
LICENCE: Final = "CC-BY-4.0"
LANGUAGE: Final = "en"
TEXT, LABELLED = ".txt", ".ann"
_INNER: Final = ("quotations/tsv", "tsv")
_NUMBER = re.compile(r"[0-9]{1,9}")
_SHAPES: Final = {
    "QUOTE": ("id", "first sentence", "first token", "last sentence", "last token", "words"),
    "ATTRIB": ("id", "speaker"),
}
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus, or some of its files."""
    intake = Intake(NAME, source)
    if not source.is_dir():
        what, remedy = "is not a folder", f"name the folder that holds the {TEXT} files"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    folder = next((source / name for name in _INNER if (source / name).is_dir()), source)
    beside = [path.name for path in folder.glob(f"*{LABELLED}")]
    texts = list(intake.files(TEXT, beside=beside, folder=folder))
    intake.records = 0
    for stem in sorted({Path(name).stem for name in beside} - {path.stem for path in texts}):
        what, remedy = f"labels {quoted(stem + TEXT)}, which is not here", "put the text beside it"
        labelled = str(folder / f"{stem}{LABELLED}")
        intake.problems.append(Problem(path=labelled, what=what, remedy=remedy))
    works = _Works(intake, options)
    for path in track(texts, "reading works"):
        works.take(path)
    if intake.problems:
        raise DataError(intake.problems)
    layer = Layer(
        name=GOLD,
        annotations=tuple(works.annotations),
        kind="human",
        made_by=f"the labels of the corpus as published, read by the {NAME} importer",
    )
    info = CorpusInfo(
        name=NAME,
        description="Direct speech and its speakers in English fiction (Sims and Bamman 2020)",
        licence=options.licence or LICENCE,
        languages=(options.language or LANGUAGE,),
    )
    lost = [
        "by the corpus: the original spacing; the text has one space between two tokens, "
        "a line for each sentence",
        "by the corpus: where in the text the speaker of a quote is named",
    ]
    return intake.finish(info, [layer], lost=lost)


class _Works:
    """Reads works of fiction; ``annotations`` are their labels."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self.intake = intake
        self.options = options
        self.annotations: list[Annotation] = []

    def take(self, path: Path) -> None:
        text = self.intake.text(path)
        labelled = path.with_suffix(LABELLED)
        if not labelled.is_file():
            reason = f"there is no {labelled.name}: kept without labels"
            self.intake.changed("changed", path, reason)
            content = None
        else:
            content = self.intake.text(labelled)
        if text is None:
            return
        self.intake.add(path, partial(self._document, path, text))
        if content is not None:
            with self.intake.collecting(labelled):
                self._label(labelled, text, content)

    def _document(self, path: Path, text: str) -> Document:
        if not text.strip():
            raise DataError(Problem(what="is empty", remedy="restore the text"))
        number = _NUMBER.match(path.stem)
        return Document(
            doc_id=encodable(path.stem),
            text=text,
            language=self.options.language or LANGUAGE,
            licence=self.options.licence or LICENCE,
            meta={"gutenberg": number[0]} if number else {},
        )

    def _label(self, path: Path, text: str, content: str) -> None:
        labels = _Labels(_places(text), text)
        problems: list[Problem] = []
        lines = list(enumerate(content.split("\n"), 1))
        # A speaker may be named before the quote.
        for kind in _SHAPES:
            for number, line in lines:
                try:
                    labels.take(kind, line.removesuffix("\r"), number)
                except DataError as error:
                    problems += error.at(line=number).problems
        if labels.quotes and not problems and not labels.fits:
            what = f"no quote has the words that stand at its tokens in {path.stem}{TEXT}"
            problems.append(Problem(what=what, line=1, remedy="restore the text of the corpus"))
        if problems:
            raise DataError(sorted(problems, key=lambda problem: problem.line or 0))
        self.intake.records += sum(bool(line.strip()) for _, line in lines)
        for number, reason in labels.changes():
            self.intake.changed("changed", path, reason, number)
        doc_id = encodable(path.stem)
        made = [d.sha256 for d in self.intake.documents if d.doc_id == doc_id]
        self.annotations.append(
            Annotation(
                doc_id=doc_id,
                sha256=made[0] if made else "",  # None was made: nothing will be written.
                spans=tuple(quote.span for quote in labels.quotes.values()),
                attributions=tuple(labels.attributions),
            )
        )


class _Quote(NamedTuple):
    span: Span
    line: int
    remark: str


class _Labels:
    """Takes the lines of an .ann file, or raises DataError with what is wrong with one."""

    def __init__(self, places: list[list[Fragment]], text: str) -> None:
        self.places = places
        self.text = text
        self.quotes: dict[str, _Quote] = {}
        self.attributions: list[Attribution] = []
        self._spoken: dict[str, int] = {}

    def take(self, kind: str, line: str, number: int) -> None:
        """Take a line if it is of this kind."""
        if not line.strip():
            return
        label, *fields = line.split("\t")
        if label not in _SHAPES and kind == "QUOTE":
            what = f"begins with {quoted(label)}"
            raise DataError(Problem(what=what, remedy=f"a line begins with {' or '.join(_SHAPES)}"))
        if label != kind:
            return
        if len(fields) != len(_SHAPES[kind]):
            what = f"has {len(fields) + 1} cells instead of {len(_SHAPES[kind]) + 1}"
            shape = "<TAB>".join((kind, *_SHAPES[kind]))
            raise DataError(Problem(what=what, remedy=f"the line should be {shape}"))
        if kind == "QUOTE":
            self._quote(*fields, number=number)
        else:
            self._attribute(*fields)

    @property
    def fits(self) -> bool:
        """Whether any quote has the words that its line states."""
        return not all(quote.remark for quote in self.quotes.values())

    def changes(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the reason of what is not as it should be."""
        for name, quote in self.quotes.items():
            if quote.remark:
                yield quote.line, f"{name}: {quote.remark}"
            if name not in self._spoken:
                yield quote.line, f"{name}: no speaker is named: kept without an attribution"

    def _quote(self, name: str, *fields: str, number: int) -> None:
        *ends, words = fields
        if not all(_NUMBER.fullmatch(end) for end in ends):
            what = f"{name}: {', '.join(map(quoted, ends))} are not four whole numbers"
            raise DataError(Problem(what=what, remedy=_FETCH))
        first, last = (int(ends[0]), int(ends[1])), (int(ends[2]), int(ends[3]))
        for sentence, token in (first, last):
            if sentence >= len(self.places) or token >= len(self.places[sentence]):
                what = f"{name}: the text has no sentence {sentence} with a token {token}"
                raise DataError(Problem(what=what, remedy=_FETCH))
        start, end = self.places[first[0]][first[1]][0], self.places[last[0]][last[1]][1]
        span = Span(name, "quote", ((start, end),), {"form": "direct"})
        if name in self.quotes:
            what = f"quote {name} stands twice"
            raise DataError(Problem(what=what, remedy="give each an id of its own"))
        found = " ".join(self.text[start:end].replace("\r\n", "\n").split("\n"))
        remark = ""
        if found != words:
            remark = (
                f"the words are said to be {quoted(words)}, at its tokens stands {quoted(found)}: "
                "the tokens are kept"
            )
        self.quotes[name] = _Quote(span, number, remark)

    def _attribute(self, name: str, speaker: str) -> None:
        if name not in self.quotes:
            what = f"speaker of {quoted(name)}, and there is no such quote"
            raise DataError(Problem(what=what, remedy=_FETCH))
        count = self._spoken[name] = self._spoken.get(name, 0) + 1
        own = name if count == 1 else f"{name}.{count}"
        self.attributions.append(Attribution(id=own, content=(name,), entity=speaker))


def _places(text: str) -> list[list[Fragment]]:
    """Return where each token of each sentence stands."""
    found = []
    offset = 0
    for line in text.split("\n"):
        places = []
        start = offset
        for token in line.removesuffix("\r").split(" "):
            places.append((start, start + len(token)))
            start += len(token) + 1
        found.append(places)
        offset += len(line) + 1
    return found
