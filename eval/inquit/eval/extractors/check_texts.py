"""Checks of extractors on texts that are odd: empty, very long, or of characters that mislead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inquit.corpus import Annotation, Document

from .check_sample import BrokenError, Sample, document, fitted_on, predicted

#: Stands before a text. Short, so that wrong offsets behind another line stay inside the text.
_PLAIN = "****"
#: One code point; two units in UTF-16, four bytes in UTF-8.
_ASTRAL = "\U0001f600"
#: As many code points as `_PLAIN`, fewer once blanks, line breaks or accents are tidied. None is
#: all blank: a sentence that the line belongs to starts in the line, whatever stands there.
_UNTIDY = ("*  *", "  **", "***\r", "*e\u0301*")


def empty_document(extractor: Any, sample: Sample) -> None:
    """Check that a text without words is no error."""
    texts = ("", " \n\t\n", "\u200b")
    predicted(fitted_on(extractor, sample), [document(n, t) for n, t in enumerate(texts)])


def empty_corpus(extractor: Any, sample: Sample) -> None:
    """Check that no documents give no predictions."""
    found = fitted_on(extractor, sample).predict([])
    if len(found):
        raise BrokenError(f"predict([]) returns {len(found)} annotations")


def long_document(extractor: Any, sample: Sample) -> None:
    """Check that a document as long as a book is no error."""
    unit = "\n".join(d.text for d in sample.documents) + "\n"
    text = unit * (sample.long // len(unit) + 1)
    words = "x" * sample.long
    predicted(fitted_on(extractor, sample), [document(0, text), document(1, words)])


def astral(extractor: Any, sample: Sample) -> None:
    """Check that offsets count code points, neither units of UTF-16 nor bytes of UTF-8.

    Those would end behind a text that begins with many characters of several units; and behind few
    such characters they would stand elsewhere than behind as many of one.
    """
    fitted = fitted_on(extractor, sample)
    many = [
        document(n, _ASTRAL * 2 * len(d.text) + " " + d.text)
        for n, d in enumerate(sample.documents)
    ]
    joined = "e\u0301 \U0001f469\u200d\U0001f680 \u202e\u05e9\u05dc\u202c\r\n“\U0001d518\U0001d51f”"
    predicted(fitted, [*many, document(99, joined)])
    if _move(fitted, sample, _ASTRAL * len(_PLAIN)):
        raise BrokenError(
            f"labels move where the line before them is {_ASTRAL * len(_PLAIN)} instead of "
            f"{_PLAIN}; offsets count code points, as len() does"
        )


def as_it_stands(extractor: Any, sample: Sample) -> None:
    """Check that offsets are those of the text itself, not of one whose characters were tidied."""
    fitted = fitted_on(extractor, sample)
    for line in _UNTIDY:
        if _move(fitted, sample, line):
            raise BrokenError(
                f"labels move where the line before them is {line!r} instead of {_PLAIN!r}; "
                "offsets are those of the text as it stands, not of a normalised one"
            )


def _move(fitted: Any, sample: Sample, line: str) -> bool:
    """Return whether labels move when this line stands before the texts, not one as long."""
    plain, other = (
        [_spans_behind(a) for a in predicted(fitted, _behind(before, sample.documents))]
        for before in (_PLAIN, line)
    )
    pairs = [(p, o) for p, o in zip(plain, other, strict=True) if p or o]
    # A model may take a hint from the line before; offsets of another kind are wrong everywhere.
    return 2 * sum(p != o for p, o in pairs) > len(pairs)


def _behind(line: str, documents: Sequence[Document]) -> list[Document]:
    return [document(n, f"{line}\n{d.text}") for n, d in enumerate(documents)]


def _spans_behind(annotation: Annotation) -> list[tuple[str, object]]:
    """Return what is labelled behind the line, wherever it starts in that itself."""
    spans = annotation.spans
    return [(span.label, span.fragments) for span in spans if span.start > len(_PLAIN)]
