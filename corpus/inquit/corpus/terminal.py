"""What every command shares: consoles, tables, progress, JSON and the way errors end."""

from __future__ import annotations

import inspect
import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar, get_type_hints

import msgspec
import typer
from rich.console import Console
from rich.progress import track as rich_track
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand
from typer.models import ParameterInfo

from .errors import InquitError, Problem, encodable

T = TypeVar("T")


class _Command(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as Typer does; what is wrong is said without the words of its parser."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


class _App(typer.Typer):
    def command(self, name: str | None = None, **options: Any) -> Any:
        """Register a command; its help wraps at the reader's terminal, not where its author did.

        A path that cannot be read is told by what reads it, as one that is missing is.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            function.__annotations__ = get_type_hints(function, include_extras=True)
            for hint in function.__annotations__.values():
                for info in getattr(hint, "__metadata__", ()):
                    if isinstance(info, ParameterInfo):
                        info.readable = False
            told = {
                "cls": _Command,
                **options,
                "help": flowing(options.get("help") or function.__doc__ or ""),
            }
            return super(_App, self).command(name, **told)(function)

        return register


def flowing(text: str) -> str:
    r"""Return text with each paragraph on one line; a line that is indented stays.

    >>> flowing("What it\ndoes.\n\nLonger\nwords:\n  kept")
    'What it does.\n\nLonger words:\n  kept'
    """
    return re.sub(r"(?<=\S)\n(?=\S)", " ", inspect.cleandoc(text))


def typer_app(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return _App(
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )


def run(app: typer.Typer, arguments: list[str]) -> NoReturn:
    """Run a command and exit as the contract says; a user's mistake never shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character gets its code, not a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(arguments, prog_name="inquit")
    except InquitError as error:
        complain(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        complain("stopped")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        complain(_unusable(error))
        sys.exit(1)
    sys.exit(0)


def _unusable(error: OSError) -> str:
    """Return what is said of a file that the system refuses."""
    if not isinstance(error.filename, (str, bytes, os.PathLike)):
        return str(error)
    path = encodable(os.fsdecode(error.filename))
    what = f"cannot be read or written ({error.strerror or error})"
    remedy = "check the path and what you may do there"
    return str(Problem(path=path, what=what, remedy=remedy))


def complain(message: str) -> None:
    """Print an error to stderr, word for word."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(Text("error:", "bold red"), cell(message))


def note(message: str) -> None:
    """Print a remark to stderr, word for word."""
    Console(stderr=True, soft_wrap=True).print(cell(message))


def say(message: str, style: str = "") -> None:
    """Print a line to stdout, word for word."""
    Console(soft_wrap=True).print(cell(message, style))


def show(*tables: Table) -> None:
    """Print tables to stdout."""
    Console().print(*tables)


def cell(text: str, style: str = "") -> Text:
    """Return text as it may stand in a table: word for word, no markup, no control characters."""
    return Text(printable(text), style=style, overflow="fold")


def show_json(value: Any) -> None:
    """Print one JSON document to stdout; nan becomes null."""
    content = msgspec.json.encode(_encodable(msgspec.to_builtins(value)))
    sys.stdout.write(msgspec.json.format(content).decode() + "\n")


def _encodable(value: Any) -> Any:
    """Spell out what UTF-8 cannot hold: bytes of file names that are not UTF-8."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {_encodable(k): _encodable(v) for k, v in value.items()}
    return [_encodable(v) for v in value] if isinstance(value, (list, tuple)) else value


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the items with a progress bar on stderr if that is a terminal."""
    console = Console(stderr=True)
    yield from rich_track(
        items,
        description=what,
        total=total,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def counted(number: int, what: str) -> str:
    """Return a number with its noun, the plural with an s.

    >>> counted(0, "error"), counted(1, "error"), counted(1200, "error")
    ('no errors', '1 error', '1,200 errors')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else f"no {what}s"


def printable(text: str) -> str:
    r"""Return text that cannot steer a terminal: control and format characters are spelled out.

    >>> printable("a\x1b[31mb\u202ec")
    'a\\x1b[31mb\\u202ec'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else c.encode("unicode_escape").decode()
        for c in text
    )
