"""Predictions of every form are read as they are, or refused with the place and the remedy."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import inquit
from generators import labelled_documents
from hypothesis import given, settings
from hypothesis import strategies as st

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
from inquit.corpus.exporters import write as export
from inquit.corpus.jsonl import write_lines
from inquit.corpus.release import write_release
from inquit.eval import score
from inquit.eval.predictions import FORMS, read_predictions, recognise
from inquit.eval.predictions.offsets_csv import ATTRIBUTE_COLUMNS, COLUMNS
from inquit.eval.result import read_result

TEXT = "“We sail,” said Ana Reyes, the master, “at dawn.” Nobody came."
SPANS = (
    Span("q1", "quote", ((0, 10), (39, 49)), {"form": "direct"}),
    Span("c1", "cue", ((11, 15),)),
    Span("s1", "source", ((16, 37),), {"kind": "named", "entity": "Ana Reyes"}),
    Span("k1", "claim", ((50, 61),)),
)
SAID = (
    Attribution(id="a1", content=("q1",), source=("s1",), cue=("c1",)),
    Attribution(id="a2", content=("k1",), source=("s1",)),
)
DOCS = {f"d{i}": Document(doc_id=f"d{i}", text=TEXT) for i in range(12)}
GOLD = [
    Annotation(doc_id=d.doc_id, sha256=d.sha256, spans=SPANS, attributions=SAID)
    for d in DOCS.values()
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    docs = [
        msgspec.structs.replace(d, split="test" if i < 10 else "dev", licence="CC0-1.0")
        for i, d in enumerate(DOCS.values())
    ]
    gold = Layer(name="gold", kind="adjudicated", annotations=GOLD)
    Corpus(CorpusInfo(name="port", version="1"), docs, [gold]).write(tmp_path / "port")
    return tmp_path / "port"


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def as_csv(annotations: list[Annotation], documents: dict[str, Document] | None = None) -> str:
    """Every annotation as CSV; the entity of an attribution has no place in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ["id", "label", "doc_id", "end", "start", *ATTRIBUTE_COLUMNS, "attribution"]
    writer.writerow([*columns, "sha256", *(["text"] if documents else [])])
    rows = []
    for a in annotations:
        takes: dict[str, list[str]] = {}
        for said in a.attributions:
            for _, ids in said.roles():
                for name in ids:
                    takes.setdefault(name, []).append(said.id)
        if not a.spans:
            rows.append(["", "", a.doc_id, *[""] * 10, a.sha256, *([""] if documents else [])])
        for span in a.spans:
            for start, end in span.fragments:
                words = [documents[a.doc_id].text[start:end]] if documents else []
                attributes = [span.attributes.get(name, "") for name in ATTRIBUTE_COLUMNS]
                joined = " ".join(takes.get(span.id, []))
                head = [span.id, span.label, a.doc_id, end, start]
                rows.append([*head, *attributes, joined, a.sha256, *words])
    random.Random(1).shuffle(rows)
    writer.writerows(rows)
    return out.getvalue()


def as_table(annotations: list[Annotation]) -> pa.Table:
    # Arrow takes the columns from the first row, and so it must have all of them.
    rows = msgspec.to_builtins(annotations)
    return pa.Table.from_pylist([{"attributions": [], "sha256": None, **row} for row in rows])


# Every form says the same


def test_every_form_is_recognised_and_read_alike(tmp_path, corpus) -> None:
    from datasets import Dataset, DatasetDict

    rows = Dataset.from_list(msgspec.to_builtins(GOLD))
    rows.save_to_disk(tmp_path / "saved")
    halves = {"test": rows.select(range(5)), "dev": rows.select(range(5, 12))}
    DatasetDict(halves).save_to_disk(tmp_path / "splits")
    export("brat", Corpus.read(corpus), tmp_path / "brat")
    table = as_table(GOLD)
    pq.write_table(table, tmp_path / "any.name")
    with pa.ipc.new_file(tmp_path / "file.arrow", table.schema) as writer:
        writer.write_table(table)
    with pa.ipc.new_stream(tmp_path / "stream.arrow", table.schema) as writer:
        writer.write_table(table)
    write_lines(tmp_path / "layer.txt", GOLD)
    put(tmp_path / "rows", as_csv(GOLD, DOCS))
    for name, form in {
        "saved": "table",
        "splits": "table",
        "brat": "brat",
        "any.name": "table",
        "file.arrow": "table",
        "stream.arrow": "table",
        "layer.txt": "layer",
        "rows": "offsets_csv",
    }.items():
        found = read_predictions(tmp_path / name, DOCS)
        assert found.form == form == recognise(tmp_path / name)
        assert sorted(found.annotations, key=lambda a: int(a.doc_id[1:])) == GOLD, name
        assert found.notes == ()
        assert len(found.sha256) == 64
        assert found.sha256 == read_predictions(str(tmp_path / name), DOCS).sha256


@settings(max_examples=60, deadline=None)
@given(made=st.lists(labelled_documents(max_spans=6), max_size=3))
def test_any_labels_survive_csv_and_tables(tmp_path_factory, made) -> None:
    documents = {}
    wanted = []
    for number, (document, annotation) in enumerate(made):
        doc = msgspec.structs.replace(document, doc_id=f'{number},"x" =SUM(A1)')
        documents[doc.doc_id] = doc
        kept = tuple(msgspec.structs.replace(a, entity="") for a in annotation.attributions)
        wanted.append(msgspec.structs.replace(annotation, doc_id=doc.doc_id, attributions=kept))
    folder = tmp_path_factory.mktemp("any")
    path = put(folder / "x.csv", as_csv(wanted, documents))
    found = read_predictions(path, documents).annotations
    assert sorted(found, key=lambda a: a.doc_id) == wanted
    if wanted:
        pq.write_table(as_table(wanted), folder / "x.parquet")
        assert list(read_predictions(folder / "x.parquet").annotations) == wanted


def test_a_result_has_the_same_counts_from_every_form(capsys, tmp_path, corpus) -> None:
    half = GOLD[:6]
    write_lines(tmp_path / "half.jsonl", half)
    put(tmp_path / "half.csv", as_csv(half))
    pq.write_table(as_table(half), tmp_path / "half.parquet")
    shown = []
    for name in ("half.jsonl", "half.csv", "half.parquet"):
        ran = inquit(capsys, "eval", "score", corpus, tmp_path / name, "--json")
        assert (ran.code, ran.err) == (0, "")
        shown.append(ran.json)
        assert shown[-1].pop("form") in FORMS.values()
    assert shown[0] == shown[1] == shown[2]
    assert shown[0]["measures"]["attribution.f1@iou50"]["tp"] == 12


# CSV


def refused(path: Path, documents: dict[str, Document] | None = None) -> str:
    with pytest.raises(DataError) as error:
        read_predictions(path, documents)
    return "\n".join(map(str, error.value.problems))


def test_the_shortest_csv(tmp_path) -> None:
    rows = "doc_id,start,end,label\r\nd0,0,10,quote\r\nd0,0,10,quote\r\nd1,,,\r\n"
    for content in (rows, "\ufeff" + rows, rows.replace("\r\n", "\n"), rows.replace("\r\n", "\r")):
        found = read_predictions(put(tmp_path / "x.csv", content)).annotations
        assert [(a.doc_id, len(a.spans)) for a in found] == [("d0", 2), ("d1", 0)]
        # The same span twice is two predictions.
        assert [s.id for s in found[0].spans] == ["row-2", "row-3"]
    counts = score([Annotation(doc_id="d0", spans=SPANS[1:2]), GOLD[1]], found, ["quote.f1@iou50"])
    assert counts["quote.f1@iou50"].fp.tolist() == [2, 0]


