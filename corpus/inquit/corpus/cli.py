"""Commands of ``inquit corpus``."""

from __future__ import annotations

from .terminal import typer_app

app = typer_app("Read, check, show and release annotated corpora.")
