"""How strings were found, as a table in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inquit.corpus import Ungrounded
from inquit.corpus.terminal import cell, counted, printable

from ..grounding import TIERS, GroundedAnnotation

#: How many of the strings that were not found are listed.
_LISTED = 20
_LONGEST = 100
#: From this width of the terminal on there is room between the columns.
_WIDE = 72
_UNGROUNDED = "ungrounded"
_COLOURS = {
    "exact": "green",
    "folded": "green",
    "case": "green",
    "ellipsis": "cyan",
    "aligned": "yellow",
    _UNGROUNDED: "red",
}
_MEANINGS = {
    "exact": "as in the text",
    "folded": "other marks or spaces",
    "case": "other case",
    "ellipsis": "parts around ...",
    "aligned": "a few words differ",
    _UNGROUNDED: "found nowhere",
}


def summary(found: Sequence[GroundedAnnotation]) -> dict[str, Any]:
    """Return how many strings each tier found, their share and their mean similarity."""
    places = [place for one in found for place in one.found.values()]
    tiers = {}
    for tier in TIERS:
        values = [place.similarity for place in places if place.tier == tier]
        tiers[tier] = {
            "strings": len(values),
            "share": len(values) / len(places) if places else None,
            "similarity": sum(values) / len(values) if values else None,
        }
    gone = sum(place.tier is None for place in places)
    return {
        "documents": len(found),
        "strings": len(places),
        "tiers": tiers,
        "ungrounded": gone,
        "ungrounded_share": gone / len(places) if places else None,
    }


def show_grounding(found: Sequence[GroundedAnnotation]) -> None:
    """Print a row a tier, and the strings that were not found."""
    console = Console()
    told = summary(found)
    documents = counted(told["documents"], "document")
    title = f"{counted(told['strings'], 'string')} of {documents}"
    console.print(cell(title, "bold"), soft_wrap=True)
    padding = (0, int(console.width >= _WIDE))
    table = Table(header_style="bold", box=box.HORIZONTALS, padding=padding)
    table.add_column("tier", no_wrap=True)
    table.add_column("what differs")
    for heading in ("strings", "share", "similarity"):
        table.add_column(heading, justify="right", no_wrap=True)
    for tier, row in told["tiers"].items():
        table.add_row(*_row(tier, row["strings"], row["share"], row["similarity"]))
    table.add_section()
    table.add_row(*_row(_UNGROUNDED, told["ungrounded"], told["ungrounded_share"], None))
    console.print(table)
    gone = [(one.annotation.doc_id, span) for one in found for span in _ungrounded(one)]
    if not gone:
        return
    console.print(Text("found nowhere (ungrounded): each counts as wrong", "bold"))
    for doc_id, span in gone[:_LISTED]:
        console.print(_line(doc_id, span), soft_wrap=True)
    if len(gone) > _LISTED:
        console.print(Text(f"... and {len(gone) - _LISTED:,} more (--json names all)", "dim"))


def _ungrounded(one: GroundedAnnotation) -> Iterator[Ungrounded]:
    """Return the strings that were not found, in the order of the file."""
    by_id = {span.id: span for span in one.annotation.ungrounded}
    return (by_id[span_id] for span_id in one.found if span_id in by_id)


def _row(tier: str, strings: int, share: float | None, similarity: float | None) -> list[Text]:
    style = _COLOURS[tier] if strings else "dim"
    return [
        Text(tier, style),
        Text(_MEANINGS[tier], "" if strings else "dim"),
        Text(f"{strings:,}", style),
        Text("–" if share is None else f"{100 * share:.1f} %", style),
        Text("" if similarity is None else f"{similarity:.3f}", style),
    ]


def _line(doc_id: str, span: Ungrounded) -> Text:
    words = " ".join(span.text.split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return Text.assemble(
        (f"  {printable(doc_id)} {span.id} ", "dim"), f"{span.label} ", (printable(words), "red")
    )
