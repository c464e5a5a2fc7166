"""What systems predict that understand nothing: the floor under every score.

A trivial system puts one span of every scored label on each of its segments, so it is at its best
on whatever a measure looks at, and each quote gets an attribution without source. `ignore` is
not predicted, since nobody is scored on it. No scikit-learn is imported here; `trivial` holds the
same systems as estimators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.vocabulary import LABELS

from .segment import Segment, paragraphs, sentences

#: The labels that trivial systems predict.
SCORED = tuple(label for label in LABELS if label != "ignore")


def whole(text: str) -> list[Segment]:
    """Return a text from its first to its last visible character, if it has any."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if start < end else []


#: The segments that each trivial system labels, by the names under which tables show them.
SEGMENTS: dict[str, Callable[[str], Sequence[Segment]]] = {
    "nothing": lambda _: (),
    "every-sentence": sentences,
    "every-paragraph": paragraphs,
    "whole-document": whole,
}


def predict(name: str, document: Document) -> Annotation:
    """Return what a trivial system predicts for a document."""
    return label_segments(document, SEGMENTS[name](document.text))


def label_segments(
    document: Document, segments: Iterable[Segment], labels: Iterable[str] = SCORED
) -> Annotation:
    """Return an annotation that puts each label on each segment.

    >>> a = label_segments(Document(doc_id="d", text="Hi. Ho."), [(0, 3)], ["quote", "cue"])
    >>> [(span.id, span.label, span.fragments) for span in a.spans]
    [('cue1', 'cue', ((0, 3),)), ('quote1', 'quote', ((0, 3),))]
    >>> [attribution.content for attribution in a.attributions]
    [('quote1',)]
    """
    labels = tuple(labels)
    spans: list[Span] = []
    attributions: list[Attribution] = []
    for number, segment in enumerate(segments, 1):
        spans += [Span(f"{label}{number}", label, (segment,)) for label in labels]
        if "quote" in labels:
            attributions.append(Attribution(id=f"a{number}", content=(f"quote{number}",)))
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(spans),
        attributions=tuple(attributions),
    )
