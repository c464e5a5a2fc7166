"""``inquit eval score`` and ``inquit eval measures`` as a user types them."""

import json
from pathlib import Path

import pytest
from commands import inquit

from inquit.corpus import Annotation, Attribution, Corpus, CorpusInfo, Document, Layer, Span
from inquit.corpus.jsonl import write_lines
from inquit.corpus.release import write_release
from inquit.eval.measures import DEFAULT, HEADLINE, Measure, catalogue

TEXT = "“We sail,” said Ana Reyes.\n\nNobody came, the port said."


def labels(doc: Document, start: int = 0, who: str = "s") -> Annotation:
    spans = [Span("q", "quote", [(start, 10)]), Span(who, "source", [(16, 25)])]
    said = Attribution(id="a", content=["q"], source=[who])
    return Annotation(doc_id=doc.doc_id, sha256=doc.sha256, spans=spans, attributions=[said])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    docs = [Document(doc_id=f"d{i}", text=TEXT) for i in range(12)]
    layers = [
        Layer(name="gold", kind="adjudicated", annotations=[labels(d) for d in docs]),
        Layer(name="ana", kind="human", annotations=[labels(d) for d in docs[:4]]),
        Layer(name="ben", kind="human", annotations=[labels(d, 1) for d in docs[:8]]),
        Layer(
            name="rules", kind="rule", annotations=[labels(d, i % 2) for i, d in enumerate(docs)]
        ),
    ]
    Corpus(CorpusInfo(name="port"), docs, layers).write(tmp_path / "port")
    return tmp_path / "port"


@pytest.fixture
def layer_file(corpus: Path) -> Path:
    return corpus / "layers" / "rules.jsonl"


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines))
    return path


def test_a_corpus_and_a_layer_file_give_all_that_was_promised(capsys, corpus, layer_file) -> None:
    ran = inquit(capsys, "eval", "score", corpus, layer_file, "--json")
    assert (ran.code, ran.err) == (0, "")
    found = ran.json
    assert found["documents"] == 12
    assert list(found["measures"]) == list(DEFAULT)
    assert found["measures"]["quote.f1@exact"] | {"low": 0, "high": 0} == {
        "value": 0.5, "low": 0, "high": 0, "tp": 6, "fp": 6, "fn": 6,
    }  # fmt: skip
    assert found["measures"]["quote.f1@exact"]["low"] < 0.5
    assert found["measures"][HEADLINE]["value"] == 1
    assert found["measures"]["claim.f1@exact"]["value"] is None
    assert set(found["undefined"]) == {
        f"{t}.f1@{m}" for t in ("claim", "cue") for m in ("exact", "iou50", "overlap", "char")
    }
    assert found["trivial"]["whole-document"][HEADLINE] == 0
    assert set(found["trivial"]) == {
        "nothing",
        "every-sentence",
        "every-paragraph",
        "whole-document",
    }
    assert found["human_ceiling"]["quote.f1@exact"] == 0
    assert found["human_ceiling"][HEADLINE] == 1


def test_gold_that_repeats_one_person_is_no_second_person(capsys, tmp_path, layer_file) -> None:
    docs = [Document(doc_id=f"d{i}", text=TEXT) for i in range(12)]
    ana = Layer(name="ana", kind="human", annotations=[labels(d) for d in docs])
    gold = Layer(name="gold", kind="human", annotations=ana.annotations)
    Corpus(CorpusInfo(name="copy"), docs, [gold, ana]).write(tmp_path / "copy")
    ran = inquit(capsys, "eval", "score", tmp_path / "copy", layer_file, "--json")
    assert ran.json["human_ceiling"] is None


def test_two_layer_files_need_no_texts(capsys, corpus, layer_file) -> None:
    gold = corpus / "layers" / "gold.jsonl"
    ran = inquit(capsys, "eval", "score", gold, layer_file, "--measure", HEADLINE, "--json")
    assert ran.json["trivial"] == {}
    assert ran.json["human_ceiling"] is None
    assert any("need the documents" in note for note in ran.json["notes"])
    ran = inquit(capsys, "eval", "score", gold, layer_file, "--measure", "quote.f1@trim")
    assert ran.code == 1
    assert "--documents" in ran.err
    for documents in (corpus / "documents.jsonl", corpus):
        ran = inquit(capsys, "eval", "score", gold, layer_file, "--measure", "quote.f1@trim",
                     "--documents", documents, "--json")  # fmt: skip
        assert ran.json["measures"]["quote.f1@trim"]["value"] == 1
        assert len(ran.json["trivial"]) == 4


