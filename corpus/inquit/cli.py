"""The command ``inquit``: loads the group of commands that is named."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version

GROUPS = {
    "corpus": "inquit.corpus.cli",
    "annotate": "inquit.annotation.cli",
    "eval": "inquit.eval.cli",
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the data or the request is at fault, 2 usage."""
    from inquit.corpus.terminal import run, typer_app

    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == ["--version"]:
        arguments = ["version"]
    app = typer_app("Claims, quotes and attributions in news: label them, measure them.")
    named = [g for g in arguments[:1] if g in GROUPS] or list(GROUPS)
    for group in named:
        app.add_typer(import_module(GROUPS[group]).app, name=group)

    @app.command("version")
    def show_version() -> None:
        """Print the version."""
        sys.stdout.write(f"inquit {version('inquit')}\n")

    run(app, arguments)
