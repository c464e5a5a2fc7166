"""``inquit eval ground``."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inquit.corpus import DataError, Problem, terminal
from inquit.corpus.options import Force, Json

if TYPE_CHECKING:
    from ..grounding import GroundedAnnotation


class MaxTier(StrEnum):
    """The tiers of grounding."""

    EXACT = "exact"
    FOLDED = "folded"
    CASE = "case"
    ELLIPSIS = "ellipsis"
    ALIGNED = "aligned"


def register(app: typer.Typer) -> None:
    """Add the command to the group ``inquit eval``."""
    app.command("ground")(ground)


def ground(
    predicted: Annotated[Path, typer.Argument(metavar="PRED", help="A strings file.")],
    documents: Annotated[
        Path,
        typer.Option(
            metavar="PATH", help="The texts: a corpus directory, a release, or documents.jsonl."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the labels (a layer file).")
    ] = None,
    max_tier: Annotated[
        MaxTier, typer.Option(help="The last tier that is asked.")
    ] = MaxTier.ALIGNED,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Find the strings that a model answered with in the texts.

    Five tiers are asked in turn: exact, folded (type and white space), case, ellipsis, aligned (a
    few words differ). None may lose a number or a negation. What is found nowhere is kept as
    ungrounded, and listed: each is a prediction that is wrong. --json names tier, similarity and
    offsets of every string.

    Example: inquit eval ground answers.jsonl --documents mycorpus --out predictions.jsonl
    """
    from inquit.corpus.jsonl import write_lines
    from inquit.corpus.outputs import refuse_output

    from ..documents import documents_at
    from ..grounding.files import ground_file
    from ..predictions.result import astray_note
    from .ground_table import show_grounding, summary

    if out is not None:
        refuse_output(out, force=force)
        if out.exists() and predicted.exists() and out.samefile(predicted):
            what = "is the file that is read, and is not overwritten"
            raise DataError(Problem(path=str(out), what=what, remedy="name another place"))
    found = ground_file(
        predicted,
        documents_at(documents),
        max_tier=max_tier.value,
        progress=lambda lines: terminal.track(lines, "finding strings", len(lines)),
    )
    if out is not None:
        write_lines(out, (one.annotation for one in found), force=force)
    if as_json:
        terminal.show_json(summary(found) | {"spans": _spans(found)})
    else:
        show_grounding(found)
    for note in astray_note({one.annotation.doc_id: one.astray for one in found}):
        terminal.note(note)
    if out is not None:
        terminal.note(f"wrote {out}")


def _spans(found: Sequence[GroundedAnnotation]) -> list[dict[str, Any]]:
    return [
        {
            "doc_id": one.annotation.doc_id,
            "id": span_id,
            "tier": place.tier,
            "similarity": place.similarity if place.tier else None,
            "fragments": place.fragments,
        }
        for one in found
        for span_id, place in one.found.items()
    ]