def test_any_layer_may_be_gold_or_prediction(capsys, corpus) -> None:
    ran = inquit(capsys, "eval", "score", corpus, corpus, "--layer", "ben", "--pred-layer", "ana",
                 "--measure", "quote.r@exact", "--measure", "quote.r@iou50", "--json")  # fmt: skip
    assert ran.json["measures"]["quote.r@exact"]["fn"] == 8
    assert ran.json["measures"]["quote.r@iou50"]["value"] == 0.5
    assert ran.json["missing_documents"] == ["d4", "d5", "d6", "d7"]
    assert any("fewer than 10" in note for note in ran.json["notes"])


def test_the_table_says_what_a_reader_has_to_know(capsys, corpus, layer_file, monkeypatch) -> None:
    for width in ("160", "80"):
        monkeypatch.setenv("COLUMNS", width)
        ran = inquit(capsys, "eval", "score", corpus, layer_file)
        assert ran.code == 0
        for word in (HEADLINE, "95 % interval", "0.500", "sentence", "people", "12 documents"):
            assert word in ran.out
        assert "claim.*, cue.*: undefined" in ran.out
        assert "on 4 docs" in ran.out
        assert "people: over the 4 of 12 documents that two or more of them labelled" in ran.out
    assert "for systems that read nothing and people" in ran.out
    long = "source.acc@overlap|content"
    ran = inquit(capsys, "eval", "score", corpus, layer_file, "--measure", long)
    assert ran.out.count(f"{long} ") == 2
    assert "on 4 docs" in ran.out
    write(layer_file.parent / "few.jsonl", *layer_file.read_text().splitlines()[:3])
    ran = inquit(capsys, "eval", "score", corpus, layer_file.parent / "few.jsonl")
    assert "no prediction for 9 of 12 documents, counted as empty: d3, d4" in ran.out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_number_is_cut_where_the_terminal_is_narrow(
    capsys, corpus, layer_file, monkeypatch, width
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    names = [
        "claim[check_worthy=yes,granularity=sentence].f1@exact",
        "quote[form=free_indirect,medium=thought].f1@overlap",
        "quote.f1@exact",
        HEADLINE,
    ]
    asked = [argument for name in names for argument in ("--measure", name)]
    for more in ([], asked):
        ran = inquit(capsys, "eval", "score", corpus, layer_file, *more)
        told = ran.out.split("note:")[0].splitlines()[1:]
        assert "…" not in ran.out and max(map(len, told)) <= width
        [row] = [line.split() for line in told if line.startswith(" quote.f1@exact ")][:1]
        assert row[1] == "0.500" and row[3] == "–" and len(row[2]) == len(row[4]) == 5
        words = {word.rstrip("*") for line in told for word in line.split()}
        assert {"nothing", "people", "sentence", "95", "TP", "FP", "FN"} <= words


def test_a_note_says_that_whole_splits_have_no_prediction(capsys, tmp_path) -> None:
    splits = ["train", "train", "dev", "test", "test"]
    docs = [Document(doc_id=f"d{i}", text=TEXT, split=s) for i, s in enumerate(splits)]  # type: ignore[arg-type]
    gold = Layer(name="gold", kind="adjudicated", annotations=[labels(d) for d in docs])
    Corpus(CorpusInfo(name="port"), docs, [gold]).write(tmp_path / "port")
    write_lines(tmp_path / "test.jsonl", [labels(d) for d in docs[3:]])
    write_lines(tmp_path / "some.jsonl", [labels(d) for d in docs[1:4]])
    asked = ("--measure", HEADLINE, "--json")
    score = ("eval", "score", tmp_path / "port", tmp_path / "test.jsonl", *asked)
    told = inquit(capsys, *score).json
    assert told["notes"][0] == (
        "nothing of splits train and dev is predicted: 3 documents, all counted as empty; "
        "--split test scores that split only"
    )
    assert told["measures"][HEADLINE]["fn"] == 3
    only = inquit(capsys, *score, "--split", "test").json
    assert (only["documents"], only["measures"][HEADLINE]["value"]) == (2, 1)
    assert not any("split" in note for note in only["notes"])
    whole = inquit(capsys, *score, "--split", "all").json
    assert whole["measures"] == told["measures"]
    assert not any("split" in note for note in whole["notes"])
    some = inquit(capsys, *score[:3], tmp_path / "some.jsonl", *asked).json
    assert not any("split" in note for note in some["notes"])
    gold_file = tmp_path / "port" / "layers" / "gold.jsonl"
    layer = inquit(capsys, "eval", "score", gold_file, tmp_path / "test.jsonl", *asked).json
    assert not any("split" in note for note in layer["notes"]), "files know no splits"


def test_results_repeat(capsys, corpus, layer_file) -> None:
    first, again = (inquit(capsys, "eval", "score", corpus, layer_file, "--json") for _ in "ab")
    assert first.out == again.out
    none = inquit(capsys, "eval", "score", corpus, layer_file, "--json", "--resamples", 0)
    assert {row["low"] for row in none.json["measures"].values()} == {None}


SPAN = {"id": "q", "label": "quote", "fragments": [[0, 10]]}


def test_every_fault_of_the_predictions_is_told_with_its_line(capsys, corpus, tmp_path) -> None:
    path = write(
        tmp_path / "pred.jsonl",
        {"doc_id": "d0", "spans": [SPAN]},
        "",
        {"doc_id": "nowhere", "spans": [SPAN]},
        {"doc_id": "d1", "sha256": "0" * 64, "spans": []},
        {"doc_id": "d2", "spans": [SPAN | {"fragments": [[0, 999]]}]},
    )
    ran = inquit(capsys, "eval", "score", corpus, path, "--json")
    assert (ran.code, ran.out) == (1, "")
    for told in (
        f"{path}:3: document 'nowhere': is predicted, gold does not know it",
        f"{path}:4: document 'd1': labels were made over a text with sha256",
        f"{path}:5: document 'd2': span 'q': ends at 999, the text has 55 code points",
    ):
        assert told in ran.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"doc_id": "d1", "spans": [{"id": "q", "label": "quote", "fragments": [[NaN, 4]]}]}',
         "span 'q': `fragments[0][0]` is NaN, not a whole number; give [start, end) in code"),
        ({"doc_id": "d1", "spans": [SPAN | {"fragments": [[True, 4]]}]}, "span 'q'"),
        ({"doc_id": "d1", "spans": [SPAN | {"fragments": [[0, 4.5]]}]}, "span 'q'"),
        ({"doc_id": "d1", "spans": [SPAN | {"fragments": [[0, 10**30]]}]}, "span 'q'"),
        ({"doc_id": "d1", "spans": [SPAN | {"fragments": [[0, 2**40]]}]}, "span 'q'"),
        ({"doc_id": "d1", "spans": [SPAN | {"label": "qoute"}]}, "unknown label 'qoute'"),
        ({"doc_id": "d1", "spans": [SPAN], "words": 1}, "words"),
        ('{"doc_id": "d1", "spans": [', "not JSON"),
        ({"doc_id": "d0", "spans": []}, "stands in line 1 already"),
    ],
)  # fmt: skip
def test_bad_lines_are_told_together(capsys, corpus, tmp_path, line, told) -> None:
    worse = {"doc_id": "d5", "spans": [SPAN | {"fragments": [[5, 5]]}]}
    path = write(tmp_path / "pred.jsonl", {"doc_id": "d0", "spans": [SPAN]}, line, worse)
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert f"{path}:2:" in ran.err
    assert told in ran.err
    assert f"{path}:3: document 'd5': span 'q': empty fragment [5, 5)" in ran.err


