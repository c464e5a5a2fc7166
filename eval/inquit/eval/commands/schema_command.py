"""``inquit eval schema``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from inquit.corpus import terminal


class Form(StrEnum):
    """The forms of JSON lines."""

    PREDICTIONS = "predictions"
    STRINGS = "strings"


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("schema")(schema)


def schema(
    form: Annotated[
        Form, typer.Argument(metavar="FORM", help="predictions (with offsets) or strings.")
    ] = Form.PREDICTIONS,
) -> None:
    """Print the JSON Schema of a line of predictions.

    Its description names the rules that a schema cannot express.

    Example: inquit eval schema strings
    """
    from ..predictions.json_schema import schema as made

    terminal.show_json(made(form.value))
