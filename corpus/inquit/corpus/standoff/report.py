"""What `attach` reports."""

from __future__ import annotations

from typing import Literal

import msgspec

from .reanchor import Aside
from .records import LeftBehind


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one document.

    Parameters
    ----------
    doc_id, path : str
        Document, and where its text was found.
    how : {"exact", "reanchored"}
        Whether the text has the checksum that the release states.
    spans, moved : int
        Spans that the document has now, over all layers; those whose offsets changed.
    aside : list of Aside
        Labels that could not be verified, with the reason; they are not in the corpus.
    names_left : list of str
        Numbers for which no name was restored.
    """

    doc_id: str
    path: str
    how: Literal["exact", "reanchored"]
    spans: int
    moved: int
    aside: list[Aside]
    names_left: list[str]


class AttachReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was joined and what was not.

    Parameters
    ----------
    documents : list of Joined
    missing : list of str
        Documents whose text was not found; they are not in the corpus.
    unused : int
        Texts that belong to no document.
    left_behind : LeftBehind
        What the release has never held.
    """

    documents: list[Joined]
    missing: list[str]
    unused: int
    left_behind: LeftBehind
