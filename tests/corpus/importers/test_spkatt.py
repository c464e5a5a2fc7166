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
from inquit.corpus.importers.intake import Imported

SAMPLE = Path(__file__).parents[4] / "shared/data/spkatt2023"
NAME = "19999_Tagesordnungspunkt_7_LINKE_De_Möwe_ID1999900100_05.04.2031.json"
SENTENCES = [
    "Der Reeder lehnte gestern den Vorschlag ab ,",
    "er sei „ zu teuer “ für \U0001f600 uns .",
    "Wir sagten den Fischern im Brief : Wartet !",
]
ROLES = ("Addr", "Evidence", "Medium", "Message", "Source", "Topic", "Cue", "PTC")


def annotation(**roles: list[str]) -> dict[str, list[str]]:
    return {**{role: [] for role in ROLES}, **roles}


def tokens(sentence: int, *numbers: int) -> list[str]:
    return [f"{sentence}:{number}" for number in numbers]


def speech(*annotations: Any, sentences: list[str] = SENTENCES) -> dict[str, Any]:
    return {
        "Sentences": [{"SentenceId": n, "Tokens": s.split(" ")} for n, s in enumerate(sentences)],
        "Annotations": list(annotations),
    }


def write(folder: Path, content: Any, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False, indent=3), "utf-8")
    return path


def imported(source: Path) -> Imported:
    return read("spkatt", source)


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


def test_every_label_is_where_the_corpus_has_it(tmp_path: Path) -> None:
    write(
        tmp_path / "dev" / "task1",
        speech(
            annotation(
                Cue=tokens(2, 1), Source=tokens(2, 0), Addr=tokens(2, 3, 2),
                Message=tokens(2, 8, 7), Medium=tokens(2, 4, 5),
            ),
            # Ids in no order, over two sentences; the cue's particle stands apart.
            annotation(
                Cue=tokens(0, 2), PTC=tokens(0, 6), Source=tokens(0, 1, 0), Topic=tokens(0, 4, 5),
                Message=[*tokens(1, 8, 6, 5, 4, 3, 2, 1, 0), *tokens(0, 7), *tokens(1, 9)],
            ),
            annotation(Cue=tokens(1, 3), Message=tokens(1, 2, 3, 4, 5), Source=tokens(0, 0, 1)),
        ),
    )  # fmt: skip
    found = imported(tmp_path)
    (document,) = found.corpus.documents.values()
    assert document.doc_id == NAME.removesuffix(".json")
    assert document.text == "\n".join(SENTENCES)
    assert (document.split, document.published) == ("dev", "2031-04-05")
    assert (document.language, document.licence) == ("de", "CC-BY-SA-4.0")
    assert document.meta == {
        "party": "LINKE", "speaker": "De Möwe", "session": "19999", "item": "Tagesordnungspunkt 7",
    }  # fmt: skip
    (labels,) = found.corpus.layers["gold"].annotations
    assert {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans} == {
        "s1": ("source", ("Der Reeder",), {}),
        "cue1": ("cue", ("lehnte", "ab"), {}),
        "q1": ("quote", (",\ner sei „ zu teuer “ für", "uns ."), {}),
        "q2": ("quote", ("„ zu teuer “",), {}),
        "cue2": ("cue", ("zu",), {}),
        "s2": ("source", ("Wir",), {}),
        "cue3": ("cue", ("sagten",), {}),
        "ad1": ("addressee", ("den Fischern",), {}),
        "q3": ("quote", ("Wartet !",), {}),
    }
    assert [(a.id, a.content, a.source, a.cue, a.addressee) for a in labels.attributions] == [
        ("a1", ("q1",), ("s1",), ("cue1",), ()),
        ("a2", ("q2",), ("s1",), ("cue2",), ()),
        ("a3", ("q3",), ("s2",), ("cue3",), ("ad1",)),
    ]
    report = found.report
    assert (report.records, report.attributions, report.changes) == (3, 3, [])
    assert report.lost[0].startswith("the original spacing")
    assert report.lost[1:4] == [
        "Topic: 1 annotations", "Evidence: 0 annotations", "Medium: 1 annotations",
    ]  # fmt: skip
    assert report.lost[4].endswith(": 1 cues")