def test_faults_of_both_files_are_told_together(capsys, tmp_path) -> None:
    gold = write(tmp_path / "gold.jsonl", "[]")
    ran = inquit(capsys, "eval", "score", gold, tmp_path / "none.jsonl")
    assert ran.code == 1
    assert f"{gold}:1:" in ran.err
    assert "none.jsonl: cannot be read" in ran.err
    empty = write(tmp_path / "empty.jsonl")
    ran = inquit(capsys, "eval", "score", empty, empty)
    assert ran.code == 1
    assert "gold labels no document" in ran.err


def test_requests_that_do_not_fit_are_usage_errors(capsys, corpus, layer_file) -> None:
    for arguments, told in (
        ((corpus, corpus), "--pred-layer"),
        ((corpus, layer_file, "--pred-layer", "rules"), "--pred-layer"),
        ((layer_file, layer_file, "--layer", "gold"), "--layer"),
        ((corpus, layer_file, "--documents", corpus), "--documents"),
        ((corpus,), "PRED"),
    ):
        ran = inquit(capsys, "eval", "score", *arguments)
        assert ran.code == 2
        assert told in ran.err


def test_unknown_names_are_refused_with_a_guess(capsys, corpus, layer_file) -> None:
    ran = inquit(capsys, "eval", "score", corpus, layer_file, "--measure", "qoute.f1@exact",
                 "--measure", "quote.f1@iou5")  # fmt: skip
    assert ran.code == 1
    assert "did you mean 'quote'?" in ran.err
    assert "did you mean 'iou50'?" in ran.err
    ran = inquit(capsys, "eval", "score", corpus, layer_file, "--layer", "golden")
    assert ran.code == 1
    assert "gold, rules" in ran.err


