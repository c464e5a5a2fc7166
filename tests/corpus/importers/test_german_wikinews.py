from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options

SAMPLE = Path(__file__).parents[4] / "shared/data/german-news-quotation"
NAME = "812 - Streit im Hafen: „Möwe“ läuft aus (2031-04-05)"
# Astral, NBSP, CRLF and a combining mark: each counts as its code points.
TEXT = (
    "\U0001f600 Die\u00a0Reederei wies den Vorwurf gestern zurück, es sei „viel O\u0308l“ "
    "ausgelaufen.\r\n„Wir pru\u0308fen das“, sagte sie den Fischern. Das dauere."
)


def at(words: str, nth: int = 0) -> dict[str, int]:
    start = [m.start() for m in re.finditer(re.escape(words), TEXT)][nth]
    return {"begin": 0, "end": 1, "charBegin": start, "charEnd": start + len(words)}


def role(*words: str) -> dict[str, Any]:
    return {"spans": [at(w) for w in words], "text": " ".join(words), "tokenIds": []}


def annotation(number: int, quote: dict[str, Any], **more: Any) -> dict[str, Any]:
    empty = {name: role() for name in ("speaker", "cue", "frame", "addressee")}
    kind = {"type": "Indirect", "medium": "Speech", "hasNested": False, "isNested": False}
    return {"id": number, "quote": quote, **empty, **kind, **more}


def article(*annotations: Any, text: str = TEXT, name: str = NAME) -> dict[str, Any]:
    return {
        "annotations": list(annotations),
        "documentName": name,
        "originalText": text,
        "sentences": [{"id": 0}, {"id": 1}],
        "tokens": [{"id": 0}],
    }


