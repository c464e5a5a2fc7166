"""What the checks of extractors have in common: documents, fitting and predicting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from inquit.corpus import Annotation, Attribution, Document, Span

from .base import check_annotations


class BrokenError(Exception):
    """A check has failed."""


class SkippedError(Exception):
    """A check cannot be made."""


@dataclass(frozen=True)
class Sample:
    """What is fitted and predicted on; ``long`` characters has the very long document."""

    documents: tuple[Document, ...]
    annotations: tuple[Annotation, ...]
    long: int


def new(extractor: Any) -> Any:
    """Return a clone whose randomness is fixed."""
    from sklearn.base import clone

    made = clone(extractor)
    seeds = {k: 0 for k in made.get_params() if k.rpartition("__")[2] == "random_state"}
    return made.set_params(**seeds)


def fitted_on(extractor: Any, sample: Sample) -> Any:
    """Return a clone that was fitted."""
    return new(extractor).fit(list(sample.documents), list(sample.annotations))


def predicted(fitted: Any, documents: Sequence[Document]) -> list[Annotation]:
    """Return predictions; raise DataError unless they fit the documents."""
    return check_annotations(fitted.predict(list(documents)), documents)


def needs_fit(extractor: Any) -> bool:
    """Return whether the extractor says that it learns."""
    from sklearn.utils import get_tags

    return bool(get_tags(extractor).requires_fit)


def document(number: int, text: str) -> Document:
    """Return a document whose id is made of a number."""
    return Document(doc_id=f"check-{number}", text=text)


def example(number: int) -> tuple[Document, Annotation]:
    """Return an article of two lines with its labels."""
    quote, source, cue = f"“Crane {number} has failed,”", "Mara Quill", "said"
    text = f"{quote} {source} {cue}.\nThe port was closed at {number}."
    made = document(number, text)
    spans = tuple(_spans(text, quote=quote, source=source, cue=cue))
    said = Attribution(id="a", content=("quote",), source=("source",), cue=("cue",))
    return made, Annotation(
        doc_id=made.doc_id, sha256=made.sha256, spans=spans, attributions=(said,)
    )


def _spans(text: str, **words: str) -> Iterator[Span]:
    for label, word in words.items():
        start = text.index(word)
        yield Span(label, label, ((start, start + len(word)),))