def test_measures_are_listed(capsys) -> None:
    ran = inquit(capsys, "eval", "measures")
    assert (ran.code, ran.err) == (0, "")
    assert "attribution.f1@iou50" in ran.out
    listed = inquit(capsys, "eval", "measures", "--json").json["measures"]
    assert [row["name"] for row in listed] == [str(m) for m in catalogue()]
    assert all(row["definition"] for row in listed)
    assert len({row["definition"] for row in listed}) == len(listed)
    [accuracy] = [row["definition"] for row in listed if row["name"].startswith("source.acc")]
    assert accuracy.endswith("whose sources overlap, or are both empty")
    filtered = Measure.parse("source[kind=named].acc@exact|content").definition
    assert filtered.endswith("(iou50), kind named whose sources are the same, or are both empty")


@pytest.mark.parametrize("name", [
    *DEFAULT, "quote[form=direct].f1@exact", "claim[certainty=denied,granularity=span].p@iou01",
    "attribution[kind=anonymous].r@trim", "triple.f1@exact", "source.acc@overlap|content",
])  # fmt: skip
def test_measures_print_and_parse_back(name: str) -> None:
    measure = Measure.parse(name)
    assert str(measure) == repr(measure) == name
    assert Measure.parse(repr(measure)) == measure
    assert hash(Measure.parse(name)) == hash(measure)
    assert measure.definition


@pytest.mark.parametrize(("name", "told"), [
    ("quote", "not a measure"),
    ("", "not a measure"),
    ("quote[].f1@exact", "not a measure"),
    ("ignore.f1@exact", "unknown target"),
    ("quote.f2@exact", "known: p, r, f1, acc"),
    ("quote.f1@exct", "did you mean 'exact'"),
    ("quote.f1@iou00", "unknown match"),
    ("quote.f1@iou100", "unknown match"),
    ("quote[form=drect].f1@exact", "did you mean 'direct'"),
    ("quote[from=direct].f1@exact", "did you mean 'form'"),
    ("quote[form].f1@exact", "attribute=value"),
    ("quote[form=direct,].f1@exact", "attribute=value"),
    ("quote[,form=direct].f1@exact", "attribute=value"),
    ("quote[,].f1@exact", "attribute=value"),
    ("quote[form=direct,form=mixed].f1@exact", "stands twice"),
    ("cue[form=direct].f1@exact", "unknown filter 'form'"),
    ("source[entity=Ana].f1@exact", "unknown filter 'entity'"),
    ("attribution.f1@char", "no single set"),
    ("source.acc@overlap", "belong together"),
    ("source.f1@overlap|content", "belong together"),
    ("quote.acc@overlap|content", "takes source"),
    ("source.acc@trim|content", "at overlap or exact"),
])  # fmt: skip
def test_what_is_no_measure_is_refused_with_a_guess(capsys, corpus, layer_file, name, told) -> None:
    ran = inquit(capsys, "eval", "score", corpus, layer_file, "--measure", name)
    assert ran.code == 1
    assert told in ran.err


