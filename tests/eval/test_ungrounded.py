"""A prediction in words that are not in the text matches nothing and is never left out."""

import pyarrow as pa
import pytest
from generators import annotations, documents
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
    Ungrounded,
)
from inquit.corpus.jsonl import read_annotations, write_lines
from inquit.eval import DEFAULT, score

FAR = 10_000_000
TEXT = "“We close the port,” Reyes said. She named no date."
DOCUMENT = Document(doc_id="d", text=TEXT)
GOLD = Annotation(
    doc_id="d",
    spans=[Span("q", "quote", [(0, 20)]), Span("s", "source", [(21, 26)])],
    attributions=[Attribution(id="a", content=["q"], source=["s"])],
)
WITHOUT_SOURCE = Annotation(
    doc_id="d",
    spans=[Span("q", "quote", [(0, 20)])],
    attributions=[Attribution(id="a", content=["q"])],
)


def labels_of(document: Document) -> st.SearchStrategy[tuple[Document, Annotation, Annotation]]:
    return st.tuples(st.just(document), annotations(document), annotations(document))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_it_counts_as_a_span_far_behind_the_text_would(data: st.DataObject) -> None:
    _, gold, predicted = data.draw(documents(min_size=3).flatmap(labels_of))
    lost = data.draw(st.sets(st.sampled_from([s.id for s in predicted.spans] or [""])))
    spans, ungrounded = [], []
    for span in predicted.spans:
        if span.id not in lost or span.label == "ignore":
            spans.append(span)
            continue
        size = sum(end - start for start, end in span.fragments)
        ungrounded.append(Ungrounded(span.id, span.label, "x" * size, span.attributes))
    far, at = list(spans), FAR
    for item in ungrounded:
        far.append(Span(item.id, item.label, [(at, at + len(item.text))], item.attributes))
        at += len(item.text) + 1
    common = {"doc_id": predicted.doc_id, "attributions": predicted.attributions}
    real = Annotation(**common, spans=spans, ungrounded=ungrounded)
    expected = score([gold], [Annotation(**common, spans=far)], DEFAULT, resamples=0)
    found = score([gold], [real], DEFAULT, resamples=0)
    assert found.per_document() == expected.per_document()


def predicted(*, source: str = "s") -> Annotation:
    return Annotation(
        doc_id="d",
        spans=[Span("q", "quote", [(0, 20)]), Span("s", "source", [(21, 26)])],
        ungrounded=[Ungrounded("u", "source", "the mayor"), Ungrounded("v", "quote", "No!")],
        attributions=[
            Attribution(id="a", content=["q"], source=[source]),
            Attribution(id="b", content=["v"], source=["s"]),
        ],
    )


@pytest.mark.parametrize("measure", ["attribution.f1@iou50", "attribution.f1@trim"])
def test_an_attribution_to_nobody_in_the_text_is_not_one_without_source(measure: str) -> None:
    def counts(gold: Annotation, source: str) -> list[int]:
        found = score([gold], [predicted(source=source)], [measure], documents=[DOCUMENT])
        return found[measure].counts.sum(axis=0).tolist()

    assert counts(GOLD, "s") == [1, 1, 0]
    assert counts(GOLD, "u") == [0, 2, 1]
    assert counts(WITHOUT_SOURCE, "u") == [0, 2, 1]


def test_characters_that_were_made_up_are_false_positives() -> None:
    found = score([GOLD], [predicted()], ["quote.f1@char", "quote.f1@trim"], documents=[DOCUMENT])
    assert found["quote.f1@char"].counts.sum(axis=0).tolist() == [20, len("No!"), 0]
    assert found["quote.f1@trim"].counts.sum(axis=0).tolist() == [1, 1, 0]


def test_it_survives_a_file(tmp_path) -> None:
    path = tmp_path / "p.jsonl"
    write_lines(path, [predicted()])
    assert list(read_annotations(path)) == [predicted()]
    assert b'"ungrounded"' in path.read_bytes()


def test_gold_and_corpora_hold_none() -> None:
    with pytest.raises(DataError, match="gold labels stand in the text"):
        score([predicted()], [GOLD])
    layer = Layer(name="m", kind="model", annotations=[predicted()])
    with pytest.raises(DataError, match=r"'u'.*no place in the text"):
        Corpus(CorpusInfo(name="c"), [DOCUMENT], [layer])


def test_a_table_with_ungrounded_predictions_is_refused_not_cut() -> None:
    rows = [
        {
            "doc_id": "d",
            "spans": [{"id": "q", "label": "quote", "fragments": [[0, 20]]}],
            "ungrounded": [{"id": "u", "label": "quote", "text": "No!"}],
        }
    ]
    with pytest.raises(DataError, match="not read from a table"):
        score([GOLD], pa.Table.from_pylist(rows))


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ({"id": "u", "label": "quote", "text": "a\0b"}, "NUL"),
        ({"id": "u", "label": "speech", "text": "a"}, "unknown label"),
        ({"id": "q", "label": "quote", "text": "a"}, "stands twice"),
        ({"id": "u", "label": "quote"}, "text"),
    ],
)
def test_faults_are_told_by_file_line_and_span(tmp_path, item: dict, what: str) -> None:
    import json

    spans = [{"id": "q", "label": "quote", "fragments": [[0, 2]]}]
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps({"doc_id": "d", "spans": spans, "ungrounded": [item]}))
    with pytest.raises(DataError, match=rf"p.jsonl:1.*{what}"):
        list(read_annotations(path))
