"""Hypothesis strategies and samples: whole corpora that may be released."""

from __future__ import annotations

from typing import Any

import msgspec
from generators import annotations, documents, texts
from hypothesis import strategies as st

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.corpus.vocabulary import KINDS, SPLITS


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    """Corpora with a gold layer, split as a whole or not at all, with any metadata."""
    is_split = draw(st.booleans())
    found: dict[str, Document] = {}
    for document in draw(st.lists(documents(), min_size=1, max_size=4)):
        split = draw(st.sampled_from(SPLITS)) if is_split else None
        group = document.group and f"{split} {document.group}"
        found[document.doc_id] = msgspec.structs.replace(
            document,
            licence=draw(st.sampled_from(["CC-BY-4.0", "CC0-1.0"])),
            split=split,
            group=group,
        )
    names = ["gold", *draw(st.sets(st.sampled_from(["ana", "b.2", "Rule_1"])))]
    info = CorpusInfo(
        name=draw(texts(max_size=4)),
        version=draw(texts(max_size=2)),
        description=draw(texts(max_size=8)),
        licence="CC-BY-4.0",
        languages=tuple(draw(st.lists(texts(max_size=2), max_size=2))),
        guidelines=draw(texts(max_size=2)),
    )
    return Corpus(info, found.values(), [draw(_layers(name, found)) for name in names])


@st.composite
def _layers(draw: st.DrawFn, name: str, known: dict[str, Document]) -> Layer:
    least = 1 if name == "gold" else 0
    covered = draw(st.sets(st.sampled_from(sorted(known)), min_size=least))
    labels = []
    for doc_id in sorted(covered):
        annotation = draw(annotations(known[doc_id], max_spans=5))
        sha256 = draw(st.sampled_from(["", annotation.sha256]))
        labels.append(msgspec.structs.replace(annotation, sha256=sha256))
    return Layer(
        name=name,
        annotations=tuple(labels),
        kind=draw(st.sampled_from(KINDS)),  # type: ignore[arg-type]
        annotator=draw(texts(max_size=3)),
        guidelines=draw(texts(max_size=2)),
        derived=tuple(draw(st.lists(texts(max_size=2), max_size=2))),
        made_by=draw(texts(max_size=5)),
    )


def sample(**changes: Any) -> Corpus:
    """Return three documents in three splits; gold covers two, two people one and all of them."""
    texts = {
        "train": "\U0001f600 “We sail,” said\u00a0Ana Reyes, “at [high] dawn.”\r\nShe left.",
        "dev": "The port said it knew nothing.",
        "test": "e\u0301 Nobody spoke.",
    }
    found = [
        Document(
            doc_id=f"doc-{split}",
            text=text,
            language="en",
            licence="CC-BY-4.0",
            split=split,
            group=split,
        )
        for split, text in texts.items()
    ]
    said = texts["train"]
    spans = (
        Span("q1", "quote", _at(said, "“We sail,”", "“at [high] dawn.”"), {"form": "direct"}),
        Span("s1", "source", _at(said, "Ana Reyes"), {"kind": "named", "entity": "Ana Reyes"}),
        Span("c1", "cue", _at(said, "said")),
        Span("k1", "claim", _at(said, "We sail"), {"certainty": "asserted"}),
    )
    joined = (Attribution(id="a1", content=("q1",), source=("s1",), cue=("c1",)),)
    train = Annotation(doc_id="doc-train", sha256=found[0].sha256, spans=spans, attributions=joined)
    empty = [Annotation(doc_id=f"doc-{split}", spans=()) for split in texts]
    gold = Layer(name="gold", annotations=(train, empty[1]), kind="model", made_by="a test")
    ana = Layer(name="ana", annotations=(train,), kind="human", guidelines="0", derived=("form",))
    ben = Layer(name="ben", annotations=tuple(empty), kind="human", guidelines="0")
    info = {"name": "sample", "version": "1", "licence": "CC-BY-4.0", **changes}
    return Corpus(CorpusInfo(**info), found, [gold, ana, ben])


def _at(text: str, *words: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(w), text.index(w) + len(w)) for w in words)