def test_a_record_without_message_keeps_its_spans_and_one_without_words_is_dropped(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path,
        speech(
            annotation(Cue=tokens(0, 2), PTC=tokens(0, 6), Source=tokens(0, 0, 1)),
            annotation(Topic=tokens(0, 4, 5)),
            annotation(Message=tokens(2, 7, 8)),
            annotation(Message=tokens(2, 7, 8), Source=tokens(0, 1)),
        ),
    )
    found = imported(tmp_path)
    (labels,) = found.corpus.layers["gold"].annotations
    assert [s.id for s in labels.spans] == ["s1", "s2", "cue1", "q1", "q2"]
    assert [(a.id, a.content, a.source) for a in labels.attributions] == [
        ("a1", ("q1",), ()),
        ("a2", ("q2",), ("s2",)),
    ]
    lines = path.read_text("utf-8").splitlines()
    first = lines.index('   "Annotations": [') + 2
    begins = [n for n, line in enumerate(lines, 1) if n >= first and line == "      {"]
    assert [(c.action, c.path, c.line, c.reason) for c in found.report.changes] == [
        ("changed", NAME, begins[0], "annotation 1 has no message: its spans have no attribution"),
        ("dropped", NAME, begins[1], "annotation 2 names no cue, source, message or addressee"),
    ]
    assert (found.report.records, found.report.attributions) == (4, 2)


def test_sentence_ids_need_not_count_from_zero(tmp_path: Path) -> None:
    content = speech(annotation(Message=["40:1", "7:0"]), sentences=["a b", "c"])
    for sentence, number in zip(content["Sentences"], (40, 7), strict=True):
        sentence["SentenceId"] = number
    write(tmp_path, content, "x.json")
    found = imported(tmp_path)
    (document,) = found.corpus.documents.values()
    (labels,) = found.corpus.layers["gold"].annotations
    assert [document.slice(s) for s in labels.spans] == [("b\nc",)]
    assert (document.doc_id, document.published, document.meta) == ("x", None, {})


def test_a_source_may_be_a_part_of_the_corpus(tmp_path: Path) -> None:
    for folder in ("train", "dev", "trial"):
        write(tmp_path / folder / "task1", speech(), f"{folder}.json")
        write(tmp_path / folder / "task1_alternative_format", {"1": {}}, f"{folder}.json")
    write(tmp_path / "eval" / "task1_test", speech(), "blind.json")
    found = imported(tmp_path)
    splits = {d.doc_id: d.split for d in found.corpus.documents.values()}
    assert splits == {"dev": "dev", "train": "train", "trial": None}
    again = "the alternative format, which holds the labels of task1 again"
    assert [(c.action, c.path, c.reason) for c in found.report.changes] == [
        ("unread", f"{folder}/task1_alternative_format", again)
        for folder in ("dev", "train", "trial")
    ] + [("unread", "eval", "texts for the shared task without their labels")]
    for source in ("dev", "dev/task1", "dev/task1/dev.json"):
        (document,) = imported(tmp_path / source).corpus.documents.values()
        assert document.split == "dev"
    (tmp_path / "train" / "task1" / "linked.json").symlink_to(tmp_path / "dev/task1/dev.json")
    (linked,) = (d for d in imported(tmp_path).corpus.documents.values() if d.doc_id == "linked")
    assert linked.split == "train"
    write(tmp_path / "test" / "other", speech(), "x.json")
    (document,) = imported(tmp_path / "test" / "other").corpus.documents.values()
    assert document.split is None


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    content = speech(
        annotation(Cue=["0:99", "9:1", "0:1"], Source=["x"], Addr=[1]),
        annotation(Topic="0:1"),
        "x",
    )
    path = write(tmp_path, content, "a.json")
    lines = path.read_text("utf-8").splitlines()
    first = lines.index('   "Annotations": [') + 2
    begins = [n for n, x in enumerate(lines, 1) if n >= first and re.match(' {6}[{"]', x)]
    sentences = [
        {"SentenceId": 0, "Tokens": ["a"]},
        {"SentenceId": 0, "Tokens": ["b"]},
        {"SentenceId": "1", "Tokens": []},
        {"SentenceId": 2, "Tokens": ["a", ""]},
        {"SentenceId": 3, "Tokens": ["a", 1]},
        {"SentenceId": 4},
        5,
    ]
    write(tmp_path, {"Sentences": sentences, "Annotations": []}, "b.json")
    write(tmp_path, {"1": {"Tokens": [], "Annotations": []}}, "c.json")
    write(tmp_path, {"Sentences": [], "Annotations": []}, "d.json")
    cut = write(tmp_path, speech(annotation()), "e.json")
    whole = cut.read_text("utf-8")
    cut.write_text(whole[: whole.index("Annotations")], "utf-8")
    (tmp_path / "f.json").write_bytes(b'{"a": "\xff"}')
    mend = "; fetch the file again, or mend it"
    ids = "is no list of ids like '4:12'" + mend
    found = [re.sub("^b.json:[0-9]+: ", "b.json: ", line) for line in problems(tmp_path)]
    assert found == [
        f"a.json:{begins[0]}: 'Addr' {ids}",
        f"a.json:{begins[0]}: 'Source' {ids}",
        f"a.json:{begins[0]}: 'Cue' names '0:99', '9:1', which no sentence has{mend}",
        f"a.json:{begins[1]}: 'Topic' {ids}",
        f"a.json:{begins[2]}: an annotation is no JSON object{mend}",
        f"b.json: sentence 0 stands twice{mend}",
        f"b.json: a sentence has no SentenceId, or no list of Tokens{mend}",
        f"b.json: sentence 2 has a token that is no text, or empty{mend}",
        f"b.json: sentence 3 has a token that is no text, or empty{mend}",
        f"b.json: a sentence has no SentenceId, or no list of Tokens{mend}",
        f"b.json: a sentence has no SentenceId, or no list of Tokens{mend}",
        "c.json:1: has no list 'Sentences'; name files of the official format (folder task1)",
        f"d.json:1: holds no token{mend}",
        f"e.json:{whole[: whole.index('Annotations')].count(chr(10)) + 1}: is not JSON "
        "(Unterminated string starting at); the file may be cut off: fetch it again",
        "f.json: is not UTF-8 at byte 7 (0xFF: invalid start byte); save it as UTF-8",
    ]


