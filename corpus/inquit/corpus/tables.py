"""Tables that fit their terminal: names are folded, columns go into a second table.

No number is ever cut. What does not fit side by side stands one under the other, each table with
the names again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .terminal import printable

#: Names may be folded before the first of these, or behind the second.
_PIECES = re.compile(r"(?=[\[(.@|])|(?<=[\s,=])(?=\S)")
_GAPS = (3, 2, 1)
#: Names are cut anywhere rather than get less than the first, or force a second table for more
#: than the second.
_LEAST, _ENOUGH = 8, 24


@dataclass(frozen=True)
class Column:
    """One column; its cells are shown whole, their lines as they are.

    ``joined`` columns stay in the table of the column before them.
    """

    heading: Text
    cells: Sequence[Text]
    joined: bool = False

    @property
    def width(self) -> int:
        """The longest line of a cell."""
        return max((_longest(text.plain) for text in self.cells), default=0)


def fitted(
    names: Column,
    numbers: Sequence[Column],
    *,
    before: Sequence[Column] = (),
    ends: Collection[int] = (),
    width: int | None = None,
) -> list[Table]:
    """Return as few tables as hold all columns.

    Parameters
    ----------
    names : Column
        What each row is about, in every table; folded if need be.
    numbers : sequence of Column
    before : sequence of Column
        Stand left of the names, in every table.
    ends : collection of int
        Rows after which a line is drawn.
    width : int, optional
        Of the terminal, which is asked if left out.
    """
    room = (Console().width if width is None else width) - 2
    room -= sum(max(column.width, _longest(column.heading.plain)) + 1 for column in before)
    names = Column(_clean(names.heading), [_clean(text) for text in names.cells])
    every = (names.heading, *names.cells)
    whole = max(_longest(text.plain) for text in every)
    groups = _groups(numbers)
    for headings in (_longest, _longest_piece):
        sizes = [max(column.width, headings(column.heading.plain)) for column in numbers]
        widest = max((_total(sizes, group, 1) for group in groups), default=0)
        least = min(max(_longest_piece(text.plain) for text in every), _ENOUGH)
        least = max(min(least, room - widest), min(_LEAST, whole))
        packed = _packed(groups, sizes, room - least)
        if len(packed) < 2 and whole + _total(sizes, packed[0], 1) <= room:
            break
    used = max(_total(sizes, block, 1) for block in packed)
    kept = max(min(whole, room - used), least)
    gap = next((g for g in _GAPS if _fits(packed, sizes, room - kept, g, len(before))), 1)
    return [
        _table(before, names, kept, [(numbers[i], sizes[i]) for i in block], gap, ends)
        for block in packed
    ]


def folded(text: str, width: int) -> str:
    r"""Return a name on lines of at most some width, the later ones set in.

    >>> print(folded("quote[form=direct,medium=speech].f1@iou50", 20))
    quote[form=direct,
     medium=speech].f1
     @iou50
    """
    lines: list[str] = []
    for given in text.split("\n"):
        line = ""
        for piece in [given] if cell_len(given) <= width else _pieces(given, width):
            if line.strip() and cell_len((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = " "
            line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def _pieces(line: str, width: int) -> Iterator[str]:
    for number, piece in enumerate(_PIECES.split(line)):
        if cell_len(piece.rstrip()) <= width - (number > 0):
            yield piece
        else:
            yield from chop_cells(piece, max(width - 1, 1))


def _longest(text: str) -> int:
    return max(cell_len(line) for line in text.split("\n"))


def _longest_piece(text: str) -> int:
    lines = (_PIECES.split(line) for line in text.split("\n"))
    return max(cell_len(x.rstrip()) + (n > 0) for line in lines for n, x in enumerate(line))


def _groups(columns: Sequence[Column]) -> list[list[int]]:
    groups: list[list[int]] = []
    for number, column in enumerate(columns):
        if column.joined and groups:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _total(sizes: Sequence[int], block: Sequence[int], gap: int) -> int:
    """Return how wide some columns are, with the gap before each."""
    return sum(sizes[number] + gap for number in block)


def _packed(groups: Sequence[list[int]], sizes: Sequence[int], room: int) -> list[list[int]]:
    blocks: list[list[int]] = []
    for group in groups:
        if blocks and _total(sizes, [*blocks[-1], *group], 1) <= room:
            blocks[-1] += group
        else:
            blocks.append(list(group))
    return blocks or [[]]


def _fits(
    blocks: Sequence[list[int]], sizes: Sequence[int], room: int, gap: int, before: int
) -> bool:
    return max(_total(sizes, block, gap) for block in blocks) + before * (gap - 1) <= room


def _table(
    before: Sequence[Column],
    names: Column,
    kept: int,
    numbers: Sequence[tuple[Column, int]],
    gap: int,
    ends: Collection[int],
) -> Table:
    padding = (0, int(gap > 2), 0, int(gap > 1))
    table = Table(header_style="bold", box=box.HORIZONTALS, padding=padding, pad_edge=False)
    for column in before:
        table.add_column(column.heading, justify="right", no_wrap=True)
    table.add_column(_folded(names.heading, kept), no_wrap=True, min_width=kept)
    for column, size in numbers:
        heading = _folded(column.heading, size)
        table.add_column(heading, justify="right", no_wrap=True, min_width=size)
    cells = [column.cells for column in before]
    cells += [[_folded(text, kept) for text in names.cells]]
    cells += [column.cells for column, _ in numbers]
    for row, texts in enumerate(zip(*cells, strict=True)):
        table.add_row(*texts, end_section=row in ends)
    return table


def _clean(text: Text) -> Text:
    return Text(printable(text.plain).expandtabs(), style=text.style)


def _folded(text: Text, width: int) -> Text:
    return Text(folded(text.plain, width), style=text.style)
