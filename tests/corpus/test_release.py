"""Writing a release and reading it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import corpora, sample
from hypothesis import HealthCheck, given, settings

from inquit.cli import main
from inquit.corpus import Attribution, Corpus, CorpusInfo, DataError, Layer, Span
from inquit.corpus.release import read_release, write_release
from inquit.corpus.release.checksums import sha256_of
from inquit.corpus.release.schema import MEANINGS, SCHEMAS, columns
from inquit.corpus.release.write import BATCH_CHARACTERS, BATCH_ROWS, _batches
from inquit.corpus.vocabulary import ATTRIBUTES

ARTICLES = Path(__file__).parents[2] / "corpus" / "articles"


def contents(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def assert_same(one: Corpus, other: Corpus) -> None:
    assert one.info == other.info
    assert one.documents == other.documents
    assert one.layers == other.layers


@pytest.fixture
def released(tmp_path: Path) -> Path:
    write_release(sample(), tmp_path / "out")
    return tmp_path / "out"


def resign(directory: Path) -> None:
    """Write the checksums anew, as one who tampers would."""
    names = [n for n in contents(directory) if n != "SHA256SUMS"]
    lines = [f"{sha256_of(directory / name)}  {name}\n" for name in sorted(names)]
    (directory / "SHA256SUMS").write_text("".join(lines))


def edit(path: Path, column: str, change: object) -> None:
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[0][column] = change(rows[0][column]) if callable(change) else change
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)


@given(corpora())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_lost_and_the_same_corpus_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, corpus: Corpus
) -> None:
    place = tmp_path_factory.mktemp("release")
    write_release(corpus, place / "one")
    back = read_release(place / "one")
    assert_same(back, corpus)
    write_release(back, place / "two")
    assert contents(place / "one") == contents(place / "two")
    shutil.rmtree(place)


def test_the_files_and_what_they_hold(tmp_path: Path) -> None:
    files = write_release(sample(), tmp_path / "out")
    assert [(f.path, f.rows) for f in files] == [
        ("data/train.parquet", 1),
        ("data/dev.parquet", 1),
        ("annotations/train.parquet", 3),
        ("annotations/dev.parquet", 2),
        ("annotations/test.parquet", 1),
        ("remaining/test.parquet", 1),
        ("README.md", None),
        ("croissant.json", None),
        ("release.toml", None),
        ("SHA256SUMS", None),
    ]
    assert {f.path: (f.bytes, f.sha256) for f in files} == {
        name: (len(content), sha256_of(tmp_path / "out" / name))
        for name, content in contents(tmp_path / "out").items()
    }
    row = pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()[0]
    spans = {span["id"]: span for span in row["spans"]}
    words = [row["text"][start:end] for start, end in spans["q1"]["fragments"]]
    assert words == ["“We sail,”", "“at [high] dawn.”"]
    assert spans["s1"]["attributes"]["entity"] == "Ana Reyes"
    assert spans["s1"]["attributes"]["form"] is None
    assert row["attributions"][0]["source"] == ["s1"]
    assert row["meta"] == "{}"


def test_a_corpus_without_splits_is_one_split_and_comes_back_without(tmp_path: Path) -> None:
    whole = sample()
    documents = [msgspec.structs.replace(d, split=None) for d in whole.documents.values()]
    corpus = Corpus(whole.info, documents, whole.layers.values())
    write_release(corpus, tmp_path / "out")
    tables = sorted(n for n in contents(tmp_path / "out") if n.endswith(".parquet"))
    assert tables == [f"{d}/train.parquet" for d in ("annotations", "data", "remaining")]
    assert_same(read_release(tmp_path / "out"), corpus)
    assert "The corpus is not split" in (tmp_path / "out" / "README.md").read_text()


def test_another_layer_can_stand_beside_the_texts(tmp_path: Path) -> None:
    write_release(sample(), tmp_path / "out", layer="ben")
    assert not (tmp_path / "out" / "remaining").exists()
    assert_same(read_release(tmp_path / "out"), sample())


def test_rows_are_batched_by_number_and_by_length() -> None:
    short = [{"text": "a"} for _ in range(2 * BATCH_ROWS + 1)]
    assert [len(b) for b in _batches(short[0], iter(short[1:]))] == [BATCH_ROWS, BATCH_ROWS, 1]
    long = [{"text": "a" * BATCH_CHARACTERS} for _ in range(3)]
    assert [len(b) for b in _batches(long[0], iter(long[1:]))] == [1, 1, 1]


@pytest.mark.parametrize("licence", ["restricted", "Restricted", "CC-BY-4.0 AND restricted"])
def test_restricted_texts_are_refused_by_name_and_nothing_is_written(
    tmp_path: Path, licence: str
) -> None:
    whole = sample()
    changed = [
        msgspec.structs.replace(d, licence=licence if d.split != "dev" else d.licence)
        for d in whole.documents.values()
    ]
    with pytest.raises(DataError) as error:
        write_release(Corpus(whole.info, changed, whole.layers.values()), tmp_path / "out")
    assert [p.doc_id for p in error.value.problems] == ["doc-train", "doc-test"]
    assert "state the licence" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_labels_of_restricted_corpora_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"corpus\.toml"):
        write_release(sample(licence="restricted"), tmp_path / "out")


def test_a_private_dataset_of_restricted_texts_says_so(tmp_path: Path) -> None:
    corpus = sample(licence="restricted")
    write_release(corpus, tmp_path / "out", private=True)
    assert "**Not to be published or passed on.**" in (tmp_path / "out" / "README.md").read_text()
    assert read_release(tmp_path / "out").documents == corpus.documents
    write_release(sample(), tmp_path / "open", private=True)
    assert "Not to be published" not in (tmp_path / "open" / "README.md").read_text()


def test_documents_without_a_split_are_refused_by_name_if_others_have_one(tmp_path: Path) -> None:
    whole = sample()
    changed = [
        msgspec.structs.replace(d, split=None if d.doc_id == "doc-dev" else d.split)
        for d in whole.documents.values()
    ]
    with pytest.raises(DataError, match=r"'doc-dev': has no split.*give every document a split"):
        write_release(Corpus(whole.info, changed, whole.layers.values()), tmp_path / "out")


def test_a_story_in_two_splits_is_refused(tmp_path: Path) -> None:
    whole = sample()
    changed = [msgspec.structs.replace(d, group="one") for d in whole.documents.values()]
    with pytest.raises(DataError, match="group 'one' stands in dev and test and train"):
        write_release(Corpus(whole.info, changed, whole.layers.values()), tmp_path / "out")


def test_a_corpus_without_labels_is_refused(tmp_path: Path) -> None:
    whole = sample()
    with pytest.raises(DataError, match=r"no layer 'x'.*--layer; its layers are: ana, ben, gold"):
        write_release(whole, tmp_path / "out", layer="x")
    empty = Layer(name="gold", annotations=(), kind="rule")
    with pytest.raises(DataError, match="labels no document"):
        write_release(Corpus(whole.info, whole.documents.values(), [empty]), tmp_path / "out")
    with pytest.raises(DataError, match="no layer 'gold'"):
        write_release(Corpus(CorpusInfo(name="n", licence="MIT"), []), tmp_path / "out")


def test_strings_that_no_file_can_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="name of the corpus: lone surrogate"):
        write_release(sample(name="\ud800"), tmp_path / "out")


def test_nothing_is_overwritten_without_force(released: Path) -> None:
    before = contents(released)
    with pytest.raises(DataError, match="--force"):
        write_release(sample(name="other"), released)
    assert contents(released) == before
    write_release(sample(name="other"), released, force=True)
    assert read_release(released).info.name == "other"
    assert sorted(p.name for p in released.parent.iterdir()) == ["out"]


def test_what_is_no_release_is_not_replaced_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(DataError, match="not made by inquit"):
        write_release(sample(), tmp_path, force=True)
    assert contents(tmp_path) == {"mine.txt": b"precious"}


def test_a_failure_half_way_leaves_the_old_release(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(released)

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("inquit.corpus.release.write.croissant", full)
    with pytest.raises(DataError, match=r"No space left on device.*room"):
        write_release(sample(name="other"), released, force=True)
    assert contents(released) == before
    assert [p.name for p in released.parent.iterdir()] == ["out"]


def test_a_directory_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"is not a release.*inquit corpus release"):
        read_release(tmp_path / "nowhere")
    sample().write(tmp_path / "corpus")
    with pytest.raises(DataError, match="is not a release"):
        read_release(tmp_path / "corpus")


@pytest.mark.parametrize(
    "name", ["data/dev.parquet", "README.md", "release.toml", "croissant.json"]
)
def test_a_changed_file_is_named(released: Path, name: str) -> None:
    with (released / name).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(DataError, match=rf"{name}: was changed"):
        read_release(released)


def test_missing_and_unlisted_files_are_named(released: Path) -> None:
    (released / "data" / "dev.parquet").rename(released / "data" / "test.parquet")
    with pytest.raises(DataError) as error:
        read_release(released)
    assert "dev.parquet: is missing" in str(error.value)
    assert "test.parquet: is not listed" in str(error.value)


@pytest.mark.parametrize(
    "name",
    ["../outside", "/etc/hostname", "data/../../outside.parquet", "data/dev.parquet ", "README.md"],
)
def test_checksums_cannot_name_what_is_not_in_a_release(released: Path, name: str) -> None:
    (released.parent / "outside").write_text("secret")
    with (released / "SHA256SUMS").open("a") as stream:
        stream.write(f"{sha256_of(released.parent / 'outside')}  {name}\n")
    with pytest.raises(DataError, match=r"SHA256SUMS:10: .* is not a file of a release"):
        read_release(released)


@pytest.mark.parametrize("content", [b"", b"nonsense\n", "é".encode()])
def test_broken_checksums_are_refused(released: Path, content: bytes) -> None:
    (released / "SHA256SUMS").write_bytes(content)
    with pytest.raises(DataError, match="SHA256SUMS"):
        read_release(released)


def test_a_truncated_table_is_named(released: Path) -> None:
    path = released / "data" / "train.parquet"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=r"train\.parquet: was changed"):
        read_release(released)
    resign(released)
    with pytest.raises(DataError, match=r"train\.parquet: is not a readable Parquet file"):
        read_release(released)


def test_a_table_with_other_columns_is_refused(released: Path) -> None:
    path = released / "data" / "dev.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    resign(released)
    with pytest.raises(DataError, match="columns are not those of a release"):
        read_release(released)


def test_a_table_of_an_older_vocabulary_is_read(released: Path) -> None:
    """A release made before an attribute existed lacks its field."""
    for name in ("data/dev.parquet", "annotations/dev.parquet"):
        table = pq.read_table(released / name)
        place = table.schema.get_field_index("spans")
        span = {f.name: f.type for f in table.schema.field(place).type.value_type}
        span["attributes"] = pa.struct([f for f in span["attributes"] if f.name != "entity"])
        schema = table.schema.set(place, pa.field("spans", pa.list_(pa.struct(span.items()))))
        pq.write_table(pa.Table.from_pylist(table.to_pylist(), schema), released / name)
    resign(released)
    assert_same(read_release(released), sample())


@pytest.mark.parametrize(
    ("table", "column", "change", "message"),
    [
        ("data", "text", "x", "row 1: document 'doc-train': sha256 is"),
        ("data", "sha256", None, "sha256 is missing"),
        ("data", "doc_id", None, "doc_id"),
        ("data", "text", None, "text"),
        ("data", "meta", "[1]", "meta"),
        ("data", "meta", "{", "truncated"),
        ("data", "split", "dev", "has split 'dev', the file is train"),
        ("data", "spans", None, "spans is missing"),
        ("data", "attributions", [], "'default' and layer 'gold' of 'annotations' differ"),
        ("annotations", "layer", "eve", "does not describe layer 'eve'"),
        ("annotations", "annotator", "eve", "does not describe layer 'gold' as this row does"),
        ("annotations", "attributions", None, "attributions"),
        ("annotations", "doc_id", "nobody", "differ"),
        (
            "annotations",
            "spans",
            lambda spans: [{**spans[0], "fragments": [[5, 2]]}],
            "span 'q1': fragment",
        ),
        ("annotations", "spans", lambda spans: [{**spans[0], "fragments": None}], "fragments"),
        ("annotations", "spans", lambda spans: [{**spans[0], "label": "lie"}], "unknown label"),
        ("annotations", "spans", lambda spans: [None], "object"),
    ],
)
def test_rows_that_no_corpus_can_have_are_refused_with_their_place(
    released: Path, table: str, column: str, change: object, message: str
) -> None:
    path = released / table / "train.parquet"
    edit(path, column, change)
    resign(released)
    with pytest.raises(DataError) as error:
        read_release(released)
    assert message in str(error.value)
    assert str(released) in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format = 1", "format = 2", r"format '2' is not 1.*version of inquit"),
        ('layer = "gold"', 'layer = "eve"', "names layer 'eve'"),
        ('layer = "gold"', "layer = 3", "`layer` is 3, not a string"),
        ("format = 1", "format = ", r"release\.toml"),
        ("format = 1", "format = 1\nsurprise = 2", "surprise"),
    ],
)
def test_a_broken_release_toml_is_refused(released: Path, old: str, new: str, message: str) -> None:
    path = released / "release.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    resign(released)
    with pytest.raises(DataError, match=message):
        read_release(released)


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    sample().write(tmp_path / "corpus")
    arguments = ["corpus", "release", str(tmp_path / "corpus"), str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    shown = capsys.readouterr()
    assert "annotations/train.parquet" in shown.out
    assert "load_dataset" in shown.err
    assert_same(read_release(tmp_path / "out"), sample())

    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 1
    assert "--force" in capsys.readouterr().err

    with pytest.raises(SystemExit) as end:
        main([*arguments, "--force", "--json", "--layer", "ana"])
    assert end.value.code == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["layer"] == "ana"
    assert {f["path"]: f["rows"] for f in told["files"]}["remaining/dev.parquet"] == 1


def test_the_shipped_articles_are_released(tmp_path: Path) -> None:
    from inquit.corpus.inline import loads

    pairs = [
        loads(path.read_text(encoding="utf-8"), str(path)) for path in ARTICLES.glob("*.inline")
    ]
    documents = [document for document, _ in pairs]
    gold = Layer(name="gold", annotations=tuple(a for _, a in pairs), kind="model")
    corpus = Corpus(CorpusInfo(name="articles", licence="CC-BY-4.0"), documents, [gold])
    write_release(corpus, tmp_path / "out")
    assert_same(read_release(tmp_path / "out"), corpus)


def test_a_field_that_the_model_gains_must_get_a_column() -> None:
    spans, attributions = (
        SCHEMAS["default"].field(n).type.value_type for n in ("spans", "attributions")
    )
    assert tuple(f.name for f in spans) == Span.__struct_fields__
    assert tuple(f.name for f in attributions) == Attribution.__struct_fields__
    assert {name for name, _ in (*columns("default"), *columns("annotations"))} == set(MEANINGS)
    assert len({n for known in ATTRIBUTES.values() for n in known}) == sum(
        map(len, ATTRIBUTES.values())
    )


def test_replacing_a_release_takes_nothing_else_with_it(tmp_path: Path) -> None:
    write_release(sample(), tmp_path / "out")
    (tmp_path / "out" / "corpus").mkdir()
    with pytest.raises(DataError, match="out/corpus: would be lost if the directory were replaced"):
        write_release(sample(), tmp_path / "out", force=True)
    assert (tmp_path / "out" / "corpus").is_dir()


@pytest.mark.parametrize("licence", ["all rights reserved", "NONE", "CC-BY-4.0 OR bogus("])
def test_a_licence_that_nobody_can_look_up_is_refused(licence: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no SPDX expression"):
        write_release(sample(licence=licence), tmp_path / "out")
    assert not (tmp_path / "out").exists()
