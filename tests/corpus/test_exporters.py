from __future__ import annotations

import json
import re
import tempfile
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commands import inquit
from corpora import corpora, sample
from generators import labelled_documents, texts
from hypothesis import HealthCheck, given, settings

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    InquitError,
    Layer,
    Span,
    exporters,
    importers,
)
from inquit.corpus.boundaries import cuts_character
from inquit.corpus.exporters.brat import dumps
from inquit.corpus.exporters.conll import tokens
from inquit.corpus.exporters.outgo import ExportReport
from inquit.corpus.importers.intake import Options
from inquit.corpus.vocabulary import LABELS

BACK = ("brat", "inline", "jsonl")
SLOW = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
SHARED = Path(__file__).parents[3] / "shared/data/polnear/dev"


def there_and_back(name: str, corpus: Corpus, layer: str | None = None) -> Corpus:
    """Export and import again; nothing may be reported on the way back."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "out"
        exporters.write(name, corpus, place, layer=layer)
        imported = importers.read(name, place)
        assert imported.report.changes == []
        return imported.corpus


def known(corpus: Corpus, names: list[str], *, only_labelled: bool = False) -> tuple[Any, Any]:
    """Return documents and labels, where labels without sha256 count as made on their text."""
    labels = {
        name: {
            doc_id: msgspec.structs.replace(labels, sha256=corpus.documents[doc_id].sha256)
            for doc_id, labels in corpus.layer(name).by_document().items()
        }
        for name in names
    }
    kept = {i: d for i, d in corpus.documents.items() if not only_labelled or i in labels[names[0]]}
    return kept, labels


def one(document: Document, annotation: Annotation | None, **info: Any) -> Corpus:
    layer = Layer(
        name="gold", annotations=() if annotation is None else (annotation,), kind="human"
    )
    return Corpus(CorpusInfo(name="one", **info), [document], [layer])


@pytest.mark.parametrize("name", exporters.FORMATS)
def test_every_format_has_a_module_that_says_what_it_writes(name: str) -> None:
    module = import_module(f"inquit.corpus.exporters.{name}")
    assert module.__doc__ is not None
    assert ("lost" if name != "conll" else "Not held") in module.__doc__ or name == "inline"
    assert callable(module.write)


@pytest.mark.parametrize("name", BACK)
@given(made=labelled_documents())
@SLOW
def test_export_and_import_change_nothing(name: str, made: tuple[Document, Annotation]) -> None:
    document, annotation = made
    back = there_and_back(name, one(*made))
    assert back.documents == {document.doc_id: document}
    assert back.layer().annotations == (annotation,)


@pytest.mark.parametrize("name", BACK)
@given(corpus=corpora())
@SLOW
def test_whole_corpora_come_back(name: str, corpus: Corpus) -> None:
    names = list(corpus.layers) if name == "jsonl" else ["gold"]
    back = there_and_back(name, corpus)
    assert known(back, names) == known(corpus, names, only_labelled=name == "inline")
    assert list(back.layers) == names
    info = {layer: corpus.info.layers[layer] for layer in names}
    assert back.info == msgspec.structs.replace(corpus.info, layers=info)


@pytest.mark.parametrize("name", ["brat", "jsonl"])
@given(corpus=corpora())
@SLOW
def test_a_second_export_writes_the_same_files(name: str, corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "1", Path(folder) / "2"
        exporters.write(name, corpus, first)
        exporters.write(name, importers.read(name, first).corpus, second)
        files = {p.name: p.read_bytes() for p in first.iterdir() if p.name != "export-report.json"}
        for path in second.iterdir():
            if path.name in files:
                assert path.read_bytes() == files[path.name]


@pytest.mark.parametrize("name", BACK)
def test_the_sample_corpus_comes_back_from_each_layer(name: str) -> None:
    for layer in ("gold", "ana", "ben"):
        back = there_and_back(name, sample(), layer)
        assert known(back, [layer]) == known(sample(), [layer], only_labelled=name == "inline")
        assert list(back.layers) == [layer]


@pytest.mark.parametrize("name", BACK)
def test_a_real_corpus_comes_back(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the sample of PolNeAR is not here ({SHARED})")
    corpus = importers.read("polnear", SHARED).corpus
    names = list(corpus.layers) if name == "jsonl" else ["gold"]
    assert known(there_and_back(name, corpus), names) == known(corpus, names)


DIFFICULT = "\ufeff\U0001f600 “A\r\nb”\u2028\x85said\x0b\tÄ\u0308.\n"


def test_texts_with_odd_ends_and_breaks_survive_brat(tmp_path: Path) -> None:
    spans = [
        Span("T7", "quote", [(0, 7), (8, 10)], {"form": "direct"}),
        Span("x:1", "source", [(0, len(DIFFICULT))], {"kind": "named", "entity": " Ä\u0308 ; T7"}),
        Span("T8", "claim", [(5, 6)]),
    ]
    attributions = [
        Attribution(id="E9", content=["T7", "T8"], source=["x:1"]),
        Attribution(id="a", content=["T8"], entity="nobody\u00a0known"),
    ]
    document = Document(doc_id="a/../b: Möwe", text=DIFFICULT)
    annotation = Annotation(
        doc_id=document.doc_id, sha256=document.sha256, spans=spans, attributions=attributions
    )
    exporters.write("brat", one(document, annotation), tmp_path / "out")
    (labels,) = (tmp_path / "out").glob("*.ann")
    assert (tmp_path / "out" / f"{labels.stem}.txt").read_bytes() == DIFFICULT.encode()
    lines = labels.read_bytes().decode().split("\n")
    assert all(len(line.splitlines()) <= 1 for line in lines)
    whole = DIFFICULT.translate(str.maketrans("\r\n\u2028\x85\x0b\t", "      "))
    assert lines == [
        f"T9\tsource 0 {len(DIFFICULT)}\t{whole}",
        f"T7\tquote 0 7;8 10\t{whole[:7]} {whole[8:10]}",
        f"T8\tclaim 5 6\t{whole[5:6]}",
        f"T10\tattribution 0 7;8 10\t{whole[:7]} {whole[8:10]}",
        "E9\tattribution:T10 content:T7 content2:T8 source:T9",
        f"T11\tattribution 5 6\t{whole[5:6]}",
        "E10\tattribution:T11 content:T8",
        "A1\tkind T9 named",
        "A2\tform T7 direct",
        "#1\tinquit-entity T9\t Ä\u0308 ; T7",
        "#2\tinquit-entity E10\tnobody\u00a0known",
        "#3\tinquit-id T9\tx:1",
        "#4\tinquit-id E10\ta",
        "",
    ]
    back = importers.read("brat", tmp_path / "out").corpus
    assert back.documents == {document.doc_id: document}
    assert back.layer().annotations == (annotation,)


def test_brat_is_told_every_label_role_and_value(tmp_path: Path) -> None:
    exporters.write("brat", sample(), tmp_path / "out")
    configuration = (tmp_path / "out" / "annotation.conf").read_text()
    assert "[entities]\n" + "\n".join(LABELS) in configuration
    assert "attribution content+:quote|claim, source*:source, cue*:cue" in configuration
    assert "form Arg:quote, Value:direct|indirect|mixed|free_indirect|reported" in configuration
    assert "entity Arg" not in configuration


def test_texts_alone_can_be_taken_to_brat_and_labelled_there(tmp_path: Path) -> None:
    documents = [Document(doc_id="a", text="Salt fell."), Document(doc_id="b", text="")]
    corpus = Corpus(CorpusInfo(name="x", licence="CC0-1.0"), documents)
    report = exporters.write("brat", corpus, tmp_path / "out")
    assert (report.layers, report.documents) == ([], 2)
    assert (tmp_path / "out" / "b.ann").read_bytes() == b""
    assert importers.read("brat", tmp_path / "out").corpus.layers == {}
    (tmp_path / "out" / "a.ann").write_text("T1\tclaim 0 9\tSalt fell\n")
    back = importers.read("brat", tmp_path / "out").corpus
    assert back.documents == corpus.documents
    assert sorted(back.layers["brat"].by_document()) == ["a", "b"]
    for name in ("inline", "conll"):
        with pytest.raises(DataError, match="has no layer to write"):
            exporters.write(name, corpus, tmp_path / name)
        assert not (tmp_path / name).exists()
    exporters.write("jsonl", corpus, tmp_path / "jsonl")
    assert importers.read("jsonl", tmp_path / "jsonl").corpus.documents == corpus.documents


def test_unlabelled_documents_are_left_out_where_the_form_would_lie(tmp_path: Path) -> None:
    for name in ("inline", "conll"):
        report = exporters.write(name, sample(), tmp_path / name)
        assert [(c.action, c.doc_id, c.reason) for c in report.changes if not c.span][:1] == [
            ("dropped", "doc-test", "layer 'gold' does not cover it")
        ]
        assert report.documents == 2
    report = exporters.write("brat", sample(), tmp_path / "brat")
    assert (report.documents, report.changes) == (3, [])
    assert not (tmp_path / "brat" / "doc-test.ann").exists()
    assert report.lost == {"layers (ana, ben)": 2}


def test_long_names_and_names_that_differ_in_capitals_get_files_of_their_own(
    tmp_path: Path,
) -> None:
    names = ["a", "A", "x" * 500, "x" * 499 + "y", "„" * 100, ".", "..", "con/../x"]
    documents = [Document(doc_id=name, text=name) for name in names]
    annotations = tuple(Annotation(doc_id=name, spans=()) for name in names)
    layer = Layer(name="gold", annotations=annotations, kind="human")
    corpus = Corpus(CorpusInfo(name="x"), documents, [layer])
    for name, suffix in (("brat", ".txt"), ("inline", ".inline")):
        exporters.write(name, corpus, tmp_path / name)
        files = [path.name for path in (tmp_path / name).glob(f"*{suffix}")]
        assert len({file.casefold() for file in files}) == len(names)
        assert max(map(len, files)) < 255
        assert importers.read(name, tmp_path / name).corpus.documents == corpus.documents


def test_jsonl_has_text_and_labels_in_one_line(tmp_path: Path) -> None:
    exporters.write("jsonl", sample(), tmp_path / "out")
    lines = (tmp_path / "out" / "corpus.jsonl").read_text("utf-8").splitlines()
    first, _, last = (json.loads(line) for line in lines)
    assert first["text"].startswith("\U0001f600 “We sail,”")
    assert list(first["layers"]) == ["gold", "ana", "ben"]
    assert list(last["layers"]) == ["ben"]
    gold = first["layers"]["gold"]
    assert gold["attributions"] == [
        {"id": "a1", "content": ["q1"], "source": ["s1"], "cue": ["c1"]}
    ]
    assert {span["id"] for span in gold["spans"]} == {"q1", "s1", "c1", "k1"}


def test_a_corpus_directory_can_be_imported(tmp_path: Path) -> None:
    corpus = sample()
    corpus.write(tmp_path / "c")
    (tmp_path / "c" / "notes.md").write_text("x")
    imported = importers.read("jsonl", tmp_path / "c")
    assert imported.corpus.documents == corpus.documents
    assert imported.corpus.layers == corpus.layers
    assert [(c.action, c.path) for c in imported.report.changes] == [("unread", "notes.md")]
    assert imported.report.records == 3 + 2 + 1 + 3


def test_faulty_json_lines_are_refused_with_their_lines(tmp_path: Path) -> None:
    place = tmp_path / "out"
    exporters.write("jsonl", sample(), place)
    path = place / "corpus.jsonl"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    outside = first.replace(b'"fragments":[[', b'"fragments":[[900,901],[', 1)
    strange = second.replace(b'"gold":', b'"gold\\u0000":')
    lines = [
        first[:-20] + b"\n",
        second.replace(
            b'"spans":[]', b'"spans":[{"id":"q","label":"quot","fragments":[[1,1]]}]', 1
        ),
        strange.replace(b"doc-dev", b"doc-x"),
        third.replace(b"doc-test", b"doc-y").replace(b"Nobody", b"\xff"),
        third,
        third,
        b"[]\n",
        outside.replace(b"doc-train", b"doc-z"),
    ]
    path.write_bytes(b"".join(lines))
    with pytest.raises(DataError) as caught:
        importers.read("jsonl", place)
    found = [str(p).removeprefix(f"{path}:") for p in caught.value.problems]
    assert [int(p.split(":")[0]) for p in found] == sorted(int(p.split(":")[0]) for p in found)
    by_line: dict[int, list[str]] = {}
    for problem in found:
        number, _, what = problem.partition(": ")
        by_line.setdefault(int(number), []).append(what)
    assert by_line.keys() == {1, 2, 3, 4, 6, 7, 8}
    assert "is not JSON" in by_line[1][0]
    assert any("unknown label 'quot'" in what for what in by_line[2])
    assert any("empty fragment [1, 1)" in what for what in by_line[2])
    assert "'gold\\x00', which corpus.toml does not describe" in by_line[3][0]
    assert f"stands in {path}:5 already" in by_line[6][0]
    assert "is no document with 'layers'" in by_line[7][0]
    assert "touches or precedes" in by_line[8][0]


def test_json_lines_need_to_know_their_layers(tmp_path: Path) -> None:
    exporters.write("jsonl", sample(), tmp_path / "out")
    with pytest.raises(InquitError, match="leave out --licence"):
        importers.read("jsonl", tmp_path / "out", Options(language="en"))
    (tmp_path / "out" / "corpus.toml").unlink()
    with pytest.raises(DataError, match=r"it has no corpus\.toml"):
        importers.read("jsonl", tmp_path / "out")
    with pytest.raises(DataError, match="is not a folder"):
        importers.read("jsonl", tmp_path / "out" / "corpus.jsonl")


# CoNLL

SAID = "“Go,” said Ana Reyes.\r\n\nIt isn't o\u0308ver; Ana's boat-race cost 9.50.\n"


def conll(tmp_path: Path, *spans: Span, text: str = SAID, **document: Any) -> tuple[Any, list[str]]:
    made = Document(doc_id="d", text=text, **document)
    annotation = Annotation(doc_id="d", spans=spans)
    report = exporters.write("conll", one(made, annotation), tmp_path / "out")
    (file,) = (tmp_path / "out").glob("*.conll")
    return report, file.read_bytes().decode().split("\n")


def column(lines: list[str], label: str) -> str:
    """Return the tags of a label, a letter a token, a blank between paragraphs."""
    number = 3 + LABELS.index(label)
    return "".join(line.split("\t")[number][0] if line else " " for line in lines[1:]).rstrip()


def test_tokens_carry_tags_and_offsets(tmp_path: Path) -> None:
    spans = [
        Span("q", "quote", [(0, 5)], {"form": "direct"}),
        Span("s", "source", [(11, 20)]),
        Span("s2", "source", [(40, 43)]),
        Span("s3", "source", [(43, 45)]),
    ]
    report, lines = conll(tmp_path, *spans, split="dev")
    assert lines[:4] == [
        "# doc_id = d",
        "“\t0\t1\tB-quote\tO\tO\tO\tO\tO",
        "Go\t1\t3\tI-quote\tO\tO\tO\tO\tO",
        ",\t3\t4\tI-quote\tO\tO\tO\tO\tO",
    ]
    words = [line.split("\t")[0] for line in lines[1:] if line]
    assert words == [
        "“", "Go", ",", "”", "said", "Ana", "Reyes", ".", "It", "isn't", "o\u0308ver", ";",
        "Ana", "'s", "boat-race", "cost", "9.50", ".",
    ]  # fmt: skip
    assert column(lines, "quote") == "BIIIOOOO OOOOOOOOOO"
    assert column(lines, "source") == "OOOOOBIO OOOOBBOOOO"
    assert report.changes == []
    assert report.lost == {"attributions": 0, "attributes": 1, "span ids": 4}
    assert (report.spans["source"], report.attributions) == (3, 0)
    assert [p.name for p in sorted((tmp_path / "out").iterdir())] == [
        "dev.conll",
        "export-report.json",
    ]


def test_what_tags_cannot_say_is_named(tmp_path: Path) -> None:
    spans = [
        Span("whole", "quote", [(0, 5), (11, 20)]),
        Span("nested", "quote", [(1, 3)]),
        Span("crossing", "quote", [(15, 21)]),
        Span("other", "claim", [(1, 3)]),
        Span("cut", "source", [(6, 8)]),
        Span("space", "cue", [(21, 23)]),
        Span("loose", "cue", [(4, 11)]),
        Span("twice", "addressee", [(27, 28), (29, 31)]),
    ]
    report, lines = conll(tmp_path, *spans)
    chunks = "its 2 fragments are chunks that nothing joins"
    assert [(c.action, c.span, c.reason) for c in report.changes] == [
        ("changed", "whole", chunks),
        ("dropped", "nested", "shares a token with quote whole"),
        ("changed", "loose", "fragment [4, 11) does not begin and end with a token"),
        ("changed", "cut", "fragment [6, 8) does not begin and end with a token"),
        ("dropped", "crossing", "shares a token with quote whole"),
        ("dropped", "space", "holds no token"),
        ("changed", "twice", chunks),
        ("changed", "twice", "fragment [27, 28) does not begin and end with a token"),
        ("changed", "twice", "fragment [29, 31) does not begin and end with a token"),
    ]
    assert column(lines, "quote") == "BIIIOBIO OOOOOOOOOO"
    assert column(lines, "claim") == "OBOOOOOO OOOOOOOOOO"
    assert column(lines, "cue") == "OOOBIOOO OOOOOOOOOO"
    assert column(lines, "addressee") == "OOOOOOOO OBOOOOOOOO"
    assert report.spans == {
        "quote": 1, "claim": 1, "source": 1, "cue": 1, "addressee": 1, "ignore": 0
    }  # fmt: skip


@given(corpora())
@SLOW
def test_tags_say_what_the_spans_say(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = exporters.write("conll", corpus, Path(folder) / "out")
        written = [p.read_bytes().decode() for p in (Path(folder) / "out").glob("*.conll")]
    gold = corpus.layer().by_document()
    kept = sum(len(a.spans) for a in gold.values())
    dropped = {(c.doc_id, c.span) for c in report.changes if c.action == "dropped"}
    assert sum(report.spans.values()) == kept - sum(bool(span) for _, span in dropped)
    seen = []
    for block in re.split("^# doc_id = ", "\n".join(written), flags=re.MULTILINE)[1:]:
        doc_id, *lines = block.split("\n")
        seen.append(doc_id)
        text = corpus.documents[doc_id].text
        rows = [line.split("\t") for line in lines if line]
        assert all(len(row) == 3 + len(LABELS) for row in rows)
        for word, start, end, *tags in rows:
            assert text[int(start) : int(end)] == word
            over = {
                span.label
                for span in gold[doc_id].spans
                if any(s < int(end) and int(start) < e for s, e in span.fragments)
                and (doc_id, span.id) not in dropped
            }
            assert over == {tag[2:] for tag in tags if tag != "O"}
    assert sorted(seen) == sorted(gold)


@given(texts())
def test_tokens_cover_all_but_white_space_and_cut_no_character(text: str) -> None:
    found = tokens(text)
    covered = {i for start, end in found for i in range(start, end)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    for start, _ in found:
        assert not (start and start - 1 in covered and cuts_character(text, start))


# The command


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    sample().write(tmp_path / "c")
    return tmp_path / "c"


def test_the_command_writes_and_tells(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ran = inquit(capsys, "corpus", "export", "conll", directory, out, "--json")
    assert ran.code == 0
    assert ran.json == json.loads((out / "export-report.json").read_text())
    report = msgspec.convert(ran.json, ExportReport)
    assert report.lost["attributions"] == 1
    ran = inquit(capsys, "corpus", "export", "conll", directory, out)
    assert (ran.code, ran.out) == (1, "")
    assert "exists and is not empty; name another place or pass --force" in ran.err
    ran = inquit(capsys, "corpus", "export", "inline", directory, out, "--force")
    assert ran.code == 0
    assert "doc-test" in ran.out
    assert "layer 'gold' does not cover it" in " ".join(ran.out.split())
    assert sorted(p.name for p in out.iterdir()) == [
        "corpus.toml",
        "doc-dev.inline",
        "doc-train.inline",
        "export-report.json",
    ]
    ran = inquit(capsys, "corpus", "export", "brat", directory, directory, "--force")
    assert ran.code == 1
    assert "was not made by inquit" in ran.err
    assert Corpus.read(directory).layers == sample().layers


def test_a_layer_can_be_named_and_must_be_there(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = ["corpus", "export"]
    ran = inquit(capsys, *export, "brat", directory, tmp_path / "a", "--layer", "ana", "--json")
    assert (ran.json["layers"], ran.json["documents"]) == (["ana"], 3)
    ran = inquit(capsys, *export, "jsonl", directory, tmp_path / "b", "--layer", "zoe")
    assert ran.code == 1
    assert "has no layer 'zoe'; its layers are: ana, ben, gold" in ran.err
    corpus = sample()
    layers = [corpus.layer("ana"), corpus.layer("ben")]
    two = Corpus(corpus.info, corpus.documents.values(), layers)
    with pytest.raises(DataError, match="has 2 layers and none is 'gold'; say which to write: ana"):
        exporters.write("brat", two, tmp_path / "d")
    assert exporters.write("jsonl", two, tmp_path / "d").layers == ["ana", "ben"]


def test_an_unknown_format_is_a_mistake_in_usage(
    directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = inquit(capsys, "corpus", "export", "brta", directory, tmp_path / "a")
    assert ran.code == 2
    assert "did you mean 'brat'?" in " ".join(ran.err.replace("│", " ").split())
    with pytest.raises(DataError, match="unknown format 'xml'; formats: brat, inline"):
        exporters.write("xml", sample(), tmp_path / "a")


def test_the_page_shows_what_is_written(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", page.split("## Export")[1], re.DOTALL | re.MULTILINE)
    labels, tags = blocks
    text = "“We sail,” said Ana Reyes, the master, “at dawn.”"
    source = {"kind": "named", "entity": "Ana Reyes"}
    document = Document(doc_id="harbour", text=text)
    spans = [
        Span("q1", "quote", [(0, 10), (39, 49)], {"form": "direct"}),
        Span("T2", "cue", [(11, 15)]),
        Span("T3", "source", [(16, 37)], source),
    ]
    said = Attribution(id="E1", content=["q1"], source=["T3"], cue=["T2"])
    annotation = Annotation(doc_id="harbour", spans=spans, attributions=[said])
    written = dumps(document, annotation).splitlines()
    number = {"T4": "T1", "T5": "T4"}
    renamed = [re.sub("T[45]", lambda m: number[m[0]], line) for line in written]
    assert sorted(renamed) == sorted(labels.splitlines())
    claim = Span("c", "claim", [(1, 8)])
    with_claim = msgspec.structs.replace(annotation, spans=(*annotation.spans, claim))
    exporters.write("conll", one(document, with_claim), tmp_path / "out")
    assert (tmp_path / "out" / "none.conll").read_text("utf-8").startswith(tags)
