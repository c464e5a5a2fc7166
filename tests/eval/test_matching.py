"""Matching agrees with every possible matching, whatever overlaps, nests, crosses or repeats."""

from collections import Counter
from itertools import pairwise

import brute_force
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inquit.eval.counting import matching
from inquit.eval.counting.charsets import CharSets, covered, merged, shared, union
from inquit.eval.counting.matching import (
    TooManyPairsError,
    best,
    blocks,
    equal_keys,
    matched_equal,
    maximum,
    overlapping,
    set_columns,
)

fragment_lists = st.sets(st.integers(0, 14), min_size=2, max_size=8).map(
    lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)
items = st.lists(st.tuples(st.integers(0, 2), fragment_lists), max_size=8)
pair_sets = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25)


def char_sets(fragments: list[list[tuple[int, int]]]) -> CharSets:
    bounds = np.cumsum([0] + [len(f) for f in fragments])
    flat = np.array([pair for f in fragments for pair in f], np.int64).reshape(-1, 2)
    return CharSets(bounds, flat[:, 0].copy(), flat[:, 1].copy())


def chars(fragments: list[tuple[int, int]]) -> set[int]:
    return {i for s, e in fragments for i in range(s, e)}


def columns(found: list[tuple[int, list[tuple[int, int]]]]) -> tuple[CharSets, np.ndarray]:
    return char_sets([f for _, f in found]), np.array([b for b, _ in found], np.int64)


def set_keys(a: CharSets, b: CharSets) -> tuple[np.ndarray, np.ndarray]:
    every = equal_keys(*set_columns(a, b), len(a), len(b))
    return every[: len(a)], every[len(a) :]


def as_arrays(pairs: set[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    listed = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return listed[:, 0].copy(), listed[:, 1].copy()


@settings(deadline=None)
@given(items, items, st.sampled_from([1, 5, 10**6]))
def test_exactly_the_overlapping_pairs_are_found(gold, predicted, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "CHUNK", chunk)
        (a, block_a), (b, block_b) = columns(gold), columns(predicted)
        found: dict[tuple[int, int], int] = {}
        for pairs in overlapping(a, b, block_a, block_b):
            for g, p, n in zip(pairs.gold, pairs.predicted, pairs.shared, strict=True):
                assert (int(g), int(p)) not in found
                found[int(g), int(p)] = int(n)
    expected = {
        (i, j): len(chars(x) & chars(y))
        for i, (d, x) in enumerate(gold)
        for j, (e, y) in enumerate(predicted)
        if d == e and chars(x) & chars(y)
    }
    assert found == expected


@settings(deadline=None)
@given(pair_sets)
def test_no_matching_is_larger(pairs) -> None:
    gold, predicted = as_arrays(pairs)
    chosen = maximum(gold, predicted)
    assert len(set(gold[chosen])) == len(set(predicted[chosen])) == chosen.sum()
    size = brute_force.best_matching(
        range(7), range(7), lambda i, j: (1, 0, 0) if (i, j) in pairs else None
    )[0]
    assert chosen.sum() == size


@settings(deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)),
                       st.tuples(st.integers(1, 4), st.booleans()), max_size=20))  # fmt: skip
def test_of_all_maximum_matchings_the_best_is_taken(weights) -> None:
    gold, predicted = as_arrays(set(weights))
    keys = list(zip(gold.tolist(), predicted.tolist(), strict=True))
    iou = np.array([weights[key][0] / 4 for key in keys])
    bonus = np.array([weights[key][1] for key in keys], bool)
    chosen = best(gold, predicted, iou, bonus)
    assert len(set(gold[chosen])) == len(set(predicted[chosen])) == chosen.sum()
    expected = brute_force.best_matching(
        range(6),
        range(6),
        lambda i, j: (1, weights[i, j][0], int(weights[i, j][1])) if (i, j) in weights else None,
    )
    assert (chosen.sum(), round(iou[chosen].sum() * 4), bonus[chosen].sum()) == expected


@settings(deadline=None)
@given(items, items, st.sampled_from([0, 1, 8]))
@example([(0, [(0, 1)])], [(0, [(0, 1), (2, 3)])], 0)
def test_equal_keys_mean_equal_sets_and_equal_items_match(gold, predicted, many: int) -> None:
    (a, doc_a), (b, doc_b) = columns(gold), columns(predicted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "MANY", many)
        left, right = set_keys(a, b)
        tp = matched_equal(doc_a, doc_b, *set_columns(a, b), 3)
    for i, (_, x) in enumerate(gold):
        for j, (_, y) in enumerate(predicted):
            assert (left[i] == right[j]) == (x == y)
    for doc in range(3):
        mine = [f for d, f in gold if d == doc]
        theirs = [f for d, f in predicted if d == doc]
        same = brute_force.best_matching(mine, theirs, lambda x, y: (1, 0, 0) if x == y else None)
        assert tp[doc] == same[0]


@settings(deadline=None)
@given(*[st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20)] * 2, st.booleans())
@pytest.mark.parametrize("block", [1, 3, 100])
def test_blocks_hold_whole_documents_and_give_the_same_counts(
    block: int, gold, predicted, in_order: bool
) -> None:
    sides = [sorted(side) if in_order else side for side in (gold, predicted)]
    docs, keys = ([np.array([x[i] for x in side], np.int64) for side in sides] for i in (0, 1))
    found: list[int] = []
    seen: list[list[int]] = [[], []]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "BLOCK", block)
        for part, *slices in blocks(*docs, 7):
            here = [doc[s] - part.start for doc, s in zip(docs, slices, strict=True)]
            of = [[key[s]] for key, s in zip(keys, slices, strict=True)]
            for rows, s in zip(seen, slices, strict=True):
                rows += range(s.start, s.stop)
            found += matched_equal(*here, *of, part.stop - part.start).tolist()
    assert [list(range(len(side))) for side in sides] == seen
    common = Counter(sides[0]) & Counter(sides[1])
    assert found == [sum(n for (d, _), n in common.items() if d == doc) for doc in range(7)]


