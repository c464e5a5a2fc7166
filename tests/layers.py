"""Hypothesis strategies: two layers over the same short texts, with much overlap and many ties."""

from __future__ import annotations

from hypothesis import strategies as st

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS

TEXT = "“Ab, c” – d: é1\u0301  x."


@st.composite
def spans(draw: st.DrawFn, number: int, length: int, labels: tuple[str, ...] = LABELS) -> Span:
    label = draw(st.sampled_from(labels))
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
    fragments = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    attributes = {
        name: draw(st.sampled_from(values))
        for name, values in ATTRIBUTES[label].items()
        if values and draw(st.booleans())
    }
    return Span(f"T{number}", label, fragments, attributes)


@st.composite
def annotation(
    draw: st.DrawFn,
    doc_id: str = "d",
    length: int = len(TEXT),
    labels: tuple[str, ...] = LABELS,
    most: int = 6,
) -> Annotation:
    found = [draw(spans(n, length, labels)) for n in range(draw(st.integers(0, most)))]
    content = [s.id for s in found if s.label in ("quote", "claim")]
    attributions = []
    for number in range(draw(st.integers(0, 5)) if content else 0):
        roles = {"content": draw(st.sets(st.sampled_from(content), min_size=1, max_size=2))}
        for role in ("source", "cue", "addressee"):
            ids = [s.id for s in found if s.label == role]
            roles[role] = draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else ()
        attributions.append(Attribution(id=f"A{number}", **{k: tuple(v) for k, v in roles.items()}))
    return Annotation(doc_id=doc_id, spans=tuple(found), attributions=tuple(attributions))


@st.composite
def layer_pairs(
    draw: st.DrawFn, documents: int = 3, labels: tuple[str, ...] = LABELS, most: int = 6
) -> tuple[list[Annotation], list[Annotation]]:
    """Two lists of annotations of the same documents."""
    ids = [f"d{n}" for n in range(draw(st.integers(1, documents)))]
    return (
        [draw(annotation(i, labels=labels, most=most)) for i in ids],
        [draw(annotation(i, labels=labels, most=most)) for i in ids],
    )


def documents(ids: list[str], text: str = TEXT) -> list[Document]:
    return [Document(doc_id=i, text=text) for i in ids]
