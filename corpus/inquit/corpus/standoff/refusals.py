"""What a person is told about a text that was not found, or not accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..errors import Problem, quoted
from ..files import file_name
from .find import Candidate, Setting
from .records import Text


def refusal(text: Text, fits: list[Setting], found: Iterable[Candidate], obtain: str) -> Problem:
    """Say why a document has no text, and what to do: about a file that is nearly it, if any."""
    source = f"{obtain} {text.url or ''}".strip()
    problem = Problem(doc_id=text.doc_id, what="", remedy=f"obtain it: {source}")
    if equally_good(fits):
        paths = " and ".join(setting.candidate.path for setting in fits[:2])
        what, remedy = f"{paths} hold it in other settings", "leave one of them, or the exact text"
        return replace(problem, what=what, remedy=remedy)
    if fits:
        differs = "white space or typography" if fits[0].share == 1 else "words"
        return replace(
            problem,
            path=fits[0].candidate.path,
            what=f"has the text of this document, but with other {differs}: its sha256 is "
            f"{quoted(fits[0].candidate.sha256, 12)} and should be {quoted(text.sha256, 12)}",
            remedy="get the exact text, or pass --reanchor to move the labels",
        )
    names = {text.doc_id, file_name(text.doc_id, ".txt")}
    if named := [c.path for c in found if Path(c.path).name in names]:
        what = f"is named like this document but holds another text; {_no_text(text)}"
        return replace(problem, path=named[0], what=what)
    return replace(problem, what=_no_text(text))


def _no_text(text: Text) -> str:
    return f"no text has the sha256 {quoted(text.sha256, 12)}"


def equally_good(fits: list[Setting]) -> bool:
    """Return whether the best two settings hold equally much of a text."""
    return len(fits) > 1 and fits[0].share == fits[1].share
