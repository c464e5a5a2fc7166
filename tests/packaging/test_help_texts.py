"""Help is shown as written: Typer takes words in square brackets for markup, and drops them."""

from importlib import import_module

import pytest
import typer.main
from rich.text import Text

from inquit.cli import GROUPS


@pytest.mark.parametrize("group", GROUPS)
def test_no_help_loses_what_stands_in_brackets(group: str) -> None:
    found = typer.main.get_command(import_module(GROUPS[group]).app)
    for name, command in found.commands.items():
        for parameter in command.params:
            told = getattr(parameter, "help", None) or ""
            assert Text.from_markup(told).plain == told, f"{group} {name} {parameter.name}"