def test_every_fault_of_a_csv_is_told_with_its_line(tmp_path) -> None:
    content = (
        "doc_id,id,start,end,label,form,attribution,sha256,text\n"
        "d0,q,0,10,quote,direct,a,,“We sail,”\n"
        'd0,x1,-1,10,quote,,,,\n'
        'd0,x2,0,10.0,quote,,,,"a\nb"\n'
        "d0,x3,True,NaN,quote,,,,\n"
        "d0,x4,10,2,quote,,,,\n"
        "d0,x5,5,5,quote,,,,\n"
        "d0,x6,0,3000000000,quote,,,,\n"
        "d0,x7, 1,٣,quote,,,,\n"
        "d0,x8,007,9,quote,,,,\n"
        ",x9,0,9,quote,,,,\n"
        "d0,,0,9,quote,,,,\n"
        "d0,x10,0,9\n"
        "d1,y1,0,9,qoute,,,,\n"
        "d2,y1,0,9,cue,direct,,,\n"
        "d3,y1,0,9,quote,shouted,,,\n"
        "d4,y1,0,9,quote,direct,,,\n"
        "d4,y1,12,14,quote,indirect,,,\n"
        "d5,y 1,0,9,quote,,,,\n"
        "d6,y1,0,9,quote,,,,\n"
        "d6,y1,0,9,quote,,,,\n"
        "d7,y1,0,9,quote,,,,\n"
        "d7,y1,9,12,,,,,\n"
        "d8,y1,0,9,ignore,,a,,\n"
        "d9,y1,0,9,source,,a,,\n"
        "d10,y1,0,9,quote,,a  b,,\n"
        "d11,,,,,,,,\n"
        "d11,y1,0,9,quote,,a!,,\n"
        "d12,y1,0,10,quote,,,,Wir segeln\n"
        f"d13,y1,0,10,quote,,,{'0' * 64},\n"
        f"d13,y2,0,10,quote,,,{'1' * 64},\n"
    )  # fmt: skip
    documents = {f"d{i}": Document(doc_id=f"d{i}", text=TEXT) for i in range(14)}
    told = refused(put(tmp_path / "x.csv", content), documents)
    path = tmp_path / "x.csv"
    for line, what in {
        3: "document 'd0': span 'x1': start '-1' is no offset; write it in digits only",
        4: "document 'd0': span 'x2': end '10.0' is no offset",
        6: "document 'd0': span 'x3': start 'True' is no offset",
        7: "document 'd0': span 'x4': [10, 2) ends before it starts",
        8: "document 'd0': span 'x5': [5, 5) is empty",
        9: "document 'd0': span 'x6': end '3000000000' lies outside any text",
        10: "document 'd0': span 'x7': start ' 1' is no offset",
        11: "document 'd0': span 'x8': start '007' begins with a zero; write it without",
        12: "doc_id is empty",
        13: "document 'd0': id is empty",
        14: "has 4 cells, the first row has 9",
        15: "document 'd1': span 'y1': unknown label 'qoute'",
        16: "document 'd2': span 'y1': a cue has no attribute 'form'",
        17: "document 'd3': span 'y1': form 'shouted' is unknown",
        19: "document 'd4': span 'y1': says something else of the span than line 18",
        20: "document 'd5': span 'y 1': span id 'y 1' is not valid",
        22: "document 'd6': span 'y1': repeats line 21",
        23: "document 'd7': span 'y1': fragment [9, 12) touches or precedes",
        25: "document 'd8': span 'y1': 'ignore' takes no part in an attribution",
        26: "document 'd9': attribution 'a': has no content",
        27: "document 'd10': span 'y1': attribution 'a  b' is not a list of ids",
        28: "document 'd11': says that nothing was found",
        29: "document 'd11': attribution 'a!': attribution id 'a!' is not valid",
        30: "document 'd12': span 'y1': text is 'Wir segeln', the document has '“We sail,”' there",
        32: "document 'd13': sha256 is not that of the rows above",
    }.items():  # fmt: skip
        assert f"{path}:{line}: {what}" in told, (line, told)
    assert "span 'x3': end 'NaN' is no offset" in told
    assert "span 'x7': end '٣' is no offset" in told
    assert [int(x.split(":")[1]) for x in told.splitlines()] == sorted(
        int(x.split(":")[1]) for x in told.splitlines()
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("doc_id;start;end;label\nd;0;1;quote\n", ":1: columns are divided by semicolons"),
        ("doc_id\tstart\tend\tlabel\n", ":1: columns are divided by tabs"),
        ("doc_id,start,end\n", ":1: column 'label' is missing"),
        ("doc_id,start,end,label,label\n", ":1: column 'label' stands twice"),
        ("Doc_ID,start,end,label\n", "there is no column 'Doc_ID'; did you mean 'doc_id'?"),
        ("doc_id,start,end,lable\n", "there is no column 'lable'; did you mean 'label'?"),
        ("doc_id,start,end,label,role\n", "the role of a span follows from its label"),
        ('doc_id,start,end,label\nd,0,1,"quote\n', ":2: cannot be read as CSV (unexpected end"),
        ('doc_id,start,end,label\nd,0,1,"quo"te\n', ":2: cannot be read as CSV"),
        ("doc_id,start,end,label\nd,0," + "9" * 5000 + ",quote\n", "lies outside any text; give"),
        ("doc_id,start,end,label\nd,0,1,quote\nd\0,0,1,quote\n", ":3: holds NUL"),
        (b"\xef\xbb\xbfdoc_id,start,end,label\nd,0,1,quote\nd\xe9,0,1,q\n", ":3: is not UTF-8"),
        ("doc_id,start,end,label\n=HYPERLINK(1),0,1,=1+1\n", "unknown label '=1+1'"),
        ("doc_id,start,end,label\n\x1b[31m,0,1,x\n", "document '\\x1b[31m'"),
    ],
)
def test_csv_that_cannot_be_read_is_refused(tmp_path, content, told) -> None:
    assert told in refused(put(tmp_path / "x.csv", content))


def test_a_fault_of_the_first_row_is_told_once(tmp_path) -> None:
    for content, wanted in (
        ('doc_id, "start",End,label,label\n', ["no column ' \"start\"'; did you mean 'start'?",
                                              "no column 'End'; did you mean 'end'?",
                                              "column 'label' stands twice; keep one"]),
        ("doc_id,strat,end,label\n", ["no column 'strat'; did you mean 'start'?",
                                      "column 'start' is missing"]),
        ("doc_id,start,end,label\nd\n", ["has 1 cell, the first row has 4; give one cell a col"]),
    ):  # fmt: skip
        told = refused(put(tmp_path / "x.csv", content)).splitlines()
        assert len(told) == len(wanted), told
        assert all(what in line for what, line in zip(wanted, told, strict=True)), told


def test_a_fault_of_a_csv_hides_no_other(tmp_path) -> None:
    documents = {f"d{i}": Document(doc_id=f"d{i}", text=TEXT) for i in range(6)}
    content = (
        "doc_id,id,start,end,label,form,attribution,text\n"
        "d0,q,x,10,qoute,,a,\n"
        "d0,q,12,y,,,,\n"
        "d0,r,0,10,quote,shouted,b!,Wir segeln\n"
        "d0,c,11,15,cue,,b!,\n"
        "d0,i,0,10,ignore,,b,\n"
        "d0,s,16,37,source,,a c,\n"
        "d1,,0,10,quote,,c,Wir segeln\n"
        "d1,s,16,37,source,,c,\n"
        "d2,s,16,37,source,,d,\n"
        "d2,quote,d\n"
        "d3,s,16,37,source,,a,\n"
    )
    told = refused(put(tmp_path / "x.csv", content), documents).splitlines()
    path = tmp_path / "x.csv"
    wanted = [
        (2, "document 'd0': span 'q': start 'x' is no offset"),
        (2, "document 'd0': span 'q': unknown label 'qoute'"),
        (3, "document 'd0': span 'q': end 'y' is no offset"),
        (4, "document 'd0': span 'r': text is 'Wir segeln'"),
        (4, "document 'd0': span 'r': form 'shouted' is unknown"),
        (4, "document 'd0': attribution 'b!': attribution id 'b!' is not valid"),
        (6, "document 'd0': span 'i': 'ignore' takes no part"),
        (7, "document 'd0': attribution 'c': has no content"),
        (8, "document 'd1': id is empty"),
        (8, "document 'd1': text is 'Wir segeln'"),
        (11, "has 3 cells, the first row has 8"),
        (12, "document 'd3': attribution 'a': has no content"),
    ]
    for line, what in wanted:
        assert sum(x.startswith(f"{path}:{line}: {what}") for x in told) == 1, (line, what, told)
    assert len(told) == len(wanted), told


def test_a_cell_of_a_csv_may_be_as_long_as_an_article(tmp_path) -> None:
    limit = csv.field_size_limit()
    text = "“" + "We sail. " * 20_000 + "”"
    documents = {"d": Document(doc_id="d", text=text)}
    content = f'doc_id,start,end,label,text\nd,0,{len(text)},quote,"{text}"\n'
    (found,) = read_predictions(put(tmp_path / "x.csv", content), documents).annotations
    assert found.spans[0].fragments == ((0, len(text)),)
    put(tmp_path / "x.csv", content.replace("We sail", "We fail", 1))
    assert ":2: document 'd': span 'row-2': text is '“We fail" in refused(
        tmp_path / "x.csv", documents
    )
    assert csv.field_size_limit() == limit


def test_a_header_alone_predicts_nothing(capsys, tmp_path, corpus) -> None:
    put(tmp_path / "x.csv", ",".join(COLUMNS))
    put(tmp_path / "x.jsonl", "\n")
    pq.write_table(as_table(GOLD).slice(0, 0), tmp_path / "x.parquet")
    for name, unit in (("x.csv", "row"), ("x.jsonl", "line"), ("x.parquet", "row")):
        ran = inquit(capsys, "eval", "score", corpus, tmp_path / name)
        assert (ran.code, ran.out) == (1, "")
        told = f"{name}: holds no document, so nothing is predicted; give each document a {unit}"
        assert told in ran.err