def test_the_same_speech_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "train", speech(annotation(Message=tokens(2, 7))), "x.json")
    write(tmp_path / "dev", speech(), "x.json")
    assert problems(tmp_path) == [
        "train/x.json: document 'x': stands in dev/x.json already; "
        "give each document an id of its own"
    ]


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert problems(source) == [
        f"{source}: holds no .json file; name the folder that holds the corpus"
    ]
    done = CliRunner().invoke(app, ["import", "spkatt", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def found() -> Imported:
    if not SAMPLE.is_dir():
        pytest.skip("the sample in ../shared/data is not here")
    return imported(SAMPLE)


def alternative() -> dict[str, Any]:
    """Return the same speeches in the corpus's other format, which the importer does not read.

    Sentences count from 1 there, and hold their annotations.
    """
    paths = SAMPLE.glob("*/task1_alternative_format/*.json")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths}


def test_counts_and_words_are_those_of_the_alternative_format(found: Imported) -> None:
    raw = alternative()
    layer = found.corpus.layers["gold"].by_document()
    assert set(raw) == set(layer) == set(found.corpus.documents)
    labels = {"quote": ("Message",), "source": ("Source",), "cue": ("Cue", "PTC"),
              "addressee": ("Addr",)}  # fmt: skip
    records = messages = others = 0
    unread = Counter[str]()
    for doc_id, content in raw.items():
        document, annotation = found.corpus.documents[doc_id], layer[doc_id]
        sentences = [sentence["Tokens"] for sentence in content.values()]
        assert document.text == "\n".join(" ".join(sentence) for sentence in sentences)
        items = [item for sentence in content.values() for item in sentence["Annotations"]]
        records += len(items)
        messages += sum(bool(item["Message"]) for item in items)
        others += sum(not item["Message"] for item in items)
        for role in ("Topic", "Evidence", "Medium"):
            unread[role] += sum(bool(item[role]) for item in items)

        def words(item: dict[str, list[str]], label: str, content: Any = content) -> str:
            places = sorted(
                {tuple(map(int, i.split(":"))) for role in labels[label] for i in item[role]}
            )
            return " ".join(content[str(s)]["Tokens"][t] for s, t in places)

        by_id = annotation.by_id()

        def slices(ids: tuple[str, ...], document: Any = document, by_id: Any = by_id) -> str:
            return " ".join(" ".join(document.slice(by_id[i])).replace("\n", " ") for i in ids)

        want = Counter(
            tuple(words(item, label) for label in labels) for item in items if item["Message"]
        )
        got = Counter(
            (slices(a.content), slices(a.source), slices(a.cue), slices(a.addressee))
            for a in annotation.attributions
        )
        assert got == want
        for label in labels:
            stretches = {words(item, label) for item in items if words(item, label)}
            assert stretches == {slices((s.id,)) for s in annotation.spans if s.label == label}
    report = found.report
    changed = Counter(c.action for c in report.changes if c.line)
    assert (report.records, report.attributions) == (records, messages)
    assert changed["changed"] + changed["dropped"] == others
    assert report.spans["quote"] == messages
    assert [f"{role}: {n:,} annotations" for role, n in unread.items()] == report.lost[1:4]


def test_it_is_a_sound_corpus(found: Imported, tmp_path: Path) -> None:
    found.write(tmp_path / "corpus")
    assert Corpus.read(tmp_path / "corpus").layers == found.corpus.layers
    result = check(tmp_path / "corpus")
    assert result.count("error") == 0
    # Cues without a message stand alone; two cues may have the same message.
    breached = {rule for rule, problems in result.problems.items() if problems}
    assert breached <= {"role-alone", "same-span-twice"}
