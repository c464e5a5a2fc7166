"""Putting labels on another setting of their text, each fragment proved or refused."""

from __future__ import annotations

import msgspec

from ..errors import DataError
from ..model import Annotation, Attribution, Fragment, Span
from .anchors import blocks_around
from .find import Setting
from .proofs import block_of, proof
from .records import Anchor, Anchored, Text


class Aside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A label that could not be put on a text, and why."""

    layer: str
    span: str = ""
    attribution: str = ""
    reason: str


class _RefusedError(Exception):
    """Says why a fragment has no place."""


def reanchor(
    annotation: Annotation, anchored: Anchored, text: Text, setting: Setting, layer: str
) -> tuple[Annotation, list[Aside]]:
    """Return labels over the other setting, and those that could not be verified there.

    An attribution is put aside with any of its spans: without its source it would say that the
    text hides the source.
    """
    spans: list[Span] = []
    aside: list[Aside] = []
    for span in annotation.spans:
        try:
            fragments = tuple(
                _place(fragment, anchor, text, setting)
                for fragment, anchor in zip(span.fragments, anchored.spans[span.id], strict=True)
            )
            spans.append(msgspec.structs.replace(span, fragments=fragments))
        except _RefusedError as refused:
            aside.append(Aside(layer=layer, span=span.id, reason=str(refused)))
        except DataError as error:
            what = f"its fragments would not be apart here ({error.problems[0].what})"
            aside.append(Aside(layer=layer, span=span.id, reason=what))
    kept = {span.id for span in spans}
    attributions: list[Attribution] = []
    for attribution in annotation.attributions:
        missing = [i for _, ids in attribution.roles() for i in ids if i not in kept]
        if missing:
            reason = f"its span {missing[0]!r} is put aside"
            aside.append(Aside(layer=layer, attribution=attribution.id, reason=reason))
        else:
            attributions.append(attribution)
    moved = Annotation(
        doc_id=annotation.doc_id, spans=tuple(spans), attributions=tuple(attributions)
    )
    return moved, aside


def place_name(text: Text, number: str, setting: Setting) -> str | None:
    """Return the name behind a number, as the other setting spells it; None if not verified."""
    name = text.names[number]
    try:
        start, end = _place(name.fragment, name.anchor, text, setting)
    except _RefusedError:
        return None
    spelled = " ".join(setting.text[start:end].split())
    return spelled if spelled.isprintable() else None


def _place(fragment: Fragment, anchor: Anchor | None, text: Text, setting: Setting) -> Fragment:
    if anchor is None:
        raise _RefusedError("it has no letters, or ends inside a sign that typography changes")
    blocks = range(
        block_of(anchor.first, text.letters), block_of(anchor.last - 1, text.letters) + 1
    )
    shifts = {setting.shifts[block] for block in blocks}
    shift = shifts.pop()
    if shift is None or shifts:
        raise _RefusedError("its words, or those around it, are not the same here")
    first, last = anchor.first + shift, anchor.last + shift
    begin, end = blocks_around((anchor.first, anchor.last), text.letters)
    letters = setting.letters.text
    around = letters[begin + shift : end + shift]
    if proof(around, fragment, letters[first:last]) != anchor.proof:
        raise _RefusedError("its proof fails: the release was changed after it was made")
    placed = setting.letters.place(first, last)
    if placed is None:
        raise _RefusedError("it begins or ends inside a sign of this text, such as an ellipsis")
    return placed
