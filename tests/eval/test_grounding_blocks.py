"""A text read in parts is the same as read as a whole; what is kept of it is not another's."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from generators import TRICKY, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.eval.grounding import ground
from inquit.eval.grounding.blocks import Blocks
from inquit.eval.grounding.reading import Reading
from inquit.eval.grounding.views import Page, recent

PIECES = (
    "we", "the", "Hafen", "größe", "can’t", "don't", "won't", "cannot", "CANNOT", "5n't", "ain’t",
    "1,200", "-5", "-.5", ".5", "$5", "-$5", "+7", "5%", "3:4", "1.2.3", "a.5", "5a.5", "6'", "x²",
    "½", "€", "™", "Ⓐ", "\u00ad", "é", "e\u0301", "ﬁ", "K", "İ", "港", "ไม่", "👍🏽", "🇩🇪", "…",
    "“", "”", "—", "--", "''", "\n\n", "\u00a0", ",", ".", "not", "harbour", "voted", "word",
)  # fmt: skip


def mixed() -> st.SearchStrategy[str]:
    """Texts long enough for several blocks, of all that tokens are made of."""
    piece = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.sampled_from(TRICKY))
    plain = st.lists(st.sampled_from(["many words", "of the town", "he said"]), max_size=40)
    spoilt = st.lists(st.tuples(piece, st.sampled_from(["", " ", " "])), max_size=20)
    parts = st.tuples(plain, spoilt.map(lambda pairs: ["".join(map("".join, pairs))]))
    return st.lists(parts, max_size=4).map(
        lambda chosen: " ".join(word for part in chosen for words in part for word in words)
    )


@settings(max_examples=300, deadline=None)
@given(st.one_of(mixed(), texts()), st.data())
def test_tokens_are_the_same_in_blocks(text: str, data: st.DataObject) -> None:
    string = Reading(text)
    whole = string.tokens
    blocks = Blocks(text, string.plain, string.classes)
    assert blocks.keys == whole.keys
    low = data.draw(st.integers(0, len(whole.keys)))
    high = data.draw(st.integers(low, len(whole.keys)))
    counts = Counter(whole.keys)
    alone = [k for k in range(low, high) if counts[whole.keys[k]] == 1]
    # Asked for more often, it reads all tokens once.
    for known in (None, data.draw(st.sampled_from(alone)) if alone else None, *[None] * 12):
        first, near = blocks.near(low, high, known)
        here, there = slice(low - first, high - first), slice(low, high)
        assert 0 <= first <= low
        assert near.starts[here] == whole.starts[there]
        assert near.ends[here] == whole.ends[there]
        assert near.keys[here] == whole.keys[there]
        assert [at in near.glued for at in near.starts] == [at in whole.glued for at in near.starts]
    for offset in range(0, len(text) + 1, 7):
        behind = sum(start < offset for start in whole.starts)
        assert blocks.token_at(offset) == behind


@settings(max_examples=200, deadline=None)
@given(st.one_of(mixed(), texts()))
def test_a_text_is_folded_alike_with_and_without_offsets(text: str) -> None:
    string = Reading(text)
    assert string.folded == string._folding[0]
    assert len(string.cased) == len(string.folded)


@settings(max_examples=150, deadline=None)
@given(mixed(), st.data())
def test_a_string_alone_is_found_as_among_others(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    strings = []
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(words)))
        chosen = words[start : start + data.draw(st.integers(1, 12))]
        at = data.draw(st.integers(0, len(chosen)))
        chosen[at : at + 1] = data.draw(st.sampled_from([[], ["word"], chosen[at : at + 1]]))
        strings.append(" ".join(chosen))
    together = ground(text, list(dict.fromkeys(strings)))
    for string, among in zip(dict.fromkeys(strings), together, strict=True):
        recent.cache_clear()
        alone, again = ground(text, [string]), ground(text, [string])
        assert alone == again
        assert (alone[0].tier, alone[0].similarity) == (among.tier, among.similarity)


@settings(max_examples=100, deadline=None)
@given(st.lists(mixed(), min_size=1, max_size=12), mixed())
def test_what_is_kept_of_a_text_is_not_of_another(many: list[str], string: str) -> None:
    def anew(text: str) -> object:
        recent.cache_clear()
        return ground(text, [string[:60]])

    expected = [anew(text) for text in many]
    recent.cache_clear()
    assert [ground(text, [string[:60]]) for text in many + many] == expected + expected
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: ground(text, [string[:60]]), many * 3)) == expected * 3
    assert recent.cache_info().currsize <= 8


def test_a_hit_within_a_word_is_passed_over() -> None:
    text = "The theatre there: the then. " * 5 + "he"
    assert ground(text, ["he"])[0].fragments == ((145, 147),)
    assert not Page("abc").border(1)


def test_what_is_folded_is_found_at_the_start_of_a_text() -> None:
    assert ground("—- so it was", ["-- so it was"])[0].fragments == ((0, 12),)
    assert ground("… so it was", ["... so it was"])[0].fragments[0][1] == 11