def test_a_line_is_the_files_even_after_blank_lines(capsys, corpus, tmp_path) -> None:
    path = tmp_path / "pred.jsonl"
    write_lines(path, [Annotation(doc_id="elsewhere", spans=())])
    path.write_text("\n\n" + path.read_text())
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert f"{path}:3: document 'elsewhere'" in ran.err


def test_a_file_without_documents_is_no_prediction(capsys, corpus, tmp_path) -> None:
    for path in (write(tmp_path / "none.jsonl"), write(tmp_path / "blank.jsonl", "")):
        ran = inquit(capsys, "eval", "score", corpus, path)
        assert (ran.code, ran.out) == (1, "")
        assert f"{path}: holds no document, so nothing is predicted" in ran.err
    path = write(tmp_path / "nothing.jsonl", {"doc_id": "d0", "spans": []})
    assert inquit(capsys, "eval", "score", corpus, path).code == 0


def test_an_unknown_document_is_told_once(capsys, corpus, tmp_path) -> None:
    path = write(tmp_path / "pred.jsonl", {"doc_id": "nowhere", "spans": [SPAN]})
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert ran.err.count("nowhere") == 1


def test_a_release_is_gold_and_prediction_as_a_corpus_is(capsys, corpus, tmp_path) -> None:
    made = Corpus.read(corpus)
    write_release(made, tmp_path / "release", layer="gold", private=True)
    release = tmp_path / "release"
    want = inquit(capsys, "eval", "score", corpus, corpus, "--pred-layer", "rules", "--json")
    found = inquit(capsys, "eval", "score", release, release, "--pred-layer", "rules", "--json")
    assert found.code == 0, found.err
    assert found.out == want.out
    ran = inquit(capsys, "eval", "score", release, release)
    assert ran.code == 2 and "rules" in ran.err
    ran = inquit(capsys, "eval", "score", release, release, "--pred-layer", "x")
    assert ran.code == 1 and f"{release}: has no layer 'x'; its layers are: ana, ben" in ran.err
    write_release(made, tmp_path / "by_ana", layer="ana", private=True)
    path = corpus / "layers" / "ana.jsonl"
    ran = inquit(capsys, "eval", "score", tmp_path / "by_ana", path, "--json")
    assert ran.json["documents"] == 4 and ran.json["measures"][HEADLINE]["value"] == 1


