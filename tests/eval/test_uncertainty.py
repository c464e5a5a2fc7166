"""The fast paths draw from the same distributions as scipy's plain resampling."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from inquit.eval.scores import statistic
from inquit.eval.uncertainty import Interval, adjusted, by_group, compare, interval, too_few


def f1(counts):
    return statistic("f1", counts)


def rows(n: int, seed: int = 0, means: tuple[float, ...] = (3, 2, 1)) -> np.ndarray:
    return np.random.default_rng(seed).poisson(means, (n, 3))


def over_columns(tp, fp, fn, axis=-1):
    return f1(np.stack((tp.sum(axis), fp.sum(axis), fn.sum(axis)), axis=-1))


@pytest.mark.parametrize(
    ("n", "method", "means"),
    [
        (12, "BCa", (3, 2, 1)),
        (30, "BCa", (3, 2, 1)),
        (49, "BCa", (9, 1, 0.1)),
        (50, "percentile", (3, 2, 1)),
        (400, "percentile", (3, 2, 1)),
        (400, "percentile", (0.2, 0.1, 0.1)),
        (150, "percentile", (300, 200, 500)),
    ],
)
def test_intervals_are_those_of_scipy(n: int, method: str, means) -> None:
    counts = rows(n, means=means)
    mine = interval(counts, f1, resamples=20_000)
    theirs = stats.bootstrap(
        tuple(counts.T),
        over_columns,
        paired=True,
        method=method,
        n_resamples=20_000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = theirs.high - theirs.low
    assert mine.low == pytest.approx(theirs.low, abs=0.05 * width)
    assert mine.high == pytest.approx(theirs.high, abs=0.05 * width)
    assert not mine.why_none


def test_the_corrected_interval_of_skewed_counts_is_that_of_scipy() -> None:
    counts = np.column_stack((np.ones(20, int), np.arange(20) // 18 * 30, np.arange(20) % 2))
    mine = interval(counts, f1, resamples=40_000)
    theirs = stats.bootstrap(
        tuple(counts.T), over_columns, paired=True, method="BCa", n_resamples=40_000,
        rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    assert mine.low == pytest.approx(theirs.low, abs=0.01)
    assert mine.high == pytest.approx(theirs.high, abs=0.01)


def test_resamples_by_pattern_and_by_document_are_distributed_alike() -> None:
    counts = rows(600, means=(0.3, 0.2, 0.1))
    fast = interval(counts, f1, resamples=20_000)
    # A column that no statistic looks at makes every document its own pattern.
    marked = np.concatenate((counts, np.arange(600)[:, None]), axis=1)
    slow = interval(marked, lambda sums: f1(sums[..., :3]), resamples=20_000)
    assert fast.low == pytest.approx(slow.low, abs=0.004)
    assert fast.high == pytest.approx(slow.high, abs=0.004)


@pytest.mark.parametrize("n", [15, 80])
def test_a_paired_difference_is_tested_as_scipy_does(n: int) -> None:
    a, b = rows(n, 1), rows(n, 2)
    b[: n // 2] = a[: n // 2]
    a[:, 0] += np.arange(n) % 3 == 0
    mine = compare(a, b, f1, resamples=20_000)
    columns = np.concatenate((a.T, b.T))

    def difference(*parts, axis=-1):
        sums = np.stack([part.sum(axis) for part in parts], axis=-1)
        return f1(sums[..., :3]) - f1(sums[..., 3:])

    rng = np.random.default_rng(0)
    extreme = 0
    for swap in rng.random((20_000, n)) < 0.5:
        mixed = np.where(swap, np.concatenate((b.T, a.T)), columns)
        extreme += abs(difference(*mixed)) >= abs(mine.difference) - 1e-12
    assert mine.p == pytest.approx((extreme + 1) / 20_001, abs=0.012)
    assert mine.difference == pytest.approx(f1(a.sum(0)) - f1(b.sum(0)))
    theirs = stats.bootstrap(
        tuple(columns),
        difference,
        paired=True,
        method="BCa" if n < 50 else "percentile",
        n_resamples=10_000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = theirs.high - theirs.low
    assert mine.interval.low == pytest.approx(theirs.low, abs=0.1 * width)
    assert mine.interval.high == pytest.approx(theirs.high, abs=0.1 * width)


def test_randomisation_agrees_with_every_possible_swap() -> None:
    a, b = rows(10, 3), rows(10, 4)
    a[:, 0] += 2
    exact = stats.permutation_test(
        (np.arange(10), np.arange(10) + 10),
        lambda x, y: float(np.diff([f1(np.concatenate((a, b))[i].sum(0)) for i in (y, x)])[0]),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=False,
        alternative="two-sided",
    )
    mine = compare(a, b, f1, resamples=20_000)
    assert mine.difference == pytest.approx(exact.statistic)
    # scipy's two-sided p doubles the smaller tail; swapping all documents mirrors the difference,
    # so the tails are equal and both say the same.
    assert mine.p == pytest.approx(exact.pvalue, abs=0.01)


def test_equal_systems_do_not_differ() -> None:
    counts = rows(30)
    found = compare(counts, counts, f1)
    assert (found.difference, found.p) == (0, 1)
    assert (found.interval.low, found.interval.high) == (0, 0)


def test_neither_order_nor_a_second_run_changes_an_interval() -> None:
    counts = rows(80)
    shuffled = np.random.default_rng(5).permutation(counts)
    assert interval(counts, f1) == interval(shuffled, f1) == interval(counts, f1)
    assert interval(counts, f1) != interval(counts, f1, seed=1)


def test_below_ten_documents_or_groups_there_is_no_interval() -> None:
    assert "fewer than 10" in interval(rows(9), f1).why_none
    assert not interval(rows(10), f1).why_none
    grouped = interval(rows(40), f1, groups=[i // 5 for i in range(40)])
    assert np.isnan(grouped.low)
    assert grouped.why_none == "fewer than 10 groups of documents (8)"
    assert [
        too_few(found) for found in (grouped, interval(rows(9), f1), interval(rows(10), f1))
    ] == ["under 10 groups", "under 10 documents", ""]
    assert too_few(Interval(math.nan, math.nan, "fewer than 10 documents or groups (3)"))
    halves = [i // 2 for i in range(18)]
    paired = compare(rows(18), rows(18)[::-1], f1, groups=halves).interval
    assert paired.why_none == "fewer than 10 groups of documents (9)"


def test_what_is_undefined_has_no_interval() -> None:
    none = np.zeros((40, 3), int)
    assert interval(none, f1).why_none == "the measure is undefined"
    once = none.copy()
    once[0, 0] = 1
    assert "too few documents" in interval(once, f1).why_none
    assert np.isnan(compare(none, none, f1).p)


def test_a_perfect_score_has_an_interval_of_no_width() -> None:
    for n in (20, 60):
        found = interval(np.array([[2, 0, 0]] * n), f1)
        assert (found.low, found.high, found.why_none) == (1, 1, "")


def test_an_interval_of_nearly_all_samples_runs_to_their_ends() -> None:
    counts = rows(20)
    found = [
        interval(counts, f1, resamples=100, confidence=confidence)
        for confidence in (1 - 1e-9, math.nextafter(1, 0))
    ]
    assert 0 < found[1].low <= found[0].low < found[0].high <= found[1].high < 1


def test_groups_are_summed() -> None:
    counts = np.array([[1, 0, 0], [2, 1, 0], [4, 0, 1]])
    assert by_group(counts, ["b", "a", "b"]).tolist() == [[5, 0, 1], [2, 1, 0]]
    assert by_group(counts, None) is counts


def test_intervals_hold_the_true_value_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    true = 2 * 3 / (2 * 3 + 2 + 1)
    for n in (30, 80):
        held = 0
        for _ in range(300):
            found = interval(rng.poisson((3, 2, 1), (n, 3)), f1, resamples=1000)
            held += found.low <= true <= found.high
        assert 0.91 <= held / 300 <= 0.985


def test_corrected_p_values() -> None:
    assert adjusted([0.01, float("nan"), 0.04, 0.03])[::2] == [0.03, 0.04]
    assert adjusted([]) == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=1, max_size=60),
    st.integers(0, 3),
    st.randoms(),
)
def test_the_other_way_round_a_comparison_is_mirrored(counts, groups, random) -> None:
    both = np.array(counts)
    stories = [random.randrange(groups) for _ in counts] if groups else None
    there, back = (
        compare(x, y, f1, groups=stories, resamples=100)
        for x, y in ((both[:, :3], both[:, 3:]), (both[:, 3:], both[:, :3]))
    )
    numbers = [there.difference, there.interval.low, there.interval.high, there.p]
    mirrored = [-back.difference, -back.interval.high, -back.interval.low, back.p]
    np.testing.assert_array_equal(numbers, mirrored)


def test_systems_that_nothing_tells_apart_have_an_even_interval() -> None:
    both = np.concatenate((rows(30), rows(30, seed=1)))
    found = compare(both, np.roll(both, 30, axis=0), f1)
    assert found.difference == 0 < found.interval.high == -found.interval.low
