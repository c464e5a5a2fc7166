from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import inquit

from inquit.corpus import Annotation, Attribution, Corpus, DataError
from inquit.corpus.check import check
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options

SAMPLE = Path(__file__).parents[4] / "shared/data/polnear"
NAME = "gazette_2031-04-05_harbour-board-splits-over-"
# Astral, NBSP, CRLF and a combining mark: each counts as its code points.
TEXT = (
    "\U0001f600 Harbour board splits over salt.\n\n"
    "“The pier is safe,”\u00a0said Mara Ko\u0308ll, “and dry.”\r\n\n"
    "“It was, that is.”\n\n"
    "She denied rumours that the crane fell. It is thought to lean.\n\n"
    "Read more about cranes."
)


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def span(name: str, label: str, *words: str) -> str:
    offsets = ";".join(f"{start} {end}" for start, end in map(at, words))
    return f"{name}\t{label} {offsets}\t{' '.join(words)}\n"


RUNNING = "“and dry.”\r\n\n“It was, that is.”"
GOLD = (
    span("T1", "Source", "Mara Ko\u0308ll")
    + span("T2", "Cue", "said")
    + span("T3", "Content", "“The pier is safe,”", RUNNING)  # raw line breaks
    + span("T4", "Attribution", "said")
    + "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    + span("T5", "Source", "She")
    + span("T6", "Cue", "denied")
    + span("T7", "Content", "that the crane fell", "rumours")  # not ascending
    + span("T8", "Attribution", "denied")
    + span("T20", "Content", "the crane fell")  # inside the first content
    + "E2\tAttribution:T8 Source:T5 Cue:T6 Content:T7 Content2:T20\n"
    + span("T9", "Cue", "is thought")
    + span("T10", "Content", "to", " lean")  # touching
    + span("T11", "Attribution-no-source", "is thought")
    + "E3\tAttribution-no-source:T11 \n"  # beside the whole one
    + "E4\tAttribution-no-source:T11 Content:T10 Cue:T9\n"
    + span("T12", "Discard", "Read more about cranes.")
    + span("T13", "Discuss", "Harbour board splits")
    + span("T14", "Source", "rumours")  # orphan
    + "E5\tAttribution:T8 Source:T5 Cue:T6 Content:T14\n"  # a content that is a source
    + span("T15", "Attribution", "crane")
    + "E6\tAttribution:T15 Source:T5 Cue:T6 Content:T20\n"  # the source once more
    + "#1\tAnnotatorNotes T7\tshould the rumours be part of it?\n"
)
COLUMNS = [
    "compartment", "filename", "level", "annotators", "publisher", "publication_date", "author",
    "title", "trump_count", "clinton_count", "credit", "wire",
]  # fmt: skip


def row(part: str, name: str, annotators: str) -> list[str]:
    rest = [
        "3",
        annotators,
        "gazette",
        "2031-04-05",
        'Ann "O" Roe',
        "Salt “now”",
        "0",
        "1",
        "",
        "NA",
    ]
    return [part, name, *rest]


def corpus(
    folder: Path,
    labels: dict[str, str],
    *,
    part: str = "train",
    text: str = TEXT,
    name: str = NAME,
) -> Path:
    """Write one document with labels by annotator."""
    for kind in ("text", "attributions"):
        (folder / part / kind).mkdir(parents=True, exist_ok=True)
    (folder / part / "text" / f"{name}.txt").write_bytes(text.encode())
    for annotator, content in labels.items():
        path = folder / part / "attributions" / f"{name}_{annotator}.ann"
        path.write_bytes(content.encode())
    return folder


def metadata(folder: Path, *rows: list[str]) -> Path:
    lines = "\n".join("\t".join(cells) for cells in [COLUMNS, *rows])
    (folder / "metadata.tsv").write_text(lines + "\n", "utf-8")
    return folder


def polnear(source: Path) -> Imported:
    return read("polnear", source)


