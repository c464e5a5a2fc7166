"""Labels as columns say what the objects say, whatever form they come in."""

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, Span, Ungrounded
from inquit.corpus.vocabulary import LABELS
from inquit.eval.counting import columns as module
from inquit.eval.counting.columns import NOWHERE, Columns, columns_of

fragment_lists = st.one_of(
    st.tuples(st.integers(0, 2**31 - 9), st.integers(1, 8)).map(lambda p: [(p[0], sum(p))]),
    st.sets(st.integers(0, 40), min_size=2, max_size=8).map(
        lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
    ),
)
spans = st.lists(st.tuples(st.sampled_from(LABELS), fragment_lists), max_size=6)
layers = st.lists(st.tuples(spans, st.lists(st.text("ab", max_size=3), max_size=2)), max_size=8)


def annotations(layer: list) -> list[Annotation]:
    return [
        Annotation(
            doc_id=f"d{i}",
            spans=[Span(f"s{j}", *span) for j, span in enumerate(spans)],
            ungrounded=[Ungrounded(f"u{j}", "quote", text) for j, text in enumerate(texts)],
        )
        for i, (spans, texts) in enumerate(layer)
    ]


def rows(columns: Columns) -> list[tuple[str, str, str, tuple[tuple[int, int], ...]]]:
    sets = columns.fragments
    assert len(sets) == len(columns.label) == len(columns.doc)
    assert sets.single == all(n == 1 for n in sets.counts.tolist())
    pairs = list(zip(sets.start.tolist(), sets.end.tolist(), strict=True))
    return [
        (columns.doc_ids[doc], columns.span_id(row), LABELS[label], tuple(pairs[first:last]))
        for row, (doc, label, first, last) in enumerate(
            zip(columns.doc, columns.label, sets.bounds, sets.bounds[1:], strict=False)
        )
    ]


@settings(deadline=None)
@given(layers, st.sampled_from([1, 3, 200]))
def test_columns_of_objects_hold_every_span_in_order(layer: list, batch: int) -> None:
    given_ = annotations(layer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", batch)
        found = rows(columns_of(given_))
    placed = [row for row in found if row[3][0][0] < NOWHERE]
    assert placed == [(a.doc_id, s.id, s.label, s.fragments) for a in given_ for s in a.spans]
    apart = [row for row in found if row[3][0][0] >= NOWHERE]
    expected = [(a.doc_id, u) for a in given_ for u in a.ungrounded]
    assert [row[:3] for row in apart] == [(d, u.id, u.label) for d, u in expected]
    places = [fragment for *_, fragments in apart for fragment in fragments]
    assert [end - start for start, end in places] == [max(len(u.text), 1) for _, u in expected]
    assert all(a[1] < b[0] for a, b in pairwise(places))


@settings(deadline=None)
@given(layers, st.sampled_from([pa.int32(), pa.int64(), pa.uint64()]), st.booleans())
def test_columns_of_a_table_are_those_of_objects(layer: list, kind: pa.DataType, large) -> None:
    given_ = annotations([(spans, []) for spans, _ in layer])
    list_ = pa.large_list if large else pa.list_
    span = [("id", pa.string()), ("label", pa.string()), ("fragments", list_(pa.list_(kind)))]
    documents = [
        {
            "doc_id": a.doc_id,
            "spans": [{"id": s.id, "label": s.label, "fragments": s.fragments} for s in a.spans],
        }
        for a in given_
    ]
    schema = pa.schema([("doc_id", pa.string()), ("spans", list_(pa.struct(span)))])
    table = pa.Table.from_pylist(documents, schema=schema)
    assert rows(columns_of(table)) == rows(columns_of(given_))
    assert rows(columns_of(table[1:])) == rows(columns_of(given_[1:]))
