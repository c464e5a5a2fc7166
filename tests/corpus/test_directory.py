from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    LayerInfo,
    Span,
)
from inquit.corpus.directory import read_info, read_layer, write_layer


def corpus(**changes: Any) -> Corpus:
    documents = [
        Document(doc_id="2026/03: Ü", text="“Rain,” she said.\r\n😀", split="test"),
        Document(doc_id="b", text="Nothing was said.", meta={"desk": "local", "n": 1.5}),
    ]
    first = documents[0]
    spans = [Span("q", "quote", [(0, 7)], {"form": "direct"}), Span("s", "source", [(8, 11)])]
    gold = Annotation(
        doc_id=first.doc_id,
        sha256=first.sha256,
        spans=spans,
        attributions=[Attribution(id="a", content=["q"], source=["s"])],
    )
    fields: dict[str, Any] = {
        "info": CorpusInfo(name="small", licence="CC-BY-4.0", languages=("en",)),
        "documents": documents,
        "layers": [
            Layer(name="gold", kind="human", annotations=[gold], annotator="p1", made_by='By "p1"'),
            Layer(name="rules.1", kind="rule", annotations=[], derived=["form"]),
        ],
    }
    return Corpus(**fields | changes)


def problems(directory: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        Corpus.read(directory)
    return [str(p).removeprefix(str(directory)).lstrip("/") for p in caught.value.problems]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = corpus()
    made.write(tmp_path / "c")
    read = Corpus.read(tmp_path / "c")
    assert read.documents == made.documents
    assert read.layers == made.layers
    assert read.info == made.info
    assert read.info.layers["gold"] == LayerInfo(kind="human", annotator="p1", made_by='By "p1"')
    names = sorted(str(p.relative_to(tmp_path / "c")) for p in (tmp_path / "c").rglob("*.*"))
    assert names == ["corpus.toml", "documents.jsonl", "layers/gold.jsonl", "layers/rules.1.jsonl"]
    described = tomllib.loads((tmp_path / "c" / "corpus.toml").read_text())["layers"]["rules.1"]
    assert described == {"kind": "rule", "annotator": "rules.1", "derived": ["form"]}


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    corpus().write(tmp_path / "a")
    Corpus.read(tmp_path / "a").write(tmp_path / "b")
    for path in (tmp_path / "a").rglob("*.*"):
        other = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert other.read_bytes() == path.read_bytes()


def test_no_text_stands_in_a_layer(tmp_path: Path) -> None:
    corpus().write(tmp_path / "c")
    content = (tmp_path / "c" / "layers" / "gold.jsonl").read_text()
    assert "Rain" not in content
    assert "she" not in content


def test_a_layer_can_be_left_out(tmp_path: Path) -> None:
    corpus().write(tmp_path / "c")
    assert list(Corpus.read(tmp_path / "c", layers=["rules.1"]).layers) == ["rules.1"]
    with pytest.raises(DataError, match="has no layer 'golf'; its layers are: gold, rules"):
        Corpus.read(tmp_path / "c", layers=["golf"])


def test_an_existing_corpus_is_replaced_only_by_force_and_as_a_whole(tmp_path: Path) -> None:
    corpus().write(tmp_path / "c", beside={"import-report.json": "{}"})
    with pytest.raises(DataError, match="exists and is not empty"):
        corpus().write(tmp_path / "c")
    corpus().write(tmp_path / "c", force=True)
    assert not (tmp_path / "c" / "import-report.json").exists()
    with pytest.raises(DataError, match=r"gold\.jsonl: is the work of people and would be lost"):
        corpus(layers=[]).write(tmp_path / "c", force=True)
    assert Corpus.read(tmp_path / "c").layers == corpus().layers


def test_a_foreign_directory_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(DataError, match=r"has no corpus\.toml, so it was not made by inquit"):
        corpus().write(tmp_path, force=True)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


def test_labels_that_fit_no_document_are_refused() -> None:
    stray = Annotation(doc_id="zzz", spans=[])
    outside = Annotation(doc_id="b", spans=[Span("q", "quote", [(0, 99)])])
    with pytest.raises(DataError) as caught:
        corpus(layers=[Layer(name="gold", kind="human", annotations=[stray, outside])])
    assert [str(p).split(";")[0] for p in caught.value.problems] == [
        "document 'zzz': is labelled in layer 'gold' but is not in the corpus",
        "document 'b': span 'q': ends at 99, the text has 17 code points",
    ]


def test_a_document_or_layer_that_stands_twice_is_refused() -> None:
    document = Document(doc_id="d", text="x")
    layer = Layer(name="gold", kind="human", annotations=[])
    with pytest.raises(DataError) as caught:
        Corpus(CorpusInfo(name="c"), [document, document], [layer, layer])
    assert [str(p).split(";")[0] for p in caught.value.problems] == [
        "document 'd': stands twice",
        "layer 'gold' stands twice",
    ]


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    corpus().write(tmp_path)
    (tmp_path / "documents.jsonl").write_text('{"doc_id":"a"}\n{"doc_id":"b","text":"x"}\nx\n')
    (tmp_path / "layers" / "gold.jsonl").write_text('{"doc_id":"b"}\n')
    (tmp_path / "layers" / "stray.jsonl").write_text("")
    found = problems(tmp_path)
    assert [message.split(" ")[0] for message in found] == [
        "documents.jsonl:1:",
        "documents.jsonl:3:",
        "layers/gold.jsonl:1:",
        "layers/stray.jsonl:",
    ]
    assert "add [layers.stray] with its kind" in found[-1]


def test_a_missing_layer_file_is_named(tmp_path: Path) -> None:
    corpus().write(tmp_path)
    (tmp_path / "layers" / "gold.jsonl").unlink()
    (message,) = problems(tmp_path)
    assert message.startswith("layers/gold.jsonl: cannot be read (No such file")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a = 1\nname = ", ": is not TOML (Invalid value, it breaks off); write it as TOML does"),
        (b"name = 'a'\nb = x\n", ":2: is not TOML (Invalid value, column 5); write it as TOML"),
        (b"a = 1\nname = 'a'\xff", ":2: byte 16 of the file is not UTF-8 (invalid start byte)"),
        (b"version = '1'", ": field `name` is missing; give a string"),
        (b"name = 'a'\nlicense = 'x'", ": unknown field `license`; did you mean 'licence'?"),
        (b"name = 'a'\nversion = 1.0", ": `version` is 1.0, not a string; write it in quotation"),
        (b"name = 'a'\nversion = 2026-01-02", ": `version` is 2026-01-02, not a string; write"),
        (
            b"name = 'a'\n[layers.gold]\nkind = 'gold'",
            ": `layers.gold.kind` is 'gold', which is unknown; use one of human, model, rule",
        ),
        (
            b"name = 'a'\n[layers.gold]\nkind = 'human'\nmade = 'x'",
            ": `layers.gold`: unknown field `made`; did you mean 'made_by'?",
        ),
    ],
)
def test_a_wrong_description_is_explained(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "corpus.toml").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_info(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'corpus.toml'}{expected}")