def changes(imported: Imported) -> list[tuple[str, str, int | None, str]]:
    return [(c.action, Path(c.path).name, c.line, c.reason) for c in imported.report.changes]


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        polnear(source)
    return [str(p).removeprefix(f"{source}/") for p in caught.value.problems]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    source = corpus(tmp_path / "data", {"b2": GOLD, "c3": ""})
    return metadata(source, row("train", NAME, "c3|b2"), row("test", "gone", "b2"))


def test_labels_become_ours(small: Path) -> None:
    imported = polnear(small)
    (document,) = imported.corpus.documents.values()
    (annotation,) = imported.corpus.layer("b2").annotations
    found = {s.id: (s.label, document.slice(s), s.attributes.get("form")) for s in annotation.spans}
    assert found == {
        "T1": ("source", ("Mara Ko\u0308ll",), None),
        "T2": ("cue", ("said",), None),
        "T3": ("quote", ("“The pier is safe,”", RUNNING), "direct"),
        "T5": ("source", ("She",), None),
        "T6": ("cue", ("denied",), None),
        "T7": ("quote", ("rumours", "that the crane fell"), "indirect"),
        "T9": ("cue", ("is thought",), None),
        "T10": ("quote", ("to lean",), "indirect"),
        "T12": ("ignore", ("Read more about cranes.",), None),
        "T13": ("ignore", ("Harbour board splits",), None),
        "T14": ("source", ("rumours",), None),
        "T20": ("quote", ("the crane fell",), "indirect"),
    }
    assert set(annotation.attributions) == {
        Attribution(id="E1", content=["T3"], source=["T1"], cue=["T2"]),
        Attribution(id="E2", content=["T7", "T20"], source=["T5"], cue=["T6"]),
        Attribution(id="E4", content=["T10"], cue=["T9"]),
        Attribution(id="E6", content=["T20"], source=["T5"], cue=["T6"]),
    }
    assert annotation.sha256 == document.sha256


def test_the_report_names_every_record_that_is_not_taken_over(small: Path) -> None:
    report = polnear(small).report
    crane = "[{}, {})".format(*at("crane"))
    file = f"{NAME}_b2.ann"
    assert changes(polnear(small)) == [
        ("changed", file, 10, "T7: fragments out of order; sorted"),
        ("changed", file, 15, "T10: fragments touch or overlap; joined"),
        ("changed", file, 3, "T3: 2 raw line breaks in the text field; read whole"),
        (
            "dropped",
            file,
            25,
            "#1: note ('AnnotatorNotes') on T7: 'should the rumours be part of it?'",
        ),
        ("dropped", file, 17, "E3: 'Attribution-no-source' without content"),
        (
            "dropped",
            file,
            22,
            "E5: Content names T14, whose label 'Source' cannot fill it; left out",
        ),
        ("dropped", file, 22, "E5: 'Attribution' without content"),
        (
            "changed",
            file,
            24,
            f"E6: the trigger T15 at {crane} is not kept; its cue stands elsewhere",
        ),
        ("unread", "metadata.tsv", None, "1 rows on articles that are not here"),
    ]
    # 16 spans, 6 events and a note; the empty file has none
    assert (report.records, report.documents, report.attributions) == (23, 1, 4)
    assert report.spans == {
        "quote": 4, "claim": 0, "source": 3, "cue": 3, "addressee": 0, "ignore": 2
    }  # fmt: skip
    assert report.derived == ["form"]
    assert report.lost == []
    assert {name: c.attributions for name, c in report.by_layer.items()} == {
        "gold": 4,
        "b2": 4,
        "c3": 0,
    }


