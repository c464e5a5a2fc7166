"""Tokens with BIO tags, for those who train taggers; a file a split.

``train.conll``, ``dev.conll`` and ``test.conll`` hold the documents of that split, ``none.conll``
those that have none. A line is a token: its words, its first and last offset in the text of the
document (code points, half-open), and one column for each label (quote, claim, source, cue,
addressee, ignore) with ``B-label``, ``I-label`` or ``O``; tabs divide them. A blank line ends a
paragraph. A line ``# doc_id = ...`` opens a document; no token begins with "# ".

A token is a run of letters and digits, with hyphens, dots, commas and apostrophes inside it, an
English clitic ('s, 'll and the like), or any other character with its marks. White space is no
token. A token belongs to a span if they share a character.

Not held, and reported: attributions, attributes, ids (counted); of spans of one label that share
a token all but the first in text order (named); that the parts of a discontinuous span belong
together, boundaries inside a token, and spans of white space (named); documents that the layer does
not cover (named). There is no way back.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from .. import terminal
from ..boundaries import cuts_character
from ..errors import DataError, Problem
from ..files import write_atomic
from ..model import Annotation, Document, Fragment, Span
from ..vocabulary import LABELS, SPLITS
from .outgo import Outgo

_CLITIC = r"['’](?:s|re|ve|ll|d|m)\b"
_TOKEN = re.compile(
    rf"(?<=[^\W_]){_CLITIC}|[^\W_]+(?:(?!{_CLITIC})[-.,'’][^\W_]+)*|\S", re.IGNORECASE
)
_PARAGRAPH = re.compile(r"[\n\r\u2029]")


def write(outgo: Outgo) -> None:
    """Write a file for each split that has documents."""
    if not outgo.layers:
        what, remedy = "the corpus has no layer to write", "label it first"
        raise DataError(Problem(what=what, remedy=remedy))
    labels = outgo.annotations()
    written: dict[str, list[str]] = {}
    documents = outgo.corpus.documents
    for document in terminal.track(documents.values(), "writing", len(documents)):
        annotation = labels.get(document.doc_id)
        if annotation is None:
            reason = f"layer {outgo.layers[0].name!r} does not cover it"
            outgo.changed("dropped", document.doc_id, reason)
            continue
        found = tokens(document.text)
        tags, kept = _tags(outgo, document, annotation, found)
        written.setdefault(document.split or "none", []).extend(_lines(document, found, tags))
        outgo.wrote(kept)
    for annotation in labels.values():
        outgo.lost["attributions"] += len(annotation.attributions)
        outgo.lost["attributes"] += sum(len(span.attributes) for span in annotation.spans)
        outgo.lost["span ids"] += len(annotation.spans)
    for split in (*SPLITS, "none"):
        if split in written:
            write_atomic(outgo.place / f"{split}.conll", "".join(written[split]))


def tokens(text: str) -> list[Fragment]:
    """Return the tokens of a text as [start, end), in order.

    No token begins or ends inside what a reader takes for one character.

    >>> text = "It's 9.30 o'clock, “ok”."
    >>> [text[start:end] for start, end in tokens(text)]
    ['It', "'s", '9.30', "o'clock", ',', '“', 'ok', '”', '.']
    """
    found: list[Fragment] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if found and found[-1][1] == start and _goes_on(text, found[-1][0], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _goes_on(text: str, first: int, start: int) -> bool:
    """Tell whether what starts here belongs to the token before: its marks, letters behind them."""
    return cuts_character(text, start) or (
        text[first].isalnum()
        and text[start].isalnum()
        and unicodedata.category(text[start - 1]).startswith("M")
    )


def _tags(
    outgo: Outgo, document: Document, annotation: Annotation, found: list[Fragment]
) -> tuple[dict[str, list[str]], Annotation]:
    """Return a tag for each token by label, and the spans that these tags show."""
    starts = [start for start, _ in found]
    ends = [end for _, end in found]
    tags = {label: ["O"] * len(found) for label in LABELS}
    owner: dict[tuple[str, int], str] = {}
    kept: list[Span] = []
    for span in annotation.spans:
        parts = [range(bisect_right(ends, s), bisect_left(starts, e)) for s, e in span.fragments]
        covered = sorted({i for part in parts for i in part})
        others = {owner[span.label, i] for i in covered if (span.label, i) in owner}
        if others or not covered:
            reason = "holds no token"
            if others:
                reason = f"shares a token with {span.label} {min(others)}"
            outgo.changed("dropped", document.doc_id, reason, span.id)
            continue
        kept.append(span)
        written: set[int] = set()
        for part in parts:
            for number, i in enumerate(i for i in part if i not in written):
                tags[span.label][i] = f"{'I' if number else 'B'}-{span.label}"
                owner[span.label, i] = span.id
                written.add(i)
        for reason in _approximations(span, parts, found):
            outgo.changed("changed", document.doc_id, reason, span.id)
    sha256, doc_id = document.sha256, document.doc_id
    return tags, Annotation(doc_id=doc_id, sha256=sha256, spans=tuple(kept))


def _approximations(span: Span, parts: list[range], found: list[Fragment]) -> Iterator[str]:
    if len(span.fragments) > 1:
        yield f"its {len(span.fragments)} fragments are chunks that nothing joins"
    for (start, end), part in zip(span.fragments, parts, strict=True):
        if not part or (found[part[0]][0], found[part[-1]][1]) != (start, end):
            yield f"fragment [{start}, {end}) does not begin and end with a token"


def _lines(document: Document, found: list[Fragment], tags: dict[str, list[str]]) -> Iterator[str]:
    yield f"# doc_id = {document.doc_id}\n"
    behind = 0
    for i, (start, end) in enumerate(found):
        if i and _PARAGRAPH.search(document.text, behind, start):
            yield "\n"
        row = [
            document.text[start:end],
            str(start),
            str(end),
            *(tags[label][i] for label in LABELS),
        ]
        yield "\t".join(row) + "\n"
        behind = end
    yield "\n"
