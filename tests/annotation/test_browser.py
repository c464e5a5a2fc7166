"""What a person marks in a real browser comes back exactly: every character, every attribution."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Annotator, hotkeys
from studio import Api

from inquit.annotation.config import instruction, label_config
from inquit.annotation.server import Server
from inquit.corpus import inline
from inquit.corpus.directory import Corpus, CorpusInfo
from inquit.corpus.labelstudio import region_label
from inquit.corpus.model import Annotation, Document, Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEYS = hotkeys(label_config())
INLINE = Path(__file__).with_name("quay.inline")
QUAY, WANTED = inline.loads(INLINE.read_bytes().decode())

# Each begins or ends inside a run of punctuation, or at an odd character.
EDGES = (
    "A vote 🏗️🇬🇧",
    "the plan “a trick”",
    "‘deep clean’",
    "“too much”",
    "‘Some of us’",
    "“‘Some of us’ knew,”",
    "cafe\u0301",
    "41\u00a0000",
    "well",
    "<b>bold</b>",
    "a & b",
    "👩\u200d🚀",
    "‘it was settled’",
    "“They said ‘it was settled’.”",
)
HARD = Document(
    doc_id="hard",
    text="A vote 🏗️🇬🇧\r\n\r\n\tShe called the plan “a trick”.  The well-known ‘deep clean’, she "
    "said, cost the cafe\u0301 41\u00a0000 (“too much”).\n\n“‘Some of us’ knew,” wrote "
    "<b>bold</b>, a & b.\r“They said ‘it was settled’.” 👩\u200d🚀 שלום \u200bEnd",
)


def inquit(server: Server, *arguments: str) -> str:
    """Run a command as a user does; return what it prints."""
    command = [sys.executable, "-c", "from inquit.cli import main; main()", *arguments]
    environment = os.environ | {"INQUIT_LABEL_STUDIO_DIR": str(server.data_dir)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for secret in (server.credentials.token, server.credentials.password):
        assert secret not in done.stdout + done.stderr
    return done.stdout


def push(server: Server, directory: Path, document: Document) -> int:
    """Make a corpus of one document, send it; return its project."""
    name = f"browser-{document.doc_id}"
    Corpus(CorpusInfo(name=name), [document]).write(directory)
    inquit(server, "annotate", "push", str(directory))
    return Api(server.credentials).project(name)


def label(person: Annotator, wanted: Annotation) -> None:
    """Mark on the page what an annotation holds."""
    numbers: dict[str, int] = {}
    entities: dict[str, int] = {}
    for span in wanted.spans:
        key = KEYS[region_label(span.label, span.attributes)]
        parts = [person.label(key, start, end) for start, end in span.fragments]
        numbers[span.id] = parts[0]
        for one, other in pairwise(parts):
            person.relate(other, one)
        for name in ("certainty", "check_worthy", "kind"):
            if name in span.attributes:
                person.choose(parts[0], KEYS[span.attributes[name]])
        if entity := span.attributes.get("entity"):
            person.relate(parts[0], entities[entity]) if entity in entities else None
            entities.setdefault(entity, parts[0])
    for attribution in wanted.attributions:
        for role, ids in attribution.roles():
            for span_id in ids if role != "content" else ():
                person.relate(numbers[span_id], numbers[attribution.content[0]])


def told(annotation: Annotation) -> set[object]:
    """Return what an annotation says, without the ids, which are anybody's choice."""
    spans = annotation.by_id()

    def plain(span: Span) -> object:
        return span.label, span.fragments, frozenset(span.attributes.items())

    said = {
        tuple((role, frozenset(plain(spans[i]) for i in ids)) for role, ids in a.roles())
        for a in annotation.attributions
    }
    return {plain(span) for span in spans.values()} | said


@pytest.fixture
def ada(browser: Browser, label_studio: Server) -> Iterator[Annotator]:
    person = Annotator(browser, label_studio.url)
    person.log_in(label_studio.credentials.username, label_studio.credentials.password)
    yield person
    person.close()


def test_an_article_comes_back_as_two_people_labelled_it(
    label_studio: Server, browser: Browser, ada: Annotator, tmp_path: Path, shots: Path
) -> None:
    project = push(label_studio, tmp_path / "quay", QUAY)

    shown = ada.open_stream(project)
    assert "Press a label's key first" in shown
    assert shown.splitlines()[-1] in instruction()
    labels = {name: KEYS[name] for name in ada.keys_shown()}
    assert len(labels) == 10
    assert ada.keys_shown() == labels
    assert ada.text() == QUAY.text.replace("\r", "\n")
    label(ada, WANTED)
    ada.screenshot(shots / "labelled.png")
    assert ada.submit() == 201
    assert ada.elsewhere == []

    ben = Annotator(browser, label_studio.url)
    ben.sign_up(
        Api(label_studio.credentials)("GET", "/api/invite")["invite_url"],
        "ben@example.org",
        "a-quay-too-far",
    )
    ben.open_stream(project)
    second = Span("q", "quote", ((0, QUAY.text.index("\r")),), {"form": "indirect"})
    label(ben, Annotation(doc_id="quay", spans=(second,)))
    assert ben.submit() == 201
    ben.close()

    inquit(label_studio, "annotate", "pull", str(tmp_path / "quay"))
    layers = Corpus.read(tmp_path / "quay").layers
    assert [layer.kind for layer in layers.values()] == ["human", "human"]
    first, other = (layer.by_document()["quay"] for layer in layers.values())
    assert told(first) == told(WANTED)
    assert told(other) == told(Annotation(doc_id="quay", spans=(second,)))
    for layer in layers.values():
        assert "@" not in layer.annotator


def test_every_edge_can_be_selected(label_studio: Server, ada: Annotator, tmp_path: Path) -> None:
    project = push(label_studio, tmp_path / "hard", HARD)
    ada.open_stream(project)
    assert ada.text() == HARD.text.replace("\r", "\n")
    spans = []
    for number, words in enumerate(EDGES):
        start = HARD.text.index(words)
        spans.append(Span(f"c{number}", "claim", ((start, start + len(words)),)))
    wanted = Annotation(doc_id="hard", spans=tuple(spans))
    label(ada, wanted)
    assert ada.submit() == 201

    inquit(label_studio, "annotate", "pull", str(tmp_path / "hard"))
    (layer,) = Corpus.read(tmp_path / "hard").layers.values()
    got = {HARD.slice(span)[0] for span in layer.by_document()["hard"].spans}
    assert got == set(EDGES)
    assert told(layer.by_document()["hard"]) == told(wanted)
