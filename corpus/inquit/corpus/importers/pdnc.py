"""PDNC: who speaks to whom in 28 English novels (Project Dialogism Novel Corpus).

Source: github.com/Priya22/project-dialogism-novel-corpus. Citation: Vishnubhotla, Hammond and
Hirst (2022), The Project Dialogism Novel Corpus: A Dataset for Quotation Attribution in Literary
Texts, LREC 2022, arXiv:2204.05836. Licence: none is stated, so it is "restricted" here; most of
the novels are in the public domain.

Format: a folder ``data`` with a folder for each novel: ``novel_text.txt``, ``quotation_info.csv``
and ``character_info.csv``; beside ``data`` the list of novels ``PDNC-Novel-Index.csv``. In the CSV
files of some novels every cell is in quotation marks and "nan" says that a cell is empty, in others
neither. Cells hold Python literals, which are read as such and never run. A quotation has an id
``quoteID``, a ``speaker`` and one or more parts, with their words in ``subQuotationList`` and their
places in ``quoteByteSpans``: despite its name code points, end exclusive.

Mapping: the name of the folder becomes the doc_id, ``novel_text.txt`` the text, exactly; title,
year of first publication and publisher come from the list of novels, its other columns go into
``meta``. Each quotation becomes a direct quote under its id, with a fragment for each part, in the
layer "gold". The speaker is a character of the novel and no stretch of text: it becomes the entity
of an attribution, under the same id, that has no source. The corpus's own names for nobody in
particular (_group, _narr, _unknowable) are kept.

Offsets are kept as they are. Quotation marks lie outside the quotes here, unlike in this project's
guidelines; where a part begins or ends with white space, or its words are said to be others than
stand at its place, this is reported as changed, like parts that touch (they become one fragment)
or stand in another order. A part without words is left out, a quotation of such parts dropped. A
novel in which no quotation is where it is said to be is refused.

What is lost: addressees (characters too, and no stretches), the type of a quotation (whether its
speaker is named, referred to or implied), the referring expression (words without a place), the
mentions of characters inside quotations, and what ``character_info.csv`` says. A record of the
report is a quotation.
"""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..directory import CorpusInfo
from ..errors import DataError, Problem, encodable, quoted
from ..model import Annotation, Attribution, Document, Fragment, Layer, Span
from ..terminal import track
from ..vocabulary import GOLD
from .fragments import joined
from .intake import Imported, Intake, Options

