"""A project that inquit did not make, exported by a real Label Studio, as a corpus."""

from __future__ import annotations

import json
from pathlib import Path
from secrets import token_hex
from typing import Any

from studio import Api

from inquit.annotation.server import Server
from inquit.corpus.importers import read
from inquit.corpus.importers.intake import Options

CONFIG = """
<View>
  <Labels name="ner" toName="story">
    <Label value="Zitat"/><Label value="PER"/><Label value="ORG"/>
  </Labels>
  <Text name="story" value="$body"/>
  <Choices name="topic" toName="story"><Choice value="sport"/><Choice value="news"/></Choices>
  <Choices name="kind" toName="story" perRegion="true"><Choice value="named"/></Choices>
  <Relations><Relation value="says"/></Relations>
</View>
"""
MEANINGS = """
text = "body"
relations = ["says"]
[labels]
Zitat = { label = "quote", form = "direct" }
PER = "source"
"""
TEXT = "\U0001f600 “We sail,”\r\nsaid Ana\u00a0Reyes\tof the \u05e0\u05de\u05dc."


def region(name: str, label: str, words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": name, "from_name": "ner", "to_name": "story", "type": "labels", "value": value}


def choice(name: str, control: str, value: str) -> dict[str, Any]:
    item = {"id": name, "from_name": control, "to_name": "story", "type": "choices"}
    return {**item, "value": {"choices": [value]}}


def test_the_export_of_a_foreign_project_is_read(label_studio: Server, tmp_path: Path) -> None:
    api = Api(label_studio.credentials)
    title = f"foreign {token_hex(6)}"
    project = api("POST", "/api/projects/", {"title": title, "label_config": CONFIG})["id"]
    tasks = [{"data": {"body": TEXT, "id": "A-1", "seen": 3}}, {"data": {"body": "Second."}}]
    api("POST", f"/api/projects/{project}/import", tasks)
    listed = api("GET", "/api/tasks/", project=project, page_size=10)["tasks"]
    (first,) = (task["id"] for task in listed if task["data"]["body"] == TEXT)
    ana, ben = (f"{name}-{token_hex(4)}@example.org" for name in ("ana", "ben"))
    labels = [
        region("q", "Zitat", "“We sail,”"),
        region("p", "PER", "Ana\u00a0Reyes"),
        choice("p", "kind", "named"),
        region("o", "ORG", "\u05e0\u05de\u05dc"),
        choice("whole", "topic", "news"),
        {
            "type": "relation",
            "from_id": "p",
            "to_id": "q",
            "direction": "right",
            "labels": ["says"],
        },
    ]
    api.annotate(first, labels, ana, lead_time=2.5)
    api.annotate(first, [], ben, was_cancelled=True)
    exported = api("GET", f"/api/projects/{project}/export", exportType="JSON")
    (tmp_path / "export.json").write_text(json.dumps(exported), "utf-8")
    (tmp_path / "labels.toml").write_text(MEANINGS)
    found = read("labelstudio", tmp_path / "export.json", Options(labels=tmp_path / "labels.toml"))
    corpus = found.corpus
    document = corpus.documents[f"task-{first}"]
    assert (document.text, document.meta) == (TEXT, {"id": "A-1", "seen": 3})
    (layer,) = corpus.layers.values()
    (made,) = layer.annotations
    assert {s.id: (s.label, document.slice(s), s.attributes) for s in made.spans} == {
        "q": ("quote", ("“We sail,”",), {"form": "direct"}),
        "p": ("source", ("Ana\u00a0Reyes",), {"kind": "named"}),
    }
    assert [(a.content, a.source) for a in made.attributions] == [(("q",), ("p",))]
    reasons = [change.reason.partition(": ")[2] for change in found.report.changes]
    assert sorted(reasons) == [
        "region o: label 'ORG' is unknown",
        "region whole: 'topic' is said of no region",
        "was skipped",
    ]
    found.write(tmp_path / "out")
    for file in (tmp_path / "out").rglob("*"):
        assert file.is_dir() or "@" not in file.read_text("utf-8")