def test_gold_repeats_the_first_annotator_of_each_document(tmp_path: Path) -> None:
    one = span("T1", "Cue", "said")
    two = span("T1", "Cue", "denied")
    source = corpus(tmp_path, {"zz": one, "b2": two}, name="a")
    corpus(source, {"zz": one}, name="b", part="dev")
    corpus(source, {}, name="c", part="dev")
    found = polnear(source).corpus
    assert list(found.layers) == ["gold", "b2", "zz"]
    spans = {
        name: {a.doc_id: a.spans[0].start for a in layer.annotations}
        for name, layer in found.layers.items()
    }
    said, denied = at("said")[0], at("denied")[0]
    assert spans == {
        "gold": {"a": denied, "b": said},
        "b2": {"a": denied},
        "zz": {"a": said, "b": said},
    }
    assert {d.doc_id: d.split for d in found.documents.values()} == {
        "a": "train",
        "b": "dev",
        "c": "dev",
    }
    gold = found.layer("gold")
    assert "chosen by the importer" in gold.made_by
    assert "annotator b2" in found.layer("b2").made_by
    assert {layer.kind for layer in found.layers.values()} == {"human"}
    assert {layer.derived for layer in found.layers.values()} == {("form",)}


def test_what_the_metadata_says_stands_with_the_document(small: Path) -> None:
    (document,) = polnear(small).corpus.documents.values()
    assert document.text == TEXT
    assert (document.title, document.published, document.publisher) == (
        "Salt “now”",
        "2031-04-05",
        "gazette",
    )
    assert document.meta == {
        "level": "3",
        "author": 'Ann "O" Roe',
        "trump_count": "0",
        "clinton_count": "1",
        "wire": "NA",
    }
    assert (document.language, document.licence, document.split) == ("en", "restricted", "train")
    known = read("polnear", small, Options(licence="LicenseRef-x", language="en-US")).corpus
    assert {(d.licence, d.language) for d in known.documents.values()} == {
        ("LicenseRef-x", "en-US")
    }


def test_a_part_alone_or_the_whole_repository_can_be_named(small: Path) -> None:
    alone = polnear(small / "train")
    (document,) = alone.corpus.documents.values()
    assert (document.split, document.title) == ("train", None)
    assert alone.report.lost == ["title, date and publisher: there is no metadata.tsv"]
    assert alone.corpus.layers == polnear(small).corpus.layers
    (small.parent / "README").write_text("x")
    (small / "parc3-replication").mkdir()
    (small / "train" / "corenlp").mkdir()
    (small / "train" / "text" / "x.md").write_text("x")
    whole = polnear(small.parent)
    assert whole.corpus.documents == polnear(small).corpus.documents
    unread = {c.path for c in whole.report.changes if c.action == "unread"}
    assert unread == {
        "README",
        "data/parc3-replication",
        "data/train/corenlp",
        "data/train/text/x.md",
        "data/metadata.tsv",
    }


def test_who_is_missing_is_reported(small: Path) -> None:
    metadata(small, row("train", NAME, "b2|c3|d4|a1"), row("train", f"{NAME}2", "b2"))
    corpus(small, {}, name=f"{NAME}2")
    assert [c for c in changes(polnear(small)) if c[1].endswith(".txt")] == [
        ("unread", f"{NAME}.txt", None, "metadata.tsv names a1, d4, whose labels are not here"),
        ("changed", f"{NAME}2.txt", None, "no annotator labelled it; kept without labels"),
        ("unread", f"{NAME}2.txt", None, "metadata.tsv names b2, whose labels are not here"),
    ]


def test_names_with_colons_and_umlauts_are_names(tmp_path: Path) -> None:
    name = "gazette: „Möwe“_läuft aus"
    source = corpus(tmp_path, {"b2": GOLD}, name=name)
    assert list(polnear(source).corpus.documents) == [name]


