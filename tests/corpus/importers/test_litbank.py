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
from inquit.corpus.importers.intake import Imported

SAMPLE = Path(__file__).parents[4] / "shared/data/litbank-quotations"
NAME = "9999_die_möwe: a_tale_brat"
SENTENCES = [
    "\U0001f600 The Cafe\u0301 was shut .",
    "“ Come in ,",
    "or stay out !",
    "It rains . ” said Eva .",
    "“ No , ” he said , “ thanks . ”",
    "— Well ?",
]
MEND = "; fetch the file again, or mend it"


def quote(
    name: str, first: tuple[int, int], last: tuple[int, int], words: str | None = None
) -> str:
    """Return a line; words are those of the tokens, the last one included."""
    rows = [sentence.split(" ") for sentence in SENTENCES]
    if words is None:
        tokens = [
            token
            for s, row in enumerate(rows)
            for t, token in enumerate(row)
            if first <= (s, t) <= last
        ]
        words = " ".join(tokens)
    return "\t".join(("QUOTE", name, *map(str, (*first, *last)), words))


def attrib(name: str, speaker: str) -> str:
    return f"ATTRIB\t{name}\t{speaker}"


QUOTES = [
    quote("Q7", (1, 0), (3, 3)),
    quote("Q8", (4, 0), (4, 3)),
    quote("Q9", (4, 7), (4, 10)),
    attrib("Q7", "Eva-0"),
    attrib("Q8", "Old_Ben-12"),
    attrib("Q9", "Old_Ben-12"),
]


