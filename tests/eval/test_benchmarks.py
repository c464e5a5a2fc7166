"""Benchmarks: strict definitions, instructions where a corpus is missing, runs on what is there."""

from __future__ import annotations

import hashlib
import subprocess
from importlib import resources
from pathlib import Path

import msgspec
import pytest
from commands import inquit

from inquit.corpus import Corpus, CorpusInfo, DataError, Document, Layer
from inquit.corpus.importers import FORMATS
from inquit.eval.benchmark import Definition, names, parse, read_definition
from inquit.eval.benchmark_data import check_files, digest, find, open_benchmark, resolve
from inquit.eval.measures import parse_all
from inquit.eval.result import read_result

DATA = Path(__file__).parents[3] / "shared" / "data"
#: Benchmark: folder of its sample, a split that the sample holds, documents in it.
SAMPLES = {
    "polnear": ("polnear", "dev", 84),
    "german-wikinews": ("german-news-quotation", "dev", 150),
    "pdnc": ("pdnc", "all", 3),
    "litbank": ("litbank-quotations", "all", 50),
    "spkatt": ("spkatt2023", "dev", 18),
    "redewiedergabe": ("redewiedergabe", "all", 105),
    "policlaim": ("policlaim", "test", 4),
    "checkthat": ("checkthat2018", "all", 3),
}
MINIMAL = """
name = "quays"
version = "1"
title = "Quays"
citation = "Quill (2031), Quays"
licence = "CC0-1.0"
languages = ["en"]
page = "https://quays.example"
obtain = "Ask the port."
importer = "text"
places = ["."]
holds = ["*.txt"]
split = "all"
measures = ["quote.f1@exact"]
"""
TEXT = "“Crane 4 has failed,” Mara Quill said.\nThe port said that it knew.\n"


def labels() -> str:
    found = []
    for number, (kind, words, start) in enumerate(
        [
            ("Content", "“Crane 4 has failed,”", 0),
            ("Source", "Mara Quill", 0),
            ("Cue", "said", 0),
            ("Source", "The port", 0),
            ("Cue", "said", TEXT.index("\n")),
            ("Content", "that it knew", 0),
        ],
        1,
    ):
        at = TEXT.index(words, start)
        found.append(f"T{number}\t{kind} {at} {at + len(words)}\t{words}")
    found += [
        "E1\tAttribution:T3 Source:T2 Cue:T3 Content:T1",
        "E2\tAttribution:T5 Source:T4 Cue:T5 Content:T6",
    ]
    return "\n".join(found) + "\n"


@pytest.fixture
def quays(tmp_path: Path) -> Path:
    """Two articles in the layout of PolNeAR, one each in dev and test."""
    place = tmp_path / "download"
    for part in ("dev", "test"):
        for folder in ("text", "attributions"):
            (place / "data" / part / folder).mkdir(parents=True)
        name = f"crane_{part}"
        (place / "data" / part / "text" / f"{name}.txt").write_text(TEXT, "utf-8")
        labelled = place / "data" / part / "attributions" / f"{name}_ab12.ann"
        labelled.write_text(labels(), "utf-8")
    return place


@pytest.mark.parametrize("name", names())
def test_each_definition_loads_and_says_what_it_must(name: str) -> None:
    definition = read_definition(name)
    assert definition.name == name
    assert definition.importer in FORMATS
    assert parse_all(definition.measures)
    assert definition.page.startswith("https://") or name == "inquit-articles"
    assert definition.files or name == "inquit-articles"
    assert "--data" in definition.obtain
    assert definition.about and definition.citation
    told = definition.how_to_obtain()
    assert definition.page in told and f"--on {name} --data DIR" in told


