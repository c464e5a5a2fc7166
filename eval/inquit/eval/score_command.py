"""``inquit eval score`` and ``inquit eval measures``."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``inquit eval``."""
    app.command("score")(score)
    app.command("measures")(measures)


def score() -> None:
    """Score predictions against gold."""


def measures() -> None:
    """List the measures."""
