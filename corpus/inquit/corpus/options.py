"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A corpus directory.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
Similarity = Annotated[
    float,
    typer.Option(
        min=0.1,
        max=1.0,
        help="The share of their five-word runs from which two texts are near-duplicates.",
    ),
]
