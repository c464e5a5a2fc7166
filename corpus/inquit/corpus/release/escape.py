"""Strings from a corpus inside Markdown and YAML: shown as they are, unable to act as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..terminal import printable

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$#@^]")
_LINE_START = re.compile(r"(?:[-+=:]|(?P<number>\d+)(?=[.)](?:\s|$)))")
# What a YAML reader refuses or folds when it stands raw in a quoted string.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Markdown(str):
    """A string that is Markdown already."""

    __slots__ = ()


def markdown(value: Any) -> str:
    r"""Return a value as inline Markdown that shows exactly its characters, on one line.

    White space is collapsed, as a reader of the page would see it; control and direction
    characters are spelled out. `Markdown` passes unchanged.

    >>> print(markdown("# a | <b> *c*\nd"))
    \# a \| \<b\> \*c\* d
    """
    if isinstance(value, Markdown):
        return value
    line = _MARKUP.sub(r"\\\g<0>", " ".join(printable(str(value)).split()))
    if match := _LINE_START.match(line):
        cut = match.end() if match["number"] else 0
        line = f"{line[:cut]}\\{line[cut:]}"
    return line.replace("://", ":\\//")


def paragraphs(text: str) -> Markdown:
    """Return a text as paragraphs of Markdown, split at its empty lines."""
    return Markdown(
        "\n\n".join(markdown(part) for part in re.split(r"\n\s*\n", text) if part.strip())
    )


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], *, numbers: int = 0) -> Markdown:
    """Return a Markdown table; the last ``numbers`` columns stand to the right."""
    rule = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    lines = [[markdown(cell) for cell in row] for row in [head, *rows]]
    lines.insert(1, rule)
    return Markdown("\n".join(f"| {' | '.join(cells)} |" for cells in lines))


def yaml(value: Any, indent: int = 0) -> str:
    r"""Return a value of mappings, lists, strings and whole numbers as block YAML.

    Every string is quoted, so that none is read as anything else.

    >>> print(yaml({"language": ["no"], "configs": [{"name": "a: \x85", "rows": 3}]}), end="")
    language:
    - "no"
    configs:
    - name: "a: \u0085"
      rows: 3
    """
    pad = " " * indent
    if isinstance(value, Mapping):
        return "".join(f"{pad}{key}:{_nested(item, indent)}" for key, item in value.items())
    return "".join(f"{pad}- {_item(item, indent + 2)}" for item in value)


def _nested(value: Any, indent: int) -> str:
    if isinstance(value, Mapping):
        return "\n" + yaml(value, indent + 2)
    if isinstance(value, list):
        return "\n" + yaml(value, indent)
    return f" {_scalar(value)}\n"


def _item(value: Any, indent: int) -> str:
    if isinstance(value, Mapping):
        return yaml(value, indent).lstrip(" ")
    return f"{_scalar(value)}\n"


def _scalar(value: str | int) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
