"""Making anchors: what a stand-off release says about a text and about each fragment of it."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Annotation, Document, Fragment
from .letters import Letters, fold
from .proofs import BLOCK, block_of, block_starts, digest, proof
from .records import Anchor, Anchored, Name, Text

#: Fields that a document and the record of its text share.
SHARED = (
    *("doc_id", "sha256", "language", "licence"),
    *("published", "publisher", "url", "split", "group"),
)


class Anchorer:
    """Makes the records of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._letters: Letters = fold(document.text)

    def text(self, names: Mapping[str, Fragment]) -> Text:
        """Return what may be said about the text; names are given by where they stand in it."""
        letters, document = self._letters.text, self._document
        return Text(
            **{field: getattr(document, field) for field in SHARED},
            length=len(document.text),
            letters=len(letters),
            blocks=tuple(digest(letters[s : s + BLOCK]) for s in block_starts(len(letters))),
            names={number: Name(at, self._anchor(at)) for number, at in names.items()},
        )

    def labels(self, annotation: Annotation) -> Anchored:
        """Return the anchors of labels over the document."""
        spans = {s.id: tuple(map(self._anchor, s.fragments)) for s in annotation.spans}
        return Anchored(doc_id=annotation.doc_id, spans=spans)

    def _anchor(self, fragment: Fragment) -> Anchor | None:
        found = self._letters.of(*fragment)
        if found is None:
            return None
        letters = self._letters.text
        begin, end = blocks_around(found, len(letters))
        words = letters[found[0] : found[1]]
        return Anchor(*found, proof(letters[begin:end], fragment, words))


def blocks_around(letters: tuple[int, int], length: int) -> tuple[int, int]:
    """Return the letters of the whole blocks that hold some letters of a text with ``length``.

    >>> blocks_around((195, 205), 450), blocks_around((401, 405), 450)
    ((0, 400), (250, 450))
    """
    starts = block_starts(length)
    first, last = block_of(letters[0], length), block_of(letters[1] - 1, length)
    return starts[first], min(starts[last] + BLOCK, length)
