"""The card and the Croissant metadata of a release, with names that try to break them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from corpora import corpora, sample
from generators import texts
from hypothesis import HealthCheck, example, given, settings
from markdown_it import MarkdownIt

from inquit.corpus import Corpus, Layer
from inquit.corpus.release import write_release
from inquit.corpus.release.card import _LABEL_MEANINGS, front_matter
from inquit.corpus.release.checksums import sha256_of
from inquit.corpus.release.escape import markdown, yaml
from inquit.corpus.release.layout import Plan
from inquit.corpus.terminal import printable
from inquit.corpus.vocabulary import LABELS

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "---\nlicense: mit\n---\n# Title <script>alert(1)</script> | a | b |\n"
    "[x](http://evil) ![y](z) `code` *bold* {{ info }} {% raw %} &lt; $x$ 1. - \u202e\x1b[31m\u2028"
)


def parts(card: str) -> tuple[str, str]:
    """Return front matter and body, found as `datasets` finds them."""
    lines = card.splitlines()
    assert lines[0] == "---"
    end = lines[1:].index("---") + 1
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])


def shape(body: str) -> list[tuple[str, str]]:
    """Return the blocks of a page, without what stands in them."""
    return [(t.type, t.tag) for t in PARSER.parse(body) if not t.type.startswith(("td_", "tr_"))]


def shown(source: str) -> str:
    """Return the text that a reader of Markdown sees; fail if anything in it is markup."""
    blocks = PARSER.parse(source)
    assert [block.type for block in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    children = blocks[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(texts(min_size=1, max_size=12))
@example(HOSTILE)
@example("1. one")
@example("- one")
@example("===")
@example("+++\n---")
@example("~~~")
@example("a\\|b `|` c")
def test_any_string_is_shown_as_it_is(text: str) -> None:
    seen = " ".join(printable(text).split())
    if seen:
        assert shown(markdown(text)) == seen


@given(texts(max_size=6), texts(max_size=6))
@example("no", "12")
@example("\x85\u2028\ufeff\x7f", "a: b # c")
def test_any_string_survives_yaml(one: str, two: str) -> None:
    value = {"a": one, "b": [one, two], "c": [{"d": two, "e": [{"f": 3, "g": one}]}]}
    assert pyyaml.safe_load(yaml(value)) == value


@given(corpora())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_corpus_breaks_its_card(
    tmp_path_factory: pytest.TempPathFactory, corpus: Corpus
) -> None:
    place = tmp_path_factory.mktemp("release") / "out"
    files = write_release(corpus, place)
    header, body = parts((place / "README.md").read_bytes().decode())
    tables = [file for file in files if file.config]
    assert pyyaml.safe_load(header) == front_matter(Plan.of(corpus, "gold"), tables)
    blocks = [kind for kind, _ in shape(body)]
    assert blocks.count("heading_open") == 9
    assert blocks.count("table_open") in (6, 7)
    assert blocks.count("fence") == 1
    assert not {"html_block", "code_block", "hr"} & set(blocks)
    json.loads((place / "croissant.json").read_bytes())
    shutil.rmtree(place)


def test_hostile_names_change_nothing_but_words(tmp_path: Path) -> None:
    def released(name: str, words: str) -> str:
        plain = sample()
        layers = [
            Layer(
                name=layer.name,
                annotations=layer.annotations,
                kind=layer.kind,
                annotator=words,
                guidelines=words,
                derived=(words,),
                made_by=words,
            )
            for layer in plain.layers.values()
        ]
        info = sample(name=words, version=words, description=words).info
        write_release(Corpus(info, plain.documents.values(), layers), tmp_path / name)
        return parts((tmp_path / name / "README.md").read_text(encoding="utf-8"))[1]

    hostile = released("hostile", HOSTILE)
    assert shape(hostile) == shape(released("tame", "tame"))
    assert "<script" not in PARSER.render(hostile)


def test_the_front_matter_says_what_the_hub_wants_to_know(tmp_path: Path) -> None:
    write_release(sample(), tmp_path / "out")
    header = pyyaml.safe_load(parts((tmp_path / "out" / "README.md").read_text())[0])
    assert header["license"] == "cc-by-4.0"
    assert header["language"] == ["en"]
    assert header["size_categories"] == ["n<1K"]
    assert header["annotations_creators"] == ["machine-generated"]
    assert [c["config_name"] for c in header["configs"]] == ["default", "annotations", "remaining"]
    assert header["configs"][0]["data_files"] == [
        {"split": "train", "path": "data/train.parquet"},
        {"split": "dev", "path": "data/dev.parquet"},
    ]


def test_the_card_tells_who_made_the_labels(tmp_path: Path) -> None:
    write_release(sample(), tmp_path / "out")
    text = (tmp_path / "out" / "README.md").read_text()
    assert "No person made the labels in `default`" in text
    assert "How they were made: a test" in text
    assert "Documents labelled by two people or more: 1." in text
    write_release(sample(), tmp_path / "people", layer="ana")
    text = (tmp_path / "people" / "README.md").read_text()
    assert "No person made" not in text
    assert "layer `ana`, which is not a gold layer" in text
    assert "Computed from the text, not labelled: form" in text


def test_the_numbers_are_those_of_the_data(tmp_path: Path) -> None:
    write_release(sample(), tmp_path / "out")
    rows = re.findall(r"^\| (.+?) \|$", (tmp_path / "out" / "README.md").read_text(), re.MULTILINE)
    cells = {tuple(row.split(" | ")) for row in rows}
    lengths = [len(d.text) for d in sample().documents.values()]
    assert ("documents", "1", "1", "0", "2") in cells
    assert ("code points", str(lengths[0]), str(lengths[1]), "0", str(sum(lengths[:2]))) in cells
    assert ("quote", "1", "0", "0", "1") in cells
    assert ("attributions without addressee", "1", "0", "0", "1") in cells
    assert ("quote", "form", "direct", "1", "0", "0", "1") in cells
    assert ("source", "entity", "(given)", "1", "0", "0", "1") in cells
    assert ("claim", "check\\_worthy", "(not given)", "1", "0", "0", "1") in cells


def test_every_label_is_explained() -> None:
    assert tuple(_LABEL_MEANINGS) == LABELS


def test_croissant_names_every_table_with_its_checksum_and_every_column(tmp_path: Path) -> None:
    files = write_release(sample(), tmp_path / "out")
    told = json.loads((tmp_path / "out" / "croissant.json").read_bytes())
    tables = {file.path for file in files if file.config}
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {f["contentUrl"] for f in told["distribution"]} == tables
    for file in told["distribution"]:
        assert file["sha256"] == sha256_of(tmp_path / "out" / file["contentUrl"])
    ids = [identifier for part in told["recordSet"] for identifier in _ids(part)]
    assert len(set(ids)) == len(ids)
    assert {"default/train", "default/train/text", "annotations/dev/spans/fragments"} <= set(ids)


def _ids(part: dict[str, Any]) -> list[str]:
    inner = [*part.get("field", ()), *part.get("subField", ())]
    return [part["@id"], *(identifier for field in inner for identifier in _ids(field))]
