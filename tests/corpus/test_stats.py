from __future__ import annotations

from math import isnan
from typing import Any

import pytest
from generators import labelled_documents
from hypothesis import given, settings

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.corpus.stats import UNSET, overlaps, stats
from inquit.corpus.vocabulary import LABELS


def corpus(*splits: Any) -> Corpus:
    """Return documents of five words; gold labels the first and the last."""
    documents = [
        Document(
            doc_id=f"d{number}", text="one two three\u00a0four  five\n", split=split, group="g"
        )
        for number, split in enumerate(splits)
    ]
    spans = [
        Span("q1", "quote", [(0, 7)], {"form": "direct"}),
        Span("q2", "quote", [(4, 7)], {"form": "direct", "medium": "speech"}),
        Span("q3", "quote", [(8, 10), (12, 14)]),
        Span("s1", "source", [(14, 18)], {"kind": "named", "entity": "Four"}),
        Span("s2", "source", [(20, 24)], {"kind": "pronoun"}),
    ]
    attributions = [
        Attribution(id="a1", content=["q1"], source=["s1", "s2"]),
        Attribution(id="a2", content=["q2"], source=["s1"]),
        Attribution(id="a3", content=["q3"], entity="Six"),
        Attribution(id="a4", content=["q3"]),
    ]
    ends = dict.fromkeys([documents[0].doc_id, documents[-1].doc_id])
    gold = [Annotation(doc_id=i, spans=spans, attributions=attributions) for i in ends]
    return Corpus(
        CorpusInfo(name="c"),
        documents,
        [
            Layer(name="gold", kind="human", annotations=gold),
            Layer(name="empty", kind="rule", annotations=[]),
        ],
    )


def test_texts_are_counted_by_split() -> None:
    texts = stats(corpus("train", "train", "test", None)).texts
    assert {part: (t.documents, t.words, t.characters, t.groups) for part, t in texts.items()} == {
        "all": (4, 20, 4 * 25, 1),
        "train": (2, 10, 50, 1),
        "test": (1, 5, 25, 1),
        "no split": (1, 5, 25, 1),
    }


@pytest.mark.parametrize(("splits", "parts"), [([None, None], ["all"]), (["dev"], ["all", "dev"])])
def test_a_corpus_without_splits_has_one_column(splits: list[Any], parts: list[str]) -> None:
    assert list(stats(corpus(*splits)).texts) == parts


def test_labels_are_counted() -> None:
    gold = stats(corpus("train", "dev", "test")).layers["gold"]
    assert (gold["all"].documents, gold["train"].documents, gold["dev"].documents) == (2, 1, 0)
    quotes = gold["train"].labels["quote"]
    assert (quotes.spans, quotes.documents, quotes.discontinuous) == (3, 1, 1)
    assert (quotes.nested, quotes.crossing) == (1, 0)
    assert quotes.attributes["form"]["direct"] == 2
    assert quotes.attributes["form"][UNSET] == 1
    assert quotes.attributes["medium"] == {"speech": 1, "thought": 0, "writing": 0, UNSET: 2}
    assert list(gold["all"].labels["source"].attributes) == ["kind"]
    assert gold["all"].labels["claim"].spans == 0


def test_attributions_are_counted() -> None:
    counts = stats(corpus(None)).layers["gold"]["all"].attributions
    assert (counts.attributions, counts.with_source, counts.without_source) == (4, 2, 2)
    assert (counts.entity_only, counts.nested) == (1, 1)
    assert counts.mean_roles["source"] == pytest.approx(3 / 4)
    assert counts.mean_roles["cue"] == 0


def test_what_is_undefined_is_not_zero() -> None:
    counts = stats(corpus(None)).layers["empty"]["all"]
    assert counts.documents == 0
    assert all(isnan(mean) for mean in counts.attributions.mean_roles.values())


def test_spans_overlap_by_their_fragments() -> None:
    def spans(*fragments: list[tuple[int, int]]) -> list[Span]:
        return [Span(f"s{n}", "quote", f) for n, f in enumerate(fragments)]

    assert overlaps(spans([(0, 4)], [(0, 4)])) == ({"s0", "s1"}, set())
    assert overlaps(spans([(0, 2), (8, 9)], [(3, 7)])) == (set(), set())
    assert overlaps(spans([(0, 9)], [(1, 2), (4, 5)])) == ({"s1"}, set())
    assert overlaps(spans([(0, 3), (5, 9)], [(2, 6)])) == (set(), {"s0", "s1"})
    assert overlaps(spans([(0, 3)], [(3, 6)])) == (set(), set())


@settings(deadline=None)
@given(labelled_documents())
def test_the_parts_add_up(labelled: tuple[Document, Annotation]) -> None:
    document, annotation = labelled
    layer = Layer(name="gold", kind="human", annotations=[annotation])
    counts = stats(Corpus(CorpusInfo(name="c"), [document], [layer])).layers["gold"]["all"]
    assert sum(label.spans for label in counts.labels.values()) == len(annotation.spans)
    for name in LABELS:
        label = counts.labels[name]
        assert max(label.nested, label.crossing, label.discontinuous) <= label.spans
        for values in label.attributes.values():
            assert sum(values.values()) == label.spans
    found = counts.attributions
    assert found.with_source + found.without_source == len(annotation.attributions)


def test_a_corpus_without_documents_has_numbers_too() -> None:
    assert stats(Corpus(CorpusInfo(name="e"), [])).texts["all"].documents == 0
