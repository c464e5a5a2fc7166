"""``inquit eval compare``: from counts alone, and only where the two sides are comparable."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from commands import inquit
from results import EXACT, HEADLINE, result, some_counts
from scipy.stats import false_discovery_control, permutation_test

from inquit.corpus import DataError
from inquit.eval.comparing.results import compare_results
from inquit.eval.result import write_result


def f1(rows) -> float:
    tp, fp, fn = np.asarray(rows).sum(axis=0)
    return 2 * tp / (2 * tp + fp + fn)


def test_differences_and_p_are_those_of_the_counts() -> None:
    one, two = some_counts(1), some_counts(2)
    found = compare_results(result({HEADLINE: one}), result({HEADLINE: two}), resamples=4000)
    [row] = found.differences
    assert (row.a, row.b) == (f1(one), f1(two))
    assert row.paired.difference == pytest.approx(f1(one) - f1(two))
    assert row.paired.interval.low < row.paired.difference < row.paired.interval.high

    def statistic(i, j, axis=0):
        both = np.stack((one, two))
        docs = np.arange(len(one))
        return f1(both[i, docs]) - f1(both[j, docs])

    zeros = np.zeros(len(one), int)
    wanted = permutation_test(
        (zeros, zeros + 1), statistic, permutation_type="samples", vectorized=False,
        n_resamples=4000, rng=0,
    ).pvalue  # fmt: skip
    assert row.paired.p == pytest.approx(wanted, abs=0.04)


def test_p_is_corrected_over_the_table() -> None:
    good, names = np.array([[3, 0, 0]] * 30), [HEADLINE, EXACT, "quote.f1@overlap", "cue.r@exact"]
    a = result({name: some_counts(i) for i, name in enumerate(names)} | {HEADLINE: good})
    b = result({name: some_counts(i + 9) for i, name in enumerate(names)})
    found = compare_results(a, b, resamples=2000)
    raw = [d.paired.p for d in found.differences]
    assert [d.p_adjusted for d in found.differences] == pytest.approx(false_discovery_control(raw))
    assert found.differences[0].p_adjusted < 0.01
    [only] = compare_results(a, b, [EXACT], resamples=2000).differences
    assert only.p_adjusted == only.paired.p == raw[1]


def test_documents_are_joined_by_id_and_sides_swap() -> None:
    one, two = some_counts(3), some_counts(4)
    a, b = result({HEADLINE: one}), result({HEADLINE: two})
    turned = result({HEADLINE: two[::-1]}, doc_ids=b.doc_ids[::-1])
    rows = [compare_results(a, x, resamples=1000).to_json()["measures"] for x in (b, turned)]
    assert rows[0] == rows[1]
    there, back = rows[0][HEADLINE], compare_results(b, a, resamples=1000).to_json()["measures"]
    assert back[HEADLINE]["difference"] == pytest.approx(-there["difference"])
    same = compare_results(a, a, resamples=1000).differences[0]
    assert (same.paired.difference, same.paired.p) == (0, 1)


def test_how_it_was_drawn_is_told_and_that_p_has_a_floor() -> None:
    good, bad = (np.array([row] * 40) for row in ([3, 0, 0], [0, 3, 3]))
    far = (result({HEADLINE: good, EXACT: good}), result({HEADLINE: bad, EXACT: good}))
    found = compare_results(*far, resamples=100, confidence=0.9, seed=3)
    told = found.to_json()
    assert (told["resamples"], told["confidence"], told["seed"]) == (100, 0.9, 3)
    assert told["measures"][HEADLINE]["p"] == 1 / 101
    floor = f"{HEADLINE}: p is at most 0.0099, the least that 100 resamples can tell"
    assert [note for note in found.notes if "resamples" in note] == [floor]
    assert not any("resamples" in note for note in compare_results(far[0], far[0]).notes)


def test_groups_are_swapped_together() -> None:
    one, two = some_counts(5), some_counts(6)
    groups = [f"g{i // 3}" for i in range(30)]
    a, b = result({HEADLINE: one}, groups=groups), result({HEADLINE: two}, groups=groups)
    summed = [result({HEADLINE: x.reshape(10, 3, 3).sum(axis=1)}) for x in (one, two)]
    grouped, by_hand = (compare_results(*x, resamples=1000) for x in ((a, b), summed))
    assert grouped.differences[0] == by_hand.differences[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gold_sha256": "cd" * 32}, "against other gold"),
        ({"split": "dev"}, "is of split dev, a of test"),
        ({"split": None, "doc_ids": [f"e{i}" for i in range(30)]}, "is of split all documents"),
        ({"name_": "lake"}, "is of benchmark lake, a of port"),
        ({"version": "2"}, "is of version 2"),
        ({"layer": "ana"}, "is of layer ana"),
        ({"doc_ids": [f"e{i}" for i in range(30)]}, "on other documents than a (60 differ)"),
        ({"groups": ["x"] * 30}, "in other groups"),
    ],
)
def test_what_is_not_of_one_benchmark_is_refused(changes, said) -> None:
    counts = {HEADLINE: some_counts(1)}
    other = result(counts, **{k: v for k, v in changes.items() if k != "name_"})
    if "name_" in changes:
        made = msgspec.structs.replace(other.benchmark, name=changes["name_"])
        other = msgspec.structs.replace(other, benchmark=made)
    with pytest.raises(DataError) as caught:
        compare_results(result(counts), other)
    assert said in str(caught.value)


def test_a_file_scored_whole_compares_with_a_run_on_the_split_that_it_is() -> None:
    a, b = result({HEADLINE: some_counts(1)}), result({HEADLINE: some_counts(2)}, split=None)
    expected = compare_results(a, result({HEADLINE: some_counts(2)})).to_json()["measures"]
    assert compare_results(a, b).to_json()["measures"] == expected


def test_what_a_result_has_no_prediction_for_is_told() -> None:
    counts = {HEADLINE: some_counts(1)}
    failed = result(counts, failed={"d0": "x", "d1": "y"}, missing_documents=["d0", "d1", "d2"])
    notes = compare_results(result(counts), failed, resamples=100, paths=("a.json", "b.json")).notes
    assert notes == (
        "b.json: FAILED on 2 of 30 documents, counted as missed",
        "b.json: no prediction for 1 of 30 documents, counted as empty",
    )
    assert len(compare_results(failed, failed, resamples=100).notes) == 4


def test_measures_that_one_side_lacks() -> None:
    a = result({HEADLINE: some_counts(1), EXACT: some_counts(2)})
    b = result({HEADLINE: some_counts(3)})
    found = compare_results(a, b, resamples=100)
    assert found.left_out == (EXACT,) and EXACT in found.notes[0]
    with pytest.raises(DataError, match=f"b: does not hold {EXACT}"):
        compare_results(a, b, [EXACT])
    with pytest.raises(DataError, match="no measure in common"):
        compare_results(result({EXACT: some_counts(2)}), b)


def test_few_documents_and_nothing_to_count() -> None:
    few = some_counts(1, 4)
    found = compare_results(result({HEADLINE: few}), result({HEADLINE: few[::-1]}), resamples=100)
    assert np.isnan(found.differences[0].paired.interval.low)
    assert any("fewer than 10 documents" in note for note in found.notes)
    assert any(note.startswith("with 4 documents p cannot fall below 0.12") for note in found.notes)
    sides = [result({HEADLINE: c}, groups=["s", "s", "t", None]) for c in (few, few[::-1])]
    notes = compare_results(*sides, resamples=100).notes
    assert any("fewer than 10 groups of documents (3)" in note for note in notes)
    assert any(note.startswith("with 3 groups of documents p cannot") for note in notes)
    none = np.zeros((12, 3), int)
    [row] = compare_results(
        result({EXACT: none}), result({EXACT: none}), resamples=100
    ).to_json()["measures"].values()  # fmt: skip
    assert (row["a"], row["difference"], row["p"], row["p_adjusted"]) == (None, None, None, None)


@pytest.fixture
def files(tmp_path):
    made = [
        result({HEADLINE: some_counts(1), EXACT: np.array([[3, 0, 0]] * 30)}, "rules",
               parameters={"indirect": True, "nested": 1}),
        result({HEADLINE: some_counts(2), EXACT: some_counts(4)}, "rules",
               parameters={"indirect": False, "nested": 1}),
        result({HEADLINE: some_counts(2), EXACT: some_counts(4)}, gold_sha256="cd" * 32),
    ]  # fmt: skip
    paths = [tmp_path / f"{i}.json" for i in range(3)]
    for path, one in zip(paths, made, strict=True):
        write_result(path, one)
    return paths


def test_the_command(capsys, files, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    ran = inquit(capsys, "eval", "compare", files[0], files[1])
    assert ran.out.count(f" {HEADLINE} ") == 2, "a second table holds p"
    for width in ("80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        ran = inquit(capsys, "eval", "compare", files[0], files[1])
        assert (ran.code, ran.err) == (0, "") and "…" not in ran.out
        for word in (
            "port 1, test · 30 documents",
            "rules(indirect=True)",
            "p corrected",
            HEADLINE,
        ):
            assert word in ran.out
    assert "nested" not in ran.out
    again = inquit(capsys, "eval", "compare", files[0], files[1], "--json")
    assert again.json["documents"] == 30
    assert again.json["measures"][EXACT]["p"] == 1 / 10_001
    assert set(again.json["measures"][EXACT]) == {
        "a", "b", "difference", "low", "high", "p", "p_adjusted", "why_no_interval",
    }  # fmt: skip
    assert again.out == inquit(capsys, "eval", "compare", files[0], files[1], "--json").out


def test_names_of_measures_are_shown_word_for_word(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    name = "quote[form=direct].p@exact"
    write_result(tmp_path / "a.json", result({name: some_counts(1)}))
    ran = inquit(capsys, "eval", "compare", tmp_path / "a.json", tmp_path / "a.json")
    assert name in ran.out
    ran = inquit(capsys, "eval", "leaderboard", tmp_path / "a.json", "--measure", name)
    assert "quote[form=direct]" in ran.out


def test_the_command_refuses(capsys, files, tmp_path) -> None:
    ran = inquit(capsys, "eval", "compare", files[0], files[2])
    assert (ran.code, ran.out) == (1, "")
    assert f"{files[2]}: was scored against other gold than {files[0]}" in ran.err
    (tmp_path / "bad.json").write_text("[]")
    ran = inquit(capsys, "eval", "compare", tmp_path / "bad.json", tmp_path / "none.json")
    assert ran.code == 1 and "bad.json" in ran.err and "none.json" in ran.err
    assert inquit(capsys, "eval", "compare", files[0]).code == 2