def test_documents_come_in_any_form(tmp_path, corpus) -> None:
    path = put(tmp_path / "s.jsonl", lines(*STRINGS))
    wanted = read_predictions(path, DOCS).annotations
    for documents in (Corpus.read(corpus), [*DOCS.values()], iter(DOCS.values())):
        assert read_predictions(path, documents).annotations == wanted
    for documents, what in (("corpus", "str"), ([None], "NoneType"), (5, "int")):
        with pytest.raises(DataError, match=f"{what} is not a form that documents come in; give"):
            read_predictions(path, documents)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="'d0': stands twice among the documents"):
        read_predictions(path, [*DOCS.values()] * 2)


def test_lines_that_end_in_a_carriage_return_alone_are_named(tmp_path) -> None:
    path = put(tmp_path / "x.jsonl", lines(*STRINGS[:3]).replace("\n", "\r"))
    assert ":1: is not JSON" in refused(path, DOCS)
    assert "end each line with a line feed; a carriage return alone ends none" in refused(path)


def test_many_rows_and_many_rows_of_one_document(tmp_path) -> None:
    row = "".join(f"d{{0}},{i * 10},{i * 10 + 5},quote\n" for i in range(50_000))
    content = "doc_id,start,end,label\n" + "".join(row.format(d) for d in range(2))
    found = read_predictions(put(tmp_path / "x.csv", content))
    assert [len(a.spans) for a in found.annotations] == [50_000, 50_000]


def test_words_of_a_csv_are_verified_where_the_text_is_known(capsys, tmp_path, corpus) -> None:
    path = put(tmp_path / "x.csv", "doc_id,start,end,label,text\nd0,0,2,quote,xx\n")
    found = read_predictions(path)
    assert "was not verified" in found.notes[0]
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert f"{path}:2: document 'd0': span 'row-2': text is 'xx'" in ran.err


def test_offsets_outside_and_unknown_documents_are_told_with_their_line(
    capsys, tmp_path, corpus
) -> None:
    rows = f"d0,0,999,quote,\nnowhere,0,1,quote,\nd1,0,1,quote,{'0' * 64}\n"
    path = put(tmp_path / "x.csv", "doc_id,start,end,label,sha256\n\n" + rows)
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert f"{path}:3: document 'd0': span 'row-3': ends at 999, the text has 62" in ran.err
    assert f"{path}:4: document 'nowhere': is predicted, gold does not know it" in ran.err
    assert f"{path}:5: document 'd1': labels were made over a text with sha256" in ran.err


def test_faults_of_form_and_faults_against_the_text_are_told_at_once(
    capsys, tmp_path, corpus
) -> None:
    rows = (
        "d0,0,6,qoute,,,\n"
        "d0,0,99999,quote,,,\n"
        "d1,0,x,quote,,,\n"
        "d1,0,99999,quote,,,\n"
        f"d2,0,5,qoute,,,{'0' * 64}\n"
        "nowhere,0,6,qoute,,,\n"
        "d3,0,88888,quote,a,,\n"
        "d3,0,6,ignore,a,,\n"
        "d4,0,77777,quote,,shouted,\n"
        "d4,0,66666,quote,,,\n"
    )
    head = "doc_id,start,end,label,attribution,form,sha256\n"
    path = put(tmp_path / "x.csv", head + rows)
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert (ran.code, ran.out) == (1, "")
    for line, what in (
        (2, "span 'row-2': unknown label 'qoute'"),
        (3, "span 'row-3': ends at 99999, the text has 62"),
        (4, "span 'row-4': end 'x' is no offset"),
        (5, "span 'row-5': ends at 99999, the text has 62"),
        (6, "span 'row-6': unknown label 'qoute'"),
        (6, "labels were made over a text with sha256"),
        (7, "span 'row-7': unknown label 'qoute'"),
        (7, "is predicted, gold does not know it"),
        (8, "span 'row-8': ends at 88888, the text has 62"),
        (9, "'ignore' takes no part in an attribution"),
        (10, "form 'shouted' is unknown"),
        (11, "span 'row-11': ends at 66666, the text has 62"),
    ):
        told = [x for x in ran.err.splitlines() if f"{path}:{line}: " in x and what in x]
        assert len(told) == 1, (line, what, ran.err)


# brat


def brat(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        put(folder / name.replace("_", "."), content)
    return folder


ANN = "T1\tquote 0 10;39 49\t“We sail,” “at dawn.”\nT2\tsource 16 25\tAna Reyes\n"
ANN += "R1\tsaid Arg1:T1 Arg2:T2\n"


def test_a_brat_folder_needs_no_text_beside_known_documents(capsys, tmp_path, corpus) -> None:
    folder = brat(tmp_path / "b", d0_ann=ANN, d1_ann="", README_md="")
    ran = inquit(capsys, "eval", "score", corpus, folder, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["measures"]["attribution.f1@iou50"]["tp"] == 1
    assert ran.json["missing_documents"] == [f"d{i}" for i in range(2, 12)]
    assert ran.json["form"] == "brat folder"
    assert ran.json["notes"][0] == "not read, for they are no .ann files: README.md"


def test_a_brat_folder_with_texts_is_scored_against_a_layer_file(capsys, tmp_path, corpus) -> None:
    gold = corpus / "layers" / "gold.jsonl"
    folder = brat(tmp_path / "b", d0_ann=ANN)
    ran = inquit(capsys, "eval", "score", gold, folder)
    assert ran.code == 1
    assert "d0.ann: there is no text to hold the offsets against; pass --documents" in ran.err
    assert inquit(capsys, "eval", "score", gold, folder, "--documents", corpus).code == 0
    brat(folder, d0_txt=TEXT)
    assert inquit(capsys, "eval", "score", gold, folder).code == 0
    brat(folder, d0_txt=TEXT + " More.")
    ran = inquit(capsys, "eval", "score", gold, folder)
    assert "document 'd0': labels were made over a text with sha256" in ran.err
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert ran.code == 1
    assert "d0.txt: is not the text of document 'd0'" in ran.err


def test_brat_records_that_would_be_scored_are_never_dropped(capsys, tmp_path, corpus) -> None:
    folder = brat(
        tmp_path / "b",
        d0_ann="T1\tQuote 0 10\t“We sail,”\nT2\tPerson 16 25\tAna Reyes\nA1\tmood T1 glad\n"
        "#1\tAnnotatorNotes T1\tlook again\n",
        d1_ann="T1\tquote 0 10\tWe sail\nT9\tquote 0 999\tx\n",
        nowhere_ann=ANN,
    )
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert ran.code == 1
    for told in (
        f"{folder / 'd0.ann'}:2: T2: label 'Person' has no counterpart",
        f"{folder / 'd0.ann'}:3: A1: attribute 'mood' of T1",
        f"{folder / 'd1.ann'}:1: T1 says 'We sail', the text has '“We sail,”' there",
        f"{folder / 'd1.ann'}:2: T9: fragment [0, 999) is outside the text",
        f"{folder / 'nowhere.ann'}: labels 'nowhere', which is none of the documents",
    ):
        assert told in ran.err
    assert "#1" not in ran.err
    brat(folder, d0_ann="T1\tquote 39 49;0 10\t“at dawn.” “We sail,”\n#1\tNote T1\thm\n", d1_ann="")
    (folder / "nowhere.ann").unlink()
    notes = inquit(capsys, "eval", "score", corpus, folder, "--json").json["notes"]
    assert notes[0] == "1 brat note left out"
    assert notes[1].startswith("1 brat record read with a remark, first d0.ann:1: T1: fragments")


def test_every_fault_of_a_brat_file_is_told_at_once(capsys, tmp_path, corpus) -> None:
    folder = brat(
        tmp_path / "b",
        d0_ann="T1\tPerson 16 25\tAna Reyes\n"
        "T2\tquote 0 10\tWe sail\n"
        "T3\tquote 0 999\tx\n"
        "T4\tsaid 11 15\tsaid\n"
        "T5\tcried 11 15\tsaid\n"
        "T6\tquote 0 10\t“We sail,”\n"
        "E1\tsaid:T4 Content:T9\n"
        "E2 cried:T5 Content:T6\n"
        "E3\tSaying:T6 Mood:T1 Source:E3\n"
        "R1\tsaid Arg1:T3 Arg2:T6\n"
        "A1\tmood T6 glad\n"
        "A2\tform T3 direct\n"
        "#1\tinquit-id T6\tnot an id\n",
    )
    ran = inquit(capsys, "eval", "score", corpus, folder)
    path = folder / "d0.ann"
    told = [
        f"{path}:1: T1: label 'Person' has no counterpart",
        f"{path}:2: T2 says 'We sail', the text has '“We sail,”' there",
        f"{path}:3: T3: fragment [0, 999) is outside the text",
        f"{path}:7: E1 names 'T9', which the file does not have",
        f"{path}:8: 'E2 cried:T5 Content:T6' is a broken record",
        f"{path}:9: E3: argument 'Mood' has no counterpart; use the labels",
        f"{path}:9: E3: Source names event E3; attributions hold spans only; use the labels",
        f"{path}:11: A1: attribute 'mood' of T6: a quote has no such attribute",
        "span 'not an id': span id 'not an id' is not valid",
    ]
    for what in told:
        assert ran.err.count(what) == 1, (what, ran.err)
    assert len(ran.err.splitlines()) == len(told), ran.err


def test_labels_in_subfolders_and_in_no_files_are_never_passed_over(
    capsys, tmp_path, corpus
) -> None:
    folder = brat(tmp_path / "b", d0_ann=ANN)
    brat(folder / "more", d1_ann=ANN)
    brat(folder / "notes", readme_txt="")
    (folder / "d2.ann").mkdir()
    os.mkfifo(folder / "d3.ann")
    (folder / "d4.ann").symlink_to(folder / "gone")
    put(folder / "d5.ann", "T1\tPerson 16 25\tAna Reyes\n")
    wanted = [
        "d2.ann: is a folder; subfolders are not searched: put its files beside the others",
        "d3.ann: is a pipe or device; put the file itself there",
        "d4.ann: is a broken link; put the file itself there",
        "d5.ann:1: T1: label 'Person' has no counterpart; use the labels and attributes of docs/"
        "formats.md, or remove the record",
        "more: is a folder with .ann files; subfolders are not searched: put its files beside the "
        "others",
    ]
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert (ran.code, ran.out) == (1, "")
    told = ran.err.removeprefix("error: ").splitlines()
    assert sorted(told) == [f"{folder}{os.sep}{what}" for what in wanted]
    for name in ("d0.ann", "d5.ann"):
        (folder / name).unlink()
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert sorted(ran.err.removeprefix("error: ").splitlines()) == [
        f"{folder}{os.sep}{what}" for what in wanted if "d5" not in what
    ]


def test_a_span_that_brat_names_twice_in_a_role_is_remarked(capsys, tmp_path, corpus) -> None:
    twice = "T4\tsaid 11 15\tsaid\nE1\tsaid:T4 content:T1 source:T2 source2:T2\n"
    folder = brat(tmp_path / "b", d0_ann="".join(ANN.splitlines(True)[:2]) + twice)
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert "first d0.ann:4: E1: T2 is source twice" in ran.out


def test_brat_files_never_lead_out_of_their_folder(capsys, tmp_path, corpus) -> None:
    outside = put(tmp_path / "secret.ann", ANN)
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "d0.ann").symlink_to(outside)
    put(folder / "d1.ann", ANN)
    (folder / "d1.txt").symlink_to(put(tmp_path / "other.txt", TEXT))
    put(folder / "..%2Fsecret.ann", "")
    row = {"file": "../secret", "doc_id": "d2"}
    put(folder / "metadata.jsonl", json.dumps(row) + "\n")
    ran = inquit(capsys, "eval", "score", corpus, folder)
    assert ran.code == 1
    assert "d0.ann: is a link to a file outside the source" in ran.err
    assert "d1.txt: is a link to a file outside the source" in ran.err
    assert "labels '..%2Fsecret', which is none of the documents" in ran.err
    assert "d2" not in ran.err
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "d0.ann").symlink_to(outside)
    assert refused(alone, DOCS).splitlines() == [
        f"{alone / 'd0.ann'}: is a link to a file outside the source; put the file itself there"
    ]


