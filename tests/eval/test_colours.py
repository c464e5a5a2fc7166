"""The colours of pages, computed from their style sheets: told apart, and legible, by everyone."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from inquit.corpus.vocabulary import LABELS

Colour = NDArray[np.float64]
Colours = dict[str, Colour]

SHEETS = ("corpus/resources/labels.css", "corpus/viewer/viewer.css", "eval/resources/report.css")
TINTS = ("missed", "spurious", "other")
APART = 10.0
# What others see of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.
SEEN: Colours = {
    "all colours": np.eye(3),
    "no red": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]]),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                 [-0.011820, 0.042940, 0.968881]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
# The grounds that browsers give a notebook.
CANVAS = {"light": np.ones(3), "dark": np.full(3, 0x1E / 255)}


def sheet(name: str) -> str:
    package, rest = name.split("/", 1)
    return (files(f"inquit.{package}") / rest).read_text(encoding="utf-8")


def colours(scheme: str) -> Colours:
    """Return the custom properties of all sheets; a translucent one stands on the canvas."""
    found: Colours = {}
    for name in SHEETS:
        dark = r"@media \(prefers-color-scheme: dark\) \{\s*[.:\w]+ \{(.*?)\}"
        both = [re.sub(dark, "", sheet(name), flags=re.S)]
        if scheme == "dark":
            both += re.findall(dark, sheet(name), flags=re.S)
        for part in both:
            for key, digits in re.findall(r"--([\w-]+): #([0-9a-f]{6});", part):
                found[key] = np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)])
            for key, *given in re.findall(r"--([\w-]+): rgb\((\d+) (\d+) (\d+) / (\d+)%\);", part):
                *rgb, share = (float(n) for n in given)
                mixed = np.array(rgb) / 255 * share / 100
                found[key] = mixed + CANVAS[scheme] * (1 - share / 100)
    return {**found, "canvas": CANVAS[scheme]}


def linear(colour: Colour) -> Colour:
    shown: Colour = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return shown


def lab(light: Colour) -> Colour:
    part = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    x, y, z = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(first: Colour, second: Colour) -> float:
    low, high = sorted(float(linear(c) @ TO_XYZ[1]) for c in (first, second))
    return (high + 0.05) / (low + 0.05)


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast(np.zeros(3), np.ones(3)) == pytest.approx(21)
    assert np.allclose(lab(np.ones(3)), [100, 0, 0], atol=0.05)
    assert np.allclose(lab(np.array([1.0, 0, 0])), [53.24, 80.09, 67.2], atol=0.05)
    assert all(np.allclose(matrix.sum(axis=1), 1) for matrix in SEEN.values())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sight", SEEN)
def test_labels_and_tints_are_told_apart(scheme: str, sight: str) -> None:
    found = colours(scheme)
    labels = {name: found[f"iq-{name}"] for name in LABELS}
    tints = {name: found[f"{name}-tint"] for name in TINTS}
    tints |= {name: found[name] for name in ("on", "ground")}
    for group in (labels, tints):
        seen = {name: lab(SEEN[sight] @ linear(colour)) for name, colour in group.items()}
        near = {
            pair: round(float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])), 1)
            for pair in combinations(seen, 2)
        }
        assert {pair: away for pair, away in near.items() if away < APART} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_legible_on_every_ground(scheme: str) -> None:
    found = colours(scheme)
    tints = [f"{name}-tint" for name in TINTS]
    tags = ["ground", "sunk", "canvas", "on", "iq-quote-tint", "iq-ignore-tint", *tints]
    stands = {f"iq-{name}": tags for name in LABELS}
    stands |= {name: ["ground", "sunk", "chip", f"{name}-tint"] for name in TINTS}
    stands |= {"ink": ["ground", "sunk", "chip", "on", *tints], "people": ["ground"]}
    stands |= {"minor": ["ground", "sunk", "chip"], "accent": ["ground", "sunk"]}
    told = {
        (text, ground): round(contrast(found[text], found[ground]), 2)
        for text, grounds in stands.items()
        for ground in grounds
    }
    assert {pair: ratio for pair, ratio in told.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_stand_out_and_so_do_their_intervals(scheme: str) -> None:
    found = colours(scheme)
    pairs = [(bar, "sunk") for bar in ("bar-fill", "people", "trivial")]
    pairs += [("ink", "bar-fill"), ("ink", "sunk"), ("accent", "ground"), ("accent", "on")]
    told = {pair: round(contrast(*(found[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in told.items() if ratio < 3} == {}
