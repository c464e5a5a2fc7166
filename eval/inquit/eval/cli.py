"""Commands of ``inquit eval``; each stands in a module of its own and registers itself here."""

from __future__ import annotations

from inquit.corpus.terminal import typer_app

from .commands import (
    benchmarks_command,
    compare_command,
    ground_command,
    leaderboard_command,
    report_command,
    run_command,
    schema_command,
    score_command,
)

app = typer_app("Run extractors, score and compare their predictions.")
score_command.register(app)
schema_command.register(app)
ground_command.register(app)
run_command.register(app)
benchmarks_command.register(app)
report_command.register(app)
compare_command.register(app)
leaderboard_command.register(app)
