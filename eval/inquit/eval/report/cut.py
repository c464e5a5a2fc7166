"""Words of results, cut where they would fill the page: a result may hold any number of them."""

from __future__ import annotations

import re
from typing import Any, Final

#: Of a name in tables and lists, and of the file name that tells two of one name apart.
_NAME: Final = 100
_FILE: Final = 50
_LONG: Final = 1000
#: More marks on a letter than any script has; drawn, they would stand over the lines around.
_TOWER: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def name(given: str, file: str = "") -> str:
    """Return what a system is called on the page.

    A browser needs time by the square of its length to lay out a name without blanks.

    Parameters
    ----------
    given : str
        The name that it gives itself.
    file : str
        The name of its file, if it has to be told apart.

    >>> name("mine", "run-2"), name(" ")
    ('mine (run-2)', '(no name)')
    >>> len(name("W" * 5000))
    100
    """
    told = short(given) if given.strip() else "(no name)"
    return f"{told} ({short(file, _FILE)})" if file else told


def short(text: str, most: int = _NAME) -> str:
    r"""Return a name or value that stands in a table, without towers of marks.

    >>> short("ab", 2), short("abc", 2)
    ('ab', 'a…')
    >>> len(short("a" + "\u0301" * 50))
    5
    """
    text = _TOWER.sub(r"\1…", text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def brief(value: Any) -> str:
    """Return words for the page, the first thousand characters; the result file has all.

    >>> brief(12), brief("word " * 300)[-36:]
    ('12', 'd word word  … (500 more characters)')
    """
    text = str(value)
    left_out = len(text) - _LONG
    return text if left_out <= 0 else f"{text[:_LONG]} … ({left_out:,} more characters)"
