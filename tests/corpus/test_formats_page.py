"""What docs/formats.md shows is what the readers read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inquit.corpus import Attribution, Corpus, CorpusInfo, Document, LayerInfo
from inquit.corpus.importers import read
from inquit.corpus.inline import dumps, loads
from inquit.corpus.jsonl import read_annotations
from inquit.corpus.vocabulary import ATTRIBUTES, KINDS, LABELS, ROLES

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return found


def line(block: str) -> str:
    return json.dumps(json.loads(block), ensure_ascii=False) + "\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "layers").mkdir()
    (tmp_path / "corpus.toml").write_text(blocks("toml")[0], encoding="utf-8")
    document, labels, _ = blocks("json")
    (tmp_path / "documents.jsonl").write_text(line(document), encoding="utf-8")
    (tmp_path / "layers" / "gold.jsonl").write_text(line(labels), encoding="utf-8")
    return tmp_path


def test_the_files_shown_are_a_corpus(corpus: Path) -> None:
    shown = Corpus.read(corpus)
    (document,) = shown.documents.values()
    (annotation,) = shown.layer("gold").annotations
    words = {span.id: " … ".join(document.slice(span)) for span in annotation.spans}
    assert words == {
        "q1": "“We sail,” … “at dawn.”",
        "cl1": "We sail",
        "c1": "said",
        "s1": "Ana Reyes, the master",
    }


def test_the_inline_form_shown_is_the_same_corpus(corpus: Path, tmp_path: Path) -> None:
    shown = Corpus.read(corpus)
    (source,) = blocks("inline")
    document, annotation = loads(source)
    assert [document] == list(shown.documents.values())
    assert annotation == shown.layer("gold").annotations[0]
    assert dumps(document, annotation) == source
    folder = tmp_path / "inline"
    folder.mkdir()
    (folder / "corpus.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (folder / "harbour.inline").write_text(source, encoding="utf-8", newline="")
    imported = read("inline", folder).corpus
    assert imported.info == shown.info
    assert imported.layers == shown.layers


def test_the_shortest_line_shown_is_a_layer_file(tmp_path: Path) -> None:
    (tmp_path / "predictions.jsonl").write_text(line(blocks("json")[2]))
    (annotation,) = read_annotations(tmp_path / "predictions.jsonl")
    assert annotation.spans[0].fragments == ((0, 10),)


@pytest.mark.parametrize("kind", [Document, CorpusInfo, LayerInfo, Attribution])
def test_every_field_is_explained(kind: Any) -> None:
    for field in kind.__struct_fields__:
        assert f"`{field}`" in PAGE or f"[{field}.NAME]" in PAGE, field


def test_the_tables_are_the_vocabulary() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ?(.*?) ?\|$", PAGE, re.MULTILINE))
    for label in LABELS:
        known = [
            f"`{name}`: {', '.join(values) if values else 'any one line'}"
            for name, values in ATTRIBUTES[label].items()
        ]
        assert rows[label] == "; ".join(known)
    assert all(f"`{name}`" in PAGE for name in (*KINDS, *ROLES))
