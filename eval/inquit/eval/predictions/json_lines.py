"""JSON lines with offsets or with words: which of the two, and where they are mixed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus import Problem
from inquit.corpus.jsonl import open_for_reading

_APART = "put strings and offsets into files of their own, or turn the strings into offsets with "
_APART += "'inquit eval ground'"


class _Span(msgspec.Struct):
    id: Any = None
    fragments: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    text: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Line(msgspec.Struct):
    spans: list[_Span] = []
    doc_id: Any = None


_DECODER = msgspec.json.Decoder(_Line)


def is_strings(path: Path) -> bool:
    """Tell whether the first span of a file has words; a file without any is one of offsets."""
    for _, line in _lines(path):
        for span in line.spans:
            if span.fragments is not msgspec.UNSET:
                return False
            if span.text is not msgspec.UNSET:
                return True
    return False


def is_offsets(path: Path) -> bool:
    """Tell whether a file has offsets and no words at all."""
    spans = [span for _, line in _lines(path) for span in line.spans]
    words = any(span.text is not msgspec.UNSET for span in spans)
    return not words and any(span.fragments is not msgspec.UNSET for span in spans)


def mixed(path: Path) -> Iterator[Problem]:
    """Yield a problem for each span with words in a file of offsets."""
    for number, line in _lines(path):
        for span in line.spans:
            if span.text is msgspec.UNSET:
                continue
            both = span.fragments is not msgspec.UNSET
            yield of_both(both=both, remedy=_APART).at(
                path=str(path),
                line=number,
                doc_id=line.doc_id if isinstance(line.doc_id, str) else "",
                span=span.id if isinstance(span.id, str) else "",
            )


def of_both(*, both: bool, remedy: str) -> Problem:
    """Return what is said of a span with words among offsets; ``both`` if it has offsets, too."""
    if both:
        return Problem(what="has offsets and words", remedy="keep one of the two")
    return Problem(what="has words, others have offsets", remedy=remedy)


def _lines(path: Path) -> Iterator[tuple[int, _Line]]:
    """Yield number and spans of each line that can be read so far."""
    with open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield number, _DECODER.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
