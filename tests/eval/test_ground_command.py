"""``inquit eval ground`` as a user types it, and what a strings file may hold."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import inquit

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
from inquit.corpus.jsonl import read_annotations
from inquit.corpus.release import write_release
from inquit.eval.commands.ground_command import MaxTier
from inquit.eval.grounding import TIERS, read_strings

TEXT = "“We sail,” said Ana Reyes, the master, “at dawn.” The port will not close on 12 May."
SPANS: list[dict[str, Any]] = [
    {"id": "q1", "label": "quote", "text": "We sail ... at dawn", "attributes": {"form": "direct"}},
    {"id": "q2", "label": "quote", "text": "the PORT will not close"},
    {"id": "q3", "label": "quote", "text": "The port will close on 12 May"},
    {"id": "s1", "label": "source", "text": "Ana Reyes", "hint": 16},
    {"id": "s2", "label": "source", "text": 'the master, "at', "context": "Reyes, the master"},
    {"id": "c1", "label": "cue", "text": "\x1b[31msaid [bold]nothing[/bold]"},
]
LINE: dict[str, Any] = {
    "doc_id": "d",
    "spans": SPANS,
    "attributions": [{"id": "a", "content": ["q1"], "source": ["s1"], "cue": ["c1"]}],
}


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    documents = [
        Document(doc_id=name, text=TEXT, licence="CC-BY-4.0", split="test") for name in ("d", "e")
    ]
    gold = Layer(
        name="gold",
        kind="human",
        annotations=[
            Annotation(
                doc_id=d.doc_id,
                spans=[Span("q", "quote", [(0, 10)]), Span("s", "source", [(16, 25)])],
                attributions=[Attribution(id="a", content=["q"], source=["s"])],
            )
            for d in documents
        ],
    )
    info = CorpusInfo(name="port", licence="CC-BY-4.0", version="1.0", languages=("en",))
    Corpus(info, documents, [gold]).write(tmp_path / "port")
    return tmp_path / "port"


@pytest.fixture
def strings(tmp_path: Path) -> Path:
    return write(tmp_path / "strings.jsonl", LINE)


def problems(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        list(read_strings(path))
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_strings_become_labels(capsys, corpus: Path, strings: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    ran = inquit(capsys, "eval", "ground", strings, "--documents", corpus, "--out", out, "--json")
    assert ran.code == 0
    assert ran.err == f"wrote {out}\n"
    (annotation,) = read_annotations(out)
    spans = annotation.by_id()
    assert spans["q1"].fragments == ((1, 8), (40, 47))
    assert spans["q1"].attributes == {"form": "direct"}
    assert {u.id: u.text for u in annotation.ungrounded} == {
        "q3": "The port will close on 12 May",
        "c1": "\x1b[31msaid [bold]nothing[/bold]",
    }
    assert annotation.attributions[0].cue == ("c1",)
    told = ran.json
    assert told["documents"] == 1
    assert told["strings"] == 6
    assert told["ungrounded"] == 2
    assert {tier: row["strings"] for tier, row in told["tiers"].items()} == {
        "exact": 1, "folded": 1, "case": 1, "ellipsis": 1, "aligned": 0,
    }  # fmt: skip
    assert told["tiers"]["exact"] == {"strings": 1, "share": 1 / 6, "similarity": 1.0}
    assert told["tiers"]["aligned"]["similarity"] is None
    by_id = {span["id"]: span for span in told["spans"]}
    assert by_id["q1"] == {
        "doc_id": "d", "id": "q1", "tier": "ellipsis", "similarity": 1.0,
        "fragments": [[1, 8], [40, 47]],
    }  # fmt: skip
    assert by_id["q3"] == {
        "doc_id": "d", "id": "q3", "tier": None, "similarity": None, "fragments": [],
    }  # fmt: skip


def test_the_labels_can_be_scored(capsys, corpus: Path, strings: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    inquit(capsys, "eval", "ground", strings, "--documents", corpus, "--out", out)
    name = "quote.f1@overlap"
    ran = inquit(capsys, "eval", "score", corpus, out, "--measure", name, "--json")
    score = ran.json["measures"][name]
    assert (score["tp"], score["fp"], score["fn"]) == (1, 2, 1)


def test_a_table_for_people(capsys, corpus: Path, strings: Path) -> None:
    ran = inquit(capsys, "eval", "ground", strings, "--documents", corpus)
    assert ran.code == 0
    assert "6 strings of 1 document" in ran.out
    assert "33.3 %" in ran.out
    assert "d q3 quote The port will close on 12 May" in ran.out
    assert "\\x1b[31msaid [bold]nothing[/bold]" in ran.out
    assert "\x1b" not in ran.out


def test_only_some_of_what_is_not_found_is_listed(capsys, corpus: Path, tmp_path: Path) -> None:
    spans = [{"id": f"q{i}", "label": "quote", "text": f"word {i} " * 40} for i in range(30)]
    path = write(tmp_path / "many.jsonl", {"doc_id": "d", "spans": spans})
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus)
    assert ran.code == 0
    assert "q19" in ran.out
    assert "q20" not in ran.out
    assert "... and 10 more" in ran.out
    assert max(map(len, ran.out.splitlines())) < 130


def test_nothing_to_find_is_no_error(capsys, corpus: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "none.jsonl", {"doc_id": "d", "spans": []})
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus, "--json")
    assert (ran.code, ran.json["strings"], ran.json["ungrounded_share"]) == (0, 0, None)
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("tier", TIERS)
def test_max_tier(capsys, corpus: Path, strings: Path, tier: str) -> None:
    ran = inquit(
        capsys, "eval", "ground", strings, "--documents", corpus, "--max-tier", tier, "--json"
    )
    asked = TIERS[: TIERS.index(tier) + 1]
    assert all(row["strings"] == 0 for t, row in ran.json["tiers"].items() if t not in asked)


def test_the_tiers_of_the_command_are_those_of_the_ladder() -> None:
    assert tuple(tier.value for tier in MaxTier) == TIERS


def test_documents_may_lie_anywhere(capsys, corpus: Path, strings: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    write_release(Corpus.read(corpus), release)
    shown = {
        inquit(capsys, "eval", "ground", strings, "--documents", place, "--json").out
        for place in (corpus, corpus / "documents.jsonl", release)
    }
    assert len(shown) == 1
    ran = inquit(capsys, "eval", "ground", strings, "--documents", tmp_path)
    assert ran.code == 1
    assert "neither a corpus directory" in ran.err


def test_nothing_is_overwritten(capsys, corpus: Path, strings: Path, tmp_path: Path) -> None:
    options = ("eval", "ground", strings, "--documents", corpus)
    out = write(tmp_path / "out.jsonl", "kept")
    ran = inquit(capsys, *options, "--out", out)
    assert (ran.code, out.read_text()) == (1, "kept\n")
    assert "--force" in ran.err
    assert inquit(capsys, *options, "--out", out, "--force").code == 0
    assert inquit(capsys, *options, "--out", strings, "--force").code == 1
    assert "is not overwritten" in inquit(capsys, *options, "--out", strings, "--force").err
    gold = corpus / "layers" / "gold.jsonl"
    before = gold.read_bytes()
    assert inquit(capsys, *options, "--out", gold, "--force").code == 1
    assert gold.read_bytes() == before
    assert list(read_strings(strings))


def test_files_of_offsets_are_told_apart(capsys, corpus: Path, tmp_path: Path) -> None:
    layer = corpus / "layers" / "gold.jsonl"
    ran = inquit(capsys, "eval", "ground", layer, "--documents", corpus)
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "holds offsets, no strings" in ran.err
    mixed = write(
        tmp_path / "mixed.jsonl",
        {"doc_id": "d", "spans": [{"id": "q", "label": "quote", "fragments": [[0, 3]]}]},
        {"doc_id": "e", "spans": [{"id": "q", "label": "quote", "text": "We sail"}]},
    )
    ran = inquit(capsys, "eval", "ground", mixed, "--documents", corpus)
    assert ran.code == 1
    assert f"{mixed}:1: document 'd': span 'q': holds offsets, not a string" in ran.err


def test_a_file_with_neither_strings_nor_offsets_is_not_taken_for_one_of_offsets(
    capsys, corpus: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "strings.jsonl", {"doc_id": "d", "spans": [{"id": "q"}]})
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus)
    assert ran.code == 1
    assert f"{path}:1: document 'd': span 'q': field `text` is missing" in ran.err


def test_documents_that_do_not_fit(capsys, corpus: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "strings.jsonl",
        {"doc_id": "d", "sha256": "0" * 64, "spans": []},
        {"doc_id": "x", "spans": []},
    )
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus)
    assert ran.code == 1
    assert f"{path}:1: document 'd': strings are from a text with sha256" in ran.err
    assert f"{path}:2: document 'x': is none of the documents" in ran.err
    path.write_text(
        path.read_text() + json.dumps({"doc_id": "y", "spans": [{"id": 5, "text": ""}]}) + "\n"
    )
    ran = inquit(capsys, "eval", "ground", path, "--documents", corpus)
    assert [line.split(": ")[-1].split(";")[0][:25] for line in ran.err.splitlines()] == [
        "strings are from a text w",
        "is none of the documents",
        "`spans[0].id` is 5, not a",
        "field `label` is missing",
        "is none of the documents",
    ]


def test_usage(capsys, corpus: Path, strings: Path) -> None:
    assert inquit(capsys, "eval", "ground", strings).code == 2
    options = ("eval", "ground", strings, "--documents", corpus)
    assert inquit(capsys, *options, "--max-tier", "fuzzy").code == 2
    assert "Example:" in inquit(capsys, "eval", "ground", "--help").out


def quote(name: str = "q", **fields: object) -> dict[str, object]:
    return {"id": name, "label": "quote", "text": "a", **fields}


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "faults.jsonl",
        LINE,
        "{",
        {"doc_id": "d", "spans": []},
        {"doc_id": "f", "spans": [{"id": "q", "label": "quote"}, quote("r", label="quoth")]},
        {"doc_id": "g", "spans": [quote(hint=-1, more=1)]},
        {"doc_id": "h", "spans": [quote(hint=-1)]},
        {"doc_id": "i", "spans": [quote(fragments=[[0, 1]])]},
        {"doc_id": "j", "spans": [quote(text="a\x00")]},
        {"doc_id": "k", "spans": [quote(), quote()]},
        {"doc_id": "l", "spans": [], "attributions": [{"id": "a", "content": ["q"]}]},
        {"doc_id": "m", "spans": [quote(attributes={"form": "x"})]},
        {"doc_id": "n", "spans": [], "extra": 1},
        {"doc_id": "", "spans": []},
        {"doc_id": "o"},
        [1],
        {"doc_id": "p", "spans": [quote(hint=1.5, context=2)]},
        '{"doc_id": "q", "spans": [{"id": "q", "label": "quote", "text": "a", "text": "b"}]}',
    )  # fmt: skip
    told = problems(path)
    lines = [int(problem.split(":")[0]) for problem in told]
    assert sorted(set(lines)) == list(range(2, 18))
    text = "\n".join(told)
    for words in (
        "2: is not JSON",
        "3: document 'd': stands in line 1 already",
        "4: document 'f': span 'q': field `text` is missing; give a string",
        "4: document 'f': span 'r': unknown label 'quoth'",
        "5: document 'g': span 'q': unknown field `more`; its fields are id, label, text",
        "6: document 'h': span 'q': hint '-1' is not an offset",
        "7: document 'i': span 'q': holds offsets beside a string",
        "8: document 'j': span 'q': text holds NUL at code point 1",
        "9: document 'k': span 'q': id stands twice",
        "10: document 'l': attribution 'a': content names span 'q', which does not exist",
        "11: document 'm': span 'q': form 'x' is unknown",
        "12: document 'n': unknown field `extra`; its fields are doc_id, sha256",
        "doc_id is empty",
        "key 'text' stands twice in one object",
    ):
        assert words in text, words


PAGE = (Path(__file__).parents[2] / "docs" / "grounding.md").read_text("utf-8")


def test_the_page_shows_what_the_command_does(capsys, tmp_path: Path) -> None:
    text = "“We sail,” said Ana Reyes, the master, “at dawn.” The port did not comment, "
    text += "and 12 ferries are due on Friday."
    assert text in " ".join(PAGE.split())
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    strings = write(tmp_path / "answers.jsonl", json.loads(shown))
    documents = write(tmp_path / "documents.jsonl", {"doc_id": "harbour", "text": text})
    ran = inquit(capsys, "eval", "ground", strings, "--documents", documents, "--json")
    found = {span["id"]: (span["tier"], len(span["fragments"])) for span in ran.json["spans"]}
    assert found == {
        "q1": ("ellipsis", 2), "s1": ("exact", 1), "c1": ("aligned", 1), "c2": (None, 0),
    }  # fmt: skip
    assert round(ran.json["tiers"]["aligned"]["similarity"], 3) == 0.923
    assert "similarity .923" in PAGE
    assert all(f"`{tier}`" in PAGE for tier in TIERS)


def test_the_python_of_the_page_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(code, {})


@pytest.mark.parametrize("width", [60, 80])
def test_the_table_keeps_a_line_a_tier(
    capsys, monkeypatch, tmp_path, corpus, strings, width
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = tmp_path / "out.jsonl"
    ran = inquit(capsys, "eval", "ground", strings, "--documents", corpus, "--out", out)
    assert ran.code == 0
    table = ran.out[: ran.out.index("found nowhere (ungrounded)")].splitlines()
    for tier in (*TIERS, "ungrounded"):
        assert sum(line.split()[:1] == [tier] for line in table) == 1
    # The title, the headings, what is ungrounded, and four lines between them.
    assert len(table) == 7 + len(TIERS)
    assert max(map(len, table)) <= width


def test_a_table_is_refused_in_one_line(capsys, tmp_path, corpus) -> None:
    from datasets import Dataset

    dataset = Dataset.from_list([{"doc_id": "d", "spans": SPANS[1:3]}])
    dataset.to_parquet(tmp_path / "x.parquet")
    dataset.save_to_disk(tmp_path / "saved")
    for name in ("x.parquet", "saved"):
        out = tmp_path / "out.jsonl"
        given = (tmp_path / name, "--documents", corpus, "--out", out)
        ran = inquit(capsys, "eval", "ground", *given)
        assert (ran.code, ran.out, out.exists()) == (1, "", False)
        assert len(ran.err.splitlines()) == 1
        assert f"{name}: is a table, no JSON lines; write it with Dataset.to_json" in ran.err


def test_what_holds_no_strings_is_refused_in_one_line(capsys, tmp_path, corpus) -> None:
    rows = tmp_path / "x.csv"
    rows.write_text("doc_id,start,end,label\nd,0,1,quote\n")
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "d.ann").write_text("")
    (tmp_path / "other").mkdir()
    for path, told in (
        (rows, "is a CSV of offsets, no strings: there is nothing to find; score it as it is"),
        (folder, "is a folder of brat files, no strings: there is nothing to find; score it"),
        (tmp_path / "other", "is a folder without .ann files, and neither a saved data set nor"),
        (write(tmp_path / "none.jsonl"), "holds no document, so there is nothing to find; give"),
    ):
        out = tmp_path / "out.jsonl"
        ran = inquit(capsys, "eval", "ground", path, "--documents", corpus, "--out", out)
        assert (ran.code, ran.out, out.exists()) == (1, "", False)
        assert len(ran.err.splitlines()) == 1
        assert f"{path}: {told}" in ran.err