def test_document_ids_that_are_no_file_names_are_found_by_their_export(tmp_path) -> None:
    doc = Document(doc_id="../a:b", text=TEXT, licence="CC0-1.0")
    labels = Annotation(doc_id=doc.doc_id, sha256=doc.sha256, spans=SPANS, attributions=SAID)
    gold = Layer(name="gold", kind="human", annotations=[labels])
    export("brat", Corpus(CorpusInfo(name="x"), [doc], [gold]), tmp_path / "b")
    for _ in "ab":
        found = read_predictions(tmp_path / "b", {doc.doc_id: doc})
        assert list(found.annotations) == [labels]
        (tmp_path / "b" / "metadata.jsonl").unlink(missing_ok=True)


def test_a_brat_name_that_may_mean_two_documents_is_refused(tmp_path) -> None:
    documents = {i: Document(doc_id=i, text=TEXT) for i in ("a:b", "a%3Ab")}
    folder = brat(tmp_path / "b")
    put(folder / "a%3Ab.ann", ANN)
    assert "may label 'a%3Ab' or 'a:b', whose export has this name" in refused(folder, documents)
    put(folder / "metadata.jsonl", lines({"file": "a%3Ab", "doc_id": "a:b"}))
    assert read_predictions(folder, documents).annotations[0].doc_id == "a:b"


# Tables


def row(**changes: Any) -> dict[str, Any]:
    span = {"id": "q", "label": "quote", "fragments": [[0, 10]]}
    return {"doc_id": "d0", "spans": [span | changes]}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"doc_id": "d0"}], "has no column spans, but 'doc_id'"),
        ([row(fragments=[[0.0, 5.0]])], "row 1: document 'd0': span 'q'"),
        ([row(fragments=[[True, True]])], "row 1: document 'd0': span 'q'"),
        ([row(fragments=[[5, 2]])], "row 1: document 'd0': span 'q': fragment [5, 2) ends"),
        ([row(fragments=[[-5, 2]])], "lies outside any text"),
        ([row(fragments=[[5]])], "span 'q'"),
        ([row(label="qoute")], "unknown label 'qoute'"),
        ([row(attributes={"mood": "glad"})], "a quote has no attribute 'mood'"),
        ([row(), row()], "row 2: document 'd0': stands in"),
        ([{"doc_id": "d0", "spans": None}, row()], "'d0': field `spans` is missing"),
        ([{"doc_id": None, "spans": []}], "row 1: field `doc_id` is missing; name the doc"),
        ([{"doc_id": "d0", "spans": "all"}], "'d0': `spans` is the string 'all', not"),
        (
            [{"doc_id": "d0", "spans": [{"id": "q", "label": "quote", "text": "x"}]}],
            "holds strings, and the documents they are from are not known; pass --documents",
        ),
        ([row(text="x")], "row 1: document 'd0': span 'q': has offsets and words; keep one"),
        (
            [row(), {"doc_id": "d1", "spans": [{"id": "q", "label": "quote", "text": "x"}]}],
            "row 2: document 'd1': span 'q': has words, others have offsets; put strings and",
        ),
        (
            [{"doc_id": "d1", "spans": [{"id": "q", "label": "quote", "text": "x"}]}, row()],
            "row 2: document 'd0': span 'q': holds offsets, not a string; a strings file gives",
        ),
    ],
)
def test_bad_rows_of_a_table_are_told(tmp_path, rows, told) -> None:
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    assert told in refused(tmp_path / "x.parquet")


def nested(*, fragment: Any = None, attributes: Any = None, label: Any = None) -> pa.Table:
    """Return a table of one quote some parts of whose type, and what stands there, are others."""
    parts = {
        "id": pa.array(["q"]),
        "label": pa.array(["quote"]) if label is None else label,
        "fragments": pa.array([[[0, 10]] if fragment is None else [fragment]]),
    }
    parts |= {} if attributes is None else {"attributes": attributes}
    spans = pa.StructArray.from_arrays([*parts.values()], [*parts])
    return pa.table({"doc_id": ["d0"], "spans": pa.ListArray.from_arrays([0, 1], spans)})


_MAP = pa.map_(pa.string(), pa.string())


@pytest.mark.parametrize(
    ("table", "told", "told_in_python"),
    [
        (
            nested(attributes=pa.array([["form"]])),
            "span 'q': `attributes` is a list, not an object",
            "`spans.attributes` is 'list<",
        ),
        (
            nested(attributes=pa.array([[["form", "direct"]]])),
            "span 'q': `attributes` is a list, not an object",
            "`spans.attributes` is 'list<",
        ),
        (
            nested(attributes=pa.array([[("form", "direct"), ("form", "mixed")]], _MAP)),
            "span 'q': attribute 'form' stands twice; keep one of the two",
            "an attribute stands twice in a map of `spans.attributes`; keep one of the two",
        ),
        (
            nested(attributes=pa.array([[("form", 1)]], pa.map_(pa.string(), pa.int8()))),
            "span 'q': `attributes.form` is 1, not a string",
            "`spans.attributes` is 'int8', not text",
        ),
        (
            nested(attributes=pa.array([[("from", "direct")]], _MAP)),
            "span 'q': a quote has no attribute 'from'",
            "unknown attribute 'from' in `spans.attributes`; did you mean 'form'?",
        ),
        (
            nested(attributes=pa.array([{"mood": "glad"}])),
            "span 'q': a quote has no attribute 'mood'",
            "unknown field 'mood' in `spans.attributes`",
        ),
        (
            nested(fragment={"start": 0, "end": 10, "paragraph": 3}),
            "span 'q': `fragments[0]`: unknown field 'paragraph'; its fields are start, end",
            "unknown field 'paragraph' in `spans.fragments`; its fields are start, end",
        ),
        (
            nested(fragment={"start": 0, "length": 10}),
            "x.parquet row 1: document 'd0': span 'q': `fragments[0]`: unknown field 'length'; its "
            "fields are start, end",
            "unknown field 'length' in `spans.fragments`; its fields are start, end",
        ),
        (
            nested(label=pa.array([0])),
            "`label` is 0, not a string; give labels by their names, as strings (a ClassLabel",
            "`spans.label` is int64, not text; give labels by their names, as strings (a Class",
        ),
        (
            nested().append_column("spans", nested()["spans"]),
            "x.parquet: has column 'spans' twice; keep one of the two",
            "has column 'spans' twice; keep one of the two",
        ),
        (
            pa.table({"doc_id": ["d0"]}).append_column(
                "spans",
                pa.ListArray.from_arrays(
                    [0, 1],
                    pa.StructArray.from_arrays([pa.array(["q"])] * 2, ["id", "id"]),
                ),
            ),
            "x.parquet: has field 'id' twice in `spans`; keep one of the two",
            "has field 'id' twice in `spans`; keep one of the two",
        ),
    ],
)
def test_nothing_inside_a_table_is_dropped(tmp_path, table, told, told_in_python) -> None:
    pq.write_table(table, tmp_path / "x.parquet")
    with pa.ipc.new_file(tmp_path / "x.arrow", table.schema) as writer:
        writer.write_table(table)
    assert told in refused(tmp_path / "x.parquet")
    assert told.replace("x.parquet", "x.arrow") in refused(tmp_path / "x.arrow")
    with pytest.raises(DataError) as error:
        score(GOLD, table, documents=DOCS, resamples=0)
    assert told_in_python in str(error.value)


