"""JSON whose records keep the line they begin in, for messages and reports."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from ..errors import DataError, Problem, quoted

_SPACE = re.compile(r"[ \t\n\r]*")


def read_object(text: str, lists: Collection[str] = ()) -> dict[str, Any]:
    r"""Parse a JSON object; each item of the named lists comes as (line, item).

    Strict: no name may stand twice in an object, NaN and Infinity are no numbers.

    Raises
    ------
    DataError
        With the line.

    >>> read_object('{"a": [\n1,\n2], "b": [3]}', ["a"])
    {'a': [(2, 1), (3, 2)], 'b': [3]}
    """
    scanner = _Scanner(text)
    found: dict[str, Any] = {}
    scanner.need("{")
    more = not scanner.take("}")
    while more:
        name = scanner.value()
        if not isinstance(name, str):
            scanner.refuse("a name in double quotes")
        if name in found:
            raise DataError(_twice(name, scanner.line))
        scanner.need(":")
        listed = name in lists and scanner.take("[")
        found[name] = list(scanner.items()) if listed else scanner.value()
        more = scanner.take(",")
        if not more:
            scanner.need("}")
    scanner.end()
    return found


def read_list(text: str) -> list[tuple[int, Any]]:
    r"""Parse a JSON list; each item comes as (line, item). Strict, as `read_object`.

    >>> read_list('[1,\n2]')
    [(1, 1), (2, 2)]
    """
    scanner = _Scanner(text, "list")
    scanner.need("[")
    found = list(scanner.items())
    scanner.end()
    return found


class _Scanner:
    """Walks over a text; ``line`` is the line that the last value begins in."""

    def __init__(self, text: str, whole: str = "object") -> None:
        self.text = text
        self.whole = whole
        self.place = 0
        self.line = 1
        self._counted = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number)

    def take(self, mark: str) -> bool:
        self.place = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
        if not self.text.startswith(mark, self.place):
            return False
        self.place += len(mark)
        return True

    def need(self, mark: str) -> None:
        if not self.take(mark):
            self.refuse(repr(mark))

    def value(self) -> Any:
        self.take("")
        self._count()
        try:
            value, self.place = self._decoder.raw_decode(self.text, self.place)
        except json.JSONDecodeError as error:
            raise DataError(
                Problem(what=f"is not JSON ({error.msg})", line=error.lineno, remedy=_WHOLE)
            ) from error
        except RecursionError as error:
            problem = Problem(what="is nested too deeply", line=self.line, remedy=_WHOLE)
            raise DataError(problem) from error
        except DataError as error:
            raise error.at(line=self.line) from error
        except ValueError as error:
            what = f"holds a number that cannot be read ({error})"
            raise DataError(Problem(what=what, line=self.line, remedy=_WHOLE)) from error
        return value

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield the items of a list whose opening bracket has been taken."""
        if self.take("]"):
            return
        while True:
            value = self.value()
            yield self.line, value
            if self.take("]"):
                return
            self.need(",")

    def end(self) -> None:
        self.take("")
        if self.place < len(self.text):
            self.refuse("nothing more")

    def refuse(self, expected: str) -> NoReturn:
        self._count()
        found = (
            quoted(self.text[self.place : self.place + 12])
            if self.place < len(self.text)
            else "the end of the file"
        )
        what = f"is not the JSON {self.whole} it should be: {expected} expected, {found} found"
        raise DataError(Problem(what=what, line=self.line, remedy=_WHOLE))

    def _count(self) -> None:
        self.line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place


_WHOLE = "the file may be cut off: fetch it again"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        name = next(n for n, _ in pairs if n in seen or seen.add(n))  # type: ignore[func-returns-value]
        raise DataError(_twice(name, None))
    return found


def _twice(name: str, line: int | None) -> Problem:
    what = f"an object names {quoted(name)} twice"
    return Problem(what=what, line=line, remedy="keep one of the two")


def _no_number(word: str) -> NoReturn:
    raise DataError(Problem(what=f"{word} is no number in JSON", remedy="give a number"))