def work(
    folder: Path, *lines: str, name: str = NAME, sentences: list[str] = SENTENCES, end: str = "\n"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = end.join(sentences) + end
    (folder / f"{name}.txt").write_text(text, "utf-8", newline="")
    path = folder / f"{name}.ann"
    path.write_text("".join(line + end for line in lines), "utf-8", newline="")
    return path


def imported(source: Path) -> Imported:
    return read("litbank", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quotes_are_whole_stretches_to_the_end_of_their_last_token(
    tmp_path: Path, end: str
) -> None:
    work(tmp_path, *QUOTES, end=end)
    found = imported(tmp_path)
    (document,) = found.corpus.documents.values()
    assert document.doc_id == NAME
    assert document.text == end.join(SENTENCES) + end
    assert (document.language, document.licence) == ("en", "CC-BY-4.0")
    assert document.meta == {"gutenberg": "9999"}
    (labels,) = found.corpus.layers["gold"].annotations
    assert labels.sha256 == document.sha256
    assert {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans} == {
        "Q7": (
            "quote",
            (f"“ Come in ,{end}or stay out !{end}It rains . ”",),
            {"form": "direct"},
        ),
        "Q8": ("quote", ("“ No , ”",), {"form": "direct"}),
        "Q9": ("quote", ("“ thanks . ”",), {"form": "direct"}),
    }
    assert [(a.id, a.content, a.entity, a.source) for a in labels.attributions] == [
        ("Q7", ("Q7",), "Eva-0", ()),
        ("Q8", ("Q8",), "Old_Ben-12", ()),
        ("Q9", ("Q9",), "Old_Ben-12", ()),
    ]
    assert (found.report.records, found.report.changes, found.report.derived) == (6, [], [])


def test_a_file_without_quotes_was_labelled_and_a_missing_one_was_not(tmp_path: Path) -> None:
    work(tmp_path, name="a")
    work(tmp_path, name="b").unlink()
    (tmp_path / "README.md").touch()
    found = imported(tmp_path)
    assert list(found.corpus.documents) == ["a", "b"]
    (labels,) = found.corpus.layers["gold"].annotations
    assert (labels.doc_id, labels.spans, labels.attributions) == ("a", (), ())
    assert [(c.action, c.path, c.line, c.reason) for c in found.report.changes] == [
        ("unread", "README.md", None, "not a .txt file"),
        ("changed", "b.txt", None, "there is no b.ann: kept without labels"),
    ]
    assert found.corpus.documents["a"].meta == {}


def test_what_is_not_as_the_text_has_it_is_kept_and_reported(tmp_path: Path) -> None:
    lines = [
        attrib("Q1", "Eva-0"),  # Before the quote.
        quote("Q1", (5, 0), (5, 2)),
        "",
        quote("Q2", (5, 0), (5, 2), "— Well !"),  # The same place, other words.
        attrib("Q2", "Eva-0"),
        attrib("Q2", "Ben-1"),  # Spoken by two.
        quote("Q3", (4, 0), (4, 3)),
    ]
    work(tmp_path, *lines, name="a")
    found = imported(tmp_path)
    (labels,) = found.corpus.layers["gold"].annotations
    assert [s.id for s in labels.spans] == ["Q3", "Q1", "Q2"]
    assert [(a.id, a.content, a.entity) for a in labels.attributions] == [
        ("Q1", ("Q1",), "Eva-0"),
        ("Q2", ("Q2",), "Eva-0"),
        ("Q2.2", ("Q2",), "Ben-1"),
    ]
    assert [(c.action, c.path, c.line, c.reason) for c in found.report.changes] == [
        ("changed", "a.ann", 4, "Q2: the words are said to be '— Well !', at its tokens stands "
         "'— Well ?': the tokens are kept"),
        ("changed", "a.ann", 7, "Q3: no speaker is named: kept without an attribution"),
    ]  # fmt: skip
    assert found.report.records == 6


@pytest.mark.parametrize("inner", ["", "tsv", "quotations/tsv"])
def test_a_source_may_be_the_whole_of_the_repository(tmp_path: Path, inner: str) -> None:
    work(tmp_path / inner, *QUOTES)
    (tmp_path / "coref").mkdir()
    assert imported(tmp_path).report.spans["quote"] == 3


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    lines = [
        attrib("Q9", "Eva-0"),
        quote("Q1", (5, 0), (5, 3), "x"),
        quote("Q2", (9, 0), (9, 0), "x"),
        "QUOTE\tQ3\t1\t0\t1",
        "QUOTE\tQ4\t1\t-1\t1\t1.5\tx",
        quote("Q5", (5, 2), (5, 0), "x"),
        quote("Q6", (5, 0), (5, 2)),
        quote("Q6", (4, 0), (4, 2)),
        "ATTRIB\tQ6",
        attrib("Q6", " "),
        "T1\tQuote 0 4\tx",
        quote("Q 7", (5, 0), (5, 2)),
    ]
    work(tmp_path, *lines, name="a")
    work(tmp_path, *QUOTES, name="b", sentences=["x " + s for s in SENTENCES])
    work(tmp_path, name="c").write_bytes(b"QUOTE\t\xff")
    work(tmp_path, name="d", sentences=[""])
    work(tmp_path, name="e")
    (tmp_path / "e.txt").unlink()
    shape = "id<TAB>first sentence<TAB>first token<TAB>last sentence<TAB>last token<TAB>words"
    assert problems(tmp_path) == [
        "e.ann: labels 'e.txt', which is not here; put the text beside it",
        f"a.ann:1: speaker of 'Q9', and there is no such quote{MEND}",
        f"a.ann:2: Q1: the text has no sentence 5 with a token 3{MEND}",
        f"a.ann:3: Q2: the text has no sentence 9 with a token 0{MEND}",
        f"a.ann:4: has 5 cells instead of 7; the line should be QUOTE<TAB>{shape}",
        f"a.ann:5: Q4: '1', '-1', '1', '1.5' are not four whole numbers{MEND}",
        "a.ann:6: span 'Q5': fragment [112, 106) ends before it starts; give start first, then end",
        "a.ann:8: quote Q6 stands twice; give each an id of its own",
        "a.ann:9: has 2 cells instead of 3; the line should be ATTRIB<TAB>id<TAB>speaker",
        "a.ann:10: attribution 'Q6': entity ' ' is empty or holds control characters; "
        "give one line of text or leave it out",
        "a.ann:11: begins with 'T1'; a line begins with QUOTE or ATTRIB",
        "a.ann:12: span 'Q 7': span id 'Q 7' is not valid; "
        "use 1 to 128 ASCII letters, digits, '_', '.', ':' or '-'",
        "b.ann:1: no quote has the words that stand at its tokens in b.txt; "
        "restore the text of the corpus",
        "c.ann: is not UTF-8 at byte 6 (0xFF: invalid start byte); save it as UTF-8",
        "d.txt: is empty; restore the text",
    ]


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert problems(source) == [
        f"{source}: holds no .txt file; name the folder that holds them; "
        "subfolders are not searched"
    ]
    done = CliRunner().invoke(app, ["import", "litbank", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()
    (tmp_path / "x.txt").touch()
    (only,) = problems(tmp_path / "x.txt")
    assert only.endswith("is not a folder; name the folder that holds the .txt files")


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


def test_quotes_and_words_are_those_of_the_raw_files(found: Imported) -> None:
    layer = found.corpus.layers["gold"].by_document()
    paths = sorted(SAMPLE.glob("*.ann"))
    assert {path.stem for path in paths} == set(layer) == set(found.corpus.documents)
    quotes = speakers = over = empty = 0
    for path in paths:
        raw = path.read_bytes().decode()
        document, labels = found.corpus.documents[path.stem], layer[path.stem]
        assert document.text == path.with_suffix(".txt").read_bytes().decode()
        words = dict(re.findall(r"^QUOTE\t(\w+)\t(?:\d+\t){4}(.*)$", raw, re.MULTILINE))
        said = dict(re.findall(r"^ATTRIB\t(\w+)\t(.*)$", raw, re.MULTILINE))
        spoken = {s.id: document.slice(s)[0].replace("\n", " ") for s in labels.spans}
        assert spoken == words
        assert {a.content[0]: a.entity for a in labels.attributions} == said
        quotes += len(words)
        speakers += len(said)
        over += len(re.findall(r"^QUOTE\t\w+\t(\d+)\t\d+\t(?!\1\t)\d+", raw, re.MULTILINE))
        empty += not raw
        # A line of the text is a sentence, and what stands between two quotes' ends are tokens.
        for span in labels.spans:
            before, behind = document.text[: span.start][-1:], document.text[span.end :][:1]
            assert {before, behind} <= {"", " ", "\n"}
    report = found.report
    assert (report.records, report.spans["quote"]) == (quotes + speakers, quotes)
    assert report.attributions == speakers
    spans = [(found.corpus.documents[a.doc_id], s) for a in layer.values() for s in a.spans]
    assert sum("\n" in document.slice(span)[0] for document, span in spans) == over > 0
    assert sum(not labels.spans for labels in layer.values()) == empty > 0
    assert [c.path for c in report.changes] == ["README.md"]


def test_it_is_a_sound_corpus_that_goes_round(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    corpus = Corpus.read(tmp_path / "corpus")
    assert corpus.layers == found.corpus.layers
    result = check(tmp_path / "corpus")
    assert not any(result.problems.values())
    write("inline", corpus, tmp_path / "inline")
    assert read("inline", tmp_path / "inline").corpus.layers == corpus.layers
