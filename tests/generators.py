"""Hypothesis strategies: documents and labels with everything that breaks offsets."""

from __future__ import annotations

from hypothesis import strategies as st

from inquit.corpus.model import Annotation, Attribution, Document, Span
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS

#: Pieces that break naive code: astral and joined characters, combining marks, right-to-left
#: text and direction controls, every line ending, white space, markup, quotation marks.
TRICKY = (
    "\U0001f600", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea",
    "\U0001f44d\U0001f3fd", "\U0001d518", "e\u0301", "\u00e4", "a\u0308\u0323", "\u0928\u093f",
    "\ud55c", "\u1112\u1161\u11ab", "\u05e9\u05dc\u05d5\u05dd", "\u0639\u0631\u0628\u064a",
    "\u202e", "\u202c", "\u2066", "\u200d", "\u200f", "\ufeff", "\u00ad",
    "\n", "\r\n", "\r", "\n\n", "\u2028", "\x0b", "\x85", "\t", " ", "\u00a0", "\u3000",
    "<", ">", "&", "&lt;", "</q1>", "<quote#q1>", "+++\n", ";", "#", '"', "'", "“", "”", "‘", "’",
    "[", "]", "{", "}", "\\", "\x1b[31m", "\x01", "\ufffd", "said", "Ana Reyes", ".", ",",
)  # fmt: skip

_ENTITIES = ("Ana Reyes", 'Ana "x" <b> & c', "bare", "a\u00a0b", "Zoë", "ש", "=", "a'b")


def characters() -> st.SearchStrategy[str]:
    """One code point that a document may hold."""
    return st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def texts(*, min_size: int = 0, max_size: int = 40) -> st.SearchStrategy[str]:
    """Texts that a document may hold; the sizes count pieces, of one or a few code points."""
    piece = st.one_of(st.sampled_from(TRICKY), characters())
    return st.lists(piece, min_size=min_size, max_size=max_size).map("".join)


@st.composite
def documents(draw: st.DrawFn, *, doc_id: str | None = None, min_size: int = 0) -> Document:
    """Documents with any metadata."""
    line = st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12
    )
    word = line.filter(lambda value: value == value.strip())
    meta = st.one_of(
        texts(max_size=5),
        st.booleans(),
        st.integers(-(2**62), 2**62),
        st.floats(allow_nan=False, allow_infinity=False, width=32),
        st.lists(texts(max_size=3), max_size=3),
    )
    return Document(
        doc_id=doc_id or draw(word),
        text=draw(texts(min_size=min_size)),
        language=draw(st.sampled_from(["en", "de", "und", "zh-Hant"])),
        licence=draw(st.sampled_from(["restricted", "CC-BY-4.0"])),
        title=draw(st.none() | line),
        published=draw(st.sampled_from([None, "2026-03-04"])),
        publisher=draw(st.none() | line),
        split=draw(st.sampled_from([None, "train", "dev", "test"])),
        group=draw(st.none() | line),
        meta=draw(st.dictionaries(texts(max_size=3), meta, max_size=2)),
    )


@st.composite
def annotations(draw: st.DrawFn, document: Document, *, max_spans: int = 8) -> Annotation:
    """Any labels over a document: nested, crossing, equal, discontinuous, joint, without source."""
    length = len(document.text)
    spans = []
    for number in range(draw(st.integers(0, max_spans)) if length else 0):
        label = draw(st.sampled_from(LABELS))
        spans.append(
            Span(
                f"T{number}",
                label,
                draw(_fragments(length)),
                draw(_attributes(label)),
            )
        )
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(spans),
        attributions=draw(_attributions(spans)),
    )


@st.composite
def labelled_documents(draw: st.DrawFn, *, max_spans: int = 8) -> tuple[Document, Annotation]:
    """Documents with labels."""
    document = draw(documents())
    return document, draw(annotations(document, max_spans=max_spans))


@st.composite
def _fragments(draw: st.DrawFn, length: int) -> tuple[tuple[int, int], ...]:
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=min(6, length + 1))))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def _attributes(draw: st.DrawFn, label: str) -> dict[str, str]:
    return {
        name: draw(st.sampled_from(values or _ENTITIES))
        for name, values in ATTRIBUTES[label].items()
        if draw(st.booleans())
    }


@st.composite
def _attributions(draw: st.DrawFn, spans: list[Span]) -> tuple[Attribution, ...]:
    ids: dict[str, list[str]] = {label: [] for label in LABELS}
    for span in spans:
        ids[span.label].append(span.id)
    content = ids["quote"] + ids["claim"]
    if not content:
        return ()

    def some(of: list[str], least: int = 0) -> tuple[str, ...]:
        if not of:
            return ()
        return tuple(sorted(draw(st.sets(st.sampled_from(of), min_size=least, max_size=3))))

    def attribution(number: int) -> Attribution:
        source = some(ids["source"])
        return Attribution(
            id=f"a.{number}",
            content=some(content, 1),
            source=source,
            cue=some(ids["cue"]),
            addressee=some(ids["addressee"]),
            entity="" if source else draw(st.sampled_from(("", *_ENTITIES))),
        )

    return tuple(attribution(number) for number in range(draw(st.integers(0, 3))))
