from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError, InquitError
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.exporters import write
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options

SAMPLE = Path(__file__).parents[4] / "shared/data/policlaim"
MERGED = "policlaim_gpt_with_human_eval_merged.xlsx"
HEADER = ["SENTENCES", "SPEECH", "Q1_1", "Q2_1", "gpt-4", "Golden", "label_1", "label_2"]
TRAIN = ["SENTENCES", "likelihood", "golden"]
FETCH = "; fetch the file again, or mend it"
HARBOUR = [
    "Friends \U0001f600, good evening.",
    " The cafe\u0301 lost 40 jobs\u00a0in May. ",
    "We shall\nsee.",
]


def row(
    sentence: Any, speech: Any = "X: Möwe", gold: Any = 0, one: Any = 0, two: Any = 0
) -> list[Any]:
    return [sentence, speech, "A", None, 2.5, gold, one, two]


ROWS = [
    row(HARBOUR[0], gold=1, two=1),
    row("Elsewhere.", "B"),
    row(HARBOUR[1], gold=1.0, one="1", two=1),
    row(HARBOUR[2], one=1),
]


def table(path: Path, *rows: list[Any], header: list[Any] = HEADER, sheets: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (header, *rows):
        sheet.append(cells)
    for _ in range(1, sheets):
        book.create_sheet("Notes")
    book.save(path)
    return path


def imported(source: Path) -> Imported:
    return read("policlaim", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


def worthy(corpus: Corpus, layer: str) -> dict[str, list[str]]:
    return {
        labels.doc_id: [span.attributes["check_worthy"] for span in labels.spans]
        for labels in corpus.layers[layer].annotations
    }


def test_sentences_become_claims_as_each_annotator_answered(tmp_path: Path) -> None:
    table(tmp_path / MERGED, *ROWS, sheets=2)
    found = imported(tmp_path)
    corpus = found.corpus
    assert list(corpus.documents) == ["X: Möwe", "B"]
    document = corpus.documents["X: Möwe"]
    assert document.text == "\n".join(HARBOUR)
    assert (document.language, document.licence, document.split) == ("en", "restricted", "test")
    assert list(corpus.layers) == ["gold", "annotator-1", "annotator-2"]
    for layer in corpus.layers.values():
        labels = layer.by_document()["X: Möwe"]
        assert labels.sha256 == document.sha256
        assert [(s.id, s.label, document.slice(s)) for s in labels.spans] == [
            (f"c{n}", "claim", (sentence,)) for n, sentence in enumerate(HARBOUR, 1)
        ]
        assert {s.attributes["granularity"] for s in labels.spans} == {"sentence"}
        assert labels.attributions == ()
    assert worthy(corpus, "gold") == {"X: Möwe": ["yes", "yes", "no"], "B": ["no"]}
    assert worthy(corpus, "annotator-1") == {"X: Möwe": ["no", "yes", "yes"], "B": ["no"]}
    assert worthy(corpus, "annotator-2") == {"X: Möwe": ["yes", "yes", "no"], "B": ["no"]}
    kinds = {name: layer.kind for name, layer in corpus.layers.items()}
    assert kinds == {"gold": "adjudicated", "annotator-1": "human", "annotator-2": "human"}
    report = found.report
    assert (report.records, report.documents, report.spans["claim"]) == (4, 2, 12)
    assert report.lost[1:] == [
        "the answers that the labels follow from: Q1_1, Q2_1",
        "columns with what models answered: gpt-4",
    ]
    assert [(c.action, c.path, c.reason) for c in report.changes] == [
        ("unread", MERGED, "sheet 'Notes': the first sheet is read"),
    ]


def test_the_folders_of_the_corpus_are_its_splits(tmp_path: Path) -> None:
    data = tmp_path / "data"
    table(data / "PoliClaim_test" / MERGED, *ROWS)
    table(data / "PoliClaim_test" / "X2022_human_eval.xlsx", *ROWS)
    for name, gold in (("CT2014_G4_1", 1), ("AL2003_G4_1", 0)):
        table(data / "PoliClaim_train_golden" / f"{name}.xlsx", ["Hm.", 3, gold], header=TRAIN)
    table(data / "PoliClaim_train_silver_n_bronze" / "a.xlsx", ["Hm.", 3], header=TRAIN[:2])
    (data / "raw_speeches").mkdir()
    found = imported(tmp_path)
    assert {d.doc_id: d.split for d in found.corpus.documents.values()} == {
        "X: Möwe": "test", "B": "test", "AL2003": "train", "CT2014": "train",
    }  # fmt: skip
    assert worthy(found.corpus, "gold")["CT2014"] == ["yes"]
    assert set(worthy(found.corpus, "annotator-2")) == {"X: Möwe", "B"}
    repeated = f"a part of {MERGED}, or answers of models"
    assert [(c.action, c.path, c.reason) for c in found.report.changes] == [
        ("unread", "data/PoliClaim_train_silver_n_bronze", "labels of a model"),
        ("unread", "data/raw_speeches", "texts without labels"),
        ("unread", "data/PoliClaim_test/X2022_human_eval.xlsx", repeated),
    ]
    train = imported(data / "PoliClaim_train_golden").corpus
    assert {d.split for d in train.documents.values()} == {"train"}
    assert {name: layer.kind for name, layer in train.layers.items()} == {"gold": "human"}
    one = data / "PoliClaim_train_golden" / "CT2014_G4_1.xlsx"
    corpus = read("policlaim", one, Options(licence="CC0-1.0", language="fr")).corpus
    (document,) = corpus.documents.values()
    assert (document.split, document.licence, document.language) == ("train", "CC0-1.0", "fr")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    table(
        tmp_path / "a.xlsx",
        ROWS[0],
        row(None),
        row(2022, speech=None),
        row("  ", gold=2, one=None, two="yes"),
        row("Well.", gold=True),
        [],
        row("=1/0"),
    )
    table(tmp_path / "b.xlsx", header=["SENTENCES", "Golden", "label_1"])
    table(tmp_path / "c.xlsx", header=[])
    table(tmp_path / "d.xlsx", header=HEADER)
    table(tmp_path / "e.xlsx", header=[*HEADER, "Golden"])
    table(tmp_path / "f.xlsx", ["Hm.", 1, 1], header=TRAIN)
    table(tmp_path / "f_2.xlsx", ["Hm.", 1, 1], header=TRAIN)
    (tmp_path / "g.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes()[:900])
    (tmp_path / "h.xlsx").write_bytes(b"SENTENCES,SPEECH\n")
    with zipfile.ZipFile(tmp_path / "i.xlsx", "w") as archive:
        archive.writestr("../../outside.xml", "<x/>")
    name = f"name {MERGED}; this file has:"
    found = problems(tmp_path)
    assert found[:15] == [
        f"a.xlsx:3: SENTENCES is empty, not text{FETCH}",
        f"a.xlsx:4: SENTENCES is '2022', not text{FETCH}",
        f"a.xlsx:4: SPEECH is empty, not text{FETCH}",
        f"a.xlsx:5: SENTENCES is '  ', not text{FETCH}",
        f"a.xlsx:5: Golden is '2', not 0 or 1{FETCH}",
        f"a.xlsx:5: label_1 is empty, not 0 or 1{FETCH}",
        f"a.xlsx:5: label_2 is 'yes', not 0 or 1{FETCH}",
        f"a.xlsx:6: Golden is 'True', not 0 or 1{FETCH}",
        f"a.xlsx:8: SENTENCES is empty, not text{FETCH}",
        f"b.xlsx:1: has no column SPEECH, label_2; {name} SENTENCES, Golden, label_1",
        f"c.xlsx:1: has no column SENTENCES, SPEECH, Golden, label_1, label_2; {name} nothing",
        f"d.xlsx:2: holds no sentence{FETCH}",
        "e.xlsx:1: has column Golden twice; keep one of the two",
        "f_2.xlsx:2: speech 'f' stands in f.xlsx already; keep one of the two files",
        "g.xlsx: is no Excel file that can be read (BadZipFile: File is not a zip file); "
        "fetch the file again",
    ]
    assert [re.sub(r"\(.*\)", "()", text) for text in found[15:]] == [
        f"{file}: is no Excel file that can be read (); fetch the file again"
        for file in ("h.xlsx", "i.xlsx")
    ]
    assert not any((folder / "outside.xml").exists() for folder in (Path(), *tmp_path.parents))


def test_a_damaged_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
    whole = table(tmp_path / "whole", *ROWS).read_bytes()
    with zipfile.ZipFile(tmp_path / "whole") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    source = tmp_path / "in"
    source.mkdir()
    for missing in parts:
        with zipfile.ZipFile(source / "x.xlsx", "w") as archive:
            for name, content in parts.items():
                if name != missing:
                    archive.writestr(name, content)
                else:
                    archive.writestr(name, content[: len(content) // 2])
        done = CliRunner().invoke(app, ["import", "policlaim", str(source), str(tmp_path / "out")])
        assert done.exit_code == 0 or isinstance(done.exception, (DataError, SystemExit))
    (source / "x.xlsx").write_bytes(whole[: len(whole) // 2] + bytes(200) + whole[-300:])
    assert len(problems(source)) == 1


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InquitError, match=r"pip install 'inquit\[xlsx\]'"):
        imported(tmp_path)


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert problems(source) == [
        f"{source}: holds no .xlsx file; name the folder that holds the corpus"
    ]
    done = CliRunner().invoke(app, ["import", "policlaim", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


def raw_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of the sample as they stand in the XML of the file."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(SAMPLE / MERGED) as archive:
        strings = [
            "".join(text.text or "" for text in item.iter(f"{space}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    header: dict[str, str] = {}
    for item in sheet.iter(f"{space}row"):
        cells = {}
        for cell in item:
            value = cell.findtext(f"{space}v")
            if value is not None:
                column = cell.get("r", "").rstrip("0123456789")
                cells[column] = strings[int(value)] if cell.get("t") == "s" else value
        if not header:
            header = cells
        else:
            yield {header[column]: value for column, value in cells.items()}


def test_claims_and_labels_are_those_of_the_raw_file(found: Imported) -> None:
    raw = list(raw_rows())
    corpus = found.corpus
    assert list(corpus.documents) == list(dict.fromkeys(item["SPEECH"] for item in raw))
    assert found.report.records == len(raw)
    for column, layer in (
        ("Golden", "gold"),
        ("label_1", "annotator-1"),
        ("label_2", "annotator-2"),
    ):
        labels = corpus.layers[layer].by_document()
        for doc_id, document in corpus.documents.items():
            want = [(i["SENTENCES"], i[column]) for i in raw if i["SPEECH"] == doc_id]
            assert document.text == "\n".join(sentence for sentence, _ in want)
            got = [
                (document.slice(s)[0], {"yes": "1", "no": "0"}[s.attributes["check_worthy"]])
                for s in labels[doc_id].spans
            ]
            assert got == want
    assert found.report.spans["claim"] == 3 * len(raw)
    # The labels say what the docstring says of the answers, so nothing is lost but their steps.
    for item in raw:
        for who in "12":
            answer = item[f"Q1_{who}"]
            yes = answer == "A" or (answer == "B" and item[f"Q2_{who}"] == "A")
            assert item[f"label_{who}"] == str(int(yes))


def test_it_is_a_sound_corpus_that_goes_round(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    corpus = Corpus.read(tmp_path / "corpus")
    assert corpus.layers == found.corpus.layers
    assert not any(check(tmp_path / "corpus").problems.values())
    write("jsonl", corpus, tmp_path / "jsonl")
    again = read("jsonl", tmp_path / "jsonl").corpus
    assert (again.layers, again.documents) == (corpus.layers, corpus.documents)