def test_faults_are_told_at_once(tmp_path: Path) -> None:
    source = corpus(tmp_path, {"b2": GOLD + "T99\tCue 4", "gold": "", "c 3": "", "Gold": ""})
    broken = GOLD.replace("T5 Cue:T6 Content:T14", "T55 Cue:T6 Content:T14")
    corpus(source, {"b2": broken, "B2": ""}, name="later")
    corpus(source, {"b2": "", "B2": ""}, name="other", text="")
    labels = source / "train" / "attributions"
    (labels / "no-such-text_b2.ann").write_text("")
    (labels / f"{NAME}_b2.ANN").write_text("")
    metadata(source, row("train", NAME, "b2"), ["train", "x"], row("train", NAME, "b2"))
    folder = "train/attributions"
    own = "give each annotator a name of their own"
    way = "spell each annotator in one way"
    assert problems(source) == [
        f"{folder}/{NAME}_Gold.ann: annotator 'Gold' is 'gold' elsewhere; {way}",
        f"{folder}/{NAME}_b2.ann: two annotators are named 'b2'; {own}",
        f"{folder}/{NAME}_c 3.ann: 'c 3' cannot name a layer; use 1 to 64 ASCII letters, digits, "
        "'_', '-' or '.', a letter or digit first, no '.' last",
        f"{folder}/{NAME}_gold.ann: an annotator is named 'gold', like the layer made of all; "
        f"{own}",
        f"{folder}/later_B2.ann: annotator 'B2' is 'b2' elsewhere; {way}",
        f"{folder}/no-such-text_b2.ann: labels 'no-such-text', which has no text; "
        "the name of a file is DOCUMENT_ANNOTATOR.ann",
        f"{folder}/other_B2.ann: annotator 'B2' is 'b2' elsewhere; {way}",
        "metadata.tsv:3: has 2 cells instead of 12; restore the file",
        f"metadata.tsv:4: describes '{NAME}' of train a second time; restore the file",
        f"{folder}/later_b2.ann:22: E5 names 'T55', which the file does not have; "
        "add the record, or remove this one",
        "train/text/other.txt: is empty; restore the text",
    ]


