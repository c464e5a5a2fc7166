"""``inquit corpus check``: run every rule and print what was found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from . import terminal
from .check import RULES, CheckResult, check
from .duplicates import CROWD, SIMILARITY
from .options import Directory, Json, Similarity


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit corpus``."""
    app.command("check")(check_corpus)


def check_corpus(
    directory: Directory,
    places: Annotated[int, typer.Option(min=1, help="Show so many places of each rule.")] = 5,
    similarity: Similarity = SIMILARITY,
    as_json: Json = False,
) -> None:
    """Check every file of a corpus by every rule; exit 1 if there are errors.

    Errors: what cannot be read, labels that do not fit their text, duplicates, texts that stand
    in two splits, whole or nearly. Warnings: near-duplicates, boundaries that cut a word or a
    character, outer white space, quotes in no attribution, and the like.

    Example: inquit corpus check mycorpus
    """
    result = check(directory, similarity=similarity)
    if as_json:
        terminal.show_json(_json(directory, result))
    else:
        _print(result, places)
    if result.count("error"):
        raise typer.Exit(1)


def _print(result: CheckResult, places: int) -> None:
    if any(result.problems.values()):
        terminal.show(_table(result))
    for rule, problems in result.problems.items():
        for problem in problems[:places]:
            terminal.say(f"{RULES[rule][0]} [{rule}] {problem}", _STYLE[RULES[rule][0]])
        if len(problems) > places:
            terminal.say(f"... and {len(problems) - places:,} more of {rule} (--places, --json)")
    errors, warnings = result.count("error"), result.count("warning")
    counted = terminal.counted
    if result.crowded:
        terminal.say(
            f"{counted(result.crowded, 'document')} with {CROWD} or more near-duplicates: "
            "not every pair among them is listed"
        )
    terminal.say(
        f"{counted(result.documents, 'document')}, {counted(result.layers, 'layer')}: "
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}",
        "bold red" if errors else "bold yellow" if warnings else "bold green",
    )


_STYLE = {"error": "red", "warning": "yellow"}


def _table(result: CheckResult) -> Table:
    table = Table("Rule", "Should be", title="Rules broken", title_justify="left")
    table.add_column("Errors", justify="right")
    table.add_column("Warnings", justify="right")
    for rule, problems in result.problems.items():
        if problems:
            severity, meaning = RULES[rule]
            count = f"{len(problems):,}"
            counts = (count, "") if severity == "error" else ("", count)
            table.add_row(rule, meaning, *counts, style=_STYLE[severity])
    return table


def _json(directory: Path, result: CheckResult) -> dict[str, Any]:
    return {
        "directory": str(directory),
        "documents": result.documents,
        "layers": result.layers,
        "crowded": result.crowded,
        "errors": result.count("error"),
        "warnings": result.count("warning"),
        "rules": [
            {
                "rule": rule,
                "severity": RULES[rule][0],
                "meaning": RULES[rule][1],
                "problems": [asdict(problem) for problem in problems],
            }
            for rule, problems in result.problems.items()
        ],
    }
