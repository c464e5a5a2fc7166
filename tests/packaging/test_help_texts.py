"""Help is shown as written: Typer takes words in square brackets for markup, and drops them."""

from importlib import import_module
from pathlib import Path

import pytest
import typer.main
from commands import inquit
from rich.text import Text

from inquit.cli import GROUPS


@pytest.mark.parametrize("group", GROUPS)
def test_no_path_is_refused_by_the_parser(group: str) -> None:
    # What reads a path tells what is wrong with it, in the same words and with the same exit code.
    for command in import_module(GROUPS[group]).app.registered_commands:
        for hint in command.callback.__annotations__.values():
            for info in getattr(hint, "__metadata__", ()):
                assert not (info.readable or info.exists), f"{group} {command.name}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("corpus", "check"),
        ("corpus", "stats"),
        ("corpus", "export", "brat"),
        ("corpus", "import", "text"),
        ("corpus", "attach"),
        ("eval", "run", "rules", "--on"),
        ("eval", "score"),
        ("eval", "leaderboard"),
    ],
)
def test_a_path_that_the_system_refuses_is_one_clear_error(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / ("x" * 300)
    rest = {"export": ["out"], "import": ["out"], "attach": ["out", "--texts", tmp_path]}
    more = {"score": [path]}
    ran = inquit(capsys, *arguments, path, *rest.get(arguments[1], []), *more.get(arguments[1], []))
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "File name too long" in ran.err
    assert "Errno" not in ran.err


@pytest.mark.parametrize("group", GROUPS)
def test_no_help_loses_what_stands_in_brackets(group: str) -> None:
    found = typer.main.get_command(import_module(GROUPS[group]).app)
    for name, command in found.commands.items():
        for parameter in command.params:
            told = getattr(parameter, "help", None) or ""
            assert Text.from_markup(told).plain == told, f"{group} {name} {parameter.name}"