def test_every_fault_of_a_description_is_told_at_once(tmp_path: Path) -> None:
    tables = "[layers.gold]\nkind = 'gold'\n[layers.eve]\nannotator = 7\n"
    (tmp_path / "corpus.toml").write_text("license = 'x'\n" + tables)
    with pytest.raises(DataError) as caught:
        read_info(tmp_path)
    assert [problem.what for problem in caught.value.problems] == [
        "unknown field `license`",
        "field `name` is missing",
        "`layers.gold.kind` is 'gold', which is unknown",
        "`layers.eve`: field `kind` is missing",
        "`layers.eve.annotator` is 7, not a string",
    ]


def test_what_is_no_corpus_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"is not a corpus directory: it has no corpus\.toml"):
        Corpus.read(tmp_path / "nowhere")


def test_a_layer_is_added_to_a_corpus_with_its_provenance(tmp_path: Path) -> None:
    made = corpus()
    made.write(tmp_path)
    labels = Annotation(doc_id="b", spans=[Span("c", "claim", [(0, 7)])])
    layer = Layer(name="p2", kind="human", annotations=[labels], guidelines="0.1")
    write_layer(tmp_path, layer)
    read = read_layer(tmp_path, "p2")
    assert read == layer
    assert (read.guidelines, read.annotator) == ("0.1", "p2")
    assert Corpus.read(tmp_path).layers["gold"] == made.layers["gold"]
    with pytest.raises(DataError, match="exists; name another place or pass --force"):
        write_layer(tmp_path, layer)
    write_layer(tmp_path, Layer(name="p2", kind="human", annotations=[]), force=True)
    assert read_layer(tmp_path, "p2").annotations == ()


