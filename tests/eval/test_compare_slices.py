"""Slices of a comparison: each is the comparison of the two results cut down by hand."""

import math

import msgspec
import numpy as np
import pytest
from commands import inquit
from results import EXACT, HEADLINE, result, some_counts

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
)
from inquit.eval import compare_slices
from inquit.eval.comparing.results import compare_results
from inquit.eval.extractors.trivial_labels import SEGMENTS
from inquit.eval.measures import Measure, MeasureError
from inquit.eval.result import digest, read_result, write_result
from inquit.eval.slicing.values import SliceError

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
        "why_no_interval", "trivial", "human_ceiling", "human_documents",
    }  # fmt: skip
    assert list(found["slices"][0]["parts"][0]["trivial"]) == list(SEGMENTS)
    assert "slices" not in inquit(capsys, *ask[:4], "--json").json
    for width in ("80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        ran = inquit(capsys, *ask)
        assert (ran.code, ran.err) == (0, "") and "…" not in ran.out
        assert f"{HEADLINE} by meta.phenomena" in ran.out
        assert "under 10 docs" in ran.out
        assert ran.out.count("paragraph") == 2
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


def test_trivial_systems_and_people_stand_beside_each_part(capsys, tmp_path, monkeypatch) -> None:
    def labels(name: str, cut: int, end: int = 9) -> Layer:
        quotes = [
            Annotation(
                doc_id=d.doc_id,
                spans=[Span("q", "quote", [(0, end if n < cut else 4)])],
                attributions=[Attribution(id="a", content=["q"])],
            )
            for n, d in enumerate(docs)
        ]
        return Layer(name=name, kind="human", annotator=name, annotations=quotes)

    docs = [
        Document(doc_id=f"d{n}", text="It rained. No.", language="en" if n % 3 else "de")
        for n in range(12)
    ]
    layers = [labels("gold", 12), labels("ana", 12), labels("ben", 6), labels("mine", 8)]
    port = tmp_path / "port"
    Corpus(CorpusInfo(name="port"), docs, layers[:3]).write(port)
    for name, cut in (("one", 8), ("two", 4)):
        Corpus(CorpusInfo(name=name), docs, [labels("gold", cut, 10)]).write(tmp_path / name)
        made = inquit(capsys, "eval", "score", port, tmp_path / name, "--pred-layer", "gold",
                      "--out", tmp_path / f"{name}.json")  # fmt: skip
        assert made.code == 0
    ask = ["eval", "compare", tmp_path / "one.json", tmp_path / "two.json", "--measure", HEADLINE]
    found = inquit(capsys, *ask, "--slice", "language", "--json").json
    # "It rained." is 10 characters, gold has 9 of them: both sentences are predicted, one is right.
    assert found["trivial"]["every-sentence"] == {HEADLINE: 2 / 3}
    assert found["trivial"]["nothing"] == {HEADLINE: 0}
    assert found["human_ceiling"] == {HEADLINE: 0.5} and found["human_documents"] == 12
    english, german = found["slices"][0]["parts"]
    assert (english["value"], german["value"]) == ("en", "de")
    assert english["trivial"]["every-sentence"] == {"f1": 2 / 3}
    # Of d0 to d5, where ana and ben agree, d1, d2, d4 and d5 are English; of all 12, 8 are.
    assert english["human_ceiling"] == {"f1": 0.5} and english["human_documents"] == 8
    for width in ("80", "160"):
        monkeypatch.setenv("COLUMNS", width)
        shown = inquit(capsys, *ask, "--slice", "language")
        assert shown.code == 0 and "0.500 (8)" in shown.out and "…" not in shown.out
        assert "on 12 docs" in shown.out
        assert shown.out.count("0.667*") == 3
        assert shown.out.count("* a system that reads nothing scores higher than A or B") == 2

    compared = compare_results(*map(read_result, ask[2:4]), [HEADLINE])
    known = {d.doc_id: d for d in docs}
    sliced = compare_slices(compared, ["language"], known, gold=layers[0], humans=layers[1:3])
    assert [s.to_json() for s in sliced] == found["slices"]
    for shown in (compared._repr_html_(), sliced._repr_html_(), sliced[0]._repr_html_()):
        assert "every-sentence" in shown and "0.667*" in shown and "people" in shown
        assert "scores higher than A or B" in shown
    with pytest.raises(DataError, match="these labels are not the gold of the results"):
        compare_slices(compared, ["language"], known, gold=layers[2])
    plain = compare_slices(compared, ["language"], known)
    assert [part.beside.trivial for part in plain[0].parts] == [{}, {}]
    assert "every-sentence" not in plain._repr_html_()


def test_p_at_its_floor_is_told_of_parts() -> None:
    good, bad = (np.array([row] * N) for row in ([3, 0, 0], [0, 3, 3]))
    compared = compare_results(result({HEADLINE: good}), result({HEADLINE: bad}), resamples=100)
    [found] = compare_slices(compared, ["meta.phenomena"], KNOWN, resamples=100)
    # Of the six documents that are cut, one draw in 32 is as far apart by itself.
    assert found.notes == ("late: p is at most 0.0099, the least that 100 resamples can tell",)


def test_arguments_of_another_kind_are_refused_by_name() -> None:
    compared = compare_results(*pair(), resamples=100)
    gold = [Annotation(doc_id=d.doc_id, spans=()) for d in DOCUMENTS]
    people = Layer(name="ana", kind="human", annotations=gold)

    def refused(said: str, *given, kind=DataError, **named) -> None:
        with pytest.raises(kind, match=said):
            compare_slices(*given, **named)

    for wrong in ("x", None, (compared.a, compared.b)):
        refused("is no comparison; compare_results makes one", wrong, ["language"], KNOWN)
    for wrong in (None, [3], 3):
        refused("names no slice", compared, wrong, KNOWN)
    refused("was scored and is not in the corpus", compared, ["language"], None)
    refused("not a form that documents come in", compared, ["language"], 3)
    for wrong in ("gold", 3, ["a"], {"d0": gold[0]}, Corpus(CorpusInfo(name="c"), [], [])):
        refused("which is no annotation", compared, ["language"], KNOWN, gold=wrong)
    refused("people stand beside gold", compared, ["language"], KNOWN, humans=[people])
    refused("was not compared", compared, ["language"], KNOWN, measures=["quote.f1@char"])
    refused("not a measure", compared, ["language"], KNOWN, measures="q", kind=MeasureError)


def test_documents_slices_and_measures_come_in_any_form() -> None:
    compared = compare_results(*pair(), resamples=100)
    wanted = [s.to_json() for s in compare_slices(compared, ["language"], KNOWN, resamples=100)]
    for documents in (DOCUMENTS, (d for d in DOCUMENTS), Corpus(CorpusInfo(name="c"), DOCUMENTS)):
        for measures in (HEADLINE, [HEADLINE] * 2, [Measure.parse(HEADLINE)], None):
            documents = [*documents] if not isinstance(documents, Corpus) else documents
            found = compare_slices(
                compared, "language", documents, measures=measures, resamples=100
            )
            assert [s.to_json() for s in found] == wanted
    assert type(found[:1]) is type(found) and found[:1]._repr_html_() == found[0]._repr_html_()


def test_gold_over_other_texts_is_refused() -> None:
    gold = [Annotation(doc_id=d.doc_id, spans=[Span("q", "quote", [(0, 1)])]) for d in DOCUMENTS]
    compared = compare_results(*pair(gold_sha256=digest(gold)), resamples=100)
    assert compare_slices(compared, ["language"], KNOWN, gold=gold, resamples=100)
    shorter = {i: Document(doc_id=i, text="", language=d.language) for i, d in KNOWN.items()}
    with pytest.raises(DataError, match="ends at 1, the text has 0 code points"):
        compare_slices(compared, ["language"], shorter, gold=gold, resamples=100)


def test_names_of_systems_cannot_steer_a_terminal(capsys, files) -> None:
    for path in files:
        kept = msgspec.structs.replace(
            read_result(path), trivial={"<b>\x1b[31m\u202e": {HEADLINE: 0.5, EXACT: 0.5}}
        )
        write_result(path, kept, force=True)
    shown = inquit(capsys, "eval", "compare", *files).out
    assert "\x1b" not in shown and "\u202e" not in shown and "<b>" in shown
    told = compare_results(*map(read_result, files))._repr_html_()
    assert "\x1b" not in told and "\u202e" not in told and "&lt;b&gt;" in told


def test_results_that_hold_other_trivial_systems_are_told(capsys, files) -> None:
    for path, value in zip(files, (0.25, 0.75), strict=True):
        held = {"every-sentence": {HEADLINE: value, EXACT: 0.5}, "nothing": {HEADLINE: 0.0}}
        people = {HEADLINE: value}
        kept = msgspec.structs.replace(
            read_result(path), trivial=held, human_ceiling=people, human_documents=4
        )
        write_result(path, kept, force=True)
    told = "the results differ in every-sentence, people: those of"
    assert f"note: {told} A are shown" in inquit(capsys, "eval", "compare", *files).out
    board = inquit(capsys, "eval", "leaderboard", *files, "--json").json["boards"][0]
    assert f"{told} the first that has them are shown" in board["notes"]
    cells = {row["name"]: row["cells"][HEADLINE]["value"] for row in board["rows"]}
    assert (cells["every-sentence"], cells["nothing"], cells["people"]) == (0.25, 0, 0.25)
    page = files[0].parent / "page.html"
    assert inquit(capsys, "eval", "report", *files, "--html", page).code == 0
    assert f"{told} the first that has them are shown" in page.read_text()
