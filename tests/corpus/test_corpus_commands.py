from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Ran, inquit

from inquit.corpus import Annotation, Corpus, CorpusInfo, Layer, Span
from inquit.corpus.directory import write_layer
from inquit.corpus.importers import FORMATS

Capsys = pytest.CaptureFixture[str]

DESCRIPTION = 'name = "small"\n[layers.gold]\nkind = "human"\nannotator = "p1"\n'
ARTICLE = """\
+++
doc_id = "harbour"
title = "Harbour [closed]"
split = "test"

[attributions]
a1 = { content = ["q1"], source = ["s1"], cue = ["c1"] }
+++
<quote#q1 form=direct>“We sail,”</q1> <cue#c1>said</c1> <source#s1>Ana Reyes</s1>.
"""


@pytest.fixture
def corpus(tmp_path: Path, capsys: Capsys) -> Path:
    source = tmp_path / "articles"
    source.mkdir()
    (source / "corpus.toml").write_text(DESCRIPTION)
    (source / "harbour.inline").write_text(ARTICLE)
    assert inquit(capsys, "corpus", "import", "inline", source, tmp_path / "c").code == 0
    return tmp_path / "c"


def failed(ran: Ran) -> str:
    """Return the message of a command that refused."""
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    return ran.err.removeprefix("error: ").rstrip("\n")


def test_a_text_is_imported_checked_counted_and_shown(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "a.txt").write_bytes("“Rain,” she said.\r\n".encode())
    (tmp_path / "b.md").write_text("x")
    c = tmp_path / "c"
    ran = inquit(capsys, "corpus", "import", "text", tmp_path, c, "--language", "en")
    assert ran.code == 0
    assert "documents" in ran.out
    assert "not a .txt file" in ran.out
    assert f"wrote {c}" in ran.err
    report = json.loads((c / "import-report.json").read_text())
    assert (report["format"], report["documents"], report["source"]) == ("text", 1, tmp_path.name)
    assert str(tmp_path) not in (c / "import-report.json").read_text()
    (document,) = Corpus.read(c).documents.values()
    assert (document.text, document.language) == ("“Rain,” she said.\r\n", "en")
    assert inquit(capsys, "corpus", "check", c).code == 0
    assert inquit(capsys, "corpus", "stats", c).code == 0
    shown = inquit(capsys, "corpus", "show", c, "a")
    assert shown.code == 0
    assert "“Rain,” she said.\\r\n" in shown.out


def test_the_summary_is_one_json_document_if_asked(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "a.txt").write_text("x")
    ran = inquit(capsys, "corpus", "import", "text", tmp_path, tmp_path / "c", "--json")
    assert ran.err == ""
    assert ran.json == json.loads((tmp_path / "c" / "import-report.json").read_text())


def test_an_unknown_format_is_a_fault_of_usage(tmp_path: Path, capsys: Capsys) -> None:
    ran = inquit(capsys, "corpus", "import", "txt", tmp_path, tmp_path / "c")
    assert ran.code == 2
    assert "unknown format 'txt'; did you mean 'text'?" in " ".join(ran.err.split())
    listed = inquit(capsys, "corpus", "import", "--help").out
    assert all(f" {name}: " in listed for name in FORMATS)


