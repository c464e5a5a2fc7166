"""Strings files: labels that say what the words are, not where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import force_setattr

from inquit.corpus.decoding import faults_within
from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.jsonl import left_of, line_problems, read_records
from inquit.corpus.model import MAX_OFFSET, Annotation, Attribution, Span, text_problem


class StringSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A labelled string.

    Parameters
    ----------
    id : str
        As of a `Span`.
    label : str
    text : str
        The words. May be anything a document may hold, also nothing: then it is never found.
    hint : int, optional
        Code point offset near which it stands.
    context : str, optional
        A longer string in which it stands.
    attributes : dict of str to str
        As of a `Span`.

    Raises
    ------
    DataError
        With every problem found.
    """

    id: str
    label: str
    text: str
    hint: int | None = None
    context: str | None = None
    attributes: dict[str, str] = {}

    def __post_init__(self) -> None:
        problems = list(_string_problems(self))
        if problems:
            named = self.id if isinstance(self.id, str) and self.id else repr(self.id)
            raise DataError(p.at(span=named) for p in problems)


class StringAnnotation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Labelled strings of one document: a line of a strings file.

    The spans keep their order, which decides between the places of a string that the text repeats.

    >>> said = StringSpan("q", "quote", "We sail")
    >>> StringAnnotation(doc_id="d", spans=[said]).spans[0].text
    'We sail'
    """

    doc_id: str
    sha256: str = ""
    spans: tuple[StringSpan, ...]
    attributions: tuple[Attribution, ...] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "spans", tuple(self.spans))
        force_setattr(self, "attributions", tuple(self.attributions))
        # What holds of ids and roles holds here: the same rules, over spans that stand anywhere.
        Annotation(
            doc_id=self.doc_id,
            spans=tuple(Span(s.id, s.label, ((0, 1),)) for s in self.spans),
            attributions=self.attributions,
        )


_PARTS: Final[dict[str, tuple[type[msgspec.Struct], str]]] = {
    "spans": (StringSpan, "span"),
    "attributions": (Attribution, "attribution"),
}


def read_strings(path: Path) -> Iterator[StringAnnotation]:
    """Yield the lines of a strings file; raise DataError with all its faults at the end.

    A line that holds offsets is refused, alone and beside strings.
    """
    return read_records(path, StringAnnotation, string_problems, _left_of)


def _string_problems(span: StringSpan) -> Iterator[Problem]:
    try:
        Span(span.id, span.label, ((0, 1),), span.attributes)
    except DataError as error:
        yield from error.problems
    for name in ("text", "context"):
        value = getattr(span, name)
        if value is None and name == "context":
            continue
        if not isinstance(value, str):
            yield Problem(what=f"{name} is not a string", remedy="give the words")
        elif problem := text_problem(value):
            yield Problem(what=f"{name} holds {problem.what}", remedy=problem.remedy)
    hint = span.hint
    if hint is None:
        return
    if isinstance(hint, bool) or not isinstance(hint, int) or not 0 <= hint <= MAX_OFFSET:
        what = f"hint {quoted(repr(hint))} is not an offset"
        yield Problem(what=what, remedy=f"give a whole number from 0 to {MAX_OFFSET}")


def string_problems(raw: Any) -> Iterator[Problem]:
    """Yield every fault of a decoded line of strings that was refused at its first."""
    yield from line_problems(raw, StringAnnotation, _PARTS, _part_problems)


def _part_problems(item: Any, kind: type[msgspec.Struct], within: str) -> Iterator[Problem]:
    if kind is StringSpan and isinstance(item, dict) and "fragments" in item:
        what = "holds offsets beside a string" if "text" in item else "holds offsets, not a string"
        remedy = "a strings file gives 'text' for every span, a layer file 'fragments'"
        yield Problem(what=f"`{within}` {what}" if within else what, remedy=remedy)
    else:
        yield from faults_within(item, kind, within)


def _left_of(raw: Any) -> StringAnnotation | None:
    return left_of(raw, StringAnnotation, StringSpan)