def test_a_layer_that_does_not_fit_is_not_added(tmp_path: Path) -> None:
    corpus().write(tmp_path)
    stray = Annotation(doc_id="zzz", spans=[])
    with pytest.raises(DataError, match="is not in the corpus"):
        write_layer(tmp_path, Layer(name="p2", kind="human", annotations=[stray]))
    assert not (tmp_path / "layers" / "p2.jsonl").exists()
    assert "p2" not in read_info(tmp_path).layers


def test_a_layer_is_asked_for_by_name() -> None:
    made = corpus()
    assert made.layer().name == "gold"
    with pytest.raises(DataError, match="has no layer 'x'; its layers are: gold, rules"):
        made.layer("x")


def test_replacing_a_corpus_never_takes_the_exports_of_peoples_work_with_it(tmp_path: Path) -> None:
    place = tmp_path / "small"
    corpus().write(place, beside={"import-report.json": "{}"})
    corpus().write(place, force=True)
    (place / "label-studio").mkdir()
    with pytest.raises(
        DataError, match="label-studio: would be lost if the directory were replaced"
    ):
        corpus().write(place, force=True)
    assert Corpus.read(place).layers == corpus().layers


def test_layers_whose_files_may_be_the_same_are_refused() -> None:
    layers = [Layer(name=name, kind="human", annotations=[]) for name in ("venus", "Venus")]
    with pytest.raises(DataError, match="layers 'venus' and 'Venus' differ only in case"):
        corpus(layers=layers)


def test_faults_of_form_and_of_place_are_told_together(tmp_path: Path) -> None:
    corpus().write(tmp_path)
    name = next(iter(corpus().documents))
    good = {"id": "q", "label": "quote", "fragments": [[0, 9999]]}
    labels = [
        {"doc_id": "nowhere", "spans": []},
        {"doc_id": name, "spans": [good, {**good, "id": "r", "score": 1}]},
        {"doc_id": "gone", "spans": None},
    ]
    path = tmp_path / "layers" / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in labels))
    told = problems(tmp_path)
    assert [message.removeprefix("layers/gold.jsonl").split(";")[0] for message in told] == [
        ":1: document 'nowhere': is labelled in layer 'gold' but is not in the corpus",
        f":2: document '{name}': span 'r': unknown field `score`",
        f":2: document '{name}': span 'q': ends at 9999, the text has "
        f"{len(corpus().documents[name].text)} code points",
        f":2: document '{name}': span 'r': ends at 9999, the text has "
        f"{len(corpus().documents[name].text)} code points",
        ":3: document 'gone': `spans` is null, not a list",
        ":3: document 'gone': is labelled in layer 'gold' but is not in the corpus",
    ]
    with (tmp_path / "documents.jsonl").open("a") as stream:
        stream.write("{\n")
    assert not any("'nowhere'" in message for message in problems(tmp_path))
    assert sum("ends at 9999" in message for message in problems(tmp_path)) == 2
