"""Result files of every schema so far must load for ever, with the numbers they had.

When the schema grows, a file ``schemaN.json`` of the new version joins ``tests/eval/results`` (and
``schemaN-KIND.json`` where systems of another kind have other fields); the old ones are never
written again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import inquit

from inquit.eval.comparing.results import compare_results
from inquit.eval.result import SCHEMA, read_predictions, read_result

KEPT = Path(__file__).parent / "results"
FILES = sorted(KEPT.glob("schema*.json"))

#: value, low, high, and the sums of TP, FP and FN of each measure, by file.
NUMBERS = {
    "schema1": {
        "attribution.f1@iou50": (
            0.48148148148148145,
            0.34615384615384615,
            0.6206896551724138,
            13,
            8,
            20,
        ),
        "quote[form=direct].p@exact": (1.0, 1.0, 1.0, 21, 0, 1),
        "source.acc@overlap|content": (0.6190476190476191, 0.45454545454545453, 0.8, 13, 8, 0),
        "claim.f1@char": (None, None, None, 0, 0, 0),
    },
    "schema2": {
        "attribution.f1@iou50": (0.9629629629629629, 0.8571428571428571, 1.0, 26, 0, 2),
        "quote[form=direct].p@exact": (1.0, 1.0, 1.0, 13, 0, 1),
        "source.acc@overlap|content": (1.0, 1.0, 1.0, 26, 0, 0),
        "claim.f1@char": (None, None, None, 0, 0, 0),
    },
    "schema2-file": {
        "attribution.f1@iou50": (0.625, 0.4782608695652174, 0.782608695652174, 15, 5, 13),
        "quote[form=direct].p@exact": (
            0.6153846153846154,
            0.38461538461538464,
            0.8420823608796902,
            8,
            5,
            6,
        ),
        "source.acc@overlap|content": (1.0, 1.0, 1.0, 15, 0, 0),
        "claim.f1@char": (None, None, None, 0, 0, 0),
    },
    "schema3": {
        "attribution.f1@iou50": (0.9629629629629629, 0.8571428571428571, 1.0, 26, 0, 2),
        "quote[form=direct].p@exact": (1.0, 1.0, 1.0, 13, 0, 1),
        "source.acc@overlap|content": (1.0, 1.0, 1.0, 26, 0, 0),
        "claim.f1@char": (None, None, None, 0, 0, 0),
    },
    "schema3-file": {
        "attribution.f1@iou50": (
            0.782608695652174,
            0.6666666666666666,
            0.8679245283018868,
            18,
            0,
            10,
        ),
        "quote[form=direct].p@exact": (1.0, 1.0, 1.0, 13, 0, 1),
        "source.acc@overlap|content": (1.0, 1.0, 1.0, 18, 0, 0),
        "claim.f1@char": (None, None, None, 0, 0, 0),
    },
}


def _schema(path: Path) -> int:
    return int(path.stem.removeprefix("schema").partition("-")[0])


def test_there_is_a_file_of_every_schema() -> None:
    assert {path.stem for path in FILES} == set(NUMBERS)
    assert {_schema(path) for path in FILES} == set(range(1, SCHEMA + 1))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_old_result_loads_with_its_numbers(path: Path) -> None:
    kept = json.loads(path.read_text("utf-8"))
    result = read_result(path)
    assert kept["inquit_result"] == _schema(path)
    shown = result.scores().to_json()["measures"]
    assert {
        name: (row["value"], row["low"], row["high"], row["tp"], row["fp"], row["fn"])
        for name, row in shown.items()
    } == NUMBERS[path.stem]
    assert list(result.doc_ids) == kept["doc_ids"]
    assert result.failed == kept.get("failed", {})
    layer = read_predictions(path, result)
    assert layer is not None
    predicted = {*result.doc_ids} - {*result.missing_documents}
    assert {a.doc_id for a in layer.annotations} == predicted


def test_what_a_schema_added() -> None:
    first, second, of_file, third, third_of_file = (
        read_result(KEPT / f"{name}.json") for name in NUMBERS
    )
    assert (first.human_documents, first.confidence) == (None, 0.95)
    for result in (second, of_file):
        assert (result.human_documents, result.confidence) == (4, 0.95)
        assert result.scores().human_documents == 4
    assert first.usage is None
    assert second.usage is not None and second.usage.new_cost == 0.0104
    assert (of_file.system.kind, of_file.timings.predict_seconds) == ("predictions", None)
    assert of_file.system.file is not None and of_file.system.file.name == "mine.jsonl"
    assert (first.resamples, second.resamples, of_file.resamples) == (None, None, None)
    assert (third.resamples, third_of_file.resamples) == (1000, 2000)
    assert third.scores().resamples == 1000
    assert second.usage.models == []
    assert third.usage is not None and third.usage.models == ["rule-1"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_old_result_can_still_be_compared_and_ranked(capsys, path: Path) -> None:
    result = read_result(path)
    same = compare_results(result, result, resamples=100)
    assert {d.paired.difference for d in same.differences if d.a == d.a} == {0}
    found = inquit(capsys, "eval", "leaderboard", path, "--json").json["boards"]
    assert found[0]["rows"] and found[0]["documents"] == len(result.doc_ids)