def test_an_existing_destination_is_kept(tmp_path: Path, capsys: Capsys, corpus: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    arguments = ("corpus", "import", "text", tmp_path / "a.txt", corpus)
    message = failed(inquit(capsys, *arguments))
    assert message == f"{corpus}: exists and is not empty; name another place or pass --force"
    assert "harbour" in Corpus.read(corpus).documents
    assert "is the work of people" in failed(inquit(capsys, *arguments, "--force"))
    other = tmp_path / "other"
    assert inquit(capsys, *arguments[:-1], other).code == 0
    assert inquit(capsys, *arguments[:-1], other, "--force").code == 0
    assert list(Corpus.read(other).documents) == ["a"]


def test_a_destination_that_cannot_be_written_is_said(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "a.txt").write_text("x")
    for place in (tmp_path / "a.txt" / "c", Path("/proc/inquit")):
        message = failed(inquit(capsys, "corpus", "import", "text", tmp_path, place))
        assert message.startswith(f"{place}: cannot be written (")
        assert message.endswith("; name a place you may write to")


def test_a_bad_source_leaves_nothing_behind(tmp_path: Path, capsys: Capsys) -> None:
    source = tmp_path / "texts"
    source.mkdir()
    (source / "a.txt").write_text("good")
    (source / "b.txt").write_bytes(b"caf\xe9")
    (source / "c.txt").write_bytes(b"")
    message = failed(inquit(capsys, "corpus", "import", "text", source, tmp_path / "c"))
    assert message.splitlines() == [
        f"{source}/b.txt: is not UTF-8 at byte 3 (0xE9: unexpected end of data); save it as UTF-8",
        f"{source}/c.txt: is empty; remove the file, or give it its text",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


def test_strict_refuses_a_dropped_record_and_nothing_else(tmp_path: Path, capsys: Capsys) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("Rain, she said.")
    (source / "a.ann").write_text("T1\tNonsense 0 4\tRain\n")
    (source / "README.md").write_text("x")
    strict = ("corpus", "import", "brat", source, tmp_path / "c", "--strict")
    assert "a.ann:1: dropped: " in failed(inquit(capsys, *strict))
    assert not (tmp_path / "c").exists()
    (source / "a.ann").write_text("")
    assert inquit(capsys, *strict).code == 0


def test_check_exits_0_with_warnings_and_1_with_errors(capsys: Capsys, corpus: Path) -> None:
    clean = inquit(capsys, "corpus", "check", corpus)
    assert (clean.code, clean.out) == (0, "1 document, 1 layer: no errors, no warnings\n")
    labels = Annotation(doc_id="harbour", spans=[Span("q", "quote", [(0, 2)])])
    write_layer(corpus, Layer(name="p2", kind="human", annotations=[labels]))
    warned = inquit(capsys, "corpus", "check", corpus)
    assert warned.code == 0
    assert warned.out.endswith("1 document, 2 layers: no errors, 2 warnings\n")
    assert (
        f"{corpus}/layers/p2.jsonl:1: document 'harbour': span 'q': quote ends at 2" in warned.out
    )
    with (corpus / "documents.jsonl").open("a") as stream:
        stream.write('{"doc_id":"b","text":\n')
    wrong = inquit(capsys, "corpus", "check", corpus)
    assert (wrong.code, wrong.err) == (1, "")
    assert f"error [document] {corpus}/documents.jsonl:2: is not JSON" in wrong.out


def test_check_shows_the_first_places_of_each_rule(capsys: Capsys, corpus: Path) -> None:
    spans = [Span(f"q{n}", "quote", [(n, n + 1)]) for n in range(1, 9)]
    labels = Annotation(doc_id="harbour", spans=spans)
    write_layer(corpus, Layer(name="p2", kind="human", annotations=[labels]))
    out = inquit(capsys, "corpus", "check", corpus, "--places", "2").out
    assert out.count("warning [quote-alone]") == 2
    assert "... and 6 more of quote-alone (--places, --json)" in out
    full = inquit(capsys, "corpus", "check", corpus, "--json")
    assert full.code == 0
    rules = {rule["rule"]: rule for rule in full.json["rules"]}
    assert len(rules["quote-alone"]["problems"]) == 8
    assert rules["quote-alone"]["severity"] == "warning"
    assert full.json["errors"] == 0


def test_check_names_a_directory_that_is_no_corpus(tmp_path: Path, capsys: Capsys) -> None:
    message = failed(inquit(capsys, "corpus", "check", tmp_path))
    assert "is not a corpus directory: it has no corpus.toml" in message


def test_stats_are_a_table_or_json(capsys: Capsys, corpus: Path) -> None:
    out = inquit(capsys, "corpus", "stats", corpus).out
    assert "Layer gold (human, by p1)" in out
    assert "form direct" in out
    counts = inquit(capsys, "corpus", "stats", corpus, "--json").json
    assert counts["stats"]["texts"]["test"]["words"] == 5
    assert counts["stats"]["layers"]["gold"]["all"]["labels"]["quote"]["spans"] == 1
    write_layer(corpus, Layer(name="none", kind="rule", annotations=[]))
    counts = inquit(capsys, "corpus", "stats", corpus, "--json").json
    roles = counts["stats"]["layers"]["none"]["all"]["attributions"]["mean_roles"]
    assert roles["source"] is None


def test_show_prints_or_writes_a_page(tmp_path: Path, capsys: Capsys, corpus: Path) -> None:
    out = inquit(capsys, "corpus", "show", corpus, "harbour").out
    assert out.startswith("Harbour [closed]\n")
    assert "⟦q1 “We sail,”⟧ ⟦c1 said⟧ ⟦s1 Ana Reyes⟧." in out
    page = tmp_path / "harbour.html"
    assert inquit(capsys, "corpus", "show", corpus, "harbour", "--html", page).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = ("corpus", "show", corpus, "harbour", "--html", page)
    assert "exists; name another place or pass --force" in failed(inquit(capsys, *again))
    assert inquit(capsys, *again, "--force").code == 0


def test_show_chooses_a_layer(tmp_path: Path, capsys: Capsys, corpus: Path) -> None:
    labels = Annotation(doc_id="harbour", spans=[Span("mine", "claim", [(0, 3)])])
    write_layer(corpus, Layer(name="p2", kind="human", annotations=[labels]))
    show = ("corpus", "show", corpus, "harbour")
    assert "⟦q1 " in inquit(capsys, *show).out
    assert "⟦mine “We⟧" in inquit(capsys, *show, "--layer", "p2").out
    assert "has no layer 'gokd'; did you mean 'gold'?" in failed(
        inquit(capsys, *show, "--layer", "gokd")
    )
    made = Corpus.read(corpus)
    people = [Layer(name=f"p{n}", kind="human", annotations=[]) for n in (1, 2)]
    Corpus(made.info, made.documents.values(), people).write(tmp_path / "people")
    show = ("corpus", "show", tmp_path / "people", "harbour")
    assert "choose one with --layer: p1, p2" in failed(inquit(capsys, *show))
    ran = inquit(capsys, *show, "--layer", "p1")
    assert ran.out.endswith("“We sail,” said Ana Reyes.\n")
    assert "layer 'p1' has no labels for this document" in ran.err


def test_show_guesses_the_document(capsys: Capsys, corpus: Path) -> None:
    message = failed(inquit(capsys, "corpus", "show", corpus, "harbor"))
    assert message == (
        f"{corpus}/documents.jsonl: has no document 'harbor'; did you mean 'harbour'?"
    )
    message = failed(inquit(capsys, "corpus", "show", corpus, "zzz"))
    assert message.endswith("has no document 'zzz'; it has 1, such as 'harbour'")


@pytest.mark.parametrize("command", ["import", "check", "stats", "show"])
def test_help_ends_with_an_example(command: str, capsys: Capsys) -> None:
    ran = inquit(capsys, "corpus", command, "--help")
    assert ran.code == 0
    assert f"Example: inquit corpus {command} " in ran.out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows names that are no text")
def test_names_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    source = os.fsencode(tmp_path) + b"/caf\xe9"
    Path(os.fsdecode(source)).mkdir()
    Path(os.fsdecode(source + b"/a.txt")).write_text("x")
    code = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    for arguments in (
        [b"import", b"text", source, source + b"/c\xe9"],
        [b"check", source + b"/c\xe9"],
        [b"check", source + b"/c\xe9", b"--json"],
        [b"stats", source + b"/c\xe9", b"--json"],
        [b"show", source + b"/c\xe9", b"a"],
    ):
        ran = subprocess.run(
            [sys.executable, "-c", code, "corpus", *arguments], capture_output=True, check=False
        )
        assert (ran.returncode, b"Traceback" in ran.stderr) == (0, False), ran.stderr
    missing = subprocess.run(
        [sys.executable, "-c", code, "corpus", "stats", source], capture_output=True, check=False
    )
    assert missing.returncode == 1
    assert b"caf\\udce9" in missing.stderr


def test_the_shipped_articles_are_sound(tmp_path: Path, capsys: Capsys) -> None:
    articles = Path(__file__).parents[2] / "corpus" / "articles"
    ran = inquit(capsys, "corpus", "import", "inline", articles, tmp_path / "c", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["changes"] == []
    checked = inquit(capsys, "corpus", "check", tmp_path / "c", "--json").json
    assert (checked["errors"], checked["warnings"]) == (0, 0)


def test_the_seed_article_is_imported_byte_for_byte(tmp_path: Path, capsys: Capsys) -> None:
    seed = Path(__file__).parents[3] / "shared" / "data" / "seed-article"
    if not seed.is_dir():
        pytest.skip("the seed article is not on this machine (../shared/data/seed-article)")
    assert inquit(capsys, "corpus", "import", "text", seed, tmp_path / "c").code == 0
    text = Corpus.read(tmp_path / "c").documents["article"].text
    assert text.encode() == (seed / "article.txt").read_bytes()


@pytest.mark.parametrize("command", [("export", "brat"), ("detach",)])
def test_a_corpus_without_documents_is_not_passed_on(
    command: tuple[str, ...], tmp_path: Path, capsys: Capsys
) -> None:
    Corpus(CorpusInfo(name="empty"), []).write(tmp_path / "empty")
    ran = inquit(capsys, "corpus", *command, tmp_path / "empty", tmp_path / "out")
    assert "empty: holds no document; " in failed(ran)
    assert not (tmp_path / "out").exists()


def test_a_corpus_can_be_named_at_import(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "a.txt").write_text("Rain.")
    arguments = (
        "corpus",
        "import",
        "text",
        tmp_path / "a.txt",
        tmp_path / "c",
        "--name",
        "harbour",
    )
    assert inquit(capsys, *arguments).code == 0
    assert Corpus.read(tmp_path / "c").info.name == "harbour"
