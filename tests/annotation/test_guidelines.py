"""The guidelines, their short form in Label Studio and the labels say the same."""

from __future__ import annotations

import re
from importlib.resources import files

from browser import hotkeys

from inquit.annotation.config import GUIDELINES, instruction, label_config
from inquit.corpus.labelstudio import REGIONS

TEXT = (files("inquit.annotation") / "guidelines.md").read_text("utf-8")


def test_the_version_is_one() -> None:
    assert re.search(r"^Version (\S+)$", TEXT, re.M)[1] == GUIDELINES
    assert f"version {GUIDELINES}." in instruction()


def test_every_label_is_explained_under_its_key() -> None:
    keys = {name: key for name, key in hotkeys(label_config()).items() if name in REGIONS}
    table = dict(re.findall(r"^\| (\w) \| ([\w ]+) \|", TEXT, re.M))
    assert {name: key for key, name in table.items()} == keys
    short = dict(re.findall(r"<b>(\w)</b> ([\w ]+):", instruction()))
    assert {name: key for key, name in short.items()} == keys


def test_no_key_is_taken_twice() -> None:
    keys = list(hotkeys(label_config()).values())
    # "u" unselects a region in Label Studio 1.23.
    assert len({*keys, "u"}) == len(keys) + 1


def test_marks_in_examples_are_closed() -> None:
    for line in TEXT.split("\n\n"):
        assert line.count("⟦") == line.count("⟧"), line