def test_a_truncated_label_file_is_refused_with_its_line(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small / "train" / "attributions" / f"{NAME}_b2.ann"
    path.write_bytes(GOLD.encode()[:-40])
    ran = inquit(capsys, "corpus", "import", "polnear", small, tmp_path / "out")
    assert ran.code == 1
    assert f"{path}:25: " in ran.err
    assert not (tmp_path / "out").exists()
    path.write_bytes("T1\tCue 0 1\t\xe9\n".encode("latin-1"))
    ran = inquit(capsys, "corpus", "import", "polnear", small, tmp_path / "out")
    assert "is not UTF-8 at byte 11 (0xE9" in ran.err


def test_a_document_in_two_parts_is_refused(tmp_path: Path) -> None:
    corpus(corpus(tmp_path, {"b2": ""}), {"b2": ""}, part="dev")
    (problem,) = problems(tmp_path)
    assert problem.startswith(f"dev/text/{NAME}.txt: document '{NAME}': stands in ")


@pytest.mark.parametrize(
    ("folders", "what"),
    [
        ([], "holds none of the folders train/text, dev/text, test/text"),
        (["train/text"], "train/text: holds no .txt file"),
        (["train/text"], "train/attributions: is not a folder"),
        (["text", "attributions"], "attributions: holds no .ann file"),
    ],
)
def test_what_is_no_polnear_is_refused(tmp_path: Path, folders: list[str], what: str) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    assert any(what in problem for problem in problems(tmp_path))


def test_a_file_is_no_polnear(tmp_path: Path) -> None:
    (tmp_path / "polnear.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="is not a folder; unpack PolNeAR"):
        polnear(tmp_path / "polnear.zip")


def test_metadata_without_its_columns_is_refused(small: Path) -> None:
    (small / "metadata.tsv").write_text("filename\nx\n")
    assert problems(small) == ["metadata.tsv:1: has no column compartment; restore the file"]


def test_strict_refuses_a_drop_and_writes_nothing(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["corpus", "import", "polnear", small, tmp_path / "out"]
    ran = inquit(capsys, *command, "--strict")
    assert ran.code == 1
    assert "dropped: E3: 'Attribution-no-source' without content" in ran.err
    assert not (tmp_path / "out").exists()
    assert inquit(capsys, *command).code == 0
    assert Corpus.read(tmp_path / "out").layers == polnear(small).corpus.layers


# On the sample: the raw files read another way, by regular expressions over whole files.

_T = re.compile(r"^(T\d+)\t(\S+) ([\d ;]+)\t(.*(?:\n(?![TERAM#]\d*\t).*)*)\n", re.M)
_E = re.compile(r"^(E\d+)\t(\S+):(T\d+) ?(.*)$", re.M)
_OURS = {"Source": "source", "Cue": "cue", "Content": "quote", "Discuss": "ignore",
         "Discard": "ignore"}  # fmt: skip


class Raw(NamedTuple):
    name: str
    document: str
    annotator: str
    text: str
    labels: str

    def spans(self) -> dict[str, tuple[str, list[tuple[int, ...]], str]]:
        return {
            t: (label, [tuple(map(int, f.split())) for f in offsets.split(";")], said)
            for t, label, offsets, said in _T.findall(self.labels)
        }

    def events(self) -> list[tuple[str, str, dict[str, str]]]:
        return [
            (e, kind, dict(argument.split(":") for argument in arguments.split()))
            for e, kind, _, arguments in _E.findall(self.labels)
        ]


@pytest.fixture(scope="module")
def raw() -> list[Raw]:
    if not SAMPLE.is_dir():
        pytest.skip(f"the sample of PolNeAR is not here ({SAMPLE})")
    found = []
    for path in sorted(SAMPLE.glob("*/attributions/*.ann")):
        document, annotator = re.fullmatch(r"(.*)_([^_]*)\.ann", path.name).groups()  # type: ignore[union-attr]
        text = (path.parents[1] / "text" / f"{document}.txt").read_bytes().decode()
        found.append(Raw(path.name, document, annotator, text, path.read_bytes().decode()))
    return found


@pytest.fixture(scope="module")
def sample(raw: list[Raw]) -> Imported:
    return polnear(SAMPLE)


def of(sample: Imported, file: Raw) -> Annotation:
    return sample.corpus.layer(file.annotator).by_document()[file.document]


def reported(sample: Imported, pattern: str) -> Iterator[tuple[str, int | None]]:
    for change in sample.report.changes:
        if re.search(pattern, change.reason):
            yield Path(change.path).name, change.line


def test_the_sample_gives_what_an_independent_count_gives(sample: Imported, raw: list[Raw]) -> None:
    report = sample.report
    assert report.documents == len(list(SAMPLE.glob("*/text/*.txt"))) == 924
    labels = Counter(_OURS.get(label) for file in raw for label, _, _ in file.spans().values())
    triggers = labels.pop(None)
    assert {k: v for k, v in report.spans.items() if v} == labels
    events = [(file.name, *event) for file in raw for event in file.events()]
    notes = sum(len(re.findall("^#", file.labels, re.M)) for file in raw)
    assert report.records == sum(labels.values()) + triggers + len(events) + notes
    dropped = [*reported(sample, "without content$")]
    assert report.attributions == len(events) - len(dropped)
    without = [n for n, _, _, roles in events if not roles.keys() & {"Content", "Content2"}]
    mislabelled = [n for n, _ in reported(sample, "Content names .* cannot fill it")]
    assert Counter(n for n, _ in dropped) == Counter(without + mislabelled)
    assert len(mislabelled) == 1
    assert len([*reported(sample, "^#1: note")]) == notes == 3


def test_each_span_of_the_sample_says_what_its_file_says(sample: Imported, raw: list[Raw]) -> None:
    for file in raw:
        found = of(sample, file).by_id()
        document = sample.corpus.documents[file.document]
        assert document.text == file.text
        spans = {name: x for name, x in file.spans().items() if x[0] in _OURS}
        assert found.keys() == spans.keys()
        for name, (label, fragments, said) in spans.items():
            assert found[name].label == _OURS[label]
            assert " ".join(file.text[start:end] for start, end in fragments) == said
            covered = {i for start, end in fragments for i in range(start, end)}
            assert covered == {i for s, e in found[name].fragments for i in range(s, e)}


def test_each_attribution_of_the_sample_has_the_roles_of_its_event(
    sample: Imported, raw: list[Raw]
) -> None:
    roles = {"content": ("Content", "Content2"), "source": ("Source",), "cue": ("Cue",)}
    for file in raw:
        found = {a.id: a for a in of(sample, file).attributions}
        for name, _, arguments in file.events():
            if name not in found:
                continue
            for role, names in roles.items():
                expected = {arguments[n] for n in names if n in arguments}
                given = set(getattr(found[name], role))
                if given != expected:  # a cue that is labelled Discuss
                    assert (role, file.spans()[expected.pop()][0]) == ("cue", "Discuss")


def test_the_report_on_the_sample_names_what_is_broken(sample: Imported, raw: list[Raw]) -> None:
    expected: dict[str, set[tuple[str, int]]] = {"broken": set(), "order": set(), "touch": set()}
    for file in raw:
        for match in _T.finditer(file.labels):
            place = file.name, file.labels.count("\n", 0, match.start()) + 1
            fragments = [tuple(map(int, f.split())) for f in match[3].split(";")]
            if match[2] not in _OURS:
                continue
            if "\n" in match[4]:
                expected["broken"].add(place)
            if fragments != sorted(fragments):
                expected["order"].add(place)
            ends = {end for _, end in fragments}
            if any(start in ends for start, _ in fragments):
                expected["touch"].add(place)
    assert set(reported(sample, "raw line break")) == expected["broken"]
    assert len(expected["broken"]) == 3
    assert set(reported(sample, "out of order; sorted")) == expected["order"]
    assert set(reported(sample, "touch or overlap; joined")) == expected["touch"]


def test_the_share_of_the_sample_in_the_known_counts(sample: Imported, raw: list[Raw]) -> None:
    """The whole corpus has 24,105 attributions, 1,800 without source, and so on."""
    first: dict[str, Raw] = {}
    for file in raw:
        first.setdefault(file.document, file)
    gold = sample.corpus.layer("gold").by_document()
    assert all(gold[name] == of(sample, file) for name, file in first.items())
    attributions = [a for annotation in gold.values() for a in annotation.attributions]
    events = [roles for file in first.values() for _, _, roles in file.events()]
    kept = {(d, a.id) for d, annotation in gold.items() for a in annotation.attributions}
    with_content = [r for r in events if r.keys() & {"Content", "Content2"}]
    assert len(attributions) == len(with_content) - 1 == 22023
    assert sum(not a.source for a in attributions) == sum("Source" not in r for r in with_content)
    assert sum(len(a.content) > 1 for a in attributions) == sum(
        r.keys() >= {"Content", "Content2"} for r in events
    )
    shared = Counter((d, i) for d, x in gold.items() for a in x.attributions for i in a.source)
    theirs = Counter(
        (name, roles["Source"])
        for name, file in first.items()
        for event, _, roles in file.events()
        if "Source" in roles and (name, event) in kept
    )
    assert sum(n > 1 for n in shared.values()) == sum(n > 1 for n in theirs.values())


def test_the_metadata_of_the_sample_is_that_of_its_table(sample: Imported, raw: list[Raw]) -> None:
    with (SAMPLE / "metadata.tsv").open(newline="", encoding="utf-8") as stream:
        rows = {r["filename"]: r for r in csv.DictReader(stream, delimiter="\t", quoting=3)}
    for name, document in sample.corpus.documents.items():
        assert document.title == rows[name]["title"]
        assert document.published == rows[name]["publication_date"]
        assert document.publisher == rows[name]["publisher"]
        assert document.split == rows[name]["compartment"]


def test_the_sample_is_checked(sample: Imported, tmp_path: Path) -> None:
    sample.write(tmp_path / "c")
    problems = check(tmp_path / "c").problems
    for rule in ("info", "document", "annotation", "fit", "empty-text", "cut-character"):
        assert not problems[rule], rule
