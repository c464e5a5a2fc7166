"""Commands of ``inquit annotate``."""

from __future__ import annotations

from inquit.corpus.terminal import typer_app

app = typer_app("Label documents in Label Studio and bring the labels back.")