def test_every_public_corpus_has_a_definition() -> None:
    public = set(FORMATS) - {"text", "inline", "jsonl", "brat", "labelstudio"}
    assert public <= set(names())
    files = {e.name for e in (resources.files("inquit.eval") / "benchmarks").iterdir()}
    assert files == {f"{name}.toml" for name in names()}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('split = "all"', 'split = "half"', "split"),
        ('split = "all"', 'split = "all"\ncolour = "red"', "colour"),
        ('title = "Quays"\n', "", "title"),
        ('title = "Quays"', 'title = " "', "'title' is empty"),
        ('languages = ["en"]', 'languages = "en"', "languages"),
        ('importer = "text"', 'importer = "txet"', "did you mean 'text'?"),
        ('"https://quays.example"', '"ftp://quays.example"', "begin it with https://"),
        ('places = ["."]', 'places = ["../elsewhere"]', "leads out of the corpus"),
        ('places = ["."]', "places = []", "'places' is empty"),
        ('name = "quays"', 'name = "Quays"', "is no name"),
        ("quote.f1@exact", "quoat.f1@exact", "did you mean 'quote'?"),
        ('"quote.f1@exact"', "", "no measure was named"),
        ('split = "all"', 'split = "all"\nlayer = "a b"', "layer"),
        ("measures", 'seen = "all"\nfiles = {"a.txt" = "12"}\nmeasures', "has no SHA-256"),
        ("measures", f'files = {{"a.txt" = "{"0" * 64}"}}\nmeasures', "'seen' is empty"),
        ('split = "all"', "split = all", "Invalid value"),
    ],
)
def test_a_wrong_definition_is_refused(old: str, new: str, message: str) -> None:
    assert old in MINIMAL
    parse(MINIMAL, "quays.toml")
    with pytest.raises(DataError, match=r"quays\.toml") as refused:
        parse(MINIMAL.replace(old, new), "quays.toml")
    assert message in str(refused.value)


def test_a_definition_stands_in_the_file_of_its_name() -> None:
    with pytest.raises(DataError, match=r"name it quays\.toml"):
        parse(MINIMAL, "ports.toml")


@pytest.mark.parametrize("name", names())
def test_without_its_corpus_a_benchmark_tells_how_to_obtain_it(capsys, tmp_path, name) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    definition = read_definition(name)
    for arguments in ([], ["--data", empty], ["--data", tmp_path / "nowhere"]):
        ran = inquit(capsys, "eval", "run", "rules", "--on", name, *arguments)
        assert ran.code == 1 and ran.out == ""
        assert definition.obtain.strip() in ran.err
        assert definition.page in ran.err
        assert "Traceback" not in ran.err
    assert "is not a folder" in ran.err


def test_an_unknown_benchmark_is_met_with_what_there_is(capsys) -> None:
    ran = inquit(capsys, "eval", "run", "rules", "--on", "polnaer")
    assert ran.code == 1
    assert "did you mean 'polnear'?" in ran.err
    assert all(name in ran.err for name in names())
    assert "corpus directory" in ran.err


def test_a_benchmark_is_imported_run_and_scored(capsys, quays, tmp_path) -> None:
    before = sorted(quays.rglob("*"))
    out = tmp_path / "result.json"
    arguments = ["--on", "polnear", "--data", quays, "--out", out, "--json"]
    ran = inquit(capsys, "eval", "run", "rules", *arguments)
    assert ran.code == 0, ran.err
    assert ran.json["documents"] == 1
    assert list(ran.json["measures"]) == list(read_definition("polnear").measures)
    assert ran.json["measures"]["attribution.f1@iou50"]["tp"] == 2
    result = read_result(out)
    assert (result.benchmark.name, result.benchmark.version) == ("polnear", "1.0.0")
    assert (result.benchmark.split, result.benchmark.layer) == ("test", "gold")
    assert result.doc_ids == ["crane_test"]
    assert result.benchmark.directory == ""
    assert sorted(quays.rglob("*")) == before
    assert TEXT not in out.read_text("utf-8")


def test_a_page_needs_the_corpus_imported(capsys, quays, tmp_path) -> None:
    out, html = tmp_path / "result.json", tmp_path / "page.html"
    arguments = ["--on", "polnear", "--data", quays, "--out", out, "--resamples", 0]
    assert inquit(capsys, "eval", "run", "rules", *arguments).code == 0
    alone = inquit(capsys, "eval", "report", out, "--html", html)
    assert alone.code == 1 and "--on DIR" in alone.err
    directory = tmp_path / "corpus"
    imported = inquit(capsys, "corpus", "import", "polnear", quays / "data", directory)
    assert imported.code == 0, imported.err
    told = inquit(capsys, "eval", "report", out, "--on", directory, "--html", html)
    assert told.code == 0, told.err
    assert "Mara Quill" in html.read_text("utf-8")


