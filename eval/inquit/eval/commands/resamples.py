"""The option ``--resamples`` of the commands that make intervals."""

from __future__ import annotations

from typing import Annotated

import typer


def _enough(value: int) -> int:
    from ..uncertainty import LEAST_RESAMPLES

    if 0 < value < LEAST_RESAMPLES:
        raise typer.BadParameter(
            f"{value} is too few for an interval; give {LEAST_RESAMPLES} or more, or 0 for none"
        )
    return value


Resamples = Annotated[
    int,
    typer.Option(
        min=0,
        callback=_enough,
        help="Bootstrap resamples, 100 or more; 0 for no intervals.",
    ),
]