NAME: Final = "pdnc"
TEXT, QUOTATIONS, CHARACTERS = "novel_text.txt", "quotation_info.csv", "character_info.csv"
INDEX: Final = "PDNC-Novel-Index.csv"
_COLUMNS: Final = ("quoteID", "subQuotationList", "quoteByteSpans", "speaker", "addressees")
_PARTS: Final = ("subQuotationList", "quoteByteSpans")
_LISTS: Final = (
    *_PARTS,
    "addressees",
    "mentionTextsList",
    "mentionSpansList",
    "mentionEntitiesList",
)
_FOLDER: Final = "Folder Name"
_TITLE: Final = "Novel Title"
_YEAR: Final = "Year of First Publication"
_PUBLISHER: Final = "Original Book Publisher (first English publisher for translations)"
_PAGE: Final = "Source"
_ANNOTATORS: Final = "Annotators"
_NOTHING: Final = ("", "nan")
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read the corpus or a novel; licence and language are "restricted" and "en" if not given."""
    intake = Intake(NAME, source)
    folders, index = _find(intake)
    novels = _Novels(intake, options, index)
    for folder in track(folders, "reading novels"):
        text = intake.text(folder / TEXT)
        content = intake.text(folder / QUOTATIONS)
        if text is not None:
            intake.add(folder / TEXT, partial(novels.document, folder, text))
        if text is not None and content is not None:
            with intake.collecting(folder / QUOTATIONS), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Of backslashes that escape nothing in literals.
                novels.label(folder, text, content)
    if intake.problems:
        raise DataError(intake.problems)
    layer = Layer(
        name=GOLD,
        annotations=tuple(novels.annotations),
        kind="human",
        made_by=f"the labels of the corpus as published, read by the {NAME} importer",
    )
    info = CorpusInfo(
        name=NAME,
        description="Quotations and their speakers in English novels "
        "(Vishnubhotla, Hammond and Hirst 2022)",
        licence=options.licence or "restricted",
        languages=(options.language or "en",),
    )
    return intake.finish(info, [layer], lost=novels.lost())


class _Novels:
    """Reads novels; ``annotations`` are their labels."""

    def __init__(
        self, intake: Intake, options: Options, index: Mapping[str, Mapping[str, str]] | None
    ) -> None:
        self.intake = intake
        self.options = options
        self.index = index
        self.annotations: list[Annotation] = []
        self._counts: Counter[str] = Counter()
        self._types: Counter[str] = Counter()

    def document(self, folder: Path, text: str) -> Document:
        name = _name(folder)
        about = dict((self.index or {}).get(name, {}))
        for name_of_no_use in (_FOLDER, _ANNOTATORS):
            about.pop(name_of_no_use, None)
        return Document(
            doc_id=name,
            text=text,
            language=self.options.language or "en",
            licence=self.options.licence or "restricted",
            title=about.pop(_TITLE, None),
            published=re.sub(r"\.0$", "", about.pop(_YEAR, "")) or None,
            publisher=about.pop(_PUBLISHER, None),
            url=about.pop(_PAGE, None),
            meta={**about},
        )

    def label(self, folder: Path, text: str, content: str) -> None:
        """Read the quotations of a novel; every fault of them is raised at once."""
        path = folder / QUOTATIONS
        spans: dict[str, Span] = {}
        attributions: list[Attribution] = []
        problems: list[Problem] = []
        fits = 0
        for line, row in _rows(content, _COLUMNS, problems):
            self.intake.records += 1
            try:
                quotation = _Quotation(row, text)
                if quotation.name in spans:
                    what = f"quotation {quotation.name} stands twice"
                    raise DataError(Problem(what=what, remedy="give each an id of its own"))
            except DataError as error:
                problems += error.at(line=line).problems
                continue
            if quotation.span is None:
                reason = f"{quotation.name}: has no part that is not empty"
                self.intake.changed("dropped", path, reason, line)
                continue
            for remark in quotation.remarks:
                self.intake.changed("changed", path, f"{quotation.name}: {remark}", line)
            fits += quotation.fits
            spans[quotation.name] = quotation.span
            attributions += quotation.attributions
            self._count(row, quotation)
        if spans and not fits and not problems:
            what = f"no quotation has the words that stand at its place in {TEXT}"
            problems.append(Problem(what=what, line=1, remedy="restore the text of the corpus"))
        if problems:
            raise DataError(problems)
        doc_id = _name(folder)
        made = [d.sha256 for d in self.intake.documents if d.doc_id == doc_id]
        self.annotations.append(
            Annotation(
                doc_id=doc_id,
                sha256=made[0] if made else "",  # None was made: nothing will be written.
                spans=tuple(spans.values()),
                attributions=tuple(attributions),
            )
        )

    def lost(self) -> list[str]:
        counts = self._counts
        types = ", ".join(f"{name} {n:,}" for name, n in sorted(self._types.items()))
        found = [
            "quotation marks lie outside the quotes; the guidelines of this project put them "
            f"inside: {counts['quotes']:,} quotes",
            f"addressees, characters without a place in the text: {counts['addressees']:,} quotes",
            f"type of quotation: {types or 'none'}",
            f"referring expression, words without a place: {counts['expressions']:,} quotes",
            f"mentions of characters inside quotations: {counts['mentions']:,} quotes",
            f"aliases, gender and weight of characters ({CHARACTERS})",
        ]
        if self.index is None:
            found.append(f"title, year and publisher: there is no {INDEX}")
        return found

    def _count(self, row: Mapping[str, str], quotation: _Quotation) -> None:
        self._counts["quotes"] += 1
        self._counts["addressees"] += bool(quotation.lists["addressees"])
        self._counts["expressions"] += row.get("referringExpression", "") not in _NOTHING
        self._counts["mentions"] += any(quotation.lists["mentionTextsList"])
        if (kind := row.get("quoteType", "")) not in _NOTHING:
            self._types[kind] += 1


class _Quotation:
    """A row of the quotations, taken apart and checked against the text."""

    def __init__(self, row: Mapping[str, str], text: str) -> None:
        name = row["quoteID"]
        if not name:
            raise DataError(Problem(what="a quotation has no quoteID", remedy=_FETCH))
        self.lists = _lists(name, row)
        self.remarks: list[str] = []
        self.fits = False
        parts = _parts(name, self.lists["quoteByteSpans"], len(text))
        self._compare(parts, text)
        if empty := [start for start, end in parts if start == end]:
            self.remarks.append(f"an empty part at {', '.join(map(str, empty))}: left out")
            parts = [(start, end) for start, end in parts if start < end]
        self.name = name
        self.span: Span | None = None
        self.attributions: list[Attribution] = []
        if not parts:
            return
        if sorted(parts) != parts:
            self.remarks.append("parts stand in another order than in the text: sorted")
        fragments = joined(parts)
        if len(fragments) < len(parts):
            self.remarks.append("parts touch or overlap: joined")
        self.span = Span(name, "quote", fragments, {"form": "direct"})
        if row["speaker"] in _NOTHING:
            self.remarks.append("no speaker is named: kept without an attribution")
        else:
            said = Attribution(id=name, content=(name,), entity=row["speaker"])
            self.attributions.append(said)

    def _compare(self, parts: list[Fragment], text: str) -> None:
        words = self.lists["subQuotationList"]
        if len(words) != len(parts):
            what = f"{len(parts)} parts have a place and {len(words)} have words: places are kept"
            self.remarks.append(what)
        for said, (start, end) in zip(words, parts, strict=False):
            found = text[start:end]
            if said == found:
                self.fits = True
            elif isinstance(said, str) and "".join(said.split()) == "".join(found.split()):
                self.fits = True
                what = f"the words differ from the text at [{start}, {end}) in white space alone"
                self.remarks.append(f"{what}: the place is kept")
            else:
                self.remarks.append(
                    f"the words are said to be {quoted(str(said))}, at [{start}, {end}) stands "
                    f"{quoted(found)}: the place is kept"
                )


def _find(intake: Intake) -> tuple[list[Path], dict[str, dict[str, str]] | None]:
    """Return the folders of the novels and the list of novels, if there is one."""
    source = intake.source
    if not source.is_dir():
        what, remedy = "is not a folder", "name the folder of the corpus, or that of a novel"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    base = source / "data" if (source / "data").is_dir() else source
    index = None
    if (source / INDEX).is_file():
        text = intake.text(source / INDEX)
        index = {} if text is None else _index(intake, text)
    if _is_novel(base):
        found = [base]
        _report_others(intake, base, [TEXT, QUOTATIONS, CHARACTERS, INDEX])
    else:
        found = [path for path in _sorted(base) if path.is_dir() and _is_novel(path)]
        for folder in found:
            _report_others(intake, folder, [TEXT, QUOTATIONS, CHARACTERS])
        _report_others(intake, base, [INDEX, *(path.name for path in found)])
        if base != source:
            _report_others(intake, source, [INDEX, base.name])
    if not found:
        what = f"holds no folder with {QUOTATIONS}"
        intake.problems.append(
            Problem(path=str(source), what=what, remedy="name the folder of the corpus")
        )
    return found, index


def _index(intake: Intake, text: str) -> dict[str, dict[str, str]]:
    """Return the rows of the list of novels by folder, without empty cells."""
    problems: list[Problem] = []
    rows = [row for _, row in _rows(text, (_FOLDER,), problems)]
    intake.problems += [problem.at(path=str(intake.source / INDEX)) for problem in problems]
    filled = ({k: v for k, v in row.items() if v not in _NOTHING} for row in rows)
    return {row[_FOLDER]: row for row in filled if _FOLDER in row}


def _is_novel(folder: Path) -> bool:
    return (folder / TEXT).is_file() or (folder / QUOTATIONS).is_file()


def _report_others(intake: Intake, folder: Path, known: list[str]) -> None:
    for path in _sorted(folder):
        if path.name not in known:
            reason = "a folder that holds no novel" if path.is_dir() else "no file of a novel"
            intake.changed("unread", path, reason)


def _sorted(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))


def _name(folder: Path) -> str:
    return encodable(folder.resolve().name)


def _rows(
    content: str, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the cells of each row of a CSV file with a header, or note its fault."""
    # The reader splits the lines: Python would also split at characters that stand in cells.
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if missing := [name for name in columns if name not in header]:
            what, remedy = f"has no column {' and '.join(missing)}", _FETCH
            problems.append(Problem(what=what, line=1, remedy=remedy))
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
            else:
                what = f"a row has {len(cells)} cells instead of {len(header)}"
                problems.append(Problem(what=what, line=line, remedy=_FETCH))
            line = reader.line_num + 1
    except csv.Error as error:
        what = f"the row that begins here is not CSV ({error})"
        problems.append(Problem(what=what, line=line, remedy=_FETCH))


def _lists(name: str, row: Mapping[str, str]) -> dict[str, list[Any]]:
    """Return the lists that stand in a row, or raise DataError with every cell that is none."""
    found: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for column in _LISTS:
        cell = row.get(column, "")
        if cell in _NOTHING and column not in _PARTS:
            found[column] = []
            continue
        try:
            value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            value = None
        if isinstance(value, (list, tuple, set)):
            found[column] = list(value)
        else:
            what = f"{name}: {column} is no list as Python writes it: {quoted(cell)}"
            problems.append(Problem(what=what, remedy=_FETCH))
    if problems:
        raise DataError(problems)
    return found


def _parts(name: str, spans: list[Any], length: int) -> list[Fragment]:
    found: list[Fragment] = []
    problems: list[Problem] = []
    for span in spans:
        match span:
            case [int(start), int(end)] if type(start) is type(end) is int:
                if 0 <= start <= end <= length:
                    found.append((start, end))
                    continue
                what = f"[{start}, {end}) is no stretch of the text of {length} code points"
            case _:
                what = f"{quoted(repr(span))} is no pair of whole numbers"
        problems.append(Problem(what=f"{name}: {what}", remedy=_FETCH))
    if problems:
        raise DataError(problems)
    return found