def test_split_layer_and_measures_can_be_chosen(capsys, quays) -> None:
    chosen = ["--split", "dev", "--layer", "ab12", "--measure", "cue.f1@exact"]
    data = ["--data", quays / "data", "--json"]
    ran = inquit(capsys, "eval", "run", "rules", "--on", "polnear", *data, *chosen)
    assert ran.code == 0, ran.err
    assert (ran.json["benchmark"]["split"], ran.json["benchmark"]["layer"]) == ("dev", "ab12")
    assert list(ran.json["measures"]) == ["cue.f1@exact"]


def test_a_split_that_is_not_there_is_named(capsys, quays) -> None:
    (quays / "data" / "test").rename(quays / "put away")
    ran = inquit(capsys, "eval", "run", "rules", "--on", "polnear", "--data", quays)
    assert ran.code == 1
    assert "split test" in ran.err and "--split dev" in ran.err


def test_files_of_another_version_are_noted_not_refused(capsys, quays, tmp_path) -> None:
    (quays / "data" / "metadata.tsv").write_text("compartment\tfilename\n", "utf-8")
    out = tmp_path / "result.json"
    arguments = ["--on", "polnear", "--data", quays, "--out", out, "--json"]
    ran = inquit(capsys, "eval", "run", "rules", *arguments)
    assert ran.code == 0, ran.err
    expected = read_definition("polnear").files["metadata.tsv"]
    found = hashlib.sha256(b"compartment\tfilename\n").hexdigest()
    (note,) = [note for note in ran.json["notes"] if note.startswith("metadata.tsv")]
    assert expected in note and found in note
    result = read_result(out)
    assert note in result.notes
    assert result.benchmark.files == "other"
    assert ran.json["benchmark"]["files"] == "other"


def defined(**files: str) -> Definition:
    definition = parse(MINIMAL, "quays.toml")
    return msgspec.structs.replace(definition, seen="all", files=files)


