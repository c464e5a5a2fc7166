"""A release opened as its users open it: by `datasets`, offline, without inquit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from corpora import sample

from inquit.corpus import Corpus
from inquit.corpus.release import write_release
from inquit.corpus.release.schema import annotation_row, document_row

#: Where the example in the card looks.
SPLIT = "path/to/this/directory"

# Runs in a process of its own: neither inquit nor the network is within its reach.
USER = """
import json, re, socket, sys

class NoInquit:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "inquit":
            raise ImportError("inquit is not installed")

def no_network(*_):
    raise OSError("the network was used")

sys.meta_path.insert(0, NoInquit())
socket.socket.connect = socket.getaddrinfo = no_network

import pyarrow.parquet as pq
from datasets import Features, load_dataset, load_dataset_builder

told = {}
card = open("path/to/this/directory/README.md", encoding="utf-8").read()
exec(re.search("```python\\n(.*?)```", card, re.S)[1])
for place, configs in json.loads(sys.argv[1]).items():
    for config in configs:
        found = load_dataset(place, config)
        features = load_dataset_builder(place, config).info.features
        directory = {"default": "data"}.get(config, config)
        told[f"{place} {config}"] = {
            "rows": {split: list(rows) for split, rows in found.items()},
            "as stored": all(
                rows.features == features == Features.from_arrow_schema(
                    pq.read_schema(f"{place}/{directory}/{split}.parquet")
                )
                for split, rows in found.items()
            ),
            "default": load_dataset(place).num_rows if config == "default" else None,
        }
    direct = found[next(iter(found))].filter(
        lambda row: any(s["attributes"]["form"] == "direct" for s in row.get("spans", []))
    )
    told[f"{place} {config}"]["direct"] = direct["doc_id"][:]
told["inquit"] = [name for name in sys.modules if name.startswith("inquit")]
json.dump(told, open(sys.argv[2], "w"))
"""


def unsplit() -> Corpus:
    whole = sample()
    documents = [msgspec.structs.replace(d, split=None) for d in whole.documents.values()]
    return Corpus(whole.info, documents, whole.layers.values())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a user finds in two releases, and what the example in the card prints."""
    place = tmp_path_factory.mktemp("user")
    write_release(sample(), place / SPLIT)
    write_release(unsplit(), place / "whole")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "PYTHON"))}
    environment |= {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(place / "home"),
        "PYTHONUTF8": "1",
    }
    configs = {
        SPLIT: ["default", "annotations", "remaining"],
        "whole": ["default", "annotations"],
    }
    done = subprocess.run(
        [sys.executable, "-c", USER, json.dumps(configs), "told.json"],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads((place / "told.json").read_text())
    return {**told, "printed": done.stdout}


def test_inquit_is_not_needed(opened: dict[str, Any]) -> None:
    assert opened["inquit"] == []


def test_the_rows_are_the_documents_and_their_gold(opened: dict[str, Any]) -> None:
    corpus = sample()
    gold = corpus.layer().by_document()
    expected = {
        split: [json.loads(json.dumps(document_row(corpus.documents[i], gold[i])))]
        for split, i in (("train", "doc-train"), ("dev", "doc-dev"))
    }
    assert opened[f"{SPLIT} default"]["rows"] == expected
    assert opened[f"{SPLIT} default"]["default"] == {"train": 1, "dev": 1}


def test_every_annotator_has_a_row(opened: dict[str, Any]) -> None:
    corpus = sample()
    rows = opened[f"{SPLIT} annotations"]["rows"]
    assert {split: [row["layer"] for row in found] for split, found in rows.items()} == {
        "train": ["gold", "ana", "ben"],
        "dev": ["gold", "ben"],
        "test": ["ben"],
    }
    ana = corpus.layers["ana"]
    assert rows["train"][1] == json.loads(json.dumps(annotation_row(ana.annotations[0], ana)))
    assert [row["doc_id"] for row in opened[f"{SPLIT} remaining"]["rows"]["test"]] == ["doc-test"]


def test_without_splits_everything_is_train(opened: dict[str, Any]) -> None:
    rows = opened["whole default"]["rows"]
    assert [(row["doc_id"], row["split"]) for row in rows["train"]] == [
        ("doc-train", None),
        ("doc-dev", None),
    ]
    assert opened["whole annotations"]["direct"] == ["doc-train", "doc-train"]


def test_the_features_in_the_card_are_those_of_the_files(opened: dict[str, Any]) -> None:
    assert [told["as stored"] for key, told in opened.items() if " " in key] == [True] * 5


def test_the_example_in_the_card_runs(opened: dict[str, Any]) -> None:
    line = re.search(r"^quote direct (.*)$", opened["printed"], re.MULTILINE)
    assert line is not None
    assert line[1] == str(["“We sail,”", "“at [high] dawn.”"])