@pytest.mark.parametrize("limit", [2**62, 2**40, 105])
def test_keys_stay_exact_when_numbers_are_huge(limit: int) -> None:
    rng = np.random.default_rng(0)
    gold = [rng.integers(0, 2**31, 50) for _ in range(6)]
    predicted = [np.concatenate((column[::-1], rng.integers(0, 2**31, 5))) for column in gold]
    every = equal_keys(gold, predicted, 50, 55, limit)
    left, right = every[:50], every[50:]
    assert every.min() >= 0 and every.max() < limit
    assert (left == right[:50][::-1]).all()
    assert not np.isin(right[50:], left).any()
    docs = np.full(50, 2**20), np.full(55, 2**20)
    assert matched_equal(*docs, gold, predicted, 2**20 + 1)[-1] == 50
    wide = [c // 2 for c in gold[:2]], [c // 2 for c in predicted[:2]]
    assert equal_keys(*wide, 50, 55).max() > 2**58
    assert matched_equal(*docs, *wide, 2**20 + 1)[-1] == 50


def test_keys_that_fill_all_their_bits_stay_apart() -> None:
    n_docs = 2**20
    top = 2 ** (61 - n_docs.bit_length()) - 1
    docs = np.array([0, n_docs - 1, n_docs - 1])
    gold = np.array([top, top, top - 1])
    tp = matched_equal(docs, docs, [gold], [gold[::-1].copy()], n_docs)
    assert (tp[0], tp[-1], tp.sum()) == (0, 1, 1)
    assert matched_equal(docs, docs, [gold], [gold], n_docs).sum() == 3


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 5)), max_size=9))
def test_unions(parts) -> None:
    owner, start, length = (
        (np.array(column, np.int64) for column in zip(*parts, strict=True))
        if (parts)
        else (np.zeros(0, np.int64),) * 3
    )
    sets = union(owner, start, start + length, 4)
    for item in range(4):
        expected = {i for o, s, n in parts if o == item for i in range(s, s + n)}
        rows = slice(sets.bounds[item], sets.bounds[item + 1])
        fragments = list(zip(sets.start[rows].tolist(), sets.end[rows].tolist(), strict=True))
        assert chars(fragments) == expected
        assert all(e < s for (_, e), (s, _) in pairwise(fragments))


@settings(deadline=None)
@given(st.lists(fragment_lists, min_size=1, max_size=5), st.data())
def test_characters_in_common_and_covered(sets, data) -> None:
    a = char_sets(sets)
    index = st.integers(0, len(sets) - 1)
    i, j = data.draw(index), data.draw(index)
    common = shared(a, a, np.array([i, j]), np.array([j, j]))
    assert common.tolist() == [len(chars(sets[i]) & chars(sets[j])), len(chars(sets[j]))]
    start = data.draw(st.integers(0, 15))
    end = data.draw(st.integers(start, 20))
    inside = covered(a, np.array([i]), np.array([start]), np.array([end]))
    assert inside.tolist() == [len(chars(sets[i]) & set(range(start, end)))]
    both = merged(a, np.array([0, 2, 2]), np.array([i, j]))
    assert both.sizes.tolist() == [len(chars(sets[i]) | chars(sets[j])), 0]


def test_a_million_spans_of_one_document_are_no_burden() -> None:
    start = np.arange(1_000_000) * 10
    whole = CharSets(np.arange(1_000_002), np.append(0, start), np.append(10**7, start + 5))
    moved = CharSets(np.arange(1_000_001), start + 3, start + 8)
    block = np.zeros(1_000_001, np.int64)
    found = list(overlapping(whole, moved, block, block[1:]))
    assert sum(map(len, found)) == 2_000_000
    assert sum(maximum(p.gold, p.predicted).sum() for p in found) == 1_000_000


def test_a_million_fragments_of_one_span_are_no_burden() -> None:
    start = np.arange(1_000_000) * 3
    bounds = np.array([0, 1_000_000])
    one, same = (CharSets(bounds, start, start + 2) for _ in range(2))
    other = CharSets(bounds, start, start + 1)
    left, right = set_keys(one, same)
    assert left == right
    left, right = set_keys(one, other)
    assert left != right


def test_too_many_real_overlaps_are_refused_before_memory_runs_out() -> None:
    n = 20_000
    sets = CharSets(np.arange(n + 1), np.zeros(n, np.int64), np.full(n, 9))
    block = np.full(n, 4)
    with pytest.raises(TooManyPairsError) as error:
        list(overlapping(sets, sets, block, block))
    assert (error.value.block, error.value.pairs) == (4, n * n)


def test_too_large_a_tangle_is_refused() -> None:
    n = matching.TANGLE_LIMIT + 1
    gold = np.repeat(np.arange(n), 2)
    predicted = np.stack((np.arange(n), (np.arange(n) + 1) % n), axis=1).ravel()
    with pytest.raises(TooManyPairsError):
        best(gold, predicted, np.ones(2 * n))
