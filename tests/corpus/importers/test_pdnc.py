from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.exporters import write
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options

SAMPLE = Path(__file__).parents[4] / "shared/data/pdnc"
# An astral character and a combining mark before the first quotation: bytes are not characters.
TEXT = (
    "\U0001f600 Cafe\u0301 Möwe\n\n"
    '"We sail at dawn," said Ana, "or we do not\nsail at all."\n\n'
    '"It\'s late."  "Very," a voice said.\n\n'
    "'So?' he thought.\n"
)
HEADER = [
    "quoteID", "quoteText", "subQuotationList", "quoteByteSpans", "speaker", "addressees",
    "quoteType", "referringExpression", "mentionTextsList", "mentionSpansList",
    "mentionEntitiesList",
]  # fmt: skip
INDEX = "Novel Code,Novel Title,Year of First Publication,Source,Annotators,Folder Name,Genre\n"
MEND = "; fetch the file again, or mend it"


def place(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def quotation(
    name: str,
    *parts: str,
    speaker: str = "Ana",
    words: Iterable[str] | None = None,
    spans: Any = None,
    addressees: str = "[]",
    kind: str = "Explicit",
    said: str = "",
) -> list[str]:
    """Return a row; places are those of the parts in the text."""
    spans = [place(part) for part in parts] if spans is None else spans
    shown = list(parts if words is None else words)
    empty = repr([[] for _ in parts])
    return [
        name, " ".join(parts), repr(shown), spans if isinstance(spans, str) else repr(spans),
        speaker, addressees, kind, said, empty, empty, empty,
    ]  # fmt: skip


def content(*rows: list[str], quoting: int = csv.QUOTE_MINIMAL, header: list[str] = HEADER) -> str:
    stream = io.StringIO()
    if quoting == csv.QUOTE_ALL:  # In that dialect an empty cell says "nan".
        rows = tuple([cell or "nan" for cell in row] for row in rows)
    csv.writer(stream, quoting=quoting, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


def novel(folder: Path, quotations: str, text: str = TEXT) -> Path:
    folder.mkdir(parents=True)
    (folder / "novel_text.txt").write_text(text, "utf-8", newline="")
    (folder / "quotation_info.csv").write_text(quotations, "utf-8", newline="")
    (folder / "character_info.csv").write_text("Character ID,Main Name\n0,Ana\n")
    return folder / "quotation_info.csv"


def imported(source: Path) -> Imported:
    return read("pdnc", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


QUOTATIONS = [
    quotation("Q0", "We sail at dawn,", "or we do not\nsail at all.", said="said Ana",
              addressees="['Ben', 'Cy']"),
    quotation("Q1", "It's late.", speaker="_unknowable", kind="Implicit"),
    quotation("Q2", "Very,", speaker='The "Voice", unseen', addressees="['Ana']", kind=""),
]  # fmt: skip


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_quotations_of_both_dialects_become_direct_quotes(tmp_path: Path, quoting: int) -> None:
    novel(tmp_path / "data" / "Möwe: a tale", content(*QUOTATIONS, quoting=quoting))
    row = 'SEA,"Sea, the",1877.0,https://example.org/1,"Dot, Eve",Möwe: a tale,\n'
    (tmp_path / "PDNC-Novel-Index.csv").write_text(INDEX + row, "utf-8")
    found = imported(tmp_path)
    (document,) = found.corpus.documents.values()
    assert (document.doc_id, document.text) == ("Möwe: a tale", TEXT)
    assert (document.language, document.licence) == ("en", "restricted")
    assert (document.title, document.published) == ("Sea, the", "1877")
    assert document.url == "https://example.org/1"
    assert document.meta == {"Novel Code": "SEA"}
    assert (document.split, document.group) == (None, None)
    (labels,) = found.corpus.layers["gold"].annotations
    assert labels.sha256 == document.sha256
    assert {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans} == {
        "Q0": (
            "quote",
            ("We sail at dawn,", "or we do not\nsail at all."),
            {"form": "direct"},
        ),
        "Q1": ("quote", ("It's late.",), {"form": "direct"}),
        "Q2": ("quote", ("Very,",), {"form": "direct"}),
    }
    assert {(a.id, a.content, a.entity, a.source + a.cue) for a in labels.attributions} == {
        ("Q0", ("Q0",), "Ana", ()),
        ("Q1", ("Q1",), "_unknowable", ()),
        ("Q2", ("Q2",), 'The "Voice", unseen', ()),
    }
    report = found.report
    assert (report.records, report.attributions, report.changes) == (3, 3, [])
    assert report.derived == []
    assert [line.rpartition(": ")[2] for line in report.lost[:5]] == [
        "3 quotes",  # with quotation marks outside
        "2 quotes",  # with addressees
        "Explicit 1, Implicit 1",
        "1 quotes",  # with a referring expression
        "0 quotes",  # with mentions
    ]
    assert (found.corpus.layers["gold"].kind, report.layers) == ("human", ["gold"])


def test_options_replace_what_the_importer_says(tmp_path: Path) -> None:
    novel(tmp_path / "x", content())
    corpus = read("pdnc", tmp_path, Options(licence="CC0-1.0", language="de")).corpus
    assert (corpus.documents["x"].licence, corpus.documents["x"].language) == ("CC0-1.0", "de")
    assert (corpus.info.licence, corpus.info.languages) == ("CC0-1.0", ("de",))
    (labels,) = corpus.layers["gold"].annotations
    assert (labels.spans, labels.attributions) == ((), ())


def test_what_is_not_as_the_text_has_it_is_kept_and_reported(tmp_path: Path) -> None:
    dawn, late, very = place("We sail at dawn,"), place("It's late."), place("Very,")
    rows = [
        # Out of order and touching, then overlapping.
        quotation("Q0", words=["sail at dawn,", "We "],
                  spans=[[dawn[0] + 3, dawn[1]], [dawn[0], dawn[0] + 3]]),
        quotation("Q1", words=["It's l", "'s late."],
                  spans=[[late[0], late[0] + 6], [late[0] + 2, late[1]]]),
        # White space at the end and inside.
        quotation("Q2", words=["Very, a voice"], spans=[[very[0], very[1] + 9]]),
        quotation("Q3", words=["or we do not sail at all. "],
                  spans=[[*place("or we do not\nsail at all.")]]),
        # Other words, and none.
        quotation("Q4", words=["Why?"], spans=[place("So?")], speaker=""),
        quotation("Q5", words=[], spans=[place("So?")], speaker="nan"),
        # A part without words, and nothing else; cells that are not read may be empty.
        quotation("Q6", words=["", "So?"], spans=[[0, 0], place("So?")], addressees="nan"),
        quotation("Q7", words=[""], spans=[[0, 0]], addressees=""),
        quotation("Q8", words=[], spans=[]),
    ]  # fmt: skip
    path = novel(tmp_path / "x", content(*rows))
    found = imported(tmp_path)
    document = found.corpus.documents["x"]
    (labels,) = found.corpus.layers["gold"].annotations
    assert {s.id: document.slice(s) for s in labels.spans} == {
        "Q0": ("We sail at dawn,",),
        "Q1": ("It's late.",),
        "Q2": ('Very," a voice',),
        "Q3": ("or we do not\nsail at all.",),
        "Q4": ("So?",),
        "Q5": ("So?",),
        "Q6": ("So?",),
    }
    assert {a.id for a in labels.attributions} == {"Q0", "Q1", "Q2", "Q3", "Q6"}
    lines = path.read_text("utf-8").split("\n")
    line = {
        name: next(n for n, line in enumerate(lines, 1) if line.startswith(name))
        for name in (f"Q{number}" for number in range(9))
    }
    so, all_ = place("So?"), place("or we do not\nsail at all.")
    assert [(c.action, c.path, c.line, c.reason) for c in found.report.changes] == [
        (
            "dropped" if reason[:2] in ("Q7", "Q8") else "changed",
            "x/quotation_info.csv",
            line[reason[:2]],
            reason,
        )
        for reason in (
            "Q0: parts stand in another order than in the text: sorted",
            "Q0: parts touch or overlap: joined",
            "Q1: parts touch or overlap: joined",
            f"Q2: the words are said to be 'Very, a voice', at [{very[0]}, {very[1] + 9}) stands "
            "'Very,\" a voice': the place is kept",
            f"Q3: the words differ from the text at [{all_[0]}, {all_[1]}) in white space alone: "
            "the place is kept",
            f"Q4: the words are said to be 'Why?', at [{so[0]}, {so[1]}) stands 'So?': "
            "the place is kept",
            "Q4: no speaker is named: kept without an attribution",
            "Q5: 1 parts have a place and 0 have words: places are kept",
            "Q5: no speaker is named: kept without an attribution",
            "Q6: an empty part at 0: left out",
            "Q7: has no part that is not empty",
            "Q8: has no part that is not empty",
        )
    ]


def test_a_source_may_be_the_corpus_its_data_or_a_novel(tmp_path: Path) -> None:
    for name in ("b", "a"):
        novel(tmp_path / "data" / name, content(QUOTATIONS[1]))
    (tmp_path / "data" / "c").mkdir()
    (tmp_path / "data" / "a" / "notes.md").touch()
    (tmp_path / "ReadMe.md").touch()
    (tmp_path / "PDNC-Novel-Index.csv").write_text(INDEX + "A,The A,nan,,nan,a,nan\n")
    found = imported(tmp_path)
    assert list(found.corpus.documents) == ["a", "b"]
    assert (found.corpus.documents["a"].title, found.corpus.documents["b"].title) == ("The A", None)
    assert found.corpus.documents["a"].published is None
    assert [(c.action, c.path, c.reason) for c in found.report.changes] == [
        ("unread", "data/a/notes.md", "no file of a novel"),
        ("unread", "data/c", "a folder that holds no novel"),
        ("unread", "ReadMe.md", "no file of a novel"),
    ]
    assert list(imported(tmp_path / "data").corpus.documents) == ["a", "b"]
    alone = imported(tmp_path / "data" / "b")
    assert list(alone.corpus.documents) == ["b"]
    assert alone.report.lost[-1].endswith("there is no PDNC-Novel-Index.csv")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    end = len(TEXT)
    rows = [
        quotation("Q0", spans="__import__('os')"),
        quotation("Q1", words=["x"], addressees="Ana"),
        quotation("Q2", words=["x"], spans=[[0, end + 1], [-1, 2], [5, 4]]),
        quotation("Q3", words=["x"], spans=[[1], ["0", "1"], 7, [True, 2], [0.0, 1]]),
        quotation("Q4", "So?", addressees="{'Ana': 1}"),
        quotation("Q5", "Very,"),
        quotation("Q5", "So?"),
        quotation("", "So?"),
        quotation("Q 6", "So?"),
        quotation("Q7", "So?", speaker="a\nb"),
        ["Q8", "too", "short"],
        quotation("Q9", "So?", addressees="(" * 500),
    ]
    path = novel(tmp_path / "a", content(*rows))
    path.write_text(path.read_text("utf-8") + 'Q10,"cut off', "utf-8")
    novel(tmp_path / "b", content(QUOTATIONS[0], header=[*HEADER[:4], "who", *HEADER[5:]]))
    novel(tmp_path / "c", content(QUOTATIONS[0])).write_bytes(b"quoteID\n\xff")
    (tmp_path / "c" / "novel_text.txt").write_bytes(b"\x00")
    novel(tmp_path / "d", content(QUOTATIONS[0])).unlink()
    novel(tmp_path / "e", content(*QUOTATIONS), text="x" + TEXT)
    novel(tmp_path / "f", "")
    (tmp_path / "PDNC-Novel-Index.csv").write_text("Novel,Folder\n")
    lines = path.read_text("utf-8").split("\n")

    def at(name: str, number: int = 0) -> str:
        found = [n for n, line in enumerate(lines, 1) if line.split(",")[0] == name]
        return f"a/quotation_info.csv:{found[number]}: "

    no = "is no stretch of the text of"
    pair = f"is no pair of whole numbers{MEND}"
    ids = "use 1 to 128 ASCII letters, digits, '_', '.', ':' or '-'"
    control = "is empty or holds control characters; give one line of text or leave it out"
    assert problems(tmp_path) == [
        f"PDNC-Novel-Index.csv:1: has no column Folder Name{MEND}",
        f"{at('Q0')}Q0: quoteByteSpans is no list as Python writes it: "
        f"\"__import__('os')\"{MEND}",
        f"{at('Q1')}Q1: addressees is no list as Python writes it: 'Ana'{MEND}",
        *(f"{at('Q2')}Q2: {span} {no} {end} code points{MEND}"
          for span in (f"[0, {end + 1})", "[-1, 2)", "[5, 4)")),
        *(f"{at('Q3')}Q3: {span} {pair}"
          for span in ("'[1]'", "\"['0', '1']\"", "'7'", "'[True, 2]'", "'[0.0, 1]'")),
        f"{at('Q4')}Q4: addressees is no list as Python writes it: \"{{'Ana': 1}}\"{MEND}",
        f"{at('Q5', 1)}quotation Q5 stands twice; give each an id of its own",
        f"{at('')}a quotation has no quoteID{MEND}",
        f"{at('Q 6')}span 'Q 6': span id 'Q 6' is not valid; {ids}",
        f"{at('Q7')}attribution 'Q7': entity 'a\\nb' {control}",
        f"{at('Q8')}a row has 3 cells instead of 11{MEND}",
        f"{at('Q9')}Q9: addressees is no list as Python writes it: '{'(' * 57}...'{MEND}",
        f"{at('Q10')}the row that begins here is not CSV (unexpected end of data){MEND}",
        f"b/quotation_info.csv:1: has no column speaker{MEND}",
        "c/quotation_info.csv: is not UTF-8 at byte 8 (0xFF: invalid start byte); save it as UTF-8",
        "c/novel_text.txt: document 'c': NUL at code point 0; remove it from the source",
        "d/quotation_info.csv: cannot be read (No such file or directory); check the path",
        "e/quotation_info.csv:1: no quotation has the words that stand at its place in "
        "novel_text.txt; restore the text of the corpus",
        "f/quotation_info.csv:1: has no column quoteID and subQuotationList and quoteByteSpans "
        f"and speaker and addressees{MEND}",
    ]  # fmt: skip


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "x").mkdir(parents=True)
    assert problems(source) == [
        f"{source}: holds no folder with quotation_info.csv; name the folder of the corpus"
    ]
    done = CliRunner().invoke(app, ["import", "pdnc", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()
    file = tmp_path / "file"
    file.touch()
    (only,) = problems(file)
    assert only.endswith("is not a folder; name the folder of the corpus, or that of a novel")


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


# A row of either dialect, as far as its places; cells may hold line breaks and doubled quotes.
CELL = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
ROW = re.compile(rf'^"?(Q\d+)"?,{CELL},({CELL}),"(\[\[[\d, \[\]]*\]\])",({CELL}),', re.MULTILINE)


def test_quotations_and_words_are_those_of_the_raw_files(found: Imported) -> None:
    layer = found.corpus.layers["gold"].by_document()
    quotations = parts = spaced = 0
    folders = [path for path in (SAMPLE / "data").iterdir() if path.is_dir()]
    assert {path.name for path in folders} == set(layer) == set(found.corpus.documents)
    for folder in folders:
        text = (folder / "novel_text.txt").read_bytes().decode()
        document, annotation = found.corpus.documents[folder.name], layer[folder.name]
        assert document.text == text
        entity = {a.content: a.entity for a in annotation.attributions}
        rows = ROW.findall((folder / "quotation_info.csv").read_bytes().decode())
        assert [s.id for s in annotation.spans] == [name for name, *_ in rows]
        for (_, words, spans, speaker), span in zip(rows, annotation.spans, strict=True):
            fragments = json.loads(spans)
            quotations, parts = quotations + 1, parts + len(fragments)
            assert [list(fragment) for fragment in span.fragments] == fragments
            name = speaker[1:-1].replace('""', '"') if speaker.startswith('"') else speaker
            assert entity[(span.id,)] == name
            # The words of all parts, bare of what Python's notation and the CSV put round them.
            stated = re.sub(r"\\n|[\s\"'\\,\[\]]", "", words)
            here = re.sub(r"[\s\"'\\,\[\]]", "", "".join(document.slice(span)))
            assert stated == here
            spaced += sum(text[s:e] != text[s:e].strip() for s, e in fragments)
    report = found.report
    assert (report.records, report.spans["quote"], report.attributions) == (quotations,) * 3
    assert parts == sum(len(s.fragments) for a in layer.values() for s in a.spans)
    changes = [c.reason for c in report.changes if c.line]
    assert len(changes) == spaced
    assert all(reason.endswith("in white space alone: the place is kept") for reason in changes)


def test_it_is_a_sound_corpus_that_goes_round(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    corpus = Corpus.read(tmp_path / "corpus")
    assert corpus.layers == found.corpus.layers
    result = check(tmp_path / "corpus")
    assert result.count("error") == 0
    # The corpus has places that begin or end with white space, and they are kept.
    assert {rule for rule, places in result.problems.items() if places} <= {"outer-space"}
    write("brat", corpus, tmp_path / "brat")
    assert read("brat", tmp_path / "brat").corpus.layers == corpus.layers
