"""The records of a stand-off release; docs/standoff.md shows them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ..directory import CorpusInfo
from .proofs import DIGEST, PROOF

FORMAT = 1

_Offset = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Which letters of the text a fragment is made of, and the proof of it (see `proofs`)."""

    first: _Offset
    last: _Offset
    proof: Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{PROOF}}}$")]


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the text holds the name that a number stands for."""

    fragment: tuple[_Offset, _Offset]
    anchor: Anchor | None = None


class Text(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is known about a text, but not the text: a line of texts.jsonl.

    Parameters
    ----------
    doc_id, language, licence, published, publisher, url, split, group
        As in `Document`.
    sha256 : str
        Of the UTF-8 bytes of the text.
    length : int
        Code points.
    letters : int
        Letters (see `letters`).
    blocks : sequence of str
        A digest for each block of letters (see `proofs`).
    names : dict of str to Name
        Where the names of entities stand, by the number that replaces each; a name that does not
        stand in the text is not here.
    """

    doc_id: Annotated[str, msgspec.Meta(min_length=1)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    length: _Offset
    letters: _Offset
    blocks: tuple[Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{DIGEST}}}$")], ...]
    language: str = "und"
    licence: str = "restricted"
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    split: Literal["train", "dev", "test"] | None = None
    group: str | None = None
    names: dict[str, Name] = {}


class Anchored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The anchors of one document's labels in a layer: a line of anchors/NAME.jsonl.

    One anchor a fragment, by span id; None for a fragment that has no letters or cuts a sign.
    """

    doc_id: str
    spans: dict[str, tuple[Anchor | None, ...]]


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the corpus had and the release has not, since it may hold words of the texts.

    Parameters
    ----------
    titles, meta : int
        Documents that had a title, or other metadata.
    names : int
        Names of entities that do not stand in their text as they are spelled; numbers replace them.
    """

    titles: int = 0
    meta: int = 0
    names: int = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``standoff.toml`` says."""

    format: Literal[1]
    left_behind: LeftBehind
    corpus: CorpusInfo
