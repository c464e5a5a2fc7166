"""Commands of ``inquit eval``."""

from __future__ import annotations

from inquit.corpus.terminal import typer_app

app = typer_app("Run extractors, score and compare their predictions.")
