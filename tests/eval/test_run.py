"""``inquit eval run``: the benchmark, the result file, and how both refuse what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from commands import inquit
from generators import labelled_documents
from hypothesis import given

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Span
from inquit.corpus.inline import loads
from inquit.corpus.release import write_release
from inquit.eval import score
from inquit.eval.commands.run_command import _speed
from inquit.eval.extractors.base import Extractor, ExtractorStopped
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.extractors.trivial import EverySentence
from inquit.eval.result import counted, digest, read_predictions, read_result, write_result
from inquit.eval.run import open_corpus, run, save, task

SPLITS = ["train"] * 4 + ["dev"] * 2 + ["test"] * 12
TEMPLATE = """+++
doc_id = "quay-{n}"
language = "en"
licence = "CC0-1.0"
title = "Crane {n} fails"
split = "{split}"
group = "{group}"

[attributions]
a1 = {{ content = ["q1"], source = ["s1"], cue = ["c1"] }}
a2 = {{ content = ["q2"], source = ["s2"], cue = ["c2"] }}
+++
<quote#q1 form=direct>“Crane {n} has failed,”</q1> <source#s1>Mara Quill</s1> <cue#c1>said</c1>. \
<source#s2>The port</source> that <cue#c2>hummed</c2>: <quote#q2>no comment</q2>.
""".replace("</source>", "</s2>")


def corpus(splits: list[str] = SPLITS, **info: str) -> Corpus:
    pairs = [
        loads(TEMPLATE.format(n=n, split=split, group=f"{split}-{n // 2}"))
        for n, split in enumerate(splits)
    ]
    gold = Layer(name="gold", kind="model", annotations=tuple(a for _, a in pairs))
    made = {"name": "quays", "version": "1.2", "licence": "CC0-1.0", **info}
    return Corpus(CorpusInfo(**made), [d for d, _ in pairs], [gold])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    corpus().write(tmp_path / "quays")
    return tmp_path / "quays"


class Learner(Extractor):
    needs_fit = True

    def __init__(self, random_state=None, options=None) -> None:
        self.random_state = random_state
        self.options = options

    def learn(self, documents, annotations) -> None:
        self.seen_ = [d.doc_id for d in documents]
        learned.append(self.seen_)

    def extract(self, document: Document) -> Annotation:
        return RuleExtractor().extract(document)


learned: list[list[str]] = []


class Stumbler(Extractor):
    def extract(self, document: Document) -> Annotation:
        if document.doc_id.endswith("7"):
            raise RuntimeError("out of breath")
        if document.doc_id.endswith("8"):
            spans = (Span("q", "quote", ((0, 99_999),)),)
            return Annotation(doc_id=document.doc_id, spans=spans)
        return RuleExtractor().extract(document)


def test_a_run_is_scored_as_its_predictions_are(place):
    benchmark = task(open_corpus(place))
    done = run(RuleExtractor(), benchmark, name="rules")
    alone = score(list(benchmark.gold), done.predictions, documents=benchmark.documents)
    assert done.scores.to_json()["measures"] == alone.to_json()["measures"]
    result = done.result
    assert result.benchmark.name == "quays" and result.benchmark.version == "1.2"
    assert result.benchmark.split == "test"
    assert result.doc_ids == [f"quay-{n}" for n in range(6, 18)]
    assert result.measures["attribution.f1@iou50"].tp == [1] * 12
    assert result.measures["attribution.f1@iou50"].fn == [1] * 12
    assert result.groups == [f"test-{n // 2}" for n in range(6, 18)]
    assert result.timings.peak_memory > 10_000_000
    assert result.timings.documents_per_second > 0
    assert result.timings.fit_seconds is None
    assert set(result.trivial) == {"nothing", "every-sentence", "every-paragraph", "whole-document"}


def test_a_result_file_gives_back_the_scores(place, tmp_path):
    done = run(RuleExtractor(), task(open_corpus(place)), name="rules")
    (tmp_path / "out").mkdir()
    written = save(done, tmp_path / "out" / "rules.json", directory=place)
    path = tmp_path / "out" / "rules.json"
    read = read_result(path)
    assert read == written
    assert read.scores().to_json() == done.scores.to_json()
    assert read.benchmark.directory == "../quays"
    assert read.predictions == "rules.predictions.jsonl"
    assert read_predictions(path, read).annotations == done.predictions.annotations
    assert str(tmp_path) not in path.read_text("utf-8")


def test_what_learns_learns_from_the_train_split_only(place):
    learned.clear()
    result = run(Learner(), task(open_corpus(place)), seed=5).result
    assert learned == [[f"quay-{n}" for n in range(4)]]
    assert result.timings.trained_on == 4 and result.timings.fit_seconds >= 0
    assert result.system.parameters == {"random_state": 5, "options": None}
    for split, remedy in (("train", "score another split"), ("all", "it learns from split train")):
        with pytest.raises(DataError, match=f"would be learned from and scored; {remedy}"):
            run(Learner(), task(open_corpus(place), split))
    with pytest.raises(DataError, match="labels no document of split train"):
        run(Learner(), task(corpus(["test"] * 3)))


def test_an_error_without_words_is_told_by_its_name() -> None:
    class Greedy(Extractor):
        def extract(self, document):
            raise MemoryError

    found = run(Greedy(), task(corpus(["test"] * 2)), resamples=0).result
    assert set(found.failed.values()) == {"MemoryError"}


def test_a_group_is_never_learned_from_and_scored():
    one = corpus(["train", "test"])
    torn = [msgspec.structs.replace(d, group="same") for d in one.documents.values()]
    with pytest.raises(DataError, match="its group 'same' is scored too"):
        run(Learner(), task(Corpus(one.info, torn, one.layers.values())))


def test_parameters_that_json_does_not_know_are_written_as_python_shows_them():
    options = {"set": {1}, "array": np.float64(0.5)}
    done = run(Learner(options=options), task(corpus(["train", "test"])))
    assert done.result.system.parameters["options"] == {"set": [1], "array": 0.5}
    done = run(Learner(options=EverySentence()), task(corpus(["train", "test"])))
    assert done.result.system.parameters["options"] == "EverySentence()"


def test_what_no_file_can_hold_of_parameters_is_said():
    done = run(Learner(options=object()), task(corpus(["train", "test"])), resamples=0)
    assert done.result.system.parameters["options"] == "<object object>"
    assert any(note.endswith("no more of them: options") for note in done.result.notes)
    done = run(Learner(options="\udcff"), task(corpus(["train", "test"])), resamples=0)
    assert done.result.system.parameters["options"] == r"'\udcff'"


class Quitter(Extractor):
    def extract(self, document: Document) -> Annotation:
        raise SystemExit(5)


def test_an_extractor_that_ends_the_program_has_failed():
    result = run(Quitter(), task(corpus()), resamples=0).result
    assert set(result.failed.values()) == {"SystemExit: 5"}


class Ends(Extractor):
    def predict_each(self, documents):
        yield documents[0], RuleExtractor().extract(documents[0]), None
        raise OSError("wire cut \udcff")


class Untagged:
    def get_params(self, deep=True):
        return {}

    def set_params(self):
        return self

    def fit(self, X, y):
        return self

    def predict(self, X):
        return []


def test_what_strangers_raise_is_told():
    with pytest.raises(ExtractorStopped, match=r"ended early \(OSError: wire cut \\udcff\)"):
        run(Ends(), task(corpus()), resamples=0)
    with pytest.raises(DataError, match="Untagged does not tell whether it learns"):
        run(Untagged(), task(corpus()), resamples=0)


def test_what_an_extractor_prints_goes_to_stderr(place, tmp_path, capfd, monkeypatch):
    (tmp_path / "my_loud.py").write_text(
        "import ctypes, os\n"
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "print('noise of import')\n"
        "class Mine(RuleExtractor):\n"
        "    def extract(self, document):\n"
        "        print('noise of Python')\n"
        "        ctypes.CDLL(None).puts(b'noise of C')\n"
        "        os.system('echo noise of a program')\n"
        "        return super().extract(document)\n"
    )
    monkeypatch.chdir(tmp_path)
    ran = inquit(capfd, "eval", "run", "my_loud:Mine", "--on", place, "--json", "--resamples", "0")
    assert ran.code == 0 and ran.json["documents"] == 12
    for who in ("import", "Python", "C", "a program"):
        assert f"noise of {who}\n" in ran.err
    assert "noise" not in ran.out


def test_documents_on_which_an_extractor_fails_are_listed_and_count_as_missed():
    result = run(Stumbler(), task(corpus())).result
    assert set(result.failed) == {"quay-7", "quay-8", "quay-17"}
    assert result.failed["quay-7"] == "RuntimeError: out of breath"
    assert "ends at 99999" in result.failed["quay-8"]
    assert result.missing_documents == ["quay-7", "quay-8", "quay-17"]
    assert sum(result.measures["attribution.f1@iou50"].fn) == 12 + 3


def test_the_split_is_test_or_all_of_a_corpus_without_splits(place):
    assert task(open_corpus(place)).split == "test"
    assert len(task(open_corpus(place), "all").documents) == 18
    bare = corpus(["test"])
    unsplit = [msgspec.structs.replace(d, split=None) for d in bare.documents.values()]
    assert task(Corpus(bare.info, unsplit, bare.layers.values())).split is None
    with pytest.raises(
        DataError, match="labels no document of split dev; pass --split test or all"
    ):
        task(bare, "dev")


def test_unlabelled_documents_are_not_scored(place):
    some = open_corpus(place)
    half = msgspec.structs.replace(some.layer(), annotations=some.layer().annotations[::2])
    assert len(task(Corpus(some.info, some.documents.values(), [half])).documents) == 6


def test_gold_made_from_people_is_no_person_of_its_own(place):
    some = open_corpus(place)
    layers = [
        Layer(name=name, kind="human", annotations=some.layer().annotations)
        for name in ("gold", "ada", "ben")
    ]
    shown = run(RuleExtractor(), task(Corpus(some.info, some.documents.values(), layers[:2])))
    assert shown.result.human_ceiling is None
    shown = run(RuleExtractor(), task(Corpus(some.info, some.documents.values(), layers)))
    assert shown.result.human_ceiling["attribution.f1@iou50"] == 1


@given(labelled_documents())
def test_the_digest_of_gold_is_blind_to_order_only(pair):
    _, annotation = pair
    other = Annotation(doc_id="other doc", spans=())
    assert digest([annotation, other]) == digest([other, annotation])
    shuffled = Annotation(
        doc_id=annotation.doc_id,
        sha256=annotation.sha256,
        spans=annotation.spans[::-1],
        attributions=annotation.attributions[::-1],
    )
    assert digest([shuffled]) == digest([annotation])
    if annotation.spans:
        fewer = Annotation(doc_id=annotation.doc_id, sha256=annotation.sha256, spans=())
        assert digest([fewer]) != digest([annotation])


def test_undefined_is_null_in_the_file():
    done = run(RuleExtractor(), task(corpus()), measures=["addressee.f1@exact"])
    kept = counted(done.scores)["addressee.f1@exact"]
    assert kept.value is None and kept.low is None
    assert b'"value":null' in msgspec.json.encode(kept)


@pytest.fixture
def result_file(place, tmp_path) -> Path:
    save(run(RuleExtractor(), task(open_corpus(place))), tmp_path / "r.json", directory=place)
    return tmp_path / "r.json"


def changed(path: Path, **fields: object) -> Path:
    raw = json.loads(path.read_bytes())
    raw.update(fields)
    path.write_text(json.dumps(raw), "utf-8")
    return path


def timings(**changes: object) -> dict[str, object]:
    return {"predict_seconds": 1.0, "documents_per_second": 2.0, **changes}


def used(**changes: object) -> dict[str, object]:
    names = ("requests", "answers", "cached", "input_tokens", "output_tokens", "cost")
    new = ("new_input_tokens", "new_output_tokens", "new_cost")
    return {**dict.fromkeys((*names, *new), 0), **changes}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"inquit_result": 9}, "format 9, this inquit reads 1 to 3"),
        ({"inquit_result": "2"}, "format '2'"),
        ({"inquit_result": []}, r"format \[\]"),
        ({"human_documents": 13}, "human_documents is 13 of 12 documents"),
        ({"confidence": 95}, "confidence is 95.0"),
        ({"resamples": -1}, "resamples is -1"),
        ({"timings": timings(documents_per_second=-2)}, "documents_per_second in timings is -2,"),
        ({"timings": timings(predict_seconds=-0.5)}, "predict_seconds in timings is -0.5,"),
        ({"timings": timings(peak_memory=-1)}, "peak_memory in timings is -1,"),
        ({"timings": timings(peak_memory=10**400)}, "peak_memory in timings is too large"),
        ({"usage": used(cost=-1.0)}, "cost in usage is -1, it is a number of 0 or more"),
        ({"usage": used(requests=-(10**400))}, "requests in usage is too large to be one"),
        (
            {"trivial": {"nothing": {"quote.f1@exact": 7}}},
            "quote.f1@exact of nothing is 7, it lies",
        ),
        ({"human_ceiling": {"quote.f1@exact": -0.5}}, "quote.f1@exact of people is -0.5"),
        ({"surprise": 1}, "unknown field `surprise`; give a file that 'inquit eval run' or"),
        ({"doc_ids": ["a"]}, "one count of 0 or more for each document"),
        ({"doc_ids": ["a"] * 12}, "stands twice"),
        ({"seed": "x"}, "`seed` is the string 'x', not a whole number; give a file that"),
        ({"groups": [True]}, r"`groups\[0\]` is true, not a string or null"),
        ({"failed": {"nowhere": "x"}}, "'nowhere'.* is not in doc_ids"),
        ({"measures": {"cu.f1@exact": {}}}, r"`measures\['cu.f1@exact'\]`: field `tp` is missing"),
        ({"doc_ids": ["a"], "groups": [None, None]}, "groups stand for 1 documents; the file was"),
    ],
)
def test_a_broken_result_is_refused(result_file, fields, message):
    with pytest.raises(DataError, match=message):
        read_result(changed(result_file, **fields))


@pytest.mark.parametrize(
    "content",
    [
        b'{"doc_id": "a", "spans": []}',
        b'\n{"doc_id": "a", "spans": []}\n{"doc_id": "b", "spans": []}\n',
        b'{"doc_id": "a", "quotes": ["We sail"]}\n',
        b"doc_id,start,end,label\na,0,4,quote\n",
    ],
)
def test_predictions_are_no_result(tmp_path, capsys, content):
    path = tmp_path / "mine.jsonl"
    path.write_bytes(content)
    for ask in (["leaderboard"], ["compare", path], ["report", "--html", tmp_path / "r.html"]):
        ran = inquit(capsys, "eval", *ask, path)
        assert (ran.code, ran.out) == (1, "")
        said = f"{path}: is a file of predictions, not a result; score it with 'inquit eval score"
        assert said in " ".join(ran.err.split())


@pytest.mark.parametrize("command", ["compare", "leaderboard", "report"])
def test_help_names_both_commands_that_write_results(capsys, command):
    words = " ".join(inquit(capsys, "eval", command, "--help").out.replace("│", " ").split())
    assert "'eval run' or 'eval score' wrote with --out" in words


@pytest.mark.parametrize("content", [b"", b"{", b'{"inquit_result": 1,\n"a"', b"[1]", b"PAR"])
def test_other_files_are_not_taken_for_predictions(tmp_path, content):
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_result(tmp_path / "r.json")
    assert "predictions" not in str(caught.value) and "--out" in str(caught.value)


@pytest.mark.parametrize("ends", [(0.9, 0.2), (0.2, 1.5), (-0.1, 0.9), (None, 0.9), (0.2, None)])
def test_an_interval_that_cannot_be_one_is_refused(result_file, ends):
    raw = json.loads(result_file.read_bytes())
    kept = raw["measures"]["quote.f1@exact"]
    kept["low"], kept["high"] = ends
    result_file.write_text(json.dumps(raw))
    with pytest.raises(DataError, match=r"the interval of quote\.f1@exact runs from"):
        read_result(result_file)


@pytest.mark.parametrize("resamples", [0, 100, 200])
def test_a_result_tells_how_its_intervals_were_made(resamples):
    result = run(RuleExtractor(), task(corpus()), resamples=resamples).result
    assert result.resamples == resamples


def test_a_result_whose_counts_were_changed_is_refused(result_file):
    raw = json.loads(result_file.read_bytes())
    raw["measures"]["attribution.f1@iou50"]["tp"][0] += 1
    raw["measures"]["quote.f1@exakt"] = raw["measures"].pop("quote.f1@exact")
    with pytest.raises(DataError) as caught:
        read_result(changed(result_file, **raw))
    message = str(caught.value)
    assert "value of attribution.f1@iou50 does not follow from its counts" in message
    assert "unknown match 'exakt'" in message
    assert str(result_file) in message


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"a": 1}', b"[" * 100_000])
def test_what_is_no_result_is_refused(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"x\.json"):
        read_result(path)


def test_other_predictions_are_refused(result_file):
    predictions = result_file.with_suffix(".predictions.jsonl")
    predictions.write_bytes(predictions.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"is not the predictions file that r\.json"):
        read_predictions(result_file, read_result(result_file))
    predictions.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        read_predictions(result_file, read_result(result_file))


def test_results_are_not_overwritten(result_file):
    result = read_result(result_file)
    with pytest.raises(DataError, match="exists"):
        write_result(result_file, result)
    write_result(result_file, result, force=True)


def test_the_command_runs_a_corpus_and_its_release_alike(place, tmp_path, capsys):
    write_release(Corpus.read(place), tmp_path / "release")
    seen = []
    for directory in (place, tmp_path / "release"):
        ran = inquit(capsys, "eval", "run", "rules", "--on", directory, "--json")
        assert ran.code == 0, ran.err
        found = ran.json
        assert found["measures"]["attribution.f1@iou50"]["tp"] == 12
        assert found["benchmark"]["split"] == "test"
        found.pop("timings")
        seen.append(found)
    assert seen[0] == seen[1]


def test_the_command_writes_and_prints(place, tmp_path, capsys):
    arguments = ["eval", "run", "rules", "--on", place, "--split", "dev", "--resamples", "0"]
    arguments += ["--param", "indirect=false", "--measure", "quote.f1@exact"]
    out, predictions = tmp_path / "r.json", tmp_path / "p.jsonl"
    ran = inquit(capsys, *arguments, "--out", out, "--predictions", predictions)
    assert ran.code == 0 and "rules on quays, dev" in ran.out and "every" in ran.out
    result = read_result(out)
    assert result.system.parameters["indirect"] is False
    assert list(result.measures) == ["quote.f1@exact"]
    assert result.predictions == "p.jsonl"
    before = out.read_bytes()
    again = inquit(capsys, *arguments, "--out", out)
    assert again.code == 1 and "exists" in again.err and out.read_bytes() == before
    assert inquit(capsys, *arguments, "--out", out, "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["rulez"], 1, "did you mean 'rules'"),
        (["rules", "--param", "x=1"], 1, "has no parameter 'x'"),
        (["rules", "--param", "indirect=3"], 1, "error: indirect is 3; give true or false\n"),
        (["rules", "--param", "cues=[1]"], 1, "error: cues holds 1; give a list of verbs\n"),
        (["rules", "--measure", "quote.f1@exakt"], 1, "unknown match"),
        (["rules", "--layer", "silver"], 1, "has no layer 'silver'"),
        (["rules", "--split", "holdout"], 2, "'--split': 'holdout' is not one of"),
        (["rules", "--resamples", "3"], 2, "3 is too few for an interval"),
        ([], 2, "EXTRACTOR"),
    ],
)
def test_wrong_requests(place, capsys, arguments, code, message):
    ran = inquit(capsys, "eval", "run", *arguments, "--on", place)
    assert ran.code == code and message in ran.err and ran.out == ""


def test_a_directory_that_is_no_benchmark(tmp_path, capsys):
    ran = inquit(capsys, "eval", "run", "rules", "--on", tmp_path)
    assert ran.code == 1 and "neither a corpus directory" in ran.err


def test_failures_are_told_and_end_with_1(place, tmp_path, capsys, monkeypatch):
    (tmp_path / "my_stumbler.py").write_text(
        "from inquit.eval.extractors.rules import RuleExtractor\n"
        "class Mine(RuleExtractor):\n"
        "    def extract(self, document):\n"
        "        if document.doc_id == 'quay-9':\n"
        "            raise KeyError('\\x1b[31m')\n"
        "        return super().extract(document)\n"
    )
    monkeypatch.chdir(tmp_path)
    ran = inquit(capsys, "eval", "run", "my_stumbler:Mine", "--on", place, "--out", "r.json")
    assert ran.code == 1
    assert "document 'quay-9': my_stumbler:Mine failed (KeyError" in ran.err
    assert "\x1b[31m" not in ran.err
    assert set(read_result(tmp_path / "r.json").failed) == {"quay-9"}


def test_a_fit_that_fails_is_one_error(place, tmp_path, capsys, monkeypatch):
    (tmp_path / "my_dunce.py").write_text(
        "from inquit.eval.extractors.base import Extractor\n"
        "class Dunce(Extractor):\n"
        "    needs_fit = True\n"
        "    def learn(self, documents, annotations):\n"
        "        raise ValueError('too few lessons')\n"
    )
    monkeypatch.chdir(tmp_path)
    ran = inquit(capsys, "eval", "run", "my_dunce:Dunce", "--on", place)
    assert (ran.code, ran.out) == (1, "")
    assert "my_dunce:Dunce cannot be fitted (ValueError: too few lessons)" in ran.err


def test_a_release_is_scored_by_the_layer_it_was_made_of(tmp_path, capsys):
    made = corpus()
    Corpus(
        made.info, made.documents.values(), [msgspec.structs.replace(made.layer(), name="a1")]
    ).write(tmp_path / "quays")
    write_release(Corpus.read(tmp_path / "quays"), tmp_path / "release", layer="a1")
    ran = inquit(capsys, "eval", "run", "rules", "--on", tmp_path / "release", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["benchmark"]["layer"] == "a1"
    ran = inquit(capsys, "eval", "run", "rules", "--on", tmp_path / "quays")
    assert ran.code == 1
    assert f"{tmp_path / 'quays'}: has no layer 'gold'; pass --layer with one of: a1" in ran.err


def test_an_empty_layer_is_no_matter_of_splits(tmp_path, capsys):
    made = corpus()
    Corpus(
        made.info, made.documents.values(), [Layer(name="gold", kind="human", annotations=())]
    ).write(tmp_path / "quays")
    ran = inquit(capsys, "eval", "run", "rules", "--on", tmp_path / "quays")
    assert ran.code == 1 and "--split" not in ran.err
    assert "layer 'gold' labels no document; label the documents first" in ran.err


def test_outputs_do_not_replace_the_corpus_or_each_other(place, tmp_path, capsys):
    gold = place / "layers" / "gold.jsonl"
    before = gold.read_bytes()
    out = tmp_path / "r.json"
    for arguments, told in (
        (("--out", out, "--predictions", gold), f"{gold}: belongs to a corpus"),
        (("--out", place / "corpus.toml"), "belongs to a corpus"),
        (("--out", out, "--predictions", out), "cannot hold both the result and the predictions"),
    ):
        ran = inquit(capsys, "eval", "run", "rules", "--on", place, *arguments, "--force")
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
    assert gold.read_bytes() == before and not out.exists()


def test_a_report_does_not_replace_the_corpus(result_file, place, capsys):
    target = place / "documents.jsonl"
    before = target.read_bytes()
    ran = inquit(capsys, "eval", "report", result_file, "--html", target, "--force")
    assert ran.code == 1 and "belongs to a corpus" in ran.err and target.read_bytes() == before


@pytest.mark.parametrize(
    ("speed", "shown"),
    [
        (1234.4, "1,234 documents a second"),
        (2.34, "2.3 documents a second"),
        (0.08, "12.5 seconds a document"),
    ],
)
def test_slow_runs_have_a_speed_of_use(speed, shown):
    assert _speed(speed) == shown
