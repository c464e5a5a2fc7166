"""Slices of a comparison: each is the comparison of the two results cut down by hand."""

import math

import numpy as np
import pytest
from commands import inquit
from results import EXACT, HEADLINE, result, some_counts

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer
from inquit.eval import compare_slices
from inquit.eval.compare import compare_results
from inquit.eval.result import digest, write_result
from inquit.eval.slice_values import SliceError

N = 30
DOCUMENTS = [
    Document(
        doc_id=f"d{i}",
        text="x",
        language="en" if i % 3 else "de",
        split="test",
        group=f"g{i // 2}",
        meta={"phenomena": ["late", "cut"] if i % 5 == 0 else ["late"]},
    )
    for i in range(N)
]
KNOWN = {d.doc_id: d for d in DOCUMENTS}


def pair(**changes):
    order = np.random.default_rng(7).permutation(N)
    a, b = some_counts(1), some_counts(2)
    ids = [f"d{i}" for i in order]
    groups = [KNOWN[i].group for i in ids] if changes.get("groups") else None
    return (
        result({HEADLINE: a, EXACT: b}, "one", **changes),
        result(
            {HEADLINE: b[order], EXACT: a[order]},
            "two",
            doc_ids=ids,
            **{**changes, "groups": groups},
        ),
    )


@pytest.mark.parametrize("groups", [None, [d.group for d in DOCUMENTS]])
@pytest.mark.parametrize("name", ["language", "split", "meta.phenomena"])
def test_a_part_is_the_comparison_of_its_documents(name: str, groups) -> None:
    a, b = pair(groups=groups)
    compared = compare_results(a, b, resamples=300)
    [found] = compare_slices(compared, [name], KNOWN, resamples=300)
    assert found.measure == HEADLINE
    rows = [result.scores()[HEADLINE].counts for result in (a, b)]
    rows[1] = rows[1][[b.doc_ids.index(f"d{i}") for i in range(N)]]
    for part in found.parts:
        kept = [i for i, d in enumerate(DOCUMENTS) if part.value in values(name, d)]
        assert part.documents == len(kept)
        small = {"groups": [groups[i] for i in kept]} if groups else {}
        cut = [result({HEADLINE: side[kept]}, **small) for side in rows]
        [alone] = compare_results(*cut, resamples=300).differences
        mine = part.difference
        assert (mine.a, mine.b) == (alone.a, alone.b)
        assert mine.paired.difference == alone.paired.difference
        assert mine.paired.p == alone.paired.p
        same = mine.paired.interval, alone.paired.interval
        assert same[0].why_none == same[1].why_none
        assert math.isnan(same[0].low) == bool(same[0].why_none)
        if not same[0].why_none:
            assert same[0] == same[1]


def values(name: str, document: Document):
    if name == "meta.phenomena":
        return document.meta["phenomena"]
    return [getattr(document, name)]


def test_p_is_corrected_over_all_parts() -> None:
    compared = compare_results(*pair(), resamples=200)
    found = compare_slices(
        compared, ["language", "meta.phenomena"], KNOWN, measures=[HEADLINE, EXACT], resamples=200
    )
    assert [(s.name, s.measure) for s in found] == [
        ("language", HEADLINE),
        ("language", EXACT),
        ("meta.phenomena", HEADLINE),
        ("meta.phenomena", EXACT),
    ]
    rows = [part.difference for s in found for part in s.parts]
    assert len(rows) == 8
    assert max(d.paired.p for d in rows) == max(d.p_adjusted for d in rows)
    assert all(d.p_adjusted >= d.paired.p for d in rows)


def test_what_cannot_be_told_is_refused() -> None:
    compared = compare_results(*pair(), resamples=100)
    with pytest.raises(DataError, match="resamples is 99; give 100 or more"):
        compare_slices(compared, ["language"], KNOWN, resamples=99)
    with pytest.raises(DataError, match="'form' goes by labels"):
        compare_slices(compared, ["form"], KNOWN)
    with pytest.raises(SliceError, match="did you mean 'language'"):
        compare_slices(compared, ["lang"], KNOWN)
    with pytest.raises(DataError, match="'d3': was scored and is not in the corpus"):
        compare_slices(compared, ["language"], {k: d for k, d in KNOWN.items() if k != "d3"})


@pytest.fixture
def files(tmp_path):
    gold = [Annotation(doc_id=d.doc_id, spans=()) for d in DOCUMENTS]
    layer = Layer(name="gold", kind="adjudicated", annotations=gold)
    Corpus(CorpusInfo(name="port"), DOCUMENTS, [layer]).write(tmp_path / "port")
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, made in zip(paths, pair(gold_sha256=digest(gold), directory="port"), strict=True):
        write_result(path, made)
    return paths


def test_the_command(capsys, files, monkeypatch) -> None:
    ask = ["eval", "compare", *files, "--slice", "language", "--slice", "meta.phenomena"]
    found = inquit(capsys, *ask, "--json").json
    assert [s["slice"] for s in found["slices"]] == ["language", "meta.phenomena"]
    assert {part["value"]: part["documents"] for part in found["slices"][1]["parts"]} == {
        "late": 30,
        "cut": 6,
    }
    assert set(found["slices"][0]["parts"][0]) == {
        "value", "documents", "a", "b", "difference", "low", "high", "p", "p_adjusted",
        "why_no_interval",
    }  # fmt: skip
    assert "slices" not in inquit(capsys, *ask[:4], "--json").json
    for width in ("80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        ran = inquit(capsys, *ask)
        assert (ran.code, ran.err) == (0, "") and "…" not in ran.out
        assert f"{HEADLINE} by meta.phenomena" in ran.out
        assert "under 10 docs" in ran.out
    again = inquit(capsys, *ask, "--on", files[0].parent / "port", "--measure", EXACT)
    assert f"{EXACT} by language" in again.out
    assert f"{HEADLINE} by" not in again.out


def test_the_command_refuses(capsys, files) -> None:
    ask = ["eval", "compare", *files]
    ran = inquit(capsys, *ask, "--on", files[0].parent)
    assert ran.code == 2 and "only --slice reads the corpus" in " ".join(ran.err.split())
    nowhere = files[0].parent / "nowhere"
    ran = inquit(capsys, *ask, "--slice", "language", "--on", nowhere)
    assert ran.code == 1 and f"{nowhere}: is no directory" in ran.err
    ran = inquit(capsys, *ask, "--slice", "language", "--on", files[0].parent)
    assert (ran.code, ran.out) == (1, "") and "neither a corpus directory" in ran.err
    ran = inquit(capsys, *ask, "--slice", "form")
    assert ran.code == 1 and "goes by labels" in ran.err
