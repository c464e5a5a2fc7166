"""A document with its labels in a terminal: colours, and marks that are readable without them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .html import runs, tags
from .model import Annotation, Document, Span
from .terminal import cell, printable
from .vocabulary import LABELS

#: A colour by label, told apart by colour-blind readers, on light and on dark.
COLOURS = {
    "quote": "dodger_blue1",
    "claim": "dark_orange3",
    "source": "spring_green4",
    "cue": "orchid",
    "addressee": "dark_goldenrod",
    "ignore": "grey50",
}
OPEN, CLOSE = "⟦", "⟧"


def show(
    document: Document, annotation: Annotation | None = None, console: Console | None = None
) -> None:
    """Print a document's facts, its text with its labels, and its attributions."""
    console = console or Console()
    wraps = console.is_terminal
    console.print(cell(document.title or document.doc_id, "bold"), soft_wrap=not wraps)
    facts = [document.doc_id, document.publisher, document.published, document.split]
    console.print(cell(" · ".join(fact for fact in facts if fact), "dim"), soft_wrap=not wraps)
    if annotation is not None and annotation.spans:
        console.print(_legend(annotation), soft_wrap=not wraps)
    console.print()
    console.print(labelled(document, annotation), soft_wrap=not wraps)
    if annotation is not None and annotation.attributions:
        console.print()
        console.print(_attributions(document, annotation))


def labelled(document: Document, annotation: Annotation | None = None) -> Text:
    """Return the text in colours, each span between marks with its id.

    A bracket that closes another span than the one opened last names the span. What could steer
    a terminal is spelled out.

    >>> d = Document(doc_id="d", text="We sail, said Reyes")
    >>> spans = [Span("q1", "quote", [(0, 8)]), Span("c1", "cue", [(9, 13)])]
    >>> print(labelled(d, Annotation(doc_id="d", spans=spans)))
    ⟦q1 We sail,⟧ ⟦c1 said⟧ Reyes
    """
    found = Text()
    spans = annotation.spans if annotation is not None else ()
    tag_of = tags(annotation) if annotation is not None else {}
    opened: list[Span] = []
    for start, end, covering in runs(spans, len(document.text)):
        _close([span for span in opened if _ends(span, start)], opened, tag_of, found)
        for span in covering:
            if any(start == begin for begin, _ in span.fragments):
                opened.append(span)
                again = "…" if start != span.start else ""
                found.append(f"{OPEN}{again}{tag_of[span.id]} ", f"bold {COLOURS[span.label]}")
        _append(found, document.text[start:end], covering)
    _close(list(opened), opened, tag_of, found)
    return found


def _ends(span: Span, offset: int) -> bool:
    return any(offset == end for _, end in span.fragments)


def _close(ending: list[Span], opened: list[Span], tag_of: dict[str, str], found: Text) -> None:
    for span in reversed(ending):
        named = "" if opened[-1] is span else tag_of[span.id]
        opened.remove(span)
        found.append(f"{CLOSE}{named}", f"bold {COLOURS[span.label]}")


def _append(found: Text, text: str, covering: tuple[Span, ...]) -> None:
    style = ""
    if covering:
        style = COLOURS[covering[-1].label]
        if any(span.label == "quote" for span in covering):
            style += " underline"
        if covering[-1].label == "ignore":
            style += " italic"
    for line, safe in _pieces(text):
        found.append(line, style if safe else f"{style} reverse".strip())


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield stretches of a text as they may be printed, and whether they stand as they are."""
    plain: list[str] = []
    for c in text:
        shown = printable(c)
        if shown == c:
            plain.append(c)
            continue
        if plain:
            yield "".join(plain), True
            plain = []
        yield shown, False
    if plain:
        yield "".join(plain), True


def _legend(annotation: Annotation) -> Text:
    used = {span.label for span in annotation.spans}
    return Text("  ").join(
        Text(f"{OPEN}{label}{CLOSE}", COLOURS[label]) for label in LABELS if label in used
    )


def _attributions(document: Document, annotation: Annotation) -> Table:
    by_id, tag_of = annotation.by_id(), tags(annotation)

    def words(ids: tuple[str, ...], before: str = "") -> list[Text]:
        return [
            Text.assemble(
                before,
                (f"{tag_of[i]} ", f"bold {COLOURS[by_id[i].label]}"),
                cell(" … ".join(document.slice(by_id[i])).replace("\n", " ")),
            )
            for i in ids
        ]

    table = Table(box=None, padding=(0, 2, 0, 0), title="Attributions", title_justify="left")
    table.add_column("id", no_wrap=True)
    table.add_column("source → addressee", max_width=28)
    table.add_column("cue", max_width=20)
    table.add_column("content")
    for attribution in annotation.attributions:
        named = f"({attribution.entity})" if attribution.entity else "none"
        source = words(attribution.source) or [cell(named, "dim")]
        who = source + words(attribution.addressee, "→ ")
        parts = (who, words(attribution.cue), words(attribution.content))
        table.add_row(cell(attribution.id), *(Text("\n").join(part) for part in parts))
    return table
