from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.exporters import write
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options

SAMPLE = Path(__file__).parents[4] / "shared/data/checkthat2018"
NAME = "Task1-English-Harbour: Möwe"
ROWS = [
    (1, "ANA", 'Good evening, \U0001f600 "friends".', 0),
    (2, "SYSTEM", "(APPLAUSE)", 0),
    (3, "BEN", " The cafe\u0301 lost 40 jobs\u00a0in May. ", 1),
    (5, "BEN", "The cafe\u0301 lost 40 jobs\u00a0in May.", 0),
]
FETCH = "; fetch the file again, or mend it"


def debate(folder: Path, *lines: str, name: str = NAME, end: str = "\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text("".join(line + end for line in lines), "utf-8", newline="")
    return path


LINES = ["\t".join(map(str, row)) for row in ROWS]


def imported(source: Path) -> Imported:
    return read("checkthat", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sentences_become_claims_word_for_word(tmp_path: Path, end: str) -> None:
    debate(tmp_path, *LINES, end=end)
    found = imported(tmp_path)
    (document,) = found.corpus.documents.values()
    assert document.doc_id == NAME
    assert document.text == "\n".join(sentence for _, _, sentence, _ in ROWS)
    assert (document.language, document.licence, document.split) == ("en", "restricted", None)
    assert document.meta == {"speakers": ["ANA", "SYSTEM", "BEN", "BEN"]}
    (labels,) = found.corpus.layers["gold"].annotations
    assert labels.sha256 == document.sha256
    shown = [(s.id, s.label, document.slice(s), s.attributes) for s in labels.spans]
    assert shown == [
        (
            f"c{number}",
            "claim",
            (sentence,),
            {"granularity": "sentence", "check_worthy": "yes" if worthy else "no"},
        )
        for number, _, sentence, worthy in ROWS
    ]
    assert labels.attributions == ()
    report = found.report
    assert (report.records, report.spans["claim"], report.changes) == (4, 4, [])
    assert report.derived == []


def test_a_line_without_a_sentence_is_dropped_and_stays_a_line(tmp_path: Path) -> None:
    debate(tmp_path, "1\tANA\t\t0", LINES[1], "", "4\tANA\t \t1", name="x")
    found = imported(tmp_path)
    document = found.corpus.documents["x"]
    assert (document.text, document.language) == ("\n(APPLAUSE)\n ", "und")
    assert document.meta == {"speakers": ["ANA", "SYSTEM", "ANA"]}
    (labels,) = found.corpus.layers["gold"].annotations
    assert [(s.id, document.slice(s)) for s in labels.spans] == [("c2", ("(APPLAUSE)",))]
    assert [(c.action, c.path, c.line, c.reason) for c in found.report.changes] == [
        ("dropped", "x.txt", 1, "line 1 of the debate holds no sentence"),
        ("dropped", "x.txt", 4, "line 4 of the debate holds no sentence"),
    ]
    assert (found.report.records, found.report.spans["claim"]) == (3, 1)
    done = CliRunner().invoke(
        app, ["import", "checkthat", str(tmp_path), str(tmp_path / "out"), "--strict"]
    )
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_a_source_may_be_folders_or_a_file(tmp_path: Path) -> None:
    debate(tmp_path / "train", *LINES, name="Task1-Arabic-a")
    path = debate(tmp_path / "test" / "English", *LINES, name="Task1-English-b")
    (tmp_path / "README.md").touch()
    found = imported(tmp_path)
    assert {d.doc_id: (d.split, d.language) for d in found.corpus.documents.values()} == {
        "Task1-English-b": ("test", "en"),
        "Task1-Arabic-a": ("train", "ar"),
    }
    assert found.corpus.info.languages == ("ar", "en")
    assert [(c.action, c.path) for c in found.report.changes] == [("unread", "README.md")]
    corpus = read("checkthat", path, Options(licence="CC0-1.0", language="fr")).corpus
    (document,) = corpus.documents.values()
    assert (document.language, document.licence) == ("fr", "CC0-1.0")
    assert (corpus.info.licence, corpus.info.languages) == ("CC0-1.0", ("fr",))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    debate(
        tmp_path,
        LINES[0],
        "2\tBEN\tcut o",
        "x\tBEN\tWhy?\t0",
        LINES[0],
        "4\tBEN\tWhy?\ttrue",
        "5\tBEN\tWhy?\tN/A\t-\t-",
        name="a",
    )
    debate(tmp_path, "", name="b")
    debate(tmp_path, name="c").write_bytes(b"1\tANA\t\xff")
    debate(tmp_path, name="d").write_bytes(b"\xef\xbb\xbf1\tANA\tx\t0")
    debate(tmp_path, "1\tANA\ta\x00b\t0", name="e")
    cells = "a line of task 1 is number<TAB>speaker<TAB>sentence<TAB>label; is the file cut off?"
    assert problems(tmp_path) == [
        f"a.txt:2: has 3 cells instead of 4; {cells}",
        f"a.txt:3: 'x' is no line number{FETCH}",
        f"a.txt:4: line number 1 stands twice{FETCH}",
        f"a.txt:5: label 'true' is neither 0 nor 1{FETCH}",
        f"a.txt:6: has 6 cells instead of 4; {cells}",
        f"b.txt:1: holds no sentence{FETCH}",
        "c.txt: is not UTF-8 at byte 6 (0xFF: invalid start byte); save it as UTF-8",
        "d.txt: begins with a byte order mark at byte 0; save it as UTF-8 without one",
        "e.txt: document 'e': NUL at code point 1; remove it from the source",
    ]


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert problems(source) == [
        f"{source}: holds no .txt file; name the folder that holds the corpus"
    ]
    done = CliRunner().invoke(app, ["import", "checkthat", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


def test_claims_and_words_are_those_of_the_raw_files(found: Imported) -> None:
    layer = found.corpus.layers["gold"].by_document()
    paths = {path.stem: path for path in SAMPLE.rglob("*.txt")}
    assert set(paths) == set(layer) == set(found.corpus.documents)
    lines = worthy = 0
    for doc_id, path in paths.items():
        raw = path.read_bytes().decode()
        lines += raw.count("\n")
        worthy += len(re.findall(r"\t1$", raw, re.MULTILINE))
        document = found.corpus.documents[doc_id]
        assert document.meta["speakers"] == re.findall(r"^\d+\t([^\t]+)\t", raw, re.MULTILINE)
        again = "".join(
            f"{span.id[1:]}\t{speaker}\t{document.slice(span)[0]}\t{worth}\n"
            for span, speaker, worth in zip(
                layer[doc_id].spans,
                document.meta["speakers"],  # type: ignore[arg-type]  # tested above
                [int(s.attributes["check_worthy"] == "yes") for s in layer[doc_id].spans],
                strict=True,
            )
        )
        assert again == raw
    report = found.report
    assert (report.records, report.spans["claim"]) == (lines, lines)
    claims = [span for labels in layer.values() for span in labels.spans]
    assert sum(span.attributes["check_worthy"] == "yes" for span in claims) == worthy > 0


def test_it_is_a_sound_corpus_that_goes_round(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    corpus = Corpus.read(tmp_path / "corpus")
    assert corpus.layers == found.corpus.layers
    assert not any(check(tmp_path / "corpus").problems.values())
    write("inline", corpus, tmp_path / "inline")
    again = read("inline", tmp_path / "inline").corpus
    assert (again.layers, again.documents) == (corpus.layers, corpus.documents)
