"""``inquit eval leaderboard``: ranks, ties, and golds that may not be mixed."""

from __future__ import annotations

import numpy as np
import pytest
from commands import inquit
from results import EXACT, HEADLINE, counted, result, some_counts

from inquit.corpus import DataError
from inquit.eval.leaderboard import SHOWN, boards, markdown
from inquit.eval.result import write_result

GOOD, FAIR, BAD = (np.array([[n, 4 - n, 4 - n]] * 12) for n in (4, 2, 1))


def test_systems_are_ranked_by_the_first_measure_among_trivial_ones() -> None:
    trivial = {"nothing": {HEADLINE: 0.0}, "every-sentence": {HEADLINE: 0.4, EXACT: 0.1}}
    results = {
        "bad.json": result({HEADLINE: BAD, EXACT: GOOD}, "bad", trivial=trivial),
        "a.json": result({HEADLINE: FAIR, EXACT: BAD}, "fair", parameters={"k": 1}),
        "b.json": result({HEADLINE: FAIR, EXACT: BAD}, "fair", parameters={"k": 2}),
        "good.json": result({HEADLINE: GOOD}, "good", human_ceiling={HEADLINE: 0.9}),
        "none.json": result({HEADLINE: BAD * 0}, "none"),
    }
    [board] = boards(results, [HEADLINE, EXACT])
    assert [(row.rank, row.name, row.kind) for row in board.rows] == [
        (1, "good", "system"), (None, "people", "people"), (2, "fair(k=1)", "system"),
        (2, "fair(k=2)", "system"), (None, "every-sentence", "trivial"), (4, "bad", "system"),
        (None, "nothing", "trivial"), (None, "none", "system"),
    ]  # fmt: skip
    assert board.rows[0].cells[EXACT].value is None
    assert f"not measured: {EXACT} in good.json, none.json" in board.notes
    [board] = boards(results, [EXACT])
    assert board.rows[0].name == "bad" and board.rows[0].rank == 1


def test_people_stand_with_their_number_of_documents() -> None:
    ceiling = {HEADLINE: 0.9}
    told = result({HEADLINE: GOOD}, human_ceiling=ceiling, human_documents=4)
    [board] = boards({"a": told, "b": result({HEADLINE: FAIR}, "b")}, [HEADLINE])
    assert [row.title for row in board.rows] == ["mine", "people (on 4 documents)", "b"]
    assert "| *people (on 4 documents)* | 0.900 |" in markdown([board])
    assert board.to_json()["rows"][1].documents == 4
    # A result of format 1 does not tell, and two may differ.
    for other in (result({HEADLINE: FAIR}, human_ceiling=ceiling),
                  result({HEADLINE: FAIR}, human_ceiling=ceiling, human_documents=5)):  # fmt: skip
        [board] = boards({"a": told, "b": other}, [HEADLINE])
        assert "people" in [row.title for row in board.rows]


def test_each_benchmark_has_its_table_and_other_gold_is_refused() -> None:
    counts = {HEADLINE: FAIR}
    found = boards({
        "1": result(counts), "2": result(counts, split="dev"), "3": result(counts, version="2"),
        "4": result(counts), "5": result(counts, split=None),
    })  # fmt: skip
    assert [(b.benchmark.version, b.benchmark.split, len(b.rows)) for b in found] == [
        ("1", None, 1), ("1", "dev", 1), ("1", "test", 2), ("2", "test", 1),
    ]  # fmt: skip
    with pytest.raises(DataError, match="2: was scored against other gold than 1"):
        boards({"1": result(counts), "2": result(counts, gold_sha256="cd" * 32)})
    with pytest.raises(DataError, match="2: was scored on other documents than 1"):
        boards({"1": result(counts), "2": result({HEADLINE: some_counts(1)})})


