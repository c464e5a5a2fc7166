"""Long texts: windows that cover them, and labels of windows that become those of the text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_server import ModelServer, Seen, completion, labels, model

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.model import Ungrounded
from inquit.eval.extractors.llm.extractor import LanguageModelExtractor
from inquit.eval.extractors.llm.merge import merge
from inquit.eval.extractors.llm.windows import Window, windows

TEXT = "“Crane {} has failed again today,” said Mara Quill. It rained on the quay.\n\n"
LONG = "".join(TEXT.format(i) for i in range(40))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INQUIT_LLM_CACHE", str(tmp_path / "cache"))


PIECES = st.sampled_from(
    ["a", "Bc d", ". ", "! ", "\n", "\n\n", "“x”", "word " * 30, "y" * 70, "😀"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PIECES, max_size=60).map("".join),
    st.integers(20, 120),
    st.integers(0, 60),
)
def test_windows_cover_a_text_in_order_and_overlap(text, size, overlap):
    overlap = min(overlap, size // 4)
    found = windows(text, size, overlap)
    if not text.strip():
        assert found == []
        return
    assert (found[0].start, found[-1].end) == (0, len(text))
    assert [w.first for w in found] == [True] + [False] * (len(found) - 1)
    assert [w.last for w in found] == [False] * (len(found) - 1) + [True]
    for window in found:
        assert 0 < window.end - window.start <= size
    for one, other in pairwise(found):
        assert one.start < other.start <= one.end - overlap
        assert one.end < other.end
    assert len(found) <= 2 + 8 * len(text) // size


def test_windows_begin_and_end_between_paragraphs_and_sentences():
    found = windows(LONG, 600, 100)
    assert len(found) > 4
    for window in found:
        assert window.first or LONG[window.start] in "“I"
        assert window.last or LONG[: window.end].endswith("\n\n")


def test_a_long_text_has_the_labels_that_it_has_as_a_whole():
    document = Document(doc_id="d", text=LONG)
    with ModelServer(model) as server:
        known = {"base_url": server.url, "model": "rule-1"}
        (whole,) = LanguageModelExtractor(**known).predict([document])
        assert server.count == 1
        for window, overlap in ((700, 150), (900, 225), (500, 100)):
            one = LanguageModelExtractor(**known, window=window, overlap=overlap)
            (found,) = one.predict([document])
            assert found == whole
    assert server.count > 15
    assert len(whole.attributions) == 40
    by_id = whole.by_id()
    for said in whole.attributions:
        (quote,), (cue,), (source,) = said.content, said.cue, said.source
        assert by_id[cue].start == by_id[quote].end + 1
        assert by_id[source].start == by_id[cue].end + 1


def test_what_windows_say_of_nothing_stays_nothing():
    def none(seen: Seen):
        return completion(json.dumps({"attributions": [], "claims": []}))

    with ModelServer(none) as server:
        one = LanguageModelExtractor(base_url=server.url, model="m", window=300, overlap=50)
        (found,) = one.predict([Document(doc_id="d", text=LONG)])
    assert (found.spans, found.attributions) == ((), ())


def test_windows_of_white_space_are_not_sent():
    said = [TEXT.format(i) for i in range(8)]
    document = Document(doc_id="d", text="".join([*said[:4], "\n" * 2000, *said[4:]]))
    with ModelServer(model) as server:
        known = {"base_url": server.url, "model": "m", "overlap": 100}
        (found,) = LanguageModelExtractor(**known, window=400).predict([document])
        assert all(seen.text.strip() for seen in server.seen)
        (whole,) = LanguageModelExtractor(**known).predict([document])
    assert found == whole
    assert found.attributions


def test_the_same_lie_in_every_window_is_one():
    def liar(seen: Seen):
        answer = labels("")
        said = {"content": ["“Never said”"], "sources": [{"text": "Zed Zedson"}], "cues": []}
        return completion(json.dumps({**answer, "attributions": [said]}))

    with ModelServer(liar) as server:
        one = LanguageModelExtractor(base_url=server.url, model="m", window=300, overlap=50)
        (found,) = one.predict([Document(doc_id="d", text=LONG[:900])])
        assert server.count > 2
    assert sorted(u.text for u in found.ungrounded) == ["Zed Zedson", "“Never said”"]
    assert [len(a.source) for a in found.attributions] == [1]


# Merging, by hand. The text is 100 characters; windows [0, 60) and [40, 100).

DOCUMENT = Document(doc_id="d", text="x" * 100)
LEFT, RIGHT = Window(0, 60, True, False), Window(40, 100, False, True)


def part(*spans: Span, said: tuple[Attribution, ...] = (), lost: tuple[Ungrounded, ...] = ()):
    return Annotation(doc_id="d", spans=spans, attributions=said, ungrounded=lost)


def quote(start: int, end: int, name: str = "q") -> Span:
    return Span(name, "quote", ((start, end),))


def merged(left: Annotation, right: Annotation) -> Annotation:
    return merge(DOCUMENT, [(LEFT, left), (RIGHT, right)])


def spans(annotation: Annotation) -> list[tuple[str, tuple[tuple[int, int], ...]]]:
    return [(s.label, s.fragments) for s in annotation.spans]


def test_the_same_span_in_both_windows_is_one():
    assert spans(merged(part(quote(45, 55)), part(quote(5, 15)))) == [("quote", ((45, 55),))]


def test_a_quote_that_ends_with_its_window_gives_way_to_the_whole_of_it():
    # As the left window sees it, and as the right one does: 50 to 60, and 50 to 80.
    assert spans(merged(part(quote(50, 60)), part(quote(10, 40)))) == [("quote", ((50, 80),))]


def test_a_quote_that_begins_with_its_window_gives_way_to_the_whole_of_it():
    assert spans(merged(part(quote(20, 55)), part(quote(0, 15)))) == [("quote", ((20, 55),))]


def test_of_two_readings_that_stays_which_was_seen_with_more_around_it():
    # 42 to 50 (10 to the cut at 60) against 44 to 50 (4 to the cut at 40).
    assert spans(merged(part(quote(42, 50)), part(quote(4, 10)))) == [("quote", ((42, 50),))]
    # 50 to 58 (2 to the cut at 60) against 50 to 57 (10 to the cut at 40).
    assert spans(merged(part(quote(50, 58)), part(quote(10, 17)))) == [("quote", ((50, 57),))]


def test_what_one_window_has_alone_stays_and_so_does_what_differs():
    claim = Span("c", "claim", ((10, 20),))
    found = merged(part(quote(45, 49)), part(quote(12, 30, "r"), claim))
    assert spans(found) == [
        ("quote", ((45, 49),)),
        ("claim", ((50, 60),)),
        ("quote", ((52, 70),)),
    ]
    assert [s.id for s in found.spans] == ["quote-1", "claim-1", "quote-2"]


def test_nested_quotes_of_one_window_both_stay():
    assert len(merged(part(quote(45, 55), quote(46, 54, "r")), part()).spans) == 2


def test_an_attribution_takes_its_roles_from_the_window_that_stays():
    source = Span("s", "source", ((20, 25),))
    left = part(quote(45, 52), source, said=(Attribution(id="a", content=("q",), source=("s",)),))
    right = part(quote(5, 12), said=(Attribution(id="a", content=("q",)),))
    (said,) = merged(left, right).attributions
    assert said.source == ("source-1",)
    # The other way round, the window with more around it does not see the source.
    left = part(quote(55, 59), source, said=(Attribution(id="a", content=("q",), source=("s",)),))
    right = part(quote(15, 19), said=(Attribution(id="a", content=("q",)),))
    found = merged(left, right)
    assert (found.attributions[0].source, len(found.spans)) == ((), 1)


def test_the_same_twice_in_one_window_is_one():
    left = part(
        quote(5, 9),
        quote(5, 9, "r"),
        Span("s", "source", ((1, 3),)),
        Span("t", "source", ((1, 3),)),
        said=(
            Attribution(id="a", content=("q",), source=("s",)),
            Attribution(id="b", content=("r",), source=("t",)),
        ),
    )
    found = merged(left, part())
    assert len(found.spans) == 2
    assert [(a.content, a.source) for a in found.attributions] == [(("quote-1",), ("source-1",))]


def test_what_is_not_in_the_text_stays_once():
    lost = Ungrounded("q", "quote", "never said")
    said = (Attribution(id="a", content=("q",)),)
    found = merged(part(said=said, lost=(lost,)), part(said=said, lost=(lost,)))
    assert [(u.id, u.text) for u in found.ungrounded] == [("quote-1", "never said")]
    assert [a.content for a in found.attributions] == [("quote-1",)]
    other = Ungrounded("q", "quote", "said never")
    assert len(merged(part(lost=(lost,)), part(lost=(other,))).ungrounded) == 2


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_merging_loses_no_characters_outside_the_overlap_and_doubles_none(data):
    def some(window: Window) -> Annotation:
        length = window.end - window.start
        ends = st.tuples(st.integers(0, length - 1), st.integers(1, 30))
        drawn = data.draw(st.lists(ends, max_size=4))
        return part(*(quote(s, min(s + n, length), f"q{i}") for i, (s, n) in enumerate(drawn)))

    left, right = some(LEFT), some(RIGHT)
    found = merged(left, right)
    kept = [s.fragments for s in found.spans]
    assert len(set(kept)) == len(kept)
    moved = {((s.start + 40, s.end + 40),) for s in right.spans}
    assert set(kept) <= {s.fragments for s in left.spans} | moved
    # What only one window could see stays.
    assert {s.fragments for s in left.spans if s.end <= 40} <= set(kept)
    assert {f for f in moved if f[0][0] >= 60} <= set(kept)
    assert merged(left, right) == found


def test_windows_that_list_thousands_of_labels_are_joined():
    """Compared pair by pair, these would take minutes."""
    document = Document(doc_id="d", text="x" * 24_000)
    parts = []
    for i in range(4):
        window = Window(i * 4000, i * 4000 + 12_000, i == 0, i == 3)
        spans = tuple(quote(n, n + 2, f"q{n}") for n in range(0, 12_000, 4))
        same = tuple(quote(8, 10, f"r{n}") for n in range(3000))
        lost = tuple(Ungrounded(f"l{n}", "quote", f"lie {n % 1500}") for n in range(3000))
        parts.append((window, part(*spans, *same, lost=lost)))
    found = merge(document, parts)
    assert [s.start for s in found.spans] == list(range(0, 24_000, 4))
    assert len(found.ungrounded) == 3000
