from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError, Document, Span
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported

SAMPLE = Path(__file__).parents[4] / "shared/data/redewiedergabe"
HEADER = [
    "tok", "normtok", "lemma", "pos", "rfpos", "sentstart", "stwr", "frame", "speaker", "intexpr",
    "note",
]  # fmt: skip
META = ["file", "orig_filename", "year", "source", "title", "author", "cabtokens"]


def row(
    tok: str, stwr: str = "-", speaker: str = "-", intexpr: str = "-", frame: str = "-",
    note: str = "-",
) -> str:  # fmt: skip
    return "\t".join([tok, tok, "-", "NN", "-", "no", stwr, frame, speaker, intexpr, note])


def write(path: Path, *rows: str, end: str = "\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(HEADER), *rows]
    path.write_text("".join(line + end for line in lines), "utf-8", newline="")
    return path


def metadata(path: Path, *rows: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [*META, *({"annotator"} & {name for r in rows for name in r})]
    lines = ["\t".join(columns), *("\t".join(r.get(c, "") for c in columns) for r in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="")


def imported(source: Path) -> Imported:
    return read("redewiedergabe", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


def changes(found: Imported) -> list[tuple[str, str, int | None, str]]:
    return [(c.action, c.path, c.line, c.reason) for c in found.report.changes]


def spans_of(
    found: Imported, layer: str = "gold"
) -> dict[str, tuple[str, tuple[str, ...], dict[str, str]]]:
    (labels,) = found.corpus.layers[layer].annotations
    document = found.corpus.documents[labels.doc_id]
    return {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans}


def roles_of(found: Imported, layer: str = "gold") -> dict[str, tuple[tuple[str, ...], ...]]:
    (labels,) = found.corpus.layers[layer].annotations
    return {a.id: (a.content, a.source, a.cue) for a in labels.attributions}


def test_every_label_is_where_the_corpus_has_it(tmp_path: Path) -> None:
    direct = "direct.speech.1"
    write(
        tmp_path / "main" / "rwk_mkhz_12-1.tsv",
        row("»", direct),
        row("Komm", direct),
        row("«", direct),
        row(",", frame="frame.1"),
        row("rief", intexpr="intexpr.1", frame="frame.1"),
        row("Mara", speaker="speaker.1_2", frame="frame.1"),
        row("und", frame="frame.1"),
        row("Tjark", speaker="speaker.1", frame="frame.1"),
        row("aus", intexpr="intexpr.1", frame="frame.1"),
        row(",", frame="frame.1"),
        row("»", direct),
        row("95 00", direct),
        row("!", direct),
        row("«", direct),
        row("Ö\u0308l", "reported.writing.2.nonfact.border=unspec.metaph"),
    )
    found = imported(tmp_path / "main")
    (document,) = found.corpus.documents.values()
    assert document.doc_id == "rwk_mkhz_12-1"
    assert document.text == "» Komm « , rief Mara und Tjark aus , » 95 00 ! « Ö\u0308l"
    assert (document.language, document.licence, document.group) == (
        "de", "CC-BY-NC-SA-4.0", "mkhz_12",
    )  # fmt: skip
    assert found.corpus.layers["gold"].kind == "adjudicated"
    assert spans_of(found) == {
        "q1": ("quote", ("» Komm «", "» 95 00 ! «"), {"form": "direct", "medium": "speech"}),
        "cue1": ("cue", ("rief", "aus"), {}),
        "s1": ("source", ("Mara",), {}),
        "s1.2": ("source", ("Tjark",), {}),
        "q2": ("quote", ("Ö\u0308l",), {"form": "reported", "medium": "writing"}),
    }
    assert roles_of(found) == {
        "a1": (("q1",), ("s1", "s1.2"), ("cue1",)),
        "a2": (("q2",), ("s1",), ()),
    }
    report = found.report
    assert (report.records, report.attributions, report.changes) == (2, 2, [])
    assert {"nonfact: 1 STWR", "border: 1 STWR", "prag: 0 STWR", "metaph: 1 STWR"} <= set(
        report.lost
    )
    assert report.lost[0].startswith("the original spacing")
    assert report.lost[1].endswith(": 1")
    assert any(line.endswith(": 2 speakers and intExpr") for line in report.lost)


def test_stwr_nest_to_depth_five(tmp_path: Path) -> None:
    names = [f"direct.speech.{n}" for n in range(1, 6)]
    cells = ["|".join(names[: min(i, 9 - i) + 1]) for i in range(10)]
    write(tmp_path / "rwk_a_1-1.tsv", *[row(str(i), c) for i, c in enumerate(cells)])
    quotes = {name: slices for name, (_, slices, _) in spans_of(imported(tmp_path)).items()}
    assert quotes == {
        "q1": ("0 1 2 3 4 5 6 7 8 9",),
        "q2": ("1 2 3 4 5 6 7 8",),
        "q3": ("2 3 4 5 6 7",),
        "q4": ("3 4 5 6",),
        "q5": ("4 5",),
    }


@pytest.mark.parametrize(
    ("kind", "attributes", "is_changed", "lost"),
    [
        ("freeIndirect.thought", {"form": "free_indirect", "medium": "thought"}, False, ""),
        ("indirect.speech writing", {"form": "indirect"}, False, "speech writing 1"),
        (
            "reported.speech_thought_writing",
            {"form": "reported"},
            False,
            "speech thought writing 1",
        ),
        ("indirect freeIndirect.speech", {"form": "free_indirect", "medium": "speech"}, True, ""),
        ("indirect_freeIndirect.writing", {"form": "free_indirect", "medium": "writing"}, True, ""),
    ],
)
def test_types_and_media_become_forms_and_media(
    tmp_path: Path, kind: str, attributes: dict[str, str], is_changed: bool, lost: str
) -> None:
    write(tmp_path / "rwk_a_1-1.tsv", row("x"), row("Er", f"{kind}.7.prag"))
    found = imported(tmp_path)
    assert spans_of(found)["q7"] == ("quote", ("Er",), attributes)
    reason = "STWR 7: type indirect freeIndirect becomes form free_indirect"
    assert changes(found) == [("changed", "rwk_a_1-1.tsv", 3, reason)] * is_changed
    assert any(lost in line for line in found.report.lost)


def test_what_is_not_taken_over_as_it_stands_is_told_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path / "rwk_a_1-1.tsv",
        row("Ob", "direct.thought.1", speaker="speaker._1"),
        row("sie"),
        row("kam", "direct.speech.1"),
        row("sagte", speaker="speaker.0", intexpr="intexpr.0 9"),
    )
    found = imported(tmp_path)
    name = "rwk_a_1-1.tsv"
    alone = "belongs to no STWR: a span without attribution"
    assert changes(found) == [
        ("changed", name, 2, "'speaker._1' has an empty ID, left out"),
        ("changed", name, 2, "STWR 1 is direct.thought and direct.speech: a quote each, in one "
         "attribution"),
        ("changed", name, 5, f"intexpr 0 {alone}"),
        ("changed", name, 5, f"intexpr 9 {alone}"),
        ("changed", name, 5, f"speaker 0 {alone}"),
    ]  # fmt: skip
    assert spans_of(found) == {
        "s1": ("source", ("Ob",), {}),
        "q1": ("quote", ("Ob",), {"form": "direct", "medium": "thought"}),
        "q1.2": ("quote", ("kam",), {"form": "direct", "medium": "speech"}),
        "cue0": ("cue", ("sagte",), {}),
        "s0": ("source", ("sagte",), {}),
    }
    assert roles_of(found) == {"a1": (("q1", "q1.2"), ("s1",), ())}


def test_all_annotators_of_a_sample_stand_over_one_text(tmp_path: Path) -> None:
    root = tmp_path / "data"
    quote = "direct.speech.1"
    write(
        root / "main" / "tsv" / "rwk_a_1-1.tsv", row("Ich"), row("geh'", quote), row("95 00", quote)
    )
    mercury = root / "primary" / "mercury" / "tsv" / "rwk1_a_1-1.xmi.tsv"
    write(mercury, row("Ich", quote), row("geh"), row("'"), row("95"), row("00", quote), end="\r\n")
    write(
        root / "primary" / "venus" / "rwk1_a_1-1.tsv", row("Ich", quote), row("ging"), row("'9500")
    )
    write(root / "primary" / "earth" / "rwk1_a_1-1.tsv", row("Ich", quote), row("geh'"))
    write(root / "primary" / "mars" / "rwk2_b_2-1.tsv", row("Neu", "reported.thought.3"))
    write(root / "primary" / "consens" / "rwk_a_1-1.tsv", row("Ich"))
    single = "rwz_sample_c_3-1.tsv"
    write(root / "single" / single, row("Allein", "reported.thought.3"))
    metadata(root / "single" / "metadata.tsv", {"file": single, "annotator": "uranus"})
    (root / "annotators_per_file.tsv").write_text("x")
    (root / "xmi").mkdir()
    (root / "xmi" / "a.xmi").write_text("x")
    found = imported(root)
    assert {d.doc_id: (d.text, d.group) for d in found.corpus.documents.values()} == {
        "rwk_a_1-1": ("Ich geh' 95 00", "a_1"),
        "rwk_b_2-1": ("Neu", "b_2"),
        "rwz_sample_c_3-1": ("Allein", None),
    }
    assert list(found.corpus.layers) == ["gold", "mars", "mercury", "uranus"]
    assert {layer.kind for layer in found.corpus.layers.values()} == {"adjudicated", "human"}
    assert spans_of(found)["q1"][1] == ("geh' 95 00",)
    (labels,) = found.corpus.layers["mercury"].annotations
    assert labels.by_id()["q1"].fragments == ((0, 3), (12, 14))
    venus = "1 STWR of venus: its text is not that of rwk_a_1-1.tsv"
    earth = venus.replace("venus", "earth")
    listed = "the list of annotators, whom the folders name"
    assert changes(found) == [
        ("unread", "primary/consens", None, "the labels of the main corpus over other tokens"),
        ("unread", "xmi", None, "a folder without .tsv files"),
        ("unread", "annotators_per_file.tsv", None, listed),
        ("dropped", "primary/earth/rwk1_a_1-1.tsv", None, f"{earth}: it ends before '95 00'"),
        ("dropped", "primary/venus/rwk1_a_1-1.tsv", None,
         f"{venus}: token 2 is 'ging', there it says \"geh'\""),
    ]  # fmt: skip
    assert found.report.records == 6
    assert found.report.attributions == 4


def test_metadata_describe_documents(tmp_path: Path) -> None:
    write(tmp_path / "rwk_a_1-1.tsv", row("x"))
    write(tmp_path / "rwk_a_1-2.tsv", row("y"), row("z", note="note"))
    gone = {"file": "rwk_b_2-1.tsv"}
    metadata(
        tmp_path / "metadata.tsv",
        {"file": "rwk_a_1-1.tsv", "orig_filename": "A.xml", "year": "1870", "source": "mkhz.a",
         "title": "Undefined", "author": 'Ana "A" ', "cabtokens": "1"},
        {"file": "rwk_a_1-2.xmi.tsv", "orig_filename": "A.xml", "title": "Ä", "cabtokens": "7"},
        gone, {"file": "rwk_b_2-2.tsv"},
    )  # fmt: skip
    found = imported(tmp_path)
    first, second = found.corpus.documents.values()
    assert (first.title, first.published, first.group) == (None, "1870", "A.xml")
    assert first.meta == {
        "orig_filename": "A.xml", "source": "mkhz.a", "author": 'Ana "A" ', "cabtokens": "1",
    }  # fmt: skip
    assert (second.title, second.group) == ("Ä", "A.xml")
    assert changes(found) == [
        ("unread", "metadata.tsv", None, "2 rows on samples that are not here")
    ]
    assert any("1 samples have another number" in line for line in found.report.lost)
    assert "note: 1 tokens are marked as footnote" in found.report.lost
    assert [a.spans for a in found.corpus.layers["gold"].annotations] == [(), ()]


def test_one_annotator_alone_can_be_imported(tmp_path: Path) -> None:
    path = write(tmp_path / "mercury" / "rwk1_a_1-1.tsv", row("x", "direct.speech.1"))
    for source in (path, path.parent, tmp_path):
        found = imported(source)
        assert list(found.corpus.layers) == ["mercury"]
        assert list(found.corpus.documents) == ["rwk_a_1-1"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path / "rwk_a.tsv",
        row("x", "direct.speech.1|loud.speech.2"),
        row("y", "direct.speech"),
        "z\t-",
        row("", "direct.speech.1.sung"),
        row("w", speaker="speaker.x", intexpr="speaker.1"),
        row("v", intexpr="speaker.1"),
    )
    write(tmp_path / "rwk_b.tsv")
    (tmp_path / "rwk_c.tsv").write_text("tok\tstwr\nx\t-\n")
    (tmp_path / "rwk_d.tsv").write_bytes("\t".join(HEADER).encode() + b"\n\xff")
    (tmp_path / "rwk_e.tsv").write_bytes(b"\xef\xbb\xbftok")
    (tmp_path / "rwk_f.tsv").write_text("")
    write(tmp_path / "rwk_g.tsv", row("x"))
    write(tmp_path / "rwk_g.xmi.tsv", row("x"))
    bad = write(tmp_path / "no läyer" / "rwk1_h.tsv", row("x"))
    (tmp_path / "metadata.tsv").write_text("file\tyear\nrwk_a.tsv\n")
    (tmp_path / "metadata_b.tsv").write_text("name\nrwk_a.tsv\n")
    cut = "; fetch the file again: it may be cut off"
    stwr = "is not type.medium.ID with what may follow" + cut
    columns = f"has not the columns {', '.join(HEADER)}; name files of the column-based text format"
    assert problems(tmp_path) == [
        f"metadata.tsv:2: has 1 columns, the header has 2{cut}",
        "metadata_b.tsv:1: has no column 'file'; name the table of the corpus",
        f"rwk_a.tsv:2: stwr 'loud.speech.2' {stwr}",
        f"rwk_a.tsv:3: stwr 'direct.speech' {stwr}",
        f"rwk_a.tsv:4: has 2 columns, not 11{cut}",
        f"rwk_a.tsv:5: has no token{cut}",
        f"rwk_a.tsv:6: speaker 'speaker.x' is not speaker.ID or speaker.ID_ID{cut}",
        f"rwk_a.tsv:7: intexpr 'speaker.1' is not intexpr.ID or intexpr.ID_ID{cut}",
        f"rwk_b.tsv:1: holds no token{cut}",
        f"rwk_c.tsv:1: {columns}",
        f"rwk_d.tsv: is not UTF-8 at byte {len(chr(9).join(HEADER)) + 1} "
        "(0xFF: invalid start byte); save it as UTF-8",
        "rwk_e.tsv: begins with a byte order mark at byte 0; save it as UTF-8 without one",
        f"rwk_f.tsv:1: {columns}",
        "rwk_g.xmi.tsv: document 'rwk_g': is labelled by 'gold' in rwk_g.tsv already; keep one of "
        "the two",
        f"no läyer/{bad.name}: 'no läyer' cannot name a layer; use 1 to 64 ASCII letters, digits, "
        "'_', '-' or '.', a letter or digit first, no '.' last",
    ]


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    assert problems(tmp_path) == [
        f"{tmp_path}: holds no .tsv file; name the folder that holds the corpus"
    ]
    metadata(tmp_path / "in" / "metadata.tsv")
    source = tmp_path / "in"
    assert problems(source) == [
        f"{source}: holds no sample, only tables about samples; name the whole corpus"
    ]
    done = CliRunner().invoke(app, ["import", "redewiedergabe", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


def raw_files(folder: str) -> dict[str, str]:
    paths = (SAMPLE / folder).glob("rwk*.tsv")
    return {re.sub(r"^rwk1?", "rwk", p.stem): p.read_text("utf-8") for p in paths}


FOLDERS = {"gold": "main", "mercury": "primary/mercury", "venus": "primary/venus"}


def test_counts_are_those_of_the_raw_files(found: Imported) -> None:
    """Counts by regular expressions over the whole file, not column by column."""
    total = Counter[str]()
    for name, folder in FOLDERS.items():
        raw = raw_files(folder)
        layer = found.corpus.layers[name]
        assert {a.doc_id for a in layer.annotations} == set(raw)
        for annotation in layer.annotations:
            content = raw[annotation.doc_id]
            ids = set(re.findall(r"(?:speech|thought|writing)\.(\d+)", content))
            speakers = {
                i for cell in re.findall(r"\tspeaker\.(\S+)\t", content) for i in cell.split("_")
            }
            cues = {
                i for cell in re.findall(r"\tintexpr\.(\S+)\t", content) for i in cell.split("_")
            }
            attributions = annotation.attributions
            assert {a.id[1:] for a in attributions} == ids
            assert {a.id[1:] for a in attributions if a.source} == ids & speakers
            assert {a.id[1:] for a in attributions if a.cue} == ids & cues
            total["attributions"] += len(ids)
            total["alone"] += len(speakers - ids - {""}) + len(cues - ids)
    report = found.report
    dropped = [c for c in report.changes if c.action == "dropped"]
    assert dropped == []
    assert report.records == report.attributions == total["attributions"]
    orphans = [c for c in report.changes if "belongs to no STWR" in c.reason]
    assert total["alone"] == len(orphans) > 0


def test_labels_have_the_words_of_their_tokens(found: Imported) -> None:
    forms = {
        "direct": "direct", "indirect": "indirect", "reported": "reported",
        "freeIndirect": "free_indirect", "indirect freeIndirect": "free_indirect",
    }  # fmt: skip
    for name, folder in FOLDERS.items():
        raw = raw_files(folder)
        for annotation in found.corpus.layers[name].annotations:
            document = found.corpus.documents[annotation.doc_id]
            lines = [line.split("\t") for line in raw[document.doc_id].splitlines()[1:]]
            if name == "gold":
                assert document.text == " ".join(cells[0] for cells in lines)
            for span in annotation.spans:
                if span.label != "quote":
                    continue
                number = re.match(r"q(\d+)", span.id)[1]  # type: ignore[index]
                form, medium = span.attributes["form"], span.attributes.get("medium")
                words = ""
                for cells in lines:
                    for part in cells[6].split("|"):
                        kind, *rest = part.split(".")
                        if rest[1:2] == [number] and forms[kind] == form:
                            words += cells[0] * (medium is None or rest[0] == medium)
                assert packed("".join(document.slice(span))) == packed(words)
            check_runs(document, annotation.spans, lines)


def check_runs(document: Document, spans: tuple[Span, ...], lines: list[list[str]]) -> None:
    """Each source covers tokens of the column speaker, each of these stands in a source."""
    for label, column in (("source", 8), ("cue", 9)):
        want = "".join(packed(cells[0]) for cells in lines if cells[column] != "-")
        covered = {i for s in spans if s.label == label for f in s.fragments for i in range(*f)}
        got = "".join(document.text[i] for i in sorted(covered))
        assert packed(got) == want


def packed(words: str) -> str:
    return "".join(words.split())


def test_metadata_stand_in_the_documents(found: Imported) -> None:
    header, *rows = (SAMPLE / "main" / "metadata.tsv").read_text("utf-8").splitlines()
    columns = header.split("\t")
    known = {cells[0].removesuffix(".tsv"): cells for cells in (r.split("\t") for r in rows)}
    for document in found.corpus.documents.values():
        cells = known[document.doc_id]
        given = {"title": document.title, "year": document.published, **document.meta}
        for column, cell in zip(columns[1:], cells[1:], strict=True):
            assert given.get(column) == (None if cell == "Undefined" else cell)
        assert document.group == cells[1]


def test_it_is_a_sound_corpus(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    assert Corpus.read(tmp_path / "corpus").layers == found.corpus.layers
    result = check(tmp_path / "corpus")
    assert result.count("error") == 0
    # Two STWR may cover the same words; a speaker at the end of a sample may have none.
    breached = {rule for rule, problems in result.problems.items() if problems}
    assert breached <= {"same-span-twice", "role-alone"}