def test_people_are_named_only_where_they_are_shown(capsys, corpus, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    layers = [x for x in Corpus.read(corpus).layers.values() if x.kind != "human"]
    made = Corpus.read(corpus)
    alone = Corpus(made.info, made.documents.values(), layers)
    alone.write(corpus.parent / "alone")
    ran = inquit(
        capsys, "eval", "score", corpus.parent / "alone", corpus / "layers" / "rules.jsonl"
    )
    assert "the same measures for systems that read nothing\n" in ran.out
    assert "people" not in ran.out.partition("documents")[2]


def test_faults_of_form_and_of_place_are_told_together_in_the_order_of_lines(
    capsys, corpus, tmp_path
) -> None:
    far = SPAN | {"id": "far", "fragments": [[0, 999]]}
    path = write(
        tmp_path / "pred.jsonl",
        {"doc_id": "d0", "spans": [far, SPAN | {"label": "qoute"}]},
        {"doc_id": "nowhere", "spans": [SPAN]},
        {"doc_id": "d1", "sha256": "0" * 64, "spans": [SPAN | {"score": 1}]},
        {"doc_id": "d2", "spans": [far]},
        '{"doc_id": "d3", "spans": [',
        {"doc_id": "gone", "spans": None},
        {"doc_id": "d4", "sha256": "0" * 64, "spans": []},
    )
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    told = [line.removeprefix("error: ").removeprefix(str(path)) for line in ran.err.splitlines()]
    assert [line.split(";")[0] for line in told] == [
        ":1: document 'd0': span 'q': unknown label 'qoute'",
        ":1: document 'd0': span 'far': ends at 999, the text has 55 code points",
        ":2: document 'nowhere': is predicted, gold does not know it",
        ":3: document 'd1': span 'q': unknown field `score`",
        ":3: document 'd1': labels were made over a text with sha256 '000000000...', "
        + told[4].split(", ", 1)[1].split(";")[0],
        ":4: document 'd2': span 'far': ends at 999, the text has 55 code points",
        ":5: is not JSON (the line breaks off)",
        ":6: document 'gone': `spans` is null, not a list",
        ":6: document 'gone': is predicted, gold does not know it",
        ":7: document 'd4': labels were made over a text with sha256 '000000000...', "
        + told[-1].split(", ", 1)[1].split(";")[0],
    ]


def test_strings_at_fault_are_held_against_gold_too(capsys, corpus, tmp_path) -> None:
    path = write(
        tmp_path / "strings.jsonl",
        {"doc_id": "d0", "spans": [{"id": "q", "label": "quote", "text": 5}]},
        {"doc_id": "nowhere", "spans": [{"id": "q", "label": "quote", "text": "x"}]},
    )
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert f"{path}:1: document 'd0': span 'q': `text` is 5, not a string" in ran.err
    assert f"{path}:2: document 'nowhere': is predicted, gold does not know it" in ran.err


def test_a_table_at_fault_is_held_against_gold_too(capsys, corpus, tmp_path) -> None:
    path = tmp_path / "x.csv"
    rows = ["d0,0,x,quote", "nowhere,0,4,quote", "d1,0,999,quote"]
    path.write_text("\n".join(["doc_id,start,end,label", *rows]))
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert [line.split(": ")[-1].split(";")[0] for line in ran.err.splitlines()] == [
        "end 'x' is no offset",
        "is predicted, gold does not know it",
        "ends at 999, the text has 55 code points",
    ]


def test_gold_at_fault_is_not_blamed_on_the_predictions(capsys, tmp_path) -> None:
    gold = write(
        tmp_path / "gold.jsonl",
        {"doc_id": "a", "spans": [SPAN | {"label": "qoute"}]},
        {"doc_id": "b", "sha256": "0" * 64, "spans": []},
    )
    predicted = write(
        tmp_path / "pred.jsonl",
        {"doc_id": "a", "spans": []},
        {"doc_id": "b", "sha256": "1" * 64, "spans": []},
        {"doc_id": "c", "spans": []},
    )
    ran = inquit(capsys, "eval", "score", gold, predicted)
    assert ran.err.splitlines()[0].split(": ")[-2] == "span 'q'"
    assert f"{predicted}:2: document 'b': labels were made over a text" in ran.err
    assert f"{predicted}:3: document 'c': is predicted, gold does not know it" in ran.err
    gold.write_text(gold.read_text() + "{\n")
    ran = inquit(capsys, "eval", "score", gold, predicted)
    assert "document 'c'" not in ran.err
    gold.write_text("")
    ran = inquit(capsys, "eval", "score", gold, predicted)
    assert ran.err.startswith(f"error: {gold}: gold labels no document; ")
    assert ran.err.count("\n") == 1


def test_one_wrong_sha256_is_told_once(capsys, corpus, tmp_path) -> None:
    path = write(
        tmp_path / "pred.jsonl",
        {"doc_id": "d0", "sha256": "0" * 64, "spans": []},
        {"doc_id": "d1", "sha256": "zz", "spans": []},
    )
    ran = inquit(capsys, "eval", "score", corpus, path)
    first, second = ran.err.splitlines()
    assert f"{path}:1: document 'd0': labels were made over a text" in first
    assert f"{path}:2: document 'd1': sha256 'zz' is none: it has 64 hexadecimal" in second