def test_what_is_known_of_files(tmp_path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.txt").write_text("one", "utf-8")
    (tmp_path / "inner" / "b [2].txt").write_text("two", "utf-8")
    one, two = (hashlib.sha256(word).hexdigest() for word in (b"one", b"two"))
    assert check_files(defined(), tmp_path) == ("", [])
    seen = defined(**{"a.txt": one, "inner/b *.txt": two, "not here.txt": one})
    assert check_files(seen, tmp_path) == ("as seen", [])
    state, (note,) = check_files(defined(**{"a.txt": two, "inner/b *.txt": two}), tmp_path)
    assert state == "other" and "a.txt" in note and one in note and two in note
    state, (note,) = check_files(defined(**{"other/b *.txt": two}), tmp_path)
    assert state == "not seen" and "not known" in note
    # Two copies, of which one is as seen.
    (tmp_path / "inner" / "a.txt").write_text("three", "utf-8")
    assert check_files(defined(**{"a.txt": one}), tmp_path) == ("as seen", [])


def test_the_digest_of_a_folder_is_that_of_the_shell(tmp_path) -> None:
    folder = tmp_path / "deep" / "text"
    folder.mkdir(parents=True)
    for name in ("b.txt", "a.txt", "Ä.txt", "Z.txt", ".hidden"):
        (folder / name).write_text(name, "utf-8")
    told = subprocess.run(
        ["sh", "-c", "LC_ALL=C; export LC_ALL; sha256sum * | sha256sum"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[0]
    assert digest(folder) == told
    assert check_files(defined(**{"deep/text/": told}), tmp_path) == ("as seen", [])
    # The folder that is read may be the one above: paths are compared from their end.
    assert check_files(defined(**{"deep/text/": told}), tmp_path / "deep") == ("as seen", [])


def test_the_first_place_that_holds_the_corpus_is_read(tmp_path) -> None:
    definition = msgspec.structs.replace(
        defined(), places=("data/inner", "data", "."), holds=("*.txt", "*/*.tsv")
    )
    (tmp_path / "data" / "part").mkdir(parents=True)
    with pytest.raises(DataError, match="Ask the port"):
        find(definition, tmp_path)
    (tmp_path / "c.txt").touch()
    assert find(definition, tmp_path) == tmp_path
    (tmp_path / "data" / "part" / "c.tsv").touch()
    assert find(definition, tmp_path) == tmp_path / "data"
    assert find(definition, tmp_path / "data") == tmp_path / "data"


def test_a_directory_that_holds_a_corpus_goes_before_a_benchmark(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("polnear").mkdir()
    with pytest.raises(DataError, match="PolNeAR"):
        resolve("polnear")
    Path("polnear").rmdir()
    layer = Layer(name="gold", kind="human", annotations=())
    corpus = Corpus(CorpusInfo(name="mine"), [Document(doc_id="d", text=TEXT)], [layer])
    corpus.write("polnear")
    opened = resolve("polnear")
    assert opened.corpus.info.name == "mine" and opened.files == ""
    with pytest.raises(DataError, match="PolNeAR"):
        resolve("polnear", Path("polnear"))
    with pytest.raises(DataError, match="needs no --data"):
        resolve("./polnear", Path("polnear"))


def test_benchmarks_are_listed_and_told(capsys, monkeypatch) -> None:
    listed = inquit(capsys, "eval", "benchmarks")
    assert listed.code == 0
    assert all(name in listed.out for name in names())
    monkeypatch.setenv("COLUMNS", "60")
    narrow = inquit(capsys, "eval", "benchmarks").out
    assert "CC-BY-NC-SA-4.0" in narrow and max(map(len, narrow.splitlines())) <= 60
    words = {word for name in names() for word in read_definition(name).title.split()}
    assert words <= set(narrow.split())
    told = inquit(capsys, "eval", "benchmarks", "litbank")
    definition = read_definition("litbank")
    assert definition.citation in told.out and definition.obtain.strip() in told.out
    as_json = inquit(capsys, "eval", "benchmarks", "--json")
    assert [b["name"] for b in as_json.json["benchmarks"]] == list(names())
    assert as_json.json["benchmarks"][0]["files"] == read_definition(names()[0]).files
    wrong = inquit(capsys, "eval", "benchmarks", "litbnak")
    assert wrong.code == 1 and "did you mean 'litbank'?" in wrong.err


def test_the_articles_of_the_project_are_a_benchmark(capsys) -> None:
    root = Path(__file__).parents[2]
    arguments = ["--on", "inquit-articles", "--data", root, "--resamples", 0, "--json"]
    ran = inquit(capsys, "eval", "run", "rules", *arguments)
    assert ran.code == 0, ran.err
    assert ran.json["benchmark"]["name"] == "inquit-articles"
    assert ran.json["measures"]["attribution.f1@iou50"]["tp"] > 0


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_sample_is_found_and_is_what_was_seen(name: str) -> None:
    folder, split, expected = SAMPLES[name]
    if not (DATA / folder).is_dir():
        pytest.skip(f"no sample of {name} in ../shared/data")
    if name == "policlaim":
        pytest.importorskip("openpyxl", reason="reading PoliClaim needs openpyxl")
    opened = open_benchmark(read_definition(name), DATA / folder)
    assert opened.files == "as seen"
    documents = opened.corpus.documents
    labelled = [documents[a.doc_id] for a in opened.corpus.layer(opened.layer).annotations]
    assert sum(split == "all" or d.split == split for d in labelled) == expected


def test_rules_run_on_the_sample_of_polnear(capsys) -> None:
    if not (DATA / "polnear").is_dir():
        pytest.skip("no sample of polnear in ../shared/data")
    arguments = ["--on", "polnear", "--data", DATA / "polnear", "--split", "dev"]
    ran = inquit(capsys, "eval", "run", "rules", *arguments, "--resamples", 0, "--json")
    assert ran.code == 0, ran.err
    headline = ran.json["measures"]["attribution.f1@iou50"]
    assert headline["value"] > 0.5
    assert all(row["attribution.f1@iou50"] < 0.02 for row in ran.json["trivial"].values())
    assert headline["value"] < ran.json["human_ceiling"]["attribution.f1@iou50"]
    assert ran.json["benchmark"]["files"] == "as seen"
