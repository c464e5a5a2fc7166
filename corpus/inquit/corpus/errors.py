"""What a person is told when data or a request is at fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from unicodedata import normalize

SHOWN = 20


class InquitError(Exception):
    """The data or the request is at fault; ``str()`` is the message for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault: what is wrong, where, and what to do about it.

    >>> print(Problem(path="gold.jsonl", line=3, span="q1", what="is empty", remedy="fill it"))
    gold.jsonl:3: span 'q1': is empty; fill it
    """

    what: str
    remedy: str = ""
    path: str = ""
    line: int | None = None
    doc_id: str = ""
    span: str = ""
    attribution: str = ""

    def __str__(self) -> str:
        path = self.path if self.path.isprintable() else quoted(self.path, 500)
        where = [path if self.line is None else f"{path}:{self.line}"] if path else []
        if self.doc_id:
            where.append(f"document {quoted(self.doc_id)}")
        if self.span:
            where.append(f"span {quoted(self.span)}")
        if self.attribution:
            where.append(f"attribution {quoted(self.attribution)}")
        message = f"{self.what}; {self.remedy}" if self.remedy else self.what
        return ": ".join([*where, message])

    def at(self, **where: str | int | None) -> Problem:
        """Return the same problem with places filled in that were not known where it was found."""
        missing = {k: v for k, v in where.items() if not getattr(self, k)}
        return replace(self, **missing)  # type: ignore[arg-type]  # keys are field names


class DataError(InquitError, ValueError):
    """One or more problems in data; all are in ``problems``, the first 20 in the message."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        lines = [str(p) for p in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"... and {len(self.problems) - SHOWN} more problems")
        super().__init__("\n".join(lines))

    def at(self, **where: str | int | None) -> DataError:
        """Return the same error with places filled in (see `Problem.at`)."""
        return DataError(p.at(**where) for p in self.problems)


def named(error: BaseException | None) -> str:
    """Return the kind of an error and what it says, if it says anything.

    >>> named(ValueError("no sums")), named(ValueError())
    ('ValueError: no sums', 'ValueError')
    """
    name, said = type(error).__name__, str(error)
    return f"{name}: {said}" if said else name


def told(error: BaseException | None) -> str:
    """Return what an error tells the user: our own the message, others also what kind they are.

    >>> told(InquitError("is empty")), told(ValueError("no sums")), told(InquitError())
    ('is empty', 'ValueError: no sums', 'InquitError')
    """
    return (str(error) if isinstance(error, InquitError) else "") or named(error)


def quoted(text: str, limit: int = 60) -> str:
    r"""Return text as it may stand in a message: one line, no control characters, not long.

    >>> quoted("a\x1b[31m\nb")
    "'a\\x1b[31m\\nb'"
    """
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


def encodable(name: str) -> str:
    r"""Return a file name as text that UTF-8 can hold: its bytes that are none are spelled out.

    >>> encodable("caf\udce9.txt")
    'caf\\udce9.txt'
    """
    return name.encode("utf-8", "backslashreplace").decode()


class Lookalikes:
    r"""Finds for a name that is not known one that looks the same (Unicode NFC and NFD).

    >>> Lookalikes(["caf\xe9"]).remedy("cafe\u0301")
    "write 'caf\\xe9' as it stands there: yours has other code points (Unicode NFC and NFD)"
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known

    @cached_property
    def _by_form(self) -> dict[str, str]:
        return {normalize("NFC", name): name for name in self._known}

    def remedy(self, name: str) -> str:
        """Return what to do, or nothing if no known name looks like this."""
        other = None if name.isascii() else self._by_form.get(normalize("NFC", name))
        if other is None:
            return ""
        return (
            f"write {other!a} as it stands there: yours has other code points (Unicode NFC and NFD)"
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question that names the likeliest of what is known, or nothing.

    >>> did_you_mean("txet", ["text", "inline"])
    "did you mean 'text'?"
    """
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {quoted(near[0])}?" if near else ""
