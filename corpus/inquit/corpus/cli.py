"""Commands of ``inquit corpus``; each stands in a module of its own and registers itself here."""

from __future__ import annotations

from . import (
    check_command,
    export_command,
    import_command,
    release_command,
    show_command,
    stats_command,
)
from .terminal import typer_app

app = typer_app("Read, check, show and release annotated corpora.")
import_command.register(app)
export_command.register(app)
check_command.register(app)
stats_command.register(app)
show_command.register(app)
release_command.register(app)