def write(folder: Path, content: dict[str, Any], name: str = f"{NAME}.pretty.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False, indent=4), "utf-8")
    return path


def imported(source: Path) -> Imported:
    return read("german-wikinews", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


def changes(found: Imported) -> list[tuple[str, int | None, str]]:
    return [(c.action, c.line, c.reason) for c in found.report.changes]


def test_every_label_is_where_the_corpus_has_it(tmp_path: Path) -> None:
    reederei = role("Die\u00a0Reederei")
    split = role("wies", "zurück")
    write(
        tmp_path / "corpus" / "dev",
        article(
            annotation(
                0, role("es sei „viel O\u0308l“ ausgelaufen"), speaker=reederei, cue=split,
                frame=role("Die\u00a0Reederei wies den Vorwurf gestern zurück,"),
            ),
            annotation(1, role("„viel O\u0308l“"), speaker=reederei, cue=split, type="Direct"),
            annotation(
                7, role("„Wir pru\u0308fen das“", "Das dauere."), type="Direct", medium="Writing",
                speaker=role("sie"), cue=role("sagte"), addressee=role("den Fischern"),
            ),
        ),
    )  # fmt: skip
    found = imported(tmp_path / "corpus")
    (document,) = found.corpus.documents.values()
    assert document.doc_id == NAME
    assert document.text == TEXT
    assert document.title == "Streit im Hafen: „Möwe“ läuft aus"
    assert (document.published, document.publisher) == ("2031-04-05", "Wikinews")
    assert (document.split, document.language, document.meta) == ("dev", "de", {"page": "812"})
    assert document.licence == found.corpus.info.licence == "CC-BY-NC-SA-4.0"
    layer = found.corpus.layers["gold"]
    assert (layer.kind, layer.derived) == ("human", ())
    (labels,) = layer.annotations
    assert labels.sha256 == document.sha256
    assert {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans} == {
        "s0": ("source", ("Die\u00a0Reederei",), {}),
        "cue0": ("cue", ("wies", "zurück"), {}),
        "q0": (
            "quote",
            ("es sei „viel O\u0308l“ ausgelaufen",),
            {"form": "indirect", "medium": "speech"},
        ),
        "q1": ("quote", ("„viel O\u0308l“",), {"form": "direct", "medium": "speech"}),
        "q7": (
            "quote",
            ("„Wir pru\u0308fen das“", "Das dauere."),
            {"form": "direct", "medium": "writing"},
        ),
        "cue7": ("cue", ("sagte",), {}),
        "s7": ("source", ("sie",), {}),
        "ad7": ("addressee", ("den Fischern",), {}),
    }
    assert labels.by_id()["cue0"].fragments == ((15, 19), (40, 46))
    assert [(a.id, a.content, a.source, a.cue, a.addressee) for a in labels.attributions] == [
        ("a0", ("q0",), ("s0",), ("cue0",), ()),
        ("a1", ("q1",), ("s0",), ("cue0",), ()),
        ("a7", ("q7",), ("s7",), ("cue7",), ("ad7",)),
    ]
    report = found.report
    assert (report.records, report.documents, report.attributions) == (3, 1, 3)
    assert report.changes == []
    assert any(line.endswith(": 1 annotations") and "frame" in line for line in report.lost)
    assert "2 sentences and 1 tokens" in report.lost


def test_quotes_may_cross_and_share_their_words(tmp_path: Path) -> None:
    write(
        tmp_path,
        article(
            annotation(0, role("viel O\u0308l“ ausgelaufen")),
            annotation(1, role("es sei „viel")),
            annotation(2, role("viel O\u0308l“ ausgelaufen"), speaker=role("sie")),
        ),
    )
    (labels,) = imported(tmp_path).corpus.layers["gold"].annotations
    assert [s.id for s in labels.spans if s.label == "quote"] == ["q1", "q0", "q2"]
    assert len(labels.attributions) == 3


@pytest.mark.parametrize(
    ("kind", "medium", "attributes"),
    [
        ("Direct", "Thought", {"form": "direct", "medium": "thought"}),
        ("Reported", "none", {"form": "reported"}),
        ("FreeIndirect", "SW", {"form": "free_indirect"}),
        ("Indirect", "ST", {"form": "indirect"}),
        ("Indirect", "TW", {"form": "indirect"}),
    ],
)
def test_types_and_media_become_forms_and_media(
    tmp_path: Path, kind: str, medium: str, attributes: dict[str, str]
) -> None:
    write(tmp_path, article(annotation(0, role("Das dauere."), type=kind, medium=medium)))
    found = imported(tmp_path)
    (labels,) = found.corpus.layers["gold"].annotations
    assert labels.spans[0].attributes == attributes
    assert found.report.changes == []
    assert any(f"{medium} 1" in line for line in found.report.lost) == (
        medium in ("SW", "ST", "TW")
    )


def test_what_is_not_taken_over_as_it_stands_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = {"spans": [at("sagte")], "text": "sagten", "tokenIds": []}
    path = write(
        tmp_path,
        article(
            annotation(0, role(), speaker=role("sie")),
            annotation(1, role("Das dauere."), type="IndirectFreeIndirect"),
            annotation(2, role("Das dauere."), type="Sung", medium="Smoke"),
            annotation(3, role("Das dauere."), cue=wrong),
            annotation(4, role("Das dauere.", "dauere.", "„Wir"), addressee=[]),
        ),
    )
    found = imported(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    starts = [n for n, line in enumerate(lines, 1) if line == "        {"][:5]
    assert changes(found) == [
        ("dropped", starts[0], "annotation 0 has no quote, "
         "and there is no attribution without one"),
        ("changed", starts[1], "annotation 1: type IndirectFreeIndirect "
         "becomes form free_indirect"),
        ("changed", starts[2], "annotation 2: type 'Sung' is unknown, no form is set"),
        ("changed", starts[2], "annotation 2: medium 'Smoke' is unknown, no medium is set"),
        (
            "changed",
            starts[3],
            "annotation 3: cue is said to be 'sagten', its offsets give 'sagte': "
            "the offsets are kept",
        ),
        ("changed", starts[4], "annotation 4: quote has spans that overlap or touch, "
         "they are joined"),
        ("changed", starts[4], "annotation 4: quote has spans out of order, they are sorted"),
    ]  # fmt: skip
    (document,) = found.corpus.documents.values()
    (labels,) = found.corpus.layers["gold"].annotations
    by_id = labels.by_id()
    assert document.slice(by_id["q4"]) == ("„Wir", "Das dauere.")
    assert by_id["q1"].attributes["form"] == "free_indirect"
    assert by_id["q2"].attributes == {}
    assert "s0" not in by_id
    assert (found.report.records, found.report.attributions) == (5, 4)


def test_folders_name_the_split_and_other_files_are_reported(tmp_path: Path) -> None:
    for number, folder in enumerate(("train", "test", "more/dev/part")):
        name = f"{number} - Ö: x (2031-01-0{number + 1})"
        write(tmp_path / folder, article(text="Nichts.", name=name), f"{name}.pretty.json")
    write(tmp_path, article(text="Nichts mehr.", name="ohne Datum"), "a.json")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "score.py").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / "away").symlink_to(tmp_path / "train")
    found = imported(tmp_path)
    splits = {d.doc_id: (d.split, d.title) for d in found.corpus.documents.values()}
    assert splits == {
        "ohne Datum": (None, None),
        "2 - Ö: x (2031-01-03)": ("dev", "Ö: x"),
        "1 - Ö: x (2031-01-02)": ("test", "Ö: x"),
        "0 - Ö: x (2031-01-01)": ("train", "Ö: x"),
    }
    assert {(c.action, c.path, c.reason) for c in found.report.changes} == {
        ("unread", "README.md", "not a .json file"),
        ("unread", "eval", "a folder without .json files"),
        ("unread", ".git", "a hidden folder"),
        ("unread", "away", "a link to a folder"),
    }
    assert all(a.spans == () for a in found.corpus.layers["gold"].annotations)
    one = imported(tmp_path / "test" / "1 - Ö: x (2031-01-02).pretty.json")
    assert [d.split for d in one.corpus.documents.values()] == ["test"]
    assert [d.split for d in imported(tmp_path / "train").corpus.documents.values()] == ["train"]


def test_licence_and_language_can_be_said(tmp_path: Path) -> None:
    write(tmp_path, article())
    found = read("german-wikinews", tmp_path, Options(licence="restricted", language="de-AT"))
    (document,) = found.corpus.documents.values()
    assert (document.licence, document.language) == ("restricted", "de-AT")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    outside = {"spans": [{"charBegin": 0, "charEnd": 999}]}
    content = article(
        annotation(0, outside, cue={"spans": [{"charBegin": 5, "charEnd": 5}]}),
        annotation(1, role("Das dauere."), speaker={"spans": [{"begin": 1}]}, cue={"text": "x"}),
        annotation(1, role("Das dauere.")),
        annotation(1, role("Das dauere.")),
        {"quote": role("Das dauere.")},
        annotation("2", role()),  # type: ignore[arg-type]
        annotation(True, role()),
        "x",
    )
    path = write(tmp_path, content, "a.json")
    lines = path.read_text("utf-8").splitlines()
    starts = [n for n, x in enumerate(lines, 1) if re.match(r' {8}[{"]', x)]
    whole = json.dumps(article(), ensure_ascii=False, indent=1)
    (tmp_path / "b.json").write_text(whole[: whole.index("sentences")], "utf-8")
    (tmp_path / "c.json").write_bytes(b'{"documentName": "caf\xe9"}')
    (tmp_path / "d.json").write_bytes(b"\xef\xbb\xbf{}")
    (tmp_path / "e.json").write_text('{"originalText": 3,\n"annotations": {}}')
    (tmp_path / "f.json").write_text('{"a": 1,\n"a": 2}')
    (tmp_path / "g.json").write_text('{"a": [\n{"b": 1, "b": 2}]}')
    (tmp_path / "h.json").write_text('{"a": NaN}')
    (tmp_path / "i.json").write_text("[]")
    (tmp_path / "j.json").write_text("")
    (tmp_path / "k.json").write_text("{}\n{}")
    (tmp_path / "l.json").write_text('{"a": ' + "[" * 100_000)
    (tmp_path / "m.json").write_text('{"a": ' + "1" * 5000 + "}")
    (tmp_path / "n.json").write_text('{"a": 1,}')
    (tmp_path / "o.json").write_text("{1: 2}")
    mend = "; fetch the file again, or mend it"
    cut = "; the file may be cut off: fetch it again"
    where = f"document {NAME!r}: "
    found = problems(tmp_path)
    assert found[:9] == [
        f"a.json:{starts[0]}: {where}annotation 0: quote [0, 999) is no stretch of the text, which "
        f"has {len(TEXT)} code points{mend}",
        f"a.json:{starts[0]}: {where}annotation 0: cue [5, 5) is no stretch of the text, which has "
        f"{len(TEXT)} code points{mend}",
        f"a.json:{starts[1]}: {where}annotation 1: speaker has a span without charBegin and "
        f"charEnd{mend}",
        f"a.json:{starts[1]}: {where}annotation 1: cue has no list of spans{mend}",
        f"a.json:{starts[3]}: {where}annotation 1 stands twice; give each an id of its own",
        f"a.json:{starts[4]}: {where}an annotation has no id{mend}",
        f"a.json:{starts[5]}: {where}id '2' is no number{mend}",
        f"a.json:{starts[6]}: {where}id True is no number{mend}",
        f"a.json:{starts[7]}: {where}an annotation is no JSON object{mend}",
    ]
    twice = "an object names {} twice; keep one of the two"
    expected = "is not the JSON object it should be: {} expected, {} found"
    line = whole[: whole.index("sentences")].count("\n") + 1
    assert found[9:12] == [
        f"b.json:{line}: is not JSON (Unterminated string starting at){cut}",
        "c.json: is not UTF-8 at byte 21 (0xE9: invalid continuation byte); save it as UTF-8",
        "d.json: begins with a byte order mark at byte 0; save it as UTF-8 without one",
    ]
    assert found[12:] == [
        "e.json: has no 'documentName'; name files of this corpus",
        f"e.json: 'originalText' is not text{mend}",
        f"e.json: 'annotations' is not a list{mend}",
        "f.json:2: " + twice.format("'a'"),
        "g.json:1: " + twice.format("'b'"),
        "h.json:1: NaN is no number in JSON; give a number",
        "i.json:1: " + expected.format("'{'", "'[]'") + cut,
        "j.json:1: " + expected.format("'{'", "the end of the file") + cut,
        "k.json:2: " + expected.format("nothing more", "'{}'") + cut,
        "l.json:1: is nested too deeply" + cut,
        found[-3],
        f"n.json:1: is not JSON (Expecting value){cut}",
        "o.json:1: " + expected.format("a name in double quotes", "': 2}'") + cut,
    ]
    assert found[-3].startswith("m.json:1: holds a number that cannot be read (Exceeds the limit")


def test_the_same_article_twice_and_an_unfit_one_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "train", article())
    write(tmp_path / "test", article())
    write(tmp_path, article(name="a\x07"), "z.json")
    assert problems(tmp_path) == [
        f"train/{NAME}.pretty.json: document {NAME!r}: stands in "
        f"test/{NAME}.pretty.json already; "
        "give each document an id of its own",
        "z.json: document 'a\\x07': doc_id 'a\\x07' holds a line break or control character; "
        "give one line of plain text",
    ]


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert problems(empty) == [
        f"{empty}: holds no .json file; name the folder that holds the corpus"
    ]
    (tmp_path / "x.txt").write_text("x")
    assert problems(tmp_path / "x.txt") == [
        f"{tmp_path}/x.txt: is not a .json file; name a .json file or a folder"
    ]
    bad = write(tmp_path / "bad", article(), "a.json")
    bad.write_text(bad.read_text("utf-8")[:-3], "utf-8")
    done = CliRunner().invoke(
        app, ["import", "german-wikinews", str(bad.parent), str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_strict_refuses_what_is_not_taken_over(tmp_path: Path) -> None:
    write(tmp_path / "in", article(annotation(0, role())))
    command = ["import", "german-wikinews", str(tmp_path / "in"), str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*command, "--strict"])
    assert done.exit_code == 1
    assert isinstance(done.exception, DataError)
    assert "annotation 0 has no quote" in str(done.exception)
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(app, command).exit_code == 0


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


@pytest.fixture(scope="module")
def raw() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in SAMPLE.rglob("*.json")}


