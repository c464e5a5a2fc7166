"""The label config, the table beside it and the vocabulary say the same."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from inquit.annotation.config import config_hash, instruction, label_config
from inquit.corpus.labelstudio import (
    CONTROLS,
    LABEL_CONTROL,
    OBJECT,
    REGIONS,
    is_free_text,
    region_label,
)
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS

#: Keys that Label Studio itself uses beside Ctrl, Alt and Shift ones, when a text is open.
TAKEN = {"u", "enter", "escape", "backspace", "delete", "left", "right", "up", "down"}


@pytest.fixture(scope="module")
def xml() -> ElementTree.Element:
    return ElementTree.fromstring(label_config())


def controls(xml: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {e.attrib["name"]: e for e in xml.iter() if e.tag in ("Choices", "TextArea")}


def test_every_label_of_the_table_is_in_the_xml_and_no_other(xml: ElementTree.Element) -> None:
    (labels,) = xml.iter("Labels")
    assert labels.attrib["name"] == LABEL_CONTROL
    assert labels.attrib["toName"] == OBJECT
    assert [label.attrib["value"] for label in labels] == list(REGIONS)


def test_the_labels_cover_the_vocabulary() -> None:
    assert {label for label, _ in REGIONS.values()} == set(LABELS)
    forms = [implied["form"] for label, implied in REGIONS.values() if label == "quote"]
    assert forms == list(ATTRIBUTES["quote"]["form"] or ())
    for name, (label, implied) in REGIONS.items():
        assert region_label(label, implied) == name


def test_every_choice_is_a_value_of_the_vocabulary(xml: ElementTree.Element) -> None:
    assert set(controls(xml)) == set(CONTROLS)
    for name, control in controls(xml).items():
        values = ATTRIBUTES[CONTROLS[name]][name]
        assert is_free_text(name) == (control.tag == "TextArea") == (values is None)
        assert tuple(choice.attrib["value"] for choice in control) == (values or ())


def test_only_attributes_that_nobody_should_be_asked_for_have_no_control() -> None:
    implied = {(label, name) for label, given in REGIONS.values() for name in given}
    asked = {(label, name) for name, label in CONTROLS.items()}
    known = {(label, name) for label, names in ATTRIBUTES.items() for name in names}
    assert known - implied - asked == {("claim", "granularity")}


def test_what_is_said_of_a_region_is_optional_and_shown_for_the_right_labels_only(
    xml: ElementTree.Element,
) -> None:
    for name, control in controls(xml).items():
        shown = control.attrib["whenLabelValue"].split(",")
        assert shown == [value for value, (label, _) in REGIONS.items() if label == CONTROLS[name]]
        assert control.attrib["perRegion"] == "true"
        assert control.attrib["toName"] == OBJECT
        assert "required" not in control.attrib
    for view in xml.iter("View"):
        if "visibleWhen" in view.attrib:
            inside = {e.attrib["whenLabelValue"] for e in view if e.tag in ("Choices", "TextArea")}
            assert inside == {view.attrib["whenLabelValue"]}


def test_each_label_and_each_choice_has_a_key_of_its_own(xml: ElementTree.Element) -> None:
    pressed = [e for e in xml.iter() if e.tag in ("Label", "Choice")]
    keys = [e.attrib["hotkey"] for e in pressed]
    assert all(len(key) == 1 and key == key.lower() for key in keys)
    assert len(set(keys)) == len(keys)
    assert not set(keys) & TAKEN


def test_the_text_gives_flat_offsets_and_shows_the_names(xml: ElementTree.Element) -> None:
    (text,) = xml.iter("Text")
    # "word" takes in the full stop behind a closing quotation mark.
    assert text.attrib["granularity"] == "symbol"
    assert text.attrib["value"] == "$text"
    assert text.attrib["valueType"] == "text"
    assert text.attrib["showLabels"] == "true"


def test_colours_stay_apart_for_colour_blind_eyes(xml: ElementTree.Element) -> None:
    colours = [label.attrib["background"] for label in xml.iter("Label")]
    # Linear RGB as seen without one kind of cone (Machado and others, 2009, severity 1).
    seen = {
        "all cones": np.eye(3),
        "no L cones": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "no M cones": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "no S cones": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    }
    for eyes, matrix in seen.items():
        points = {colour: lab(np.asarray(matrix) @ linear(colour)) for colour in colours}
        for one, other in combinations(colours, 2):
            assert np.linalg.norm(points[one] - points[other]) > 15, (eyes, one, other)


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.asarray(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_hash_changes_with_the_meaning_only() -> None:
    config = label_config()
    assert config_hash(config) == config_hash("\n" + config.replace("><", ">\n  <"))
    assert config_hash(config) != config_hash(config.replace("Claim", "Clam"))
    assert config_hash("<View>") is None
    assert config_hash("") is None


def test_the_annotator_is_told_every_key_of_a_label(xml: ElementTree.Element) -> None:
    for label in xml.iter("Label"):
        assert f"<b>{label.attrib['hotkey']}</b>" in instruction()


def test_the_resources_are_in_the_package() -> None:
    for name in ("label_config.xml", "instruction.html"):
        assert (files("inquit.annotation") / name).is_file()