def test_attributes_that_are_counted_are_held_against_the_vocabulary() -> None:
    spans = [
        {"id": "q", "label": "quote", "fragments": [[0, 10]], "attributes": {"form": "Direct"}},
        {"id": "r", "label": "quote", "fragments": [[0, 9]], "attributes": {"form": "direct"}},
        {"id": "c", "label": "cue", "fragments": [[11, 15]], "attributes": {"form": "mixed"}},
    ]
    for number, kind in enumerate((None, _MAP)):
        table = pa.Table.from_pylist([{"doc_id": "d0", "spans": spans}])
        if kind:
            rows = [[[*s["attributes"].items()] for s in spans]]
            table = pa.Table.from_pylist(
                [
                    {"doc_id": "d0", "spans": [s | {"attributes": a} for s, a in
                     zip(spans, rows[0], strict=True)]}
                ],
                pa.schema(
                    {
                        "doc_id": pa.string(),
                        "spans": pa.list_(
                            pa.struct(
                                {
                                    "id": pa.string(),
                                    "label": pa.string(),
                                    "fragments": pa.list_(pa.list_(pa.int64())),
                                    "attributes": kind,
                                }
                            )
                        ),
                    }
                ),
            )  # fmt: skip
        with pytest.raises(DataError) as error:
            score(GOLD, table, ["quote[form=direct].f1@exact"], resamples=0)
        assert [x.split(";")[0] for x in str(error.value).splitlines()] == [
            "document 'd0': span 'q': form 'Direct' is unknown",
            "document 'd0': span 'c': a cue has no attribute 'form'",
        ], number
        assert score(GOLD, table, ["quote.f1@exact"], resamples=0)


def test_attributions_of_a_table_name_a_span_once_and_an_entity_alone() -> None:
    row = msgspec.to_builtins(GOLD[0])
    row["attributions"] = [
        {"id": "a", "content": ["q1", "k1", "q1"], "source": [], "entity": "Ana"},
        {"id": "b", "content": ["q1", "k1"], "source": ["s1"], "entity": "Ana"},
        {"id": "c", "content": ["q1"], "source": ["s1"], "entity": ""},
    ]
    with pytest.raises(DataError) as error:
        score(GOLD, pa.Table.from_pylist([row]), ["attribution.f1@iou50"], resamples=0)
    assert str(error.value).splitlines() == [
        "document 'd0': attribution 'a': content names a span twice; name each span once",
        "document 'd0': attribution 'b': has an entity beside a source; give the entity to the "
        "source",
    ]


def test_fields_that_are_null_say_nothing(tmp_path) -> None:
    fragment = {"start": 0, "end": 10, "paragraph": None}
    table = nested(fragment=fragment, attributes=pa.array([[("form", "direct")]], _MAP))
    pq.write_table(table.append_column("title", pa.array(["x"])), tmp_path / "x.parquet")
    (found,) = read_predictions(tmp_path / "x.parquet").annotations
    assert found.spans == (Span("q", "quote", [(0, 10)], {"form": "direct"}),)
    bare = nested(fragment=fragment, attributes=pa.array([[]], _MAP))
    second = pa.concat_tables([table, bare]).combine_chunks().slice(1)
    for rows, wanted in ((table, 1), (second, 0)):
        found = score(GOLD[:1], rows, ["quote[form=direct].f1@exact"], resamples=0)
        assert found["quote[form=direct].f1@exact"].totals.tolist()[1] == wanted


def test_a_table_without_columns_is_said_to_have_none(tmp_path) -> None:
    pq.write_table(pa.table({}), tmp_path / "x.parquet")
    assert "and no column spans: it has no columns; name the columns" in refused(
        tmp_path / "x.parquet"
    )


