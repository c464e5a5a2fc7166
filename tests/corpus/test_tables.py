"""Tables in narrow terminals: what may be folded, and what never is cut."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from inquit.corpus.tables import Column, fitted, folded

LONG = "claim[check_worthy=yes,granularity=sentence].f1@exact"
numbers = st.from_regex(
    r"[0-9]{1,2}(,[0-9]{3}){0,2}|[+-]?0\.[0-9]{3}( – 0\.[0-9]{3})?\*?", fullmatch=True
)


def column(heading: str, *cells: str, joined: bool = False) -> Column:
    return Column(Text(heading), [Text(cell) for cell in cells], joined)


def shown(tables: list[object], width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(*tables)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.tuples(
            st.lists(st.text("ab[=.@|, 报", min_size=1, max_size=60), min_size=rows, max_size=rows),
            st.lists(st.lists(numbers, min_size=rows, max_size=rows), min_size=1, max_size=9),
        )
    ),
    st.integers(40, 130),
    st.booleans(),
)
def test_every_number_is_whole(made, width: int, joined: bool) -> None:
    names, columns = made
    table = fitted(
        column("name", *names),
        [
            column("long heading", *cells, joined=joined and n % 2)
            for n, cells in enumerate(columns)
        ],
        before=[column("#", *map(str, range(len(names))))],
        width=width,
    )
    out = shown(table, width)
    if joined and 2 * max(len(c) for cells in columns for c in cells) > width - 14:
        return  # no terminal holds this pair
    assert "…" not in out
    words = out.split()
    for cells in columns:
        for cell in cells:
            assert set(cell.split()) <= set(words)
    assert all(cell_len(line) <= width for line in out.splitlines())


@given(st.text("ab[=.@|, 报", max_size=60), st.integers(8, 40))
def test_folding_keeps_every_character(name: str, width: int) -> None:
    lines = folded(name, width).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(name.split())


def test_columns_that_do_not_fit_stand_in_a_second_table_with_the_names() -> None:
    columns = [column("value", "0.592"), column("interval", "0.433 – 0.678", joined=True)]
    columns += [column("TP", "10,537"), column("FP", "970", joined=True)]
    assert len(fitted(column("measure", "quote.f1@char"), columns, width=60)) == 1
    first, second = fitted(column("measure", "quote.f1@char"), columns, width=36)
    assert "0.433 – 0.678" in shown([first], 36) and "970" not in shown([first], 36)
    assert "10,537 970" in shown([second], 36)
    assert "quote" in shown([first], 36) and "quote" in shown([second], 36)


def test_names_are_folded_between_their_parts_before_a_column_moves() -> None:
    table = fitted(column("measure", LONG), [column("value", "0.592")], width=40)
    assert [line.rstrip() for line in shown(table, 40).splitlines()[3:-1]] == [
        " claim[check_worthy=yes,          0.592",
        "  granularity=sentence].f1@exact",
    ]
    assert "".join(line.strip() for line in folded(LONG, 12).splitlines()) == LONG
    assert max(map(len, folded(LONG, 12).splitlines())) == 12


@pytest.mark.parametrize("width", [20, 60])
def test_no_row_and_no_column_is_a_table_too(width: int) -> None:
    assert "measure" in shown(fitted(column("measure"), [column("value")], width=width), width)
    assert "quote" in shown(fitted(column("measure", "quote"), [], width=width), width)


def test_what_steers_a_terminal_is_spelled_out() -> None:
    out = shown(fitted(column("name", "\x1b[31mred[/bold]\t."), [column("n", "1")], width=80), 80)
    assert r"\x1b[31mred[/bold]" in out and "\x1b" not in out
