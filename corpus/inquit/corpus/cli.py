"""Commands of ``inquit corpus``; each stands in a module of its own and registers itself here."""

from __future__ import annotations

from . import (
    attach_command,
    check_command,
    detach_command,
    export_command,
    import_command,
    release_command,
    show_command,
    split_command,
    stats_command,
)
from .terminal import typer_app

app = typer_app("Read, check, show and release annotated corpora.")
import_command.register(app)
export_command.register(app)
check_command.register(app)
stats_command.register(app)
show_command.register(app)
split_command.register(app)
release_command.register(app)
detach_command.register(app)
attach_command.register(app)
