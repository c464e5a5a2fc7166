from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from itertools import pairwise
from math import nan
from pathlib import Path

import pytest
import typer
from generators import texts
from hypothesis import given
from rich.table import Table

from inquit.corpus import InquitError
from inquit.corpus.terminal import (
    cell,
    complain,
    note,
    printable,
    run,
    say,
    show,
    show_json,
    track,
    typer_app,
)

HOSTILE = "\x1b[31m[bold]red[/bold]\x07\u202edwob"
NAMED = "budget:x:vote :heart:/a.csv:12 [i] 'd1' https://x.test 1.5 None"


@given(texts())
def test_nothing_printable_steers_a_terminal(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t" for c in shown)
    assert all(c in shown for c in text if c.isalnum() and c.isascii())


@pytest.mark.parametrize("write", [complain, note, say])
def test_a_message_is_printed_word_for_word(
    write: object, capsys: pytest.CaptureFixture[str]
) -> None:
    write(HOSTILE)  # type: ignore[operator]
    out, err = capsys.readouterr()
    assert r"\x1b[31m[bold]red[/bold]\x07\u202edwob" in out + err
    assert "\x1b" not in out + err


@pytest.mark.parametrize("write", [complain, note, say])
@pytest.mark.parametrize("colours", [True, False])
def test_names_become_no_emoji_and_no_links(
    write: object,
    colours: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if colours:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
    write(NAMED)  # type: ignore[operator]
    out, err = capsys.readouterr()
    assert f"{NAMED}\n" in out + err
    assert (out + err).removeprefix("\x1b[1;31merror:\x1b[0m ").removeprefix("error: ") == (
        f"{NAMED}\n"
    )


def test_a_cell_is_printed_word_for_word(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("name")
    table.add_row(cell(HOSTILE))
    show(table)
    assert r"\x1b[31m[bold]red[/bold]\x07\u202edwob" in capsys.readouterr().out


def test_long_messages_are_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/a/" + "long/" * 60 + "path"
    complain(path)
    assert path in capsys.readouterr().err


def test_json_is_one_document_and_has_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"f1": nan, "path": "caf\udce9", "n": [(1, None)]})
    assert json.loads(capsys.readouterr().out) == {
        "f1": None,
        "path": "caf\\udce9",
        "n": [[1, None]],
    }


def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InquitError("what; remedy"), 1, "error: what; remedy\n"),
        (KeyboardInterrupt(), 130, ""),
        (OSError(28, "No space left on device"), 1, "error: [Errno 28] No space left on device\n"),
        (
            PermissionError(13, "Permission denied", "a/b"),
            1,
            "error: a/b: cannot be read or written (Permission denied); "
            "check the path and what you may do there\n",
        ),
    ],
)
def test_a_failure_ends_without_a_traceback(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer_app("Test.")

    @app.command()
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        run(app, [])
    assert ended.value.code == code
    assert capsys.readouterr().err.endswith(message)


def test_help_wraps_where_the_terminal_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = typer_app("Test.")
    app.command("two", help="Two.\n\nOther words of\nhelp.")(lambda: None)

    @app.command("one")
    def one() -> None:
        """Do one thing.

        It is told on a few lines, each of which ends where an editor ends it,
        whatever the width of
        the terminal is.

        Example: one
        """

    for width in ("44", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        with pytest.raises(SystemExit):
            run(app, ["one", "--help"])
        shown = capsys.readouterr().out
        paragraph = shown[shown.index("It is told") : shown.index("Example: one")]
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        assert " ".join(lines).endswith("each of which ends where an editor ends it, whatever the "
                                        "width of the terminal is.")  # fmt: skip
        # The first word of a line did not fit on the line before.
        for line, following in pairwise(lines):
            assert len(line) + 1 + len(following.split()[0]) > int(width) - 2
    with pytest.raises(SystemExit):
        run(app, ["two", "--help"])
    assert "Other words of help." in capsys.readouterr().out


def test_a_fault_of_ours_is_not_hidden() -> None:
    app = typer_app("Test.")

    @app.command()
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(app, [])


def test_an_exit_code_is_kept() -> None:
    app = typer_app("Test.")

    @app.command()
    def fail() -> None:
        raise typer.Exit(1)

    with pytest.raises(SystemExit) as ended:
        run(app, [])
    assert ended.value.code == 1


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_a_terminal_that_cannot_show_a_character_gets_its_code(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“Rain,” she said \U0001f600.", encoding="utf-8")
    made = command("corpus", "import", "text", str(tmp_path), str(tmp_path / "c"))
    assert made.returncode == 0, made.stderr
    shown = command("corpus", "show", str(tmp_path / "c"), "a", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0, shown.stderr
    assert rb"\u201cRain,\u201d she said \U0001f600." in shown.stdout


def test_a_reader_that_leaves_early_is_no_failure_worth_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("word " * 100_000)
    made = command("corpus", "import", "text", str(tmp_path), str(tmp_path / "c"))
    assert made.returncode == 0, made.stderr
    code = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", code, "corpus", "show", str(tmp_path / "c"), "a"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_help_is_fast_to_load() -> None:
    code = (
        "import sys\n"
        "from inquit.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'datasets', 'sklearn', 'scipy', 'pyarrow', 'jinja2', 'label_studio_sdk'}\n"
        "sys.exit(','.join(heavy & set(sys.modules)) or None)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