def test_counts_are_those_of_the_raw_files(found: Imported, raw: dict[str, str]) -> None:
    """Counts by regular expressions, without parsing."""
    annotations = sum(x.count('"isNested": ') for x in raw.values())
    report = found.report
    dropped = sum(c.action == "dropped" for c in report.changes)
    assert report.documents == len(raw) > 100
    assert report.records == annotations == report.attributions + dropped
    assert report.spans["quote"] == annotations - dropped
    compound = sum(x.count('"type": "IndirectFreeIndirect"') for x in raw.values())
    assert sum("IndirectFreeIndirect" in c.reason for c in report.changes) == compound
    assert {d.doc_id + ".pretty.json" for d in found.corpus.documents.values()} == set(raw)
    forms = Counter(
        kind for x in raw.values() for kind in re.findall(r'^ {12}"type": "(\w+)"', x, re.M)
    )
    got = Counter(
        s.attributes["form"]
        for a in found.corpus.layers["gold"].annotations
        for s in a.spans
        if s.label == "quote"
    )
    assert got == {
        "direct": forms["Direct"],
        "indirect": forms["Indirect"],
        "reported": forms["Reported"],
        "free_indirect": forms["FreeIndirect"] + forms["IndirectFreeIndirect"],
    }


def test_each_role_has_the_words_that_the_corpus_states(
    found: Imported, raw: dict[str, str]
) -> None:
    labels = found.corpus.layers["gold"].by_document()
    media = Counter[str]()
    for content in map(json.loads, raw.values()):
        document = found.corpus.documents[content["documentName"]]
        assert document.text == content["originalText"]
        spans = labels[document.doc_id].by_id()
        by_id = {a.id: a for a in labels[document.doc_id].attributions}
        assert len(by_id) == len(content["annotations"])
        for annotation in content["annotations"]:
            attribution = by_id[f"a{annotation['id']}"]
            for name, ids in (
                ("quote", attribution.content),
                ("speaker", attribution.source),
                ("cue", attribution.cue),
                ("addressee", attribution.addressee),
            ):
                words = [w for i in ids for w in document.slice(spans[i])]
                stated = annotation[name]["text"]
                # One speaker of the sample has its spans in no order.
                assert sorted(" ".join(words)) == sorted(stated)
                assert len(words) == len(annotation[name]["spans"])
                if len(words) == 1:
                    assert words == [stated]
            quote = spans[attribution.content[0]]
            media[annotation["medium"], quote.attributes.get("medium")] += 1  # type: ignore[index]
    assert set(media) == {
        ("Speech", "speech"), ("Thought", "thought"), ("Writing", "writing"),
        ("SW", None), ("ST", None), ("TW", None), ("none", None),
    }  # fmt: skip


def test_it_is_a_sound_corpus(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    assert Corpus.read(tmp_path / "corpus").layers == found.corpus.layers
    result = check(tmp_path / "corpus")
    assert result.count("error") == 0
    # Some quotes are labelled twice, once for each source that they have.
    assert {rule for rule, found in result.problems.items() if found} <= {"same-span-twice"}
