"""The prompts that come with inquit, by version."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from inquit.corpus.errors import DataError, Problem, did_you_mean, quoted

#: All versions. One that was released is never changed: its words are a part of results.
VERSIONS = ("v1",)


@cache
def prompt(version: str) -> str:
    """Return the instructions of a version; raise DataError if there is none."""
    if version not in VERSIONS:
        hint = did_you_mean(str(version), VERSIONS) or f"known: {', '.join(VERSIONS)}"
        raise DataError(Problem(what=f"there is no prompt {quoted(str(version))}", remedy=hint))
    return (files(__package__) / "prompts" / f"{version}.md").read_text("utf-8")
