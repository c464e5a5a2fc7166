"""Who the annotators are: a pseudonym for each e-mail address, kept beside the corpus.

``label-studio/annotators.toml`` is the only place that joins the two. It may be edited, and it is
not released: layers, reports and the dataset know pseudonyms only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from inquit.corpus.errors import DataError, Problem, quoted
from inquit.corpus.files import write_atomic
from inquit.corpus.model import check_layer_name
from inquit.corpus.vocabulary import GOLD

from .export import Work

FILE = "annotators.toml"
_HEAD = """\
# Who is who. Not to be published: keep it out of git and out of releases.
# A pseudonym is the name of the person's layer. If you change one, the next pull writes a layer
# of the new name and leaves the old one as it is.
"""


class Annotators:
    """Pseudonyms by e-mail address; new people get the next free ``a1``, ``a2``, ...

    Raises
    ------
    DataError
        If the file is not TOML, or a pseudonym is no layer name, stands twice or is "gold".

    >>> people = Annotators({"ana@example.org": "a1"})
    >>> people.name("ben@example.org"), people.name("ana@example.org")
    ('a2', 'a1')
    """

    def __init__(self, names: dict[str, str] | None = None) -> None:
        self.names = dict(names or {})

    @classmethod
    def read(cls, directory: Path) -> Annotators:
        """Read the file in ``directory``; nobody is known if there is none."""
        path = directory / FILE
        try:
            names = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problem = Problem(path=str(path), what=str(error), remedy='lines: "e-mail" = "name"')
            raise DataError(problem) from None
        problems: list[Problem] = []
        seen: dict[str, str] = {}
        for person, name in names.items():
            what = ""
            if not isinstance(name, str):
                what, remedy = "is not text", 'write "e-mail" = "name", the e-mail in quotes'
            elif name == GOLD:
                what, remedy = f"is {quoted(GOLD)}", "gold is no person's layer"
            elif name.lower() in seen:
                what = f"is {quoted(name)}, as that of {quoted(seen[name.lower()])}"
                remedy = "give each person a name of their own"
            else:
                seen[name.lower()] = person
                try:
                    check_layer_name(name)
                except DataError as error:
                    problems += error.at(path=str(path)).problems
            if what:
                what = f"the pseudonym of {quoted(person)} {what}"
                problems.append(Problem(path=str(path), what=what, remedy=remedy))
        if problems:
            raise DataError(problems)
        return cls(names)

    def save(self, directory: Path) -> None:
        """Write the file if it says something new."""
        if self.names != Annotators.read(directory).names:
            text = _HEAD + tomli_w.dumps(self.names)
            write_atomic(directory / FILE, text, force=True)

    def name(self, person: str) -> str:
        """Return the pseudonym of a person; a new one for a new person."""
        if person not in self.names:
            taken = [int(m[1]) for n in self.names.values() if (m := re.fullmatch(r"a(\d+)", n))]
            self.names[person] = f"a{max(taken, default=0) + 1}"
        return self.names[person]

    def meet(self, work: Iterable[Work]) -> None:
        """Name everyone who did something: annotators first, in the order in which they came."""
        in_order = sorted(work, key=lambda one: one.order)
        for one in in_order:
            self.name(one.person)
        for one in in_order:
            self.name(one.editor)
