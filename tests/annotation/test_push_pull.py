"""Documents out to a real Label Studio, labels back: once, exactly, and nothing lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec
import pytest
from commands import inquit
from studio import Answer, Api, Proxy, Request, server

from inquit.annotation import export
from inquit.annotation import push as push_module
from inquit.annotation.annotators import Annotators
from inquit.annotation.client import LabelStudioError, NoAnswerError, connect
from inquit.annotation.client import Server as Client
from inquit.annotation.config import GUIDELINES, label_config
from inquit.annotation.credentials import DIRECTORY, TOKEN, URL, Credentials
from inquit.annotation.keep import BESIDE, HISTORY, REFUSED
from inquit.annotation.pull import Place, pull
from inquit.annotation.push import push
from inquit.annotation.server import Server
from inquit.annotation.status import status
from inquit.corpus.directory import Corpus, CorpusInfo, read_info, write_layer
from inquit.corpus.errors import DataError
from inquit.corpus.labelstudio import from_model, to_model
from inquit.corpus.model import Annotation, Attribution, Document, Layer, Span

# Nobody whom another test invites.
ANA, BEN, CEM = (f"{name}@push-pull.example.org" for name in ("ana", "ben", "cem"))

ODD = (
    "\U0001f600 \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea said.",
    "a\u00a0b\u2009c\u3000 d",
    "One\r\ntwo\rthree\nfour\r\n\r\n",
    "e\u0301 a\u0308\u0323 \u1112\u1161\u11ab \u00ad\ufeff\u200b",
    "\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u0627\u0644",
    "<b>&amp;</b> $undefined$ {{x}} \\n \\u0041 \"q\" 'q'  leading, trailing  \t\n ",
    "\x01\x0b\x0c\x1b[31m\x7f\x85\u2028\u2029",
    "https://example.org/looks-like-a-file.txt",
    "s3://bucket/key",
    "NaN",
    "",
)


@pytest.fixture(scope="module")
def api(label_studio: Server) -> Api:
    return Api(label_studio.credentials)


@pytest.fixture
def ls(label_studio: Server) -> Iterator[Client]:
    with connect(label_studio.credentials) as found:
        yield found


def make(directory: Path, *texts: str, name: str = "", layers: tuple[Layer, ...] = ()) -> Path:
    """Make a corpus whose name nobody has used, of documents d0, d1, ..."""
    name = name or f"corpus-{token_hex(6)}"
    documents = [Document(doc_id=f"d{i}", text=t, title=f"T{i}") for i, t in enumerate(texts)]
    Corpus(CorpusInfo(name=name), documents, layers).write(directory / name)
    return directory / name


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make(tmp_path, "“Rain,” she said.", "Second.", "Third.")


def region(name: str, label: str, start: object, end: object) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": "?", "labels": [label]}
    return {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def relation(one: str, other: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"}


CLAIM = [region("c", "Claim", 0, 5)]


def files(directory: Path) -> dict[str, bytes]:
    """Return what a corpus directory holds, by path."""
    found = sorted(p for p in directory.rglob("*") if p.is_file())
    return {str(p.relative_to(directory)): p.read_bytes() for p in found}


def refused(directory: Path) -> list[dict[str, Any]]:
    lines = (directory / BESIDE / REFUSED).read_bytes().splitlines()
    return [json.loads(line) for line in lines]


# -------------------------------------------------------------------------------------- push


def test_what_is_pushed_stands_there_once_and_exactly(ls: Client, api: Api, tmp_path: Path) -> None:
    directory = make(tmp_path, *ODD)
    first = push(ls, directory)
    assert (first.sent, first.present) == (len(ODD), 0)
    second = push(ls, directory)
    assert (second.sent, second.present, second.project) == (0, len(ODD), first.project)
    tasks = api.tasks(directory.name)
    assert sorted(t["data"]["doc_id"] for t in tasks) == sorted(f"d{i}" for i in range(len(ODD)))
    for task in tasks:
        number = int(task["data"]["doc_id"][1:])
        document = Document(doc_id=f"d{number}", text=ODD[number])
        assert task["data"] == {
            "text": document.text,
            "doc_id": document.doc_id,
            "sha256": document.sha256,
            "title": f"T{number}",
        }


def test_a_project_is_made_as_an_annotator_needs_it(ls: Client, api: Api, corpus: Path) -> None:
    pushed = push(ls, corpus)
    project = api("GET", f"/api/projects/{pushed.project}/")
    assert project["title"] == f"inquit: {corpus.name}"
    assert project["label_config"] == label_config().strip()
    assert project["show_instruction"] is True
    assert "Who said what" in project["expert_instruction"]
    assert project["maximum_annotations"] == 2
    assert push(ls, corpus, annotators=3).project == pushed.project
    assert api("GET", f"/api/projects/{pushed.project}/")["maximum_annotations"] == 3
    push(ls, corpus)
    assert api("GET", f"/api/projects/{pushed.project}/")["maximum_annotations"] == 3


def test_only_what_is_missing_is_sent(ls: Client, api: Api, tmp_path: Path) -> None:
    directory = make(tmp_path, "One.", "Two.")
    push(ls, directory)
    api("DELETE", f"/api/tasks/{api.task(directory.name, 'd0')}/")
    shutil.rmtree(directory)
    make(tmp_path, "One.", "Two.", "Three.", name=directory.name)
    pushed = push(ls, directory)
    assert (pushed.sent, pushed.present) == (2, 1)
    assert len(api.tasks(directory.name)) == 3


def test_many_documents_go_in_batches(
    label_studio: Server, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = make(tmp_path, *(f"Number {i}." for i in range(230)), "x" * 1500, "y" * 600)
    monkeypatch.setattr(push_module, "BYTES", 2000)
    proxy = Proxy(label_studio.url, lambda _, answer: answer)
    with server(proxy) as url, connect(there(label_studio, url)) as found:
        assert push(found, directory).sent == 232
    batches = [len(json.loads(r.body)) for r in proxy.seen if r.is_post("/import")]
    assert sum(batches) == 232
    assert batches == [100, 100, 31, 1]
    assert len(api.tasks(directory.name)) == 232


def there(label_studio: Server, url: str) -> Credentials:
    return Credentials(url, label_studio.credentials.token)


@pytest.mark.parametrize("answer", [Answer(502, b"<html>bad gateway"), Answer(201, b"{"), None])
@pytest.mark.parametrize("ending", ["/import", "/projects"])
def test_a_write_that_was_done_but_not_confirmed_is_not_done_again(
    label_studio: Server, api: Api, corpus: Path, ending: str, answer: Answer | None
) -> None:
    def spoil(request: Request, true: Answer) -> Answer | None:
        return answer if request.is_post(ending) else true

    proxy = Proxy(label_studio.url, spoil)
    with server(proxy) as url, connect(there(label_studio, url)) as found:
        assert push(found, corpus).sent == 3
        assert push(found, corpus).sent == 0
    assert sum(request.is_post(ending) for request in proxy.seen) == 1
    assert len(api.tasks(corpus.name)) == 3


def test_after_a_failure_push_again_sends_the_rest(
    label_studio: Server, ls: Client, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = make(tmp_path, *(f"Number {i}." for i in range(25)))
    monkeypatch.setattr(push_module, "BATCH", 10)
    seen = []

    def answer(request: Request) -> Answer | None:
        if request.is_post("/import"):
            seen.append(request)
            if len(seen) == 2:
                return Answer(502)
        return proxy(request)

    proxy = Proxy(label_studio.url, lambda _, true: true)
    again = pytest.raises(NoAnswerError, match="10 of 25 documents are there; push again")
    with server(answer) as url, connect(there(label_studio, url)) as found, again:
        push(found, directory)
    assert len(seen) == 2
    assert push(ls, directory).sent == 15
    assert len({t["data"]["doc_id"] for t in api.tasks(directory.name)}) == 25
    assert len(api.tasks(directory.name)) == 25


def test_another_text_under_a_known_name_is_refused(ls: Client, api: Api, tmp_path: Path) -> None:
    directory = make(tmp_path, "One.", "Two.")
    push(ls, directory)
    shutil.rmtree(directory)
    make(tmp_path, "One.", "Two, changed.", "Three.", name=directory.name)
    with pytest.raises(DataError, match="document 'd1': has another text in project"):
        push(ls, directory)
    assert len(api.tasks(directory.name)) == 2


def test_a_label_config_that_was_changed_there_is_refused(
    ls: Client, api: Api, corpus: Path
) -> None:
    project = push(ls, corpus).project
    renamed = label_config().replace('value="Claim"', 'value="Assertion"')
    api("PATCH", f"/api/projects/{project}/", {"label_config": renamed})
    for act in (push, pull, status):
        with pytest.raises(DataError, match=r"label config of project .* was changed there"):
            act(ls, corpus)  # type: ignore[operator]
    # A comment or an indent changes nothing.
    spaced = label_config().replace("  <", "\n    <") + "\n<!-- seen -->"
    api("PATCH", f"/api/projects/{project}/", {"label_config": spaced})
    assert push(ls, corpus).sent == 0


@pytest.mark.parametrize(
    ("field", "message"),
    [("config", "was made with another label config"), ("guidelines", "shows guidelines 'old'")],
)
def test_a_project_of_another_inquit_is_refused(
    ls: Client, api: Api, corpus: Path, field: str, message: str
) -> None:
    project = push(ls, corpus).project
    text = api("GET", f"/api/projects/{project}/")["description"]
    head, _, line = text.rpartition("inquit: ")
    key = json.loads(line) | {field: "old"}
    changed = {"description": f"{head}inquit: {json.dumps(key)}"}
    api("PATCH", f"/api/projects/{project}/", changed)
    with pytest.raises(DataError, match=message):
        push(ls, corpus)


def test_two_projects_of_one_corpus_are_named(ls: Client, api: Api, corpus: Path) -> None:
    project = push(ls, corpus).project
    text = api("GET", f"/api/projects/{project}/")["description"]
    twin = api("POST", "/api/projects/", {"title": "twin", "description": text})["id"]
    with pytest.raises(DataError, match=f"2 projects at .*: {twin}, {project}; remove the last"):
        push(ls, corpus)


@pytest.mark.parametrize("name", ['<b>& "x" \\ ü', "inquit: {}", "x" * 200, "a", "\u2028n"])
def test_any_name_of_a_corpus_finds_its_project(ls: Client, tmp_path: Path, name: str) -> None:
    name += token_hex(4)
    documents = [Document(doc_id="d", text="x")]
    Corpus(CorpusInfo(name=name), documents).write(tmp_path / "c")
    assert push(ls, tmp_path / "c").sent == 1
    assert push(ls, tmp_path / "c").sent == 0


def test_another_corpus_of_the_same_name_is_refused(ls: Client, corpus: Path) -> None:
    push(ls, corpus)
    other = Corpus(read_info(corpus), [Document(doc_id="elsewhere", text="Rain.")])
    other.write(corpus.parent / "other")
    with pytest.raises(DataError, match="and none of these: another corpus is named"):
        push(ls, corpus.parent / "other")


def test_what_others_put_into_the_project_is_told(ls: Client, api: Api, corpus: Path) -> None:
    project = push(ls, corpus).project
    again = next(t["data"] for t in api.tasks(corpus.name) if t["data"]["doc_id"] == "d1")
    others = [{"data": again}, {"data": {"text": "x", "doc_id": "other"}}, {"data": {"text": "x"}}]
    api("POST", f"/api/projects/{project}/import", others)
    pushed = push(ls, corpus)
    assert (pushed.sent, pushed.repeated, pushed.foreign) == (0, ("d1",), 2)


def gold(document: Document, form: str = "direct") -> Layer:
    spans = (
        Span("q", "quote", ((0, 7),), {"form": form}),
        Span("e", "cue", ((12, 16),)),
        Span("s", "source", ((8, 11),), {"entity": "She", "kind": "pronoun"}),
        Span("c", "claim", ((1, 5),), {"granularity": "span"}),
    )
    said = Attribution(id="a", content=("q",), source=("s",), cue=("e",))
    labels = Annotation(doc_id=document.doc_id, spans=spans, attributions=(said,))
    return Layer(name="gold", annotator="curator", kind="adjudicated", annotations=(labels,))


def test_a_layer_goes_out_as_predictions_once(ls: Client, api: Api, corpus: Path) -> None:
    document = Corpus.read(corpus).documents["d0"]
    write_layer(corpus, gold(document))
    pushed = push(ls, corpus, layer="gold")
    assert (pushed.sent, pushed.pre_labelled) == (3, 1)
    assert pushed.not_shown == (
        "document 'd0': span 'c': granularity has no place in Label Studio; it is not sent",
    )
    again = push(ls, corpus, layer="gold")
    assert (again.sent, again.pre_labelled) == (0, 0)
    (prediction,) = api("GET", "/api/predictions/", project=pushed.project)
    assert prediction["model_version"] == "curator"
    labels, parts = to_model(prediction["result"], document)
    assert not parts
    assert [s.id for s in labels.spans] == ["q", "c", "s", "e"]
    assert labels.attributions[0].source == ("s",)
    assert api("GET", f"/api/projects/{pushed.project}/")["model_version"] == "curator"
    # Predictions are nobody's labels.
    assert pull(ls, corpus).layers == ()
    write_layer(corpus, gold(document, "mixed"), force=True)
    with pytest.raises(DataError, match="'d0': has other predictions by 'curator'"):
        push(ls, corpus, layer="gold")


def test_predictions_that_were_stored_but_not_confirmed_are_not_sent_again(
    label_studio: Server, api: Api, corpus: Path
) -> None:
    write_layer(corpus, gold(Corpus.read(corpus).documents["d0"]))

    def spoil(request: Request, true: Answer) -> Answer | None:
        return Answer(502) if request.is_post("/predictions") else true

    with server(Proxy(label_studio.url, spoil)) as url, connect(there(label_studio, url)) as found:
        pushed = push(found, corpus, layer="gold")
    assert len(api("GET", "/api/predictions/", project=pushed.project)) == 1


def test_a_layer_that_is_not_there_sends_nothing(ls: Client, corpus: Path) -> None:
    with pytest.raises(DataError, match="has no layer 'gold'"):
        push(ls, corpus, layer="gold")
    with pytest.raises(DataError, match=r"has no project at .*; send its documents there"):
        pull(ls, corpus)


# -------------------------------------------------------------------------------------- pull


def labelled(text: str) -> Annotation:
    """Return labels over every code point, every end, and two parts of a text."""
    length = len(text)
    spans = [Span(f"c{i}", "claim", ((i, i + 1),)) for i in range(length)]
    if length:
        spans.append(Span("all", "quote", ((0, length),), {"form": "mixed", "medium": "writing"}))
    if length > 2:
        spans.append(Span("parts", "cue", ((0, 1), (length - 1, length))))
        spans.append(
            Span("s", "source", ((1, length),), {"entity": "Ä\u00a0\u202e<b>", "kind": "named"})
        )
    said = Attribution(id="all", content=("all",), source=("s",), cue=("parts",))
    attributions = (said,) if length > 2 else ()
    document = Document(doc_id="x", text=text)
    return Annotation(
        doc_id="x", sha256=document.sha256, spans=tuple(spans), attributions=attributions
    )


def test_labels_of_odd_texts_come_back_exactly(ls: Client, api: Api, tmp_path: Path) -> None:
    directory = make(tmp_path, *ODD[:3], "".join(ODD[3:]), "")
    push(ls, directory)
    documents = Corpus.read(directory).documents
    wanted = []
    for doc_id, document in documents.items():
        labels = msgspec.structs.replace(labelled(document.text), doc_id=doc_id)
        result, lost = from_model(document, labels)
        assert not lost
        api.annotate(api.task(directory.name, doc_id), result, ANA)
        wanted.append(labels)
    pulled = pull(ls, directory)
    assert pulled.refused == pulled.drafts == pulled.skipped == ()
    found = Corpus.read(directory)
    assert found.layers.keys() == {"a1"}
    layer = found.layer("a1")
    assert layer.annotations == tuple(wanted)
    assert (layer.kind, layer.annotator, layer.guidelines) == ("human", "a1", GUIDELINES)


def test_one_layer_a_person_and_nothing_changes_when_nothing_did(
    ls: Client, api: Api, corpus: Path
) -> None:
    push(ls, corpus)
    for doc_id, people in (("d2", [ANA, BEN]), ("d0", [ANA]), ("d1", [CEM])):
        for person in people:
            api.annotate(api.task(corpus.name, doc_id), CLAIM, person)
    pulled = pull(ls, corpus)
    counted = [(p.name, p.documents, p.spans, p.changed) for p in pulled.layers]
    assert counted == [("a1", 2, 2, True), ("a2", 1, 1, True), ("a3", 1, 1, True)]
    names = Annotators.read(corpus / BESIDE).names
    assert {ANA: "a1", BEN: "a2", CEM: "a3"}.items() <= names.items()
    assert list(Corpus.read(corpus).layer("a1").by_document()) == ["d0", "d2"]
    before = files(corpus)
    again = pull(ls, corpus)
    assert not any(layer.changed for layer in again.layers)
    assert files(corpus) == before
    # Only beside the corpus is it said who is who.
    released = b"".join(content for path, content in before.items() if BESIDE not in path)
    assert b"@" not in released
    assert (corpus / BESIDE / ".gitignore").read_text() == "*\n"
    assert (corpus / BESIDE).stat().st_mode & 0o077 == 0


def test_new_work_changes_only_the_layer_of_that_person(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    for person in (ANA, BEN):
        api.annotate(api.task(corpus.name, "d0"), CLAIM, person)
    first = pull(ls, corpus)
    api.annotate(api.task(corpus.name, "d1"), [], BEN)
    second = pull(ls, corpus)
    assert [(p.name, p.documents, p.changed) for p in second.layers] == [
        ("a1", 1, False),
        ("a2", 2, True),
    ]
    assert first.export_file != second.export_file
    for kept in (first, second):
        tasks = json.loads(Path(kept.export_file).read_bytes())
        assert [t["data"]["doc_id"] for t in tasks] == ["d0", "d1", "d2"]


HOSTILE: tuple[tuple[Any, str], ...] = (
    (region("bad0", "Clam", 0, 1), "label 'Clam' is unknown"),
    (region("bad1", "Claim", 5, 1), "[5, 1) is empty or reversed"),
    (region("bad2", "Claim", 0, 10**6), "[0, 1000000) lies outside the text of 17 code points"),
    (region("bad3", "Claim", -1, 3), "[-1, 3) lies outside the text of 17 code points"),
    (region("bad4", "Claim", True, 3), "offsets True and 3 are not whole numbers"),
    (region("bad5", "Claim", "0", 3.5), "offsets '0' and 3.5 are not whole numbers"),
    (region("b a d", "Claim", 0, 3), "region id 'b a d' is not valid"),
    (relation("good", "gone"), "relation to region 'gone', which does not exist"),
    (relation("good", "good"), "relation of a region with itself"),
    ({"type": "relation", "from_id": 3}, "relation has no ends: from_id 3, to_id None"),
    ({}, "region id None is not valid"),
    ({"id": "deep", "value": {"a": [[[[{"b": None}]]]]}}, "has no label"),
    (region("bad", "Claim", 0, 3) | {"type": "x"}, "is not a label of the text"),
)


def test_hostile_results_are_refused_and_kept(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    task = api.task(corpus.name, "d0")
    good = region("good", "Claim", 1, 5)
    api.annotate(task, [good, *(item for item, _ in HOSTILE), good], ANA)
    pulled = pull(ls, corpus)
    assert [(layer.name, layer.spans) for layer in pulled.layers] == [("a1", 1)]
    lines = refused(corpus)
    assert sorted(r["reason"] for r in lines) == sorted(reason for _, reason in HOSTILE)
    assert {(r["doc_id"], r["annotator"]) for r in lines} == {("d0", "a1")}
    why = {line["reason"]: line["item"] for line in lines}
    for item, reason in HOSTILE:
        assert why[reason] in (item, [item])
    assert [(r.doc_id, r.annotator, r.region, r.reason) for r in pulled.refused] == [
        (r["doc_id"], r["annotator"], r["region"], r["reason"]) for r in lines
    ]


def test_what_the_server_itself_cannot_send_does_not_hide_the_rest(
    ls: Client, api: Api, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    push(ls, corpus)
    for doc_id in ("d0", "d2"):
        api.annotate(api.task(corpus.name, doc_id), CLAIM, ANA)
    half = b'{"result": [{"id": "x", "value": {"text": "\\ud800"}}]}'
    with pytest.raises(AssertionError, match="500"):  # It is stored all the same.
        api("POST", f"/api/tasks/{api.task(corpus.name, 'd1')}/annotations/", half)
    pulled = pull(ls, corpus)
    assert [(p.name, p.documents) for p in pulled.layers] == [("a1", 2)]
    (line,) = refused(corpus)
    assert line["doc_id"] == "d1"
    assert "cannot be exported" in line["reason"]
    assert len(json.loads(Path(pulled.export_file).read_bytes())) == 2


def test_what_was_submitted_twice_counts_once_and_the_other_is_kept(
    ls: Client, api: Api, corpus: Path
) -> None:
    push(ls, corpus)
    task = api.task(corpus.name, "d0")
    first = api.annotate(task, CLAIM, ANA)
    api.annotate(task, [region("c2", "Claim", 6, 7)], ANA)
    pulled = pull(ls, corpus)
    assert [s.id for s in Corpus.read(corpus).layer("a1").annotations[0].spans] == ["c2"]
    (line,) = refused(corpus)
    assert line["item"] == CLAIM
    assert "again later" in pulled.refused[0].reason
    # What was changed last is the newest, not what was made last.
    api("PATCH", f"/api/annotations/{first}/", {"result": [region("c1", "Cue", 0, 3)]})
    pull(ls, corpus)
    assert [s.id for s in Corpus.read(corpus).layer("a1").annotations[0].spans] == ["c1"]


def test_who_made_and_who_changed_are_both_kept(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    number = api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    # The owner of the token changes Ana's work.
    api("PATCH", f"/api/annotations/{number}/", {"result": [region("c", "Claim", 0, 2)]})
    pulled = pull(ls, corpus)
    assert [layer.name for layer in pulled.layers] == ["a1"]
    assert pulled.edited == (Place(doc_id="d0", annotator="a1"),)
    (line,) = (corpus / BESIDE / HISTORY).read_text().splitlines()
    told = json.loads(line)
    assert (told["doc_id"], told["annotator"], told["changed_by"]) == ("d0", "a1", "a2")
    assert told["created"] < told["updated"]


def test_drafts_and_skips_are_told_and_are_no_labels(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    tasks = {doc_id: api.task(corpus.name, doc_id) for doc_id in ("d0", "d1", "d2")}
    api.annotate(tasks["d0"], CLAIM, ANA)
    api.annotate(tasks["d1"], CLAIM, ANA, was_cancelled=True)
    api("POST", f"/api/tasks/{tasks['d2']}/drafts", {"result": CLAIM})
    pulled = pull(ls, corpus)
    assert [(p.name, p.documents) for p in pulled.layers] == [("a1", 1)]
    assert pulled.skipped == (Place(doc_id="d1", annotator="a1"),)
    assert [place.doc_id for place in pulled.drafts] == ["d2"]
    found = status(ls, corpus)
    assert [(d.doc_id, d.done, d.drafts, d.skipped) for d in found.documents] == [
        ("d0", ("a1",), (), ()),
        ("d1", (), (), ("a1",)),
        ("d2", (), ("a2",), ()),
    ]
    counts = [(a.annotator, a.done, a.drafts, a.skipped, a.untouched) for a in found.annotators]
    assert counts == [("a1", 1, 0, 1, 1), ("a2", 0, 1, 0, 2)]
    assert (found.wanted, found.missing, found.enough) == (2, 0, 0)


def test_work_on_other_texts_is_kept_aside(ls: Client, api: Api, corpus: Path) -> None:
    project = push(ls, corpus).project
    api("POST", f"/api/projects/{project}/import", [{"data": {"text": "x", "doc_id": "new"}}])
    task = api.task(corpus.name, "d1")
    data = next(t["data"] for t in api.tasks(corpus.name) if t["id"] == task)
    api("PATCH", f"/api/tasks/{task}/", {"data": data | {"text": "Changed"}})
    api.annotate(task, CLAIM, ANA)
    api.annotate(api.task(corpus.name, "new"), CLAIM, ANA)
    api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    pulled = pull(ls, corpus)
    assert [(p.name, p.documents) for p in pulled.layers] == [("a1", 1)]
    assert {(r["doc_id"], r["annotator"], r["reason"]) for r in refused(corpus)} == {
        ("d1", "a1", "the text in Label Studio is not the text of the document"),
        ("new", "a1", "the document is not in this corpus"),
    }
    assert all(r["item"]["result"] == CLAIM for r in refused(corpus))


# ----------------------------------------------------------------- layers that are not replaced


def test_a_layer_that_no_pull_wrote_stays(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    write_layer(corpus, Layer(name="a1", kind="rule", annotations=()))
    before = files(corpus)
    with pytest.raises(DataError, match=r"a1\.jsonl: was not written by a pull here"):
        pull(ls, corpus)
    after = files(corpus)
    assert {p: c for p, c in after.items() if BESIDE not in p} == before
    # What the server has was kept all the same.
    assert any(path.startswith(f"{BESIDE}/export-") for path in after)
    pull(ls, corpus, force=True)
    assert Corpus.read(corpus).layer("a1").kind == "human"


def test_a_name_in_the_file_of_annotators_is_used(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    pull(ls, corpus)
    path = corpus / BESIDE / "annotators.toml"
    path.write_text(path.read_text().replace('"a1"', '"reader-1"'))
    pulled = pull(ls, corpus)
    assert [layer.name for layer in pulled.layers] == ["reader-1"]
    assert pulled.left == ("a1",)
    assert Corpus.read(corpus).layers.keys() == {"a1", "reader-1"}


def test_a_layer_that_was_edited_stays(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    pull(ls, corpus)
    path = corpus / "layers" / "a1.jsonl"
    mine = path.read_text().replace("[0,5]", "[0,4]")
    path.write_text(mine)
    with pytest.raises(DataError, match=r"was edited since; rename that layer, .* or pass --force"):
        pull(ls, corpus)
    assert path.read_text() == mine
    assert [layer.changed for layer in pull(ls, corpus, force=True).layers] == [True]
    assert pull(ls, corpus).layers[0].changed is False


def test_labels_do_not_vanish_with_the_server(ls: Client, api: Api, corpus: Path) -> None:
    push(ls, corpus)
    tasks = [api.task(corpus.name, doc_id) for doc_id in ("d0", "d1", "d2")]
    numbers = [api.annotate(task, CLAIM, ANA) for task in tasks]
    api.annotate(tasks[0], CLAIM, BEN)
    pull(ls, corpus)
    before = files(corpus)
    api("DELETE", f"/api/annotations/{numbers[1]}/")
    with pytest.raises(DataError, match="'d1': was labelled by 'a1', but Label Studio has nothing"):
        pull(ls, corpus)
    assert files(corpus)["layers/a1.jsonl"] == before["layers/a1.jsonl"]
    # A skip says why there are no labels any more.
    api.annotate(tasks[1], [], ANA, was_cancelled=True)
    assert [p.documents for p in pull(ls, corpus).layers] == [2, 1]
    for number in (numbers[0], numbers[2]):
        api("DELETE", f"/api/annotations/{number}/")
    pulled = pull(ls, corpus)
    assert [p.name for p in pulled.layers] == ["a2"]
    assert pulled.left == ("a1",)
    assert len(Corpus.read(corpus).layer("a1").annotations) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('"a@b.c" = "gold"', "gold is no person's layer"),
        ('"a@b.c" = "x"\n"b@b.c" = "X"', "is 'X', as that of 'a@b.c'"),
        ('"a@b.c" = "../x"', "cannot name a layer"),
        ('a@b.c = "x"', "Expected '=' after a key"),
        ("a.b = 3", "the pseudonym of 'a' is not text"),
        (b"\xff", "invalid start byte"),
    ],
)
def test_a_spoiled_file_of_annotators_is_named(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = tmp_path / "annotators.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match=message) as raised:
        Annotators.read(tmp_path)
    assert all(problem.path == str(path) for problem in raised.value.problems)


def test_a_place_that_cannot_be_written(ls: Client, corpus: Path) -> None:
    push(ls, corpus)
    (corpus / BESIDE).write_text("in the way")
    with pytest.raises(DataError, match="cannot be"):
        pull(ls, corpus)


# ------------------------------------------------------------------------------ the command line


def test_the_commands_say_what_they_did(
    label_studio: Server,
    api: Api,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (URL, TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(DIRECTORY, str(label_studio.data_dir))
    printed = []

    def run(*arguments: object, code: int = 0) -> Any:
        ran = inquit(capsys, "annotate", *arguments)
        assert ran.code == code, ran.err
        printed.append(ran.out + ran.err)
        return ran

    assert run("push", corpus, "--json").json["push"]["sent"] == 3
    assert "there before" in run("push", corpus).out
    assert "nobody has submitted anything yet" in run("pull", corpus).err
    task = api.task(corpus.name, "d0")
    api.annotate(task, [*CLAIM, region("x\x1b[31m", "Claim", 3, 2)], ANA)
    api.annotate(api.task(corpus.name, "d1"), [], ANA, was_cancelled=True)
    told = run("status", corpus)
    assert "a1" in told.out
    assert "0 of 3 documents are labelled by 2 people" in told.err
    found = run("status", corpus, "--json").json["status"]
    assert [d["done"] for d in found["documents"]] == [["a1"], [], []]
    pulled = run("pull", corpus)
    assert "changed" in pulled.out
    assert "1 skipped:\n  d1 by a1" in pulled.err
    assert "is not valid" in pulled.err
    assert "\x1b" not in pulled.err + pulled.out
    assert run("pull", corpus, "--json").json["pull"]["layers"][0]["changed"] is False
    assert "--annotators" in run("push", corpus, "--annotators", "0", code=2).err
    (corpus / "layers" / "a1.jsonl").write_text("")
    assert "was edited since" in run("pull", corpus, code=1).err
    run("pull", corpus, "--force")
    for secret in (label_studio.credentials.token, label_studio.credentials.password, "sessionid"):
        assert secret not in "".join(printed)
    assert ANA not in "".join(printed)
    assert read_info(corpus).layers["a1"].made_by == "a person in Label Studio"


def test_a_server_that_goes_away_in_the_middle_leaves_the_corpus_alone(
    label_studio: Server, ls: Client, api: Api, corpus: Path
) -> None:
    push(ls, corpus)
    api.annotate(api.task(corpus.name, "d0"), CLAIM, ANA)
    before = files(corpus)
    for broken in (None, Answer(500), Answer(200, b"[}")):

        def spoil(request: Request, true: Answer, broken: Answer | None = broken) -> Answer | None:
            return broken if "/export" in request.path else true

        proxy = Proxy(label_studio.url, spoil)
        with (
            server(proxy) as url,
            connect(there(label_studio, url)) as found,
            pytest.raises(LabelStudioError),
        ):
            pull(found, corpus)
        assert {p: c for p, c in files(corpus).items() if BESIDE not in p} == before
