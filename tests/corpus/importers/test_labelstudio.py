from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from inquit.corpus import Corpus, DataError
from inquit.corpus.check import check
from inquit.corpus.cli import app
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Imported, Options
from inquit.corpus.labelstudio import from_model, read_meanings, to_model

# Astral, CRLF, NBSP and a combining mark: each counts as its code points.
TEXT = "\U0001f600 “We sail,”\r\nsaid Ana\u00a0Reyes, the maste\u0301r. She lost 40 jobs."
EXPORT = '; export the project as "JSON"'


def place(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def region(name: Any, label: Any, words: str, **more: Any) -> dict[str, Any]:
    # Label Studio keeps the words like this.
    text = words.replace("\n", "\\n").replace("\r", "")
    value = {**place(words), "text": text, "labels": label if isinstance(label, list) else [label]}
    item = {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    return {**item, "origin": "manual", **more}


def said(name: str, control: str, *values: Any, **more: Any) -> dict[str, Any]:
    key, kind = ("text", "textarea") if control == "entity" else ("choices", "choices")
    value = {"start": 0, "end": 1, key: list(values)}
    return {
        "id": name, "from_name": control, "to_name": "text", "type": kind, "value": value, **more,
    }  # fmt: skip


def relation(one: str, other: str, *labels: str) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "relation", "from_id": one, "to_id": other}
    return {**item, "direction": "right", **({"labels": list(labels)} if labels else {})}


def annotation(*result: Any, by: Any = 1, id: int = 1, **more: Any) -> dict[str, Any]:  # noqa: A002
    times = {"created_at": "2031-04-05T10:00:00.000000Z", "lead_time": 3.5, "ground_truth": False}
    return {"id": id, "completed_by": by, "was_cancelled": False, "result": list(result),
            **times, **more}  # fmt: skip


def task(*annotations: Any, id: Any = 7, data: Any = None, **more: Any) -> dict[str, Any]:  # noqa: A002
    data = {"text": TEXT} if data is None else data
    return {"id": id, "data": data, "annotations": list(annotations), "drafts": [],
            "predictions": [], "meta": {}, **more}  # fmt: skip


def export(folder: Path, *tasks: Any, name: str = "export.json", indent: int | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(tasks, indent=indent), "utf-8")
    return path


def imported(source: Path, labels: Path | None = None) -> Imported:
    return read("labelstudio", source, Options(labels=labels))


def reasons(found: Imported) -> list[str]:
    return [f"{c.action}: {c.reason}" for c in found.report.changes]


def problems(source: Path, labels: Path | None = None) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(source, labels)
    return [str(p).replace(f"{source}/", "") for p in caught.value.problems]


def spans(found: Imported, layer: str = "a1") -> dict[str, tuple[Any, ...]]:
    (labels,) = found.corpus.layers[layer].annotations
    document = found.corpus.documents[labels.doc_id]
    return {s.id: (s.label, document.slice(s), s.attributes) for s in labels.spans}


OURS = annotation(
    region("q-1", "Direct quote", "“We sail,”"),
    said("q-1", "medium", "speech"),
    region("e_1", "Cue", "said"),
    region("s1", "Source", "Ana\u00a0Reyes, the maste\u0301r"),
    said("s1", "kind", "named"),
    said("s1", "entity", "Ana Reyes"),
    region("s2", "Source", "She"),
    region("c1", "Claim", "She lost 40 jobs"),
    relation("s1", "q-1"),
    relation("q-1", "e_1"),
    relation("s2", "s1"),
)


def test_a_project_of_ours_comes_with_everything(tmp_path: Path) -> None:
    data = {
        "text": TEXT, "doc_id": "harbour: Möwe", "title": "Ferries", "url": "https://example.org",
        "published": "2031", "publisher": "Two\nlines", "desk": "local", "pages": [1, 2],
        "tags": ["a", "b"], "count": 3, "image": None,
    }  # fmt: skip
    path = export(tmp_path, task(OURS, data=data))
    found = imported(path)
    (document,) = found.corpus.documents.values()
    assert (document.doc_id, document.text) == ("harbour: Möwe", TEXT)
    assert (document.title, document.published) == ("Ferries", "2031")
    assert (document.url, document.publisher) == ("https://example.org", None)
    assert document.meta == {
        "publisher": "Two\nlines", "desk": "local", "tags": ["a", "b"], "count": 3,
    }  # fmt: skip
    assert (document.licence, document.language) == ("restricted", "und")
    assert spans(found) == {
        "q-1": ("quote", ("“We sail,”",), {"form": "direct", "medium": "speech"}),
        "e_1": ("cue", ("said",), {}),
        "s1": (
            "source",
            ("Ana\u00a0Reyes, the maste\u0301r",),
            {"kind": "named", "entity": "Ana Reyes"},
        ),
        "s2": ("source", ("She",), {"entity": "Ana Reyes"}),
        "c1": ("claim", ("She lost 40 jobs",), {}),
    }
    (labels,) = found.corpus.layers["a1"].annotations
    assert [(a.content, a.source, a.cue) for a in labels.attributions] == [
        (("q-1",), ("s1",), ("e_1",)),
    ]
    assert labels.sha256 == document.sha256
    assert found.report.changes == []
    assert (found.report.records, found.report.attributions) == (1, 1)
    assert found.report.lost == [
        "times, durations and marks of ground truth of annotations",
        "field 'pages' of 1 tasks, which is no text, number or list of texts",
    ]
    assert found.corpus.info.name == "export"


def test_what_is_imported_is_what_is_pulled(tmp_path: Path) -> None:
    corpus = data_of_a_corpus()
    for name, layer in corpus.layers.items():
        tasks, pulled = [], {}
        for number, labels in enumerate(layer.annotations, 1):
            document = corpus.documents[labels.doc_id]
            result, _ = from_model(document, labels)
            pulled[document.doc_id] = to_model(result, document)[0]
            data = {"text": document.text, "doc_id": document.doc_id, "sha256": document.sha256}
            tasks.append(task(annotation(*result), id=number, data=data))
        found = imported(export(tmp_path, *tasks, name=f"{name}.json"))
        assert found.corpus.layers["a1"].by_document() == pulled
        assert found.report.changes == []


def data_of_a_corpus() -> Corpus:
    path = Path(__file__).parents[3] / "corpus" / "articles"
    return read("inline", path).corpus


def test_names_of_the_vocabulary_mean_themselves_in_any_control(tmp_path: Path) -> None:
    more = {"from_name": "ner", "to_name": "body"}
    path = export(
        tmp_path,
        task(
            annotation(
                region("a", "Quote", "“We sail,”", **more),
                said("a", "form", "direct", to_name="body"),
                region("b", "SOURCE", "Ana", **more),
                region("c", "cue", "said", **more),
                region("d", "claim", "She lost 40 jobs", **more),
                said("d", "granularity", "sentence", to_name="body"),
                said("d", "label", "yes", to_name="body"),
                relation("a", "b", "source"),
                relation("c", "a", "Cue", "content"),
                relation("b", "d", "cue"),
            ),
            data={"body": TEXT},
        ),
    )
    found = imported(path)
    assert spans(found) == {
        "a": ("quote", ("“We sail,”",), {"form": "direct"}),
        "b": ("source", ("Ana",), {}),
        "c": ("cue", ("said",), {}),
        "d": ("claim", ("She lost 40 jobs",), {"granularity": "sentence"}),
    }
    (labels,) = found.corpus.layers["a1"].annotations
    assert [(a.id, a.source, a.cue) for a in labels.attributions] == [("a", ("b",), ("c",))]
    assert list(found.corpus.documents) == ["task-7"]
    assert reasons(found) == [
        "dropped: task 7, annotation 1: region d: control 'label (no label)' is unknown",
        "dropped: task 7, annotation 1: region b d: relation has labels ['cue'], which are unknown",
    ]
    assert found.report.lost[1] == (
        "labels nobody explained; --labels FILE says what they mean: ['cue'] (1)"
    )


MEANINGS = """
text = "body"
relations = ["says"]
[labels]
Zitat = { label = "quote", form = "direct" }
PER = "source"
Claim = { label = "claim", certainty = "denied" }
"""


def test_foreign_labels_mean_what_a_file_says_and_others_are_dropped(tmp_path: Path) -> None:
    labels = tmp_path / "labels.toml"
    labels.write_text(MEANINGS)
    path = export(
        tmp_path,
        task(
            annotation(
                region("a", "Zitat", "“We sail,”"),
                region("b", "PER", "Ana\u00a0Reyes"),
                region("c", "ORG", "the"),
                region("d", "Claim", "She lost 40 jobs"),
                region("e", "ORG", "jobs"),
                region("f", ["Zitat", "PER"], "sail"),
                relation("b", "a", "says"),
                relation("b", "d", "doubts"),
            ),
            data={"body": TEXT, "text": "something else"},
        ),
    )
    found = imported(path, labels)
    assert found.corpus.documents["task-7"].meta == {"text": "something else"}
    assert spans(found) == {
        "a": ("quote", ("“We sail,”",), {"form": "direct"}),
        "b": ("source", ("Ana\u00a0Reyes",), {}),
        "d": ("claim", ("She lost 40 jobs",), {"certainty": "denied"}),
    }
    (made,) = found.corpus.layers["a1"].annotations
    assert [(a.content, a.source) for a in made.attributions] == [(("a",), ("b",))]
    assert reasons(found) == [
        "dropped: task 7, annotation 1: region c: label 'ORG' is unknown",
        "dropped: task 7, annotation 1: region e: label 'ORG' is unknown",
        "dropped: task 7, annotation 1: region f: has labels ['Zitat', 'PER'], not one",
        "dropped: task 7, annotation 1: region b d: relation has labels ['doubts'], "
        "which are unknown",
    ]
    assert found.report.lost[1].endswith("what they mean: 'ORG' (2), ['doubts'] (1)")


def test_people_become_layers_without_their_names(tmp_path: Path) -> None:
    quote = region("a", "Direct quote", "“We sail,”")
    cue = region("b", "Cue", "said")
    person = {"id": 9, "email": "eva@example.org", "first_name": "Eva"}
    path = export(
        tmp_path,
        task(
            annotation(cue, by=person, id=5, updated_at="2031-04-05T12:00:00Z"),
            annotation(quote, by=3, id=2, updated_at="2031-04-05T11:00:00Z"),
            # The same person later, although it stands first in no order.
            annotation(quote, cue, by=9, id=6, updated_at="2031-04-06T11:00:00Z"),
            annotation(by={"email": "ben@example.org"}, id=4, created_at="2032-01-01T00:00:00"),
            annotation(quote, by=4, id=8, was_cancelled=True),
            annotation(quote, by=None, id=1, updated_at="never", created_at=None),
            annotation(cue, by=None, id=9, updated_at=None, created_at=None),
            drafts=[{"id": 1, "user": "ben@example.org", "result": [quote]}],
            predictions=[1, 2],
        ),
        task(id=8),
    )
    found = imported(path)
    layers = found.corpus.layers
    assert {name: list(spans(found, name)) for name in layers} == {
        "a1": ["a"],  # Whom nobody names, without a time.
        "a2": ["b"],
        "a3": ["a"],
        "a4": ["a", "b"],
        "a5": [],
    }
    unnamed = "people in Label Studio whom the JSON export does not name: annotation"
    end = "; read from a JSON export"
    assert [layer.made_by for layer in layers.values()] == [
        f"{unnamed} 1 of each text that has one",
        f"{unnamed} 2 of each text that has one",
        f"user 3 in Label Studio{end}",
        f"user 9 in Label Studio{end}",
        f"a person in Label Studio{end}",
    ]
    assert {layer.kind for layer in layers.values()} == {"human"}
    assert reasons(found) == [
        "unread: task 7: 1 drafts, never submitted",
        "unread: task 7: 2 predictions, by models",
        "dropped: task 7, annotation 8: was skipped",
        "dropped: task 7, annotation 5: the same person submitted this text again later",
    ]
    assert (found.report.records, found.report.documents) == (7, 2)
    found.write(tmp_path / "out")
    for file in (tmp_path / "out").rglob("*"):
        if file.is_file():
            assert not re.search(r"@|example|Eva", file.read_text("utf-8"))


def test_what_is_no_label_of_a_text_is_dropped_with_its_reason(tmp_path: Path) -> None:
    html = region("h", "Claim", "said", type="hypertextlabels")
    path = export(
        tmp_path,
        task(
            annotation(
                region("a", "Claim", "said", value={**place("said"), "labels": ["Claim"]}),
                region("b", "Claim", "said", to_name="title"),
                html,
                said("whole", "topic", "sport"),
                said("a", "certainty", "perhaps"),
                region("c", "Claim", "said", value={"start": 3, "end": 10**6, "labels": ["Claim"]}),
                relation("a", "h"),
                {"type": "labels"},
                {},
                "x",
                region("d", "Claim", "said", meta={"text": ["hm"]}),
                region(None, "Claim", "said"),
            ),
            annotation(by=2, result="none"),
        ),
    )
    found = imported(path)
    assert list(spans(found, "a1")) == ["a", "d"]
    one, not_text = "task 7, annotation 1: ", "not of 'text', which was read"
    assert reasons(found) == [
        f"dropped: {one}region b: is said of 'title', {not_text}",
        f"dropped: {one}region h: 'hypertextlabels' are no places in a plain text",
        f"dropped: {one}region whole: 'topic' is said of no region",
        f"dropped: {one}is said of '', {not_text}",
        f"dropped: {one}is said of '', {not_text}",
        f"dropped: {one}is not an object",
        f"dropped: {one}region id None is not valid",
        f"dropped: {one}region a: certainty: certainty 'perhaps' is unknown",
        f"dropped: {one}region c: [3, 1000000) lies outside the text of {len(TEXT)} code points",
        f"dropped: {one}region d: a note to a region has no place in a layer",
        f"dropped: {one}region a h: relation to region 'h', which does not exist",
        f"dropped: {one}the result is not a list",
    ]
    assert found.report.by_layer["a2"].documents == 1
    strict = ["import", "labelstudio", str(path), str(tmp_path / "out"), "--strict"]
    assert CliRunner().invoke(app, strict).exit_code == 1
    assert not (tmp_path / "out").exists()


def test_words_are_held_against_the_text(tmp_path: Path) -> None:
    wrong = region("a", "Claim", "said")
    wrong["value"]["text"] = "says"
    crossing = region("b", "Claim", "“We sail,”\r\nsaid Ana\u00a0Reyes")
    path = export(tmp_path, task(annotation(wrong, crossing)))
    found = imported(path)
    start = TEXT.index("said")
    assert reasons(found) == [
        "changed: task 7, annotation 1: region a: the words are said to be 'says', at "
        f"[{start}, {start + 4}) stands 'said': the place is kept",
    ]
    # A field that was taken because there is no other must be the one that was labelled.
    path = export(tmp_path, task(annotation(wrong), data={"body": TEXT}))
    (only,) = problems(path)
    assert only.endswith(
        "no region has the words that stand at its place in the text; "
        'say with --labels FILE which field was labelled: text = "NAME"'
    )


def test_a_text_that_stands_twice_is_one_document(tmp_path: Path) -> None:
    data = {"text": TEXT, "doc_id": "d"}
    quote, cue = region("a", "Direct quote", "“We sail,”"), region("b", "Cue", "said")
    first, second = annotation(quote, id=1), annotation(cue, by=2, id=2)
    export(tmp_path, task(first, data=data), name="one.json")
    export(tmp_path, task(second, id=9, data=data), name="two.json")
    found = imported(tmp_path)
    assert {name: list(spans(found, name)) for name in found.corpus.layers} == {
        "a1": ["a"], "a2": ["b"],
    }  # fmt: skip
    assert reasons(found) == [
        "changed: task 9: the document of task 7 (one.json, line 1) again, taken as one",
    ]
    export(tmp_path, task(data={"text": "Other.", "doc_id": "d"}), name="two.json")
    assert problems(tmp_path) == [
        "two.json:1: document 'd': task 7 has another text than task 7 (one.json, line 1); "
        "give each text a doc_id of its own"
    ]


def test_a_text_of_another_checksum_is_refused(tmp_path: Path) -> None:
    path = export(tmp_path, task(data={"text": TEXT, "doc_id": "d", "sha256": "0" * 64}))
    (only,) = problems(path)
    assert "document 'd': sha256 is '000000000..." in only


def test_exports_of_old_have_other_words(tmp_path: Path) -> None:
    old = {"id": 1, "data": {"text": TEXT}, "completions": [
        {"id": 1001, "result": [region("a", "Cue", "said")], "skipped": False},
        {"id": 1002, "result": [], "skipped": True},
    ]}  # fmt: skip
    found = imported(export(tmp_path, old))
    assert list(spans(found)) == ["a"]
    assert reasons(found) == ["dropped: task 1, annotation 1002: was skipped"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    export(
        tmp_path,
        task(),
        "x",
        {"id": 3, "text": TEXT},
        task(id=4, annotations=[1]),
        task(id=5, data={"body": TEXT, "other": TEXT}),
        task(id=6, data={"text": "a\ud800"}),
        task(id=8, data={"text": "a", "n": 10**30}),
        name="a.json",
        indent=0,
    )
    export(tmp_path, name="b.json")
    (tmp_path / "c.json").write_text('{"id": 1}')
    (tmp_path / "d.json").write_text('[{"id": 1,\n "data": {"te')
    (tmp_path / "e.json").write_bytes(b'[{"id": "\xff"}]')
    (tmp_path / "notes.txt").touch()
    text = (tmp_path / "a.json").read_text("utf-8").split("\n")
    starts, depth = [], 0
    for number, line in enumerate(text, 1):
        if depth == 1 and line[0] in '{"':
            starts.append(number)
        depth += len(re.findall(r"[\[{]", line)) - len(re.findall(r"[\]}]", line))
    field = 'name the field that was labelled in a --labels file, text = "NAME":'
    cut = "the file may be cut off: fetch it again"
    assert problems(tmp_path) == [
        f"a.json:{starts[1]}: is no task, which would be a JSON object{EXPORT}",
        f"a.json:{starts[3]}: task 4 has no list of annotations{EXPORT}",
        f"b.json:1: holds no task{EXPORT}",
        f"c.json:1: is not the JSON list it should be: '[' expected, '{{\"id\": 1}}' found; {cut}",
        f"d.json:2: is not JSON (Unterminated string starting at); {cut}",
        "e.json: is not UTF-8 at byte 9 (0xFF: invalid start byte); save it as UTF-8",
        f"a.json:{starts[2]}: task 3 has no data{EXPORT}, not JSON-MIN",
        f"a.json:{starts[4]}: task 5 has no text in a field 'text'; {field} 'body', 'other'",
        f"a.json:{starts[5]}: document 'task-6': lone surrogate U+D800 at code point 1; "
        "decode the source in full; half a character cannot be stored",
        f"a.json:{starts[6]}: document 'task-8': meta 'n' is too large; give it as a string",
    ]


def test_the_labels_file_that_is_documented_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
    (shown,) = re.findall(r"^```toml\n(text = .*?)^```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "labels.toml").write_text(shown, "utf-8")
    meanings = read_meanings(tmp_path / "labels.toml")
    assert meanings.regions["Zitat"] == ("quote", {"form": "direct"})
    assert meanings.regions["Sprecherin"] == ("source", {})
    assert (meanings.text, meanings.relations) == ("body", {"says"})


def test_a_labels_file_is_read_strictly(tmp_path: Path) -> None:
    source = export(tmp_path / "in", task())
    labels = tmp_path / "labels.toml"
    labels.write_text(
        '[labels]\nA = "quotation"\nB = { form = "direct" }\n'
        'C = { label = "cue", kind = "named" }\n'
    )
    use = "use one of quote, claim, source, cue, addressee, ignore"
    assert problems(source, labels) == [
        f"{labels}: 'A': unknown label 'quotation'; {use}",
        f"{labels}: 'B': unknown label ''; {use}",
        f"{labels}: 'C': a cue has no attribute 'kind'; its attributes are: none",
    ]
    for content, what in (
        ("labels = 3", "`labels` is 3, not an object"),
        ('label = "x"', "unknown field `label`; did you mean 'labels'?"),
        ("[labels", "Expected"),
    ):
        labels.write_text(content)
        (only,) = problems(source, labels)
        assert only.startswith(str(labels))
        assert what in only
    labels.write_bytes(b"\xff")
    assert len(problems(source, labels)) == 1
    assert len(problems(source, tmp_path / "gone.toml")) == 1


def test_the_command_takes_a_labels_file_for_this_format_only(tmp_path: Path) -> None:
    source = export(tmp_path / "in", task(annotation(region("a", "Zitat", "said"))))
    labels = tmp_path / "labels.toml"
    labels.write_text('labels = { Zitat = "claim" }')
    command = ["import", "labelstudio", str(source), str(tmp_path / "out"), "--labels", str(labels)]
    done = CliRunner().invoke(
        app, [*command, "--licence", "CC0-1.0", "--language", "en", "--strict"]
    )
    assert done.exit_code == 0, done.output
    corpus = Corpus.read(tmp_path / "out")
    assert (corpus.info.licence, corpus.info.languages) == ("CC0-1.0", ("en",))
    assert corpus.layers["a1"].annotations[0].spans[0].label == "claim"
    assert not any(check(tmp_path / "out").problems.values())
    other = ["import", "text", str(source), str(tmp_path / "x"), "--labels", str(labels)]
    refused = CliRunner().invoke(app, other)
    assert refused.exit_code == 2
    assert "labels of its own" in refused.output


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert problems(source) == [
        f"{source}: holds no .json file; name the folder that holds them; "
        "subfolders are not searched"
    ]
    done = CliRunner().invoke(app, ["import", "labelstudio", str(source), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5) | st.sampled_from(["a", "b", "labels", "relation", "text", "Claim"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "id", "type", "from_name", "to_name", "value", "labels", "start", "end", "from_id",
            "to_id", "text", "choices", "result", "completed_by", "data",
        ]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(ANYTHING, max_size=4), ANYTHING, ANYTHING)
def test_whatever_stands_in_an_export_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, result: list[Any], item: Any, raw: Any
) -> None:
    folder = tmp_path_factory.mktemp("x")
    good = region("good", "Cue", "said")
    path = export(folder, task(annotation(good, *result, by=item), annotation(good, result=raw)))
    found = imported(path)
    assert found.report.records == 2
    path = export(folder, task(annotation(good)), raw)
    try:
        imported(path)
    except DataError as error:
        assert all(problem.path for problem in error.problems)
