"""CheckThat! 2018, task 1: which sentences of political debates are worth a fact check.

Source: github.com/clef2018-factchecking/clef2018-factchecking, folder ``data/task1``. Citation:
Atanasova et al. (2018), Overview of the CLEF-2018 CheckThat! Lab on Automatic Identification and
Verification of Political Claims, Task 1: Check-Worthiness, CLEF 2018 Working Notes. Licence: "free
for general research use", which is no licence to pass on, so it is "restricted" here.

Format: a ``.txt`` file for each debate, a sentence a line: number, speaker ("SYSTEM" for what the
audience does), sentence, and 1 if it is worth a check, else 0; tabs between, no quoting.

Mapping: the file name without ``.txt`` becomes the doc_id, the sentences in the order of the file
the text, exactly, one a line; ``meta.speakers`` has the speaker of each of these lines. Each
sentence becomes a claim of granularity "sentence" in the layer "gold", with the number of its line
as id (c1, c2, ...), and 1 and 0 become check_worthy "yes" and "no". A speaker becomes no
attribution: sentences stand in the debate's own voice, as in an article those of its author. The
language is told by the file name (English, Arabic).

What is lost: nothing of these files; but a claim is a whole sentence here, whichever of its words
make the claim, also where it claims nothing. A line without a sentence is dropped; its empty line
stays in the text. A record of the report is a line.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Final

from ..directory import CorpusInfo
from ..errors import DataError, Problem, encodable, quoted
from ..model import Annotation, Document, Layer, Span
from ..terminal import track
from ..vocabulary import GOLD
from .folders import files_below, folders_of, split_of
from .intake import Imported, Intake, Options
from .tokenised import rebuilt

NAME: Final = "checkthat"
_CELLS: Final = ("number", "speaker", "sentence", "label")
_NUMBER = re.compile(r"[0-9]{1,9}")
_WORTHY: Final = {"1": "yes", "0": "no"}
_LANGUAGES: Final = {"English": "en", "Arabic": "ar"}
_FETCH: Final = "fetch the file again, or mend it"


def read(source: Path, options: Options) -> Imported:
    """Read debates: a folder of them, or one file."""
    intake = Intake(NAME, source)
    debates = _Debates(intake, options)
    for path in track(files_below(intake, ".txt"), "reading debates"):
        text = intake.text(path)
        if text is not None:
            intake.add(path, partial(debates.document, path, text))
    if intake.problems:
        raise DataError(intake.problems)
    layer = Layer(
        name=GOLD,
        annotations=tuple(debates.annotations),
        kind="human",
        made_by=f"the labels of the corpus as published, read by the {NAME} importer",
    )
    languages = {document.language for document in intake.documents} - {"und"}
    info = CorpusInfo(
        name=NAME,
        description="Sentences of political debates that are worth a fact check "
        "(CLEF-2018 CheckThat!, task 1)",
        licence=options.licence or "restricted",
        languages=tuple(sorted(languages)),
    )
    lost = ["which words of a sentence make the claim: a claim is a whole sentence here"]
    return intake.finish(info, [layer], lost=lost)


class _Debates:
    """Reads debates; ``annotations`` are their labels."""

    def __init__(self, intake: Intake, options: Options) -> None:
        self.intake = intake
        self.options = options
        self.annotations: list[Annotation] = []

    def document(self, path: Path, content: str) -> Document:
        rows: dict[int, list[str]] = {}
        empty: list[int] = []
        problems: list[Problem] = []
        for line, raw in enumerate(content.split("\n"), 1):
            if not raw.strip():
                continue
            self.intake.records += 1
            cells = raw.removesuffix("\r").split("\t")
            if problem := _fault(cells, rows):
                problems.append(problem.at(line=line))
                continue
            number, *row = cells
            rows[int(number)] = row
            if not row[1].strip():
                empty.append(int(number))
                reason = f"line {number} of the debate holds no sentence"
                self.intake.changed("dropped", path, reason, line)
        if not rows and not problems:
            problems.append(Problem(what="holds no sentence", line=1, remedy=_FETCH))
        if problems:
            raise DataError(problems)
        text, places = rebuilt([sentence] for _, sentence, _ in rows.values())
        language = next((v for k, v in _LANGUAGES.items() if k in path.stem.split("-")), "und")
        document = Document(
            doc_id=encodable(path.stem),
            text=text,
            language=self.options.language or language,
            licence=self.options.licence or "restricted",
            split=split_of(folders_of(path, self.intake.source)),
            meta={"speakers": [speaker for speaker, *_ in rows.values()]},
        )
        claims = [
            Span(
                f"c{number}",
                "claim",
                (place,),
                {"check_worthy": _WORTHY[label], "granularity": "sentence"},
            )
            for place, (number, (_, _, label)) in zip(places, rows.items(), strict=True)
            if number not in empty
        ]
        self.annotations.append(
            Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=tuple(claims))
        )
        return document


def _fault(cells: list[str], rows: dict[int, list[str]]) -> Problem | None:
    """Return what is wrong with a line, if anything is."""
    if len(cells) != len(_CELLS):
        what = f"has {len(cells)} cells instead of {len(_CELLS)}"
        shape = "<TAB>".join(_CELLS)
        return Problem(what=what, remedy=f"a line of task 1 is {shape}; is the file cut off?")
    number, _, _, label = cells
    if not _NUMBER.fullmatch(number):
        return Problem(what=f"{quoted(number)} is no line number", remedy=_FETCH)
    if int(number) in rows:
        return Problem(what=f"line number {number} stands twice", remedy=_FETCH)
    if label not in _WORTHY:
        return Problem(what=f"label {quoted(label)} is neither 0 nor 1", remedy=_FETCH)
    return None