def test_without_the_headline_what_is_there_is_shown() -> None:
    some = result({EXACT: GOOD, "cue.r@exact": FAIR}, "some")
    [board] = boards({"a": result({"cue.r@exact": BAD}), "b": some})
    assert board.measures == ("cue.r@exact", EXACT)
    assert [row.name for row in board.rows] == ["some", "mine"]
    [board] = boards({"a": result({HEADLINE: BAD}), "b": some})
    assert board.measures == SHOWN
    with pytest.raises(DataError, match=rf"no result holds {HEADLINE}; they hold {EXACT}, cue"):
        boards({"b": some}, [HEADLINE])


def test_intervals_that_were_made_otherwise_are_told() -> None:
    def made(**changes):
        return result({HEADLINE: FAIR}, **changes)

    [board] = boards({"a": made(resamples=2000), "b": made(), "c": made(resamples=0)})
    assert not any("intervals are" in note for note in board.notes)
    [board] = boards({"a": made(resamples=2000), "b": made(resamples=3), "c": made()})
    assert "intervals are of different resamples: a 2,000, b 3" in board.notes
    assert "b: its intervals are rough: 3 resamples" in board.notes
    [board] = boards({"a": made(confidence=0.9), "b": made()})
    assert "intervals are of different confidence: a 0.9, b 0.95" in board.notes


def test_markdown_shows_names_word_for_word() -> None:
    made = result({HEADLINE: FAIR}, "a|b*c <i>\n# x")
    made.measures[HEADLINE] = counted(HEADLINE, FAIR, 0.4, 0.6)
    lines = markdown(boards({"p": made}, [HEADLINE])).splitlines()
    assert lines[0] == r"**port 1, test (12), gold abababab**"
    assert lines[-1] == r"| 1 | a\|b\*c \<i\> \# x | 0.500 [0.400, 0.600] |"


@pytest.fixture
def files(tmp_path):
    for name, counts in (("fair", FAIR), ("good", GOOD)):
        write_result(tmp_path / f"{name}.json", result({HEADLINE: counts}, f"[red]{name}"))
    return [tmp_path / "fair.json", tmp_path / "good.json"]


def test_the_command(capsys, files, tmp_path, monkeypatch) -> None:
    ran = inquit(capsys, "eval", "leaderboard", *files, "--measure", HEADLINE)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.index("[red]good") < ran.out.index("[red]fair") and "1.000" in ran.out
    monkeypatch.setenv("COLUMNS", "80")
    made = result(dict.fromkeys(SHOWN, FAIR), "rules")
    for name in SHOWN:
        made.measures[name] = counted(name, FAIR, 0.4, 0.6)
    write_result(tmp_path / "all.json", made)
    ran = inquit(capsys, "eval", "leaderboard", tmp_path / "all.json")
    assert ran.out.count("[.400,.600]") == len(SHOWN) and "…" not in ran.out
    monkeypatch.setenv("COLUMNS", "60")
    ran = inquit(capsys, "eval", "leaderboard", tmp_path / "all.json")
    assert ran.out.count("[.400,.600]") == len(SHOWN) and "…" not in ran.out
    found = inquit(capsys, "eval", "leaderboard", *files, "--json").json
    [board] = found["boards"]
    assert [row["rank"] for row in board["rows"]] == [1, 2]
    assert board["rows"][0]["cells"][HEADLINE] == {"value": 1, "low": None, "high": None}
    ran = inquit(capsys, "eval", "leaderboard", *files, "--markdown")
    assert r"| 1 | \[red\]good |" in ran.out
    ran = inquit(capsys, "eval", "leaderboard", *files, "--markdown", "--json")
    assert ran.code == 2
    write_result(tmp_path / "x.json", result({HEADLINE: FAIR}, gold_sha256="cd" * 32))
    ran = inquit(capsys, "eval", "leaderboard", *files, tmp_path / "x.json")
    assert (ran.code, ran.out) == (1, "") and "other gold" in ran.err
    ran = inquit(capsys, "eval", "leaderboard", files[0], files[0])
    assert (ran.code, ran.out) == (1, "") and "named twice" in ran.err