def as_strings(annotations: list[Annotation]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = msgspec.to_builtins(annotations)
    for said in rows:
        for span in said["spans"]:
            parts = [TEXT[start:end] for start, end in span.pop("fragments")]
            span["text"] = " … ".join(parts)
    return rows


def test_strings_in_a_table_are_found_as_those_of_a_file(capsys, tmp_path, corpus) -> None:
    from datasets import Dataset

    rows = as_strings(GOLD[:6])
    rows[5]["spans"][0]["text"] = "Words of nobody at all."
    put(tmp_path / "x.jsonl", lines(*rows))
    dataset = Dataset.from_list(rows)
    dataset.save_to_disk(tmp_path / "saved")
    dataset.to_parquet(tmp_path / "x.parquet")
    wanted = read_predictions(tmp_path / "x.jsonl", DOCS)
    assert wanted.annotations[0].spans == SPANS
    shown = []
    for name in ("x.jsonl", "saved", "x.parquet"):
        found = read_predictions(tmp_path / name, DOCS)
        assert (found.annotations, found.grounding) == (wanted.annotations, wanted.grounding)
        ran = inquit(capsys, "eval", "score", corpus, tmp_path / name, "--json")
        assert (ran.code, ran.err) == (0, "")
        shown.append(ran.json)
        del shown[-1]["form"]
    assert shown[0] == shown[1] == shown[2]
    assert "1 string found nowhere (ungrounded)" in "\n".join(shown[0]["notes"])

    scores = score(GOLD, dataset, documents=DOCS, resamples=0)
    assert scores.to_json() == score(
        GOLD, wanted.annotations, documents=DOCS, resamples=0
    ).to_json() | {"notes": list(scores.notes)}
    assert scores.notes[:2] == wanted.grounding.notes()
    for gold, documents in ((GOLD, None), (dataset, DOCS)):
        with pytest.raises(DataError, match=r"have `text`.*; pass documents"):
            score(gold, dataset, documents=documents)


def test_faults_of_strings_in_a_table_are_told_at_once(capsys, tmp_path, corpus) -> None:
    rows = as_strings(GOLD[:4])
    rows[0]["spans"][0]["label"] = "qoute"
    rows[1]["spans"][1]["text"] = None
    rows[2]["doc_id"] = "nowhere"
    rows[3]["attributions"][0]["content"] = ["q9"]
    path = tmp_path / "x.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert (ran.code, ran.out) == (1, "")
    told = (
        "row 1: document 'd0': span 'q1': unknown label 'qoute'",
        "row 2: document 'd1': span 'c1': field `text` is missing",
        "row 3: document 'nowhere': is predicted, gold does not know it",
        "row 4: document 'd3': attribution 'a1': content names span 'q9'",
    )
    for what in told:
        assert ran.err.count(f"{path} {what}") == 1, (what, ran.err)
    with pytest.raises(DataError) as error:
        score(GOLD, pa.Table.from_pylist(rows), documents=DOCS)
    assert str(error.value).startswith(told[0])
    assert len(error.value.problems) == 3
    for documents in (DOCS, None):
        with pytest.raises(DataError, match="row 1: document 'd0': span 'q': has offsets and wo"):
            score(GOLD, pa.Table.from_pylist([row(text="x")]), documents=documents)
    mixed = [*as_strings(GOLD[:1]), row() | {"doc_id": "d1"}]
    mixed[0]["spans"][0]["fragments"] = None
    with pytest.raises(DataError, match="row 2: document 'd1': span 'q': holds offsets"):
        score(GOLD, pa.Table.from_pylist(mixed), documents=DOCS)


def test_tables_may_leave_out_and_write_in_other_ways(tmp_path) -> None:
    span = {"id": "q", "label": "quote", "fragments": [{"start": 0, "end": 10}]}
    span["attributes"] = [("form", "direct")]
    kind = pa.struct(
        [
            ("id", pa.string()),
            ("label", pa.large_string()),
            ("fragments", pa.list_(pa.struct([("start", pa.int64()), ("end", pa.uint8())]))),
            ("attributes", pa.map_(pa.string(), pa.string())),
            ("note", pa.null()),
        ]
    )
    table = pa.table(
        {
            "doc_id": ["d0"],
            "title": ["x"],
            "spans": pa.array([[span]], pa.list_(kind)),
            "sha256": pa.array([None], pa.string()),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    (found,) = read_predictions(tmp_path / "x.parquet").annotations
    assert found == Annotation(
        doc_id="d0", spans=[Span("q", "quote", [(0, 10)], {"form": "direct"})]
    )


def test_a_sequence_of_structs_is_read_as_a_list(tmp_path) -> None:
    from datasets import Dataset, Features, List, Sequence, Value

    text = Value("string")
    features = Features(
        doc_id=text,
        spans=Sequence({"id": text, "label": text, "fragments": List(List(Value("int32")))}),
        attributions=Sequence({"id": text, "content": List(text), "source": List(text)}),
    )
    spans = {name: [getattr(s, name) for s in SPANS] for name in ("id", "label", "fragments")}
    said = {name: [getattr(a, name) for a in SAID] for name in ("id", "content", "source")}
    rows = [
        {"doc_id": "d0", "spans": spans, "attributions": said},
        {
            "doc_id": "d1",
            "spans": {key: [] for key in spans},
            "attributions": {key: [] for key in said},
        },
    ]
    data = Dataset.from_list(rows, features=features)
    assert isinstance(data[0]["spans"], dict)
    data.save_to_disk(tmp_path / "saved")
    first, second = read_predictions(tmp_path / "saved").annotations
    assert [s.fragments for s in first.spans] == [s.fragments for s in SPANS]
    assert [a.source for a in first.attributions] == [("s1",), ("s1",)]
    assert second == Annotation(doc_id="d1", spans=())
    table = pa.table({"doc_id": ["d0"], "spans": [{"id": ["q", "r"], "label": ["quote"]}]})
    pq.write_table(table, tmp_path / "x.parquet")
    assert "row 1: document 'd0': " in refused(tmp_path / "x.parquet")


def test_broken_tables_and_saved_data_sets_are_refused(tmp_path) -> None:
    pq.write_table(as_table(GOLD), tmp_path / "x.parquet")
    whole = (tmp_path / "x.parquet").read_bytes()
    for part in (whole[: len(whole) // 2], b"PAR1", b"ARROW1", b"\xff\xff\xff\xff" * 3):
        assert "cannot be read as a table" in refused(put(tmp_path / "y", part))
    folder = tmp_path / "saved"
    folder.mkdir()
    put(tmp_path / "x.arrow", b"")
    for content, told in (
        ("{", "is not that of a saved data set"),
        ('{"_data_files": 5}', "is not that of a saved data set"),
        ('{"_data_files": [{"filename": "../x.parquet"}]}', "which is outside the folder"),
        ('{"_data_files": [{"filename": ".."}]}', "which is outside the folder"),
        ('{"_data_files": [{"filename": "none.arrow"}]}', "none.arrow: cannot be read"),
        ('{"_data_files": [], "_indices_data_files": ["i"]}', "holds a selection of rows"),
    ):
        put(folder / "state.json", content)
        assert told in refused(folder)
    put(folder / "state.json", '{"_data_files": [{"filename": "link.arrow"}]}')
    (folder / "link.arrow").symlink_to(tmp_path / "x.parquet")
    assert "which is outside the folder" in refused(folder)


# What is no prediction


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.json", '{"inquit_result": 1, "predictions": "p.jsonl"}', "is a result file"),
        ("x.json", '{\n "inquit_result": 1\n}', "is a result file"),
        ("x.json", '{"inquit_result": 1, "value": NaN}', "is a result file"),
        ("x.json", '{\n "doc_id": "d0",\n "spans": []\n}', "object over several lines"),
        ("x.json", '[{"doc_id": "d0", "spans": []}]', ":1: is one JSON array"),
        ("x.json", "[\n]", ":1: is one JSON array"),
        ("x.jsonl", lines({"doc_id": "d0", "text": "x"}) * 2, "pass it as --documents"),
        ("x.csv.gz", b"\x1f\x8b\x08rest", "is compressed (gzip)"),
        ("x.xlsx", b"PK\x03\x04rest", "a spreadsheet; unpack it, or save it as CSV"),
        ("x.csv", "doc_id,start".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("x.csv", "doc_id,start".encode("utf-32"), "is UTF-32; save it as UTF-8"),
        ("x.pkl", b"\x80\x04rest", "a pickle, which is not read"),
        ("x.ann", ANN, "is one file of a brat folder; name the folder"),
        ("x.txt", "Hello\x1b[31m there", ":1: begins with 'Hello\\x1b[31m there'"),
    ],
)
def test_what_is_no_predictions_file_is_told_once(
    capsys, tmp_path, corpus, name, content, told
) -> None:
    path = put(tmp_path / name, content)
    for gold, other in ((corpus, path),):
        ran = inquit(capsys, "eval", "score", gold, other)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
        assert ran.err.count(str(path)) == 1


def damaged(whole: bytes, draw: random.Random) -> bytes:
    """Return a file with some of its bytes changed, moved, cut or put in."""
    found = bytearray(whole)
    pieces = [
        b"\0",
        b'"',
        b",",
        b"\n",
        b"{",
        b"]",
        b"null",
        b"1e9",
        b"-1",
        b"\xff",
        b"\xed\xa0\x80",
    ]
    pieces += [b"\\ud800", b"NaN", b"true", b"9" * 20, b'"text":', bytes(range(256))]
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(found) + 1)
        kind = draw.randrange(5)
        if kind == 0:
            found[at : at + 1] = bytes([draw.randrange(256)])
        elif kind == 1:
            found[at:at] = draw.choice(pieces)
        elif kind == 2:
            del found[at : at + draw.randint(1, 20)]
        elif kind == 3:
            begin = draw.randrange(len(found) + 1)
            found[at:at] = found[begin : begin + 50]
        else:
            del found[at:]
    return bytes(found)


@pytest.mark.parametrize("form", ["csv", "layer", "strings", "parquet", "arrow", "stream", "ann"])
def test_damaged_files_end_in_a_message(tmp_path, form: str) -> None:
    table = as_table(GOLD[:3])
    sink = pa.BufferOutputStream()
    if form == "parquet":
        pq.write_table(table, sink)
    else:
        kind = pa.ipc.new_file if form == "arrow" else pa.ipc.new_stream
        with kind(sink, table.schema) as writer:
            writer.write_table(table)
    whole = {
        "csv": as_csv(GOLD[:3], DOCS).encode(),
        "layer": b"".join(msgspec.json.encode(a) + b"\n" for a in GOLD[:3]),
        "strings": lines(*STRINGS[:3]).encode(),
        "ann": ANN.encode(),
    }.get(form, sink.getvalue().to_pybytes())
    draw = random.Random(form)
    folder = tmp_path / "f"
    folder.mkdir()
    for number in range(250):
        path = put(folder / ("d0.ann" if form == "ann" else "x"), damaged(whole, draw))
        documents = DOCS if number % 2 or form == "ann" else None
        try:
            found = read_predictions(folder if form == "ann" else path, documents)
        except DataError as error:
            assert str(error).encode()
        else:
            assert all(a.doc_id for a in found.annotations)


def test_a_result_file_is_no_gold_either(capsys, tmp_path, corpus) -> None:
    path = put(tmp_path / "x.json", '{\n "inquit_result": 1\n}')
    ran = inquit(capsys, "eval", "score", path, corpus / "layers" / "gold.jsonl")
    assert ran.code == 1
    assert "is a result file: it holds scores, not predictions" in ran.err
    assert ran.err.count(str(path)) == 1


def test_offsets_and_words_of_which_ids_are_no_words(tmp_path) -> None:
    rows = [{"id": 5, "label": "quote", "fragments": [[0, 4]]}, {"id": 6, "text": "x"}]
    path = put(tmp_path / "x.jsonl", lines({"doc_id": 7, "spans": rows}))
    assert recognise(path) == "layer"
    assert "x.jsonl:1: has words, others have offsets" in refused(path)


def test_folders_that_hold_no_predictions(capsys, tmp_path, corpus) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    assert "it is empty; give JSON lines" in refused(folder)
    put(folder / "a.jsonl", "")
    assert "neither a saved data set nor a corpus: it holds 'a.jsonl'" in refused(folder)
    put(folder / "a.ann", "")
    put(folder / "state.json", "{}")
    assert "holds a saved data set and brat files" in refused(folder)
    ran = inquit(capsys, "eval", "score", corpus, corpus)
    assert ran.code == 2
    assert "--pred-layer" in ran.err


def test_pipes_and_devices_are_refused_before_they_are_read(capsys, tmp_path, corpus) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless.jsonl").symlink_to("/dev/zero")
    gold = corpus / "layers" / "gold.jsonl"
    for name, told in (("pipe", "is a pipe"), ("endless.jsonl", "is a device, not a file")):
        path = tmp_path / name
        told = f"{path}: {told}; save what it holds to a file; it is read more than once"
        assert told == refused(path)
        for arguments in ((gold, path), (path, gold), (gold, gold, "--documents", path)):
            ran = inquit(capsys, "eval", "score", *arguments)
            assert (ran.code, ran.out) == (1, "")
            assert ran.err.count(told) == 1


def test_words_among_offsets_are_refused_with_their_place(capsys, tmp_path, corpus) -> None:
    offsets = {"id": "q1", "label": "quote", "fragments": [[0, 10]]}
    words = {"id": "q2", "label": "quote", "text": "at dawn"}
    path = put(
        tmp_path / "x.jsonl",
        lines(
            {"doc_id": "d0", "spans": [offsets]},
            {"doc_id": "d1", "spans": [offsets, words]},
            {"doc_id": "d2", "spans": [offsets | {"text": "We sail"}]},
            {"doc_id": "d3", "spans": [offsets | {"label": "x"}]},
        ),
    )
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert ran.err.removeprefix("error: ").splitlines() == [
        f"{path}:2: document 'd1': span 'q2': has words, others have offsets; put strings and "
        "offsets into files of their own, or turn the strings into offsets with 'inquit eval "
        "ground'",
        f"{path}:3: document 'd2': span 'q1': has offsets and words; keep one of the two",
        f"{path}:4: document 'd3': span 'q1': unknown label 'x'; use one of quote, claim, source, "
        "cue, addressee, ignore",
    ]


# Strings

STRINGS = [
    {
        "doc_id": f"d{i}",
        "spans": [
            {"id": "q1", "label": "quote", "text": '"We sail," ... "at dawn."'},
            {"id": "s1", "label": "source", "text": "Ana Reyes, the master"},
            {"id": "k1", "label": "claim", "text": "nobody came"},
            {"id": "k2", "label": "claim", "text": "The moon is made of green cheese"},
        ],
        "attributions": [
            {"id": "a1", "content": ["q1"], "source": ["s1"]},
            {"id": "a2", "content": ["k2"], "source": ["s1"]},
        ],
    }
    for i in range(11)
]


def test_strings_are_found_and_what_is_not_counts_as_wrong(capsys, tmp_path, corpus) -> None:
    path = put(tmp_path / "s.jsonl", lines(*STRINGS))
    assert recognise(path) == "strings"
    ran = inquit(capsys, "eval", "score", corpus, path, "--json")
    assert (ran.code, ran.err) == (0, "")
    found = ran.json
    assert found["form"] == "strings"
    grounding = found["grounding"]
    assert grounding["strings"] == 44 == sum(grounding["tiers"].values()) + 11
    assert grounding["ungrounded"] == 11
    assert grounding["tiers"]["exact"] == 11
    assert found["notes"][0].startswith("33 of 44 strings found in the texts: 11 exact, ")
    assert found["notes"][1].startswith("11 strings found nowhere (ungrounded)")
    assert found["missing_documents"] == ["d11"]
    claims, headline = (found["measures"][n] for n in ("claim.f1@iou50", "attribution.f1@iou50"))
    assert (claims["tp"], claims["fp"], claims["fn"]) == (11, 11, 1)
    assert (headline["tp"], headline["fp"], headline["fn"]) == (11, 11, 13)
    dev = inquit(capsys, "eval", "score", corpus, path, "--split", "dev", "--json").json
    assert (dev["grounding"]["strings"], dev["grounding"]["ungrounded"]) == (4, 1)
    gold = corpus / "layers" / "gold.jsonl"
    with_documents = inquit(
        capsys, "eval", "score", gold, path, "--documents", corpus / "documents.jsonl", "--json"
    )
    assert with_documents.json["measures"] == found["measures"]
    ran = inquit(capsys, "eval", "score", gold, path)
    assert ran.code == 1
    assert f"{path}: holds strings, and the documents they are from are not known" in ran.err
    assert "pass --documents" in ran.err


def test_a_result_of_strings_says_how_they_were_found(capsys, tmp_path, corpus) -> None:
    path, out = put(tmp_path / "s.jsonl", lines(*STRINGS)), tmp_path / "out.json"
    assert inquit(capsys, "eval", "score", corpus, path, "--out", out).code == 0
    result = read_result(out)
    assert result.system.name == "s"
    assert result.system.file is not None
    assert result.system.file.grounding["ungrounded"] == 11
    assert sum(result.system.file.grounding.values()) == 44
    kept = read_predictions(tmp_path / "out.predictions.jsonl")
    assert kept.form == "layer"
    assert [len(a.ungrounded) for a in kept.annotations] == [1] * 11
    again = inquit(capsys, "eval", "score", corpus, tmp_path / "out.predictions.jsonl", "--json")
    first = inquit(capsys, "eval", "score", corpus, path, "--json")
    assert again.json["measures"] == first.json["measures"]


def test_faults_of_strings_are_told_with_their_line(capsys, tmp_path, corpus) -> None:
    words = {"id": "q", "label": "quote", "text": "at dawn"}
    path = put(
        tmp_path / "s.jsonl",
        lines(
            {"doc_id": "d0", "spans": []},
            {"doc_id": "nowhere", "spans": [words]},
            {"doc_id": "d1", "spans": [words], "sha256": "0" * 64},
        ),
    )
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert (ran.code, ran.out) == (1, "")
    assert f"{path}:2: document 'nowhere': is predicted, but is none of the documents" in ran.err
    assert f"{path}:3: document 'd1': strings are from a text with sha256" in ran.err
    offsets = {"id": "p", "label": "quote", "fragments": [[0, 4]]}
    put(path, lines({"doc_id": "d0", "spans": [words]}, {"doc_id": "d1", "spans": [offsets]}))
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert ran.code == 1
    assert f"{path}:2: document 'd1': span 'p': holds offsets, not a string" in ran.err


# All faults at once


def test_no_fault_of_a_line_hides_another(capsys, tmp_path, corpus) -> None:
    cue = {"id": "5", "label": "cue", "fragments": [[0, 1]]}
    line = {
        "doc_id": "d0",
        "spans": [
            {"id": "1", "label": "qoute", "fragments": [[0, 10]]},
            {"id": "2", "label": "quote", "fragments": [[5, 9]]},
            {"id": "2", "label": "quote", "fragments": [[0, 99999]]},
            {"id": "3", "label": "qoute", "fragments": [[0, 88888]]},
            {"label": "quote", "fragments": [[0, 77777]], "score": 1},
            cue,
        ],
        "attributions": [
            {"id": "a", "content": ["5"]},
            {"id": "a", "content": ["1"], "source": ["2"]},
            {"id": "b", "content": []},
            {"content": ["2"], "cue": ["2"]},
        ],
        "sha": "0",
    }
    wanted = [
        "span '1': unknown label 'qoute'",
        "span '3': unknown label 'qoute'",
        "`spans[4]`: unknown field `score`",
        "`spans[4]`: field `id` is missing",
        "attribution 'b': has no content",
        "`attributions[3]`: field `id` is missing",
        "span '2': id stands twice",
        "attribution 'a': content names span '5', which is a cue",
        "attribution 'a': id stands twice",
        "attribution 'a': source names span '2', which is a quote",
        "`attributions[3]`: cue names span '2', which is a quote",
        "unknown field `sha`",
        "span '2': ends at 99999, the text has 62",
        "span '3': ends at 88888, the text has 62",
        "span 'spans[4]': ends at 77777, the text has 62",
    ]
    path = put(tmp_path / "x.jsonl", lines(line))
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert (ran.code, ran.out) == (1, "")
    told = ran.err.removeprefix("error: ").splitlines()
    assert [x.split(";")[0].removeprefix(f"{path}:1: document 'd0': ").split(" code")[0]
            for x in told] == wanted  # fmt: skip
    del line["sha"]
    pq.write_table(pa.Table.from_pylist([line]), tmp_path / "x.parquet")
    ran = inquit(capsys, "eval", "score", corpus, tmp_path / "x.parquet")
    told = ran.err.removeprefix("error: ").splitlines()
    wanted = [x for x in wanted if "sha" not in x]
    for what in wanted:
        place = f"{tmp_path / 'x.parquet'} row 1: document 'd0': {what}"
        assert sum(x.startswith(place) for x in told) == 1, (what, told)
    assert len(told) == len(wanted)


def test_what_does_not_exist_is_told_where_all_ids_are_known(capsys, tmp_path, corpus) -> None:
    spans: list[dict[str, Any]] = [{"id": "1", "label": "qoute", "text": "We sail"}]
    said = {"id": "a", "content": ["1"], "source": ["9"]}
    path = put(
        tmp_path / "x.jsonl", lines({"doc_id": "d0", "spans": spans, "attributions": [said]})
    )
    told = "attribution 'a': source names span '9', which does not exist"
    assert [told in x for x in refused(path, DOCS).splitlines()] == [False, True]
    spans.append({"id": 9, "label": "source", "text": "Ana Reyes"})
    put(path, lines({"doc_id": "d0", "spans": spans, "attributions": [said]}))
    assert "does not exist" not in refused(path, DOCS)
    assert "`spans[1].id` is 9, not a string" in refused(path, DOCS)


def test_keys_twice_and_documents_twice_hide_nothing(capsys, tmp_path, corpus) -> None:
    span = '{"id": "q", "label": "quote", "label": "qoute", "fragments": [[0, 99999]]}'
    first = f'{{"doc_id": "d0", "sha256": "", "sha256": "", "spans": [{span}]}}\n'
    again = lines({"doc_id": "d0", "spans": [{"id": "q", "label": "quote", "fragments": 1}]})
    path = put(tmp_path / "x.jsonl", first + again)
    ran = inquit(capsys, "eval", "score", corpus, path)
    assert [x.split(";")[0] for x in ran.err.removeprefix("error: ").splitlines()] == [
        f"{path}:1: document 'd0': span 'q': unknown label 'qoute'",
        f"{path}:1: document 'd0': key 'label' stands twice in one object",
        f"{path}:1: document 'd0': key 'sha256' stands twice in one object",
        f"{path}:1: document 'd0': span 'q': ends at 99999, the text has 62 code points",
        f"{path}:2: document 'd0': span 'q': `fragments` is 1, not a list",
        f"{path}:2: document 'd0': stands in line 1 already",
    ]


def test_a_hint_outside_the_text_is_refused_and_a_context_that_is_nowhere_is_noted(
    capsys, tmp_path, corpus
) -> None:
    def line(doc_id: str, **more: Any) -> dict[str, Any]:
        span = {"id": "q", "label": "quote", "text": "at dawn"}
        return {"doc_id": doc_id, "spans": [span | more]}

    path = put(
        tmp_path / "x.jsonl",
        lines(
            line("d0", hint=len(TEXT)),
            line("d1", hint=len(TEXT) + 1),
            line("d2", hint=999, context="the moon"),
        ),
    )
    told = [
        f"{path}:{n}: document 'd{n - 1}': span 'q': hint {hint} lies outside the text, which has "
        f"{len(TEXT)} code points; give a code point offset in the text, or leave it out"
        for n, hint in ((2, len(TEXT) + 1), (3, 999))
    ]
    score_it = ("eval", "score", corpus, path)
    ground_it = ("eval", "ground", path, "--documents", corpus)
    for command in (score_it, ground_it):
        ran = inquit(capsys, *command)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.removeprefix("error: ").splitlines() == told
    with path.open("a") as stream:
        stream.write(lines(line("d3", label="qoute")))
    for command in (score_it, ground_it):
        found = inquit(capsys, *command).err.removeprefix("error: ").splitlines()
        assert found[:-1] == told
        assert ":4: document 'd3': span 'q': unknown label 'qoute'" in found[-1]
    put(path, lines(line("d0", context="“AT DAWN"), line("d1", context="on the moon")))
    note = "1 context found nowhere, which so decided nothing: 'd1' q"
    assert note in inquit(capsys, *score_it, "--json").json["notes"]
    assert inquit(capsys, *ground_it).err == f"{note}\n"


def test_a_document_named_in_other_code_points_is_told(capsys, tmp_path) -> None:
    doc = Document(doc_id="caf\xe9", text=TEXT)
    gold = Layer(
        name="gold", kind="human", annotations=[Annotation(doc_id=doc.doc_id, spans=SPANS)]
    )
    Corpus(CorpusInfo(name="x"), [doc], [gold]).write(tmp_path / "c")
    offsets = {"doc_id": "cafe\u0301", "spans": []}
    words = {"doc_id": "cafe\u0301", "spans": [{"id": "q", "label": "quote", "text": "We sail"}]}
    told = "write 'caf\\xe9' as it stands there: yours has other code points (Unicode NFC and NFD)"
    for content in (offsets, words):
        path = put(tmp_path / "x.jsonl", lines(content))
        assert told in inquit(capsys, "eval", "score", tmp_path / "c", path).err
    assert told in inquit(capsys, "eval", "ground", path, "--documents", tmp_path / "c").err


# A score as a result


def test_a_score_leaves_a_result_that_goes_where_runs_go(capsys, tmp_path, corpus) -> None:
    put(tmp_path / "mine.csv", as_csv(GOLD[:11], DOCS))
    out = tmp_path / "mine.json"
    score_it = ("eval", "score", corpus, tmp_path / "mine.csv", "--split", "test", "--out", out)
    ran = inquit(capsys, *score_it, "--name", "my model")
    assert ran.code == 0
    assert "1 predicted document of other splits not scored" in ran.out
    assert f"wrote {out} and {tmp_path / 'mine.predictions.jsonl'}" in ran.err
    kept = json.loads(out.read_text())
    assert kept["system"] == {
        "name": "my model",
        "kind": "predictions",
        "file": {
            "form": "CSV of offsets",
            "name": "mine.csv",
            "sha256": kept["system"]["file"]["sha256"],
        },
    }
    assert kept["timings"] == {"predict_seconds": None, "documents_per_second": None}
    assert kept["benchmark"]["split"] == "test"
    assert kept["notes"][0] == "1 predicted document of other splits not scored"
    assert len(set(kept["notes"])) == len(kept["notes"])
    assert kept["predictions"] == "mine.predictions.jsonl"
    assert inquit(capsys, *score_it).code == 1
    assert inquit(capsys, *score_it, "--force").code == 0
    rules = tmp_path / "rules.json"
    assert inquit(capsys, "eval", "run", "rules", "--on", corpus, "--out", rules).code == 0
    compared = inquit(capsys, "eval", "compare", out, rules, "--json")
    assert compared.code == 0
    assert compared.json["measures"]["quote.f1@exact"]["a"] == 1
    assert inquit(capsys, "eval", "leaderboard", out, rules, "--json").code == 0
    page = tmp_path / "page.html"
    assert inquit(capsys, "eval", "report", out, rules, "--html", page).code == 0
    assert "mine" in page.read_text()


def test_a_result_of_a_layer_of_the_corpus_itself(capsys, tmp_path, corpus) -> None:
    out = tmp_path / "r.json"
    ran = inquit(capsys, "eval", "score", corpus, corpus, "--pred-layer", "gold", "--out", out)
    assert ran.code == 0
    layer = corpus / "layers" / "gold.jsonl"
    assert json.loads(out.read_text())["system"]["file"] == {
        "form": "layer of a corpus",
        "name": "gold.jsonl",
        "sha256": hashlib.sha256(layer.read_bytes()).hexdigest(),
    }
    release = tmp_path / "release"
    write_release(Corpus.read(corpus), release, private=True)
    ran = inquit(
        capsys, "eval", "score", release, release, "--pred-layer", "gold", "--out", out, "--force"
    )
    assert ran.code == 0
    sums = hashlib.sha256((release / "SHA256SUMS").read_bytes()).hexdigest()
    assert json.loads(out.read_text())["system"]["file"]["sha256"] == sums
    page = tmp_path / "page.html"
    assert inquit(capsys, "eval", "report", out, "--html", page).code == 0


def test_a_result_is_never_written_over_what_is_read(capsys, tmp_path, corpus) -> None:
    path = tmp_path / "x.predictions.jsonl"
    write_lines(path, GOLD)
    ran = inquit(capsys, "eval", "score", corpus, path, "--out", tmp_path / "x.json", "--force")
    assert ran.code == 1
    assert "is where the predictions are read from" in ran.err
    folder = brat(tmp_path / "b", d0_ann=ANN)
    ran = inquit(capsys, "eval", "score", corpus, folder, "--out", folder / "d0.ann", "--force")
    assert ran.code == 1
    gold = corpus / "layers" / "gold.jsonl"
    for arguments, told in (
        ((gold, gold, "--out", tmp_path / "y.json"), "--out"),
        ((corpus, gold, "--name", "x"), "--name"),
        ((corpus, gold, "--out", tmp_path / "y.json", "--name", " "), "--name"),
        ((gold, gold, "--split", "test"), "--split"),
    ):
        ran = inquit(capsys, "eval", "score", *arguments)
        assert ran.code == 2
        assert told in ran.err
    assert not (tmp_path / "y.json").exists()


def test_a_split_without_gold_is_refused(capsys, corpus) -> None:
    gold = corpus / "layers" / "gold.jsonl"
    ran = inquit(capsys, "eval", "score", corpus, gold, "--split", "train")
    assert ran.code == 1
    assert "labels no document of split train; pass --split dev or test or all" in ran.err
    ran = inquit(
        capsys, "eval", "score", gold, gold, "--documents", corpus, "--split", "dev", "--json"
    )
    assert ran.json["documents"] == 2
    everything = inquit(capsys, "eval", "score", corpus, gold, "--split", "all", "--json").json
    assert everything == inquit(capsys, "eval", "score", corpus, gold, "--json").json
