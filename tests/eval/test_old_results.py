"""Result files of every schema so far must load for ever, with the numbers they had.

When the schema grows, a file ``schemaN.json`` of the new version joins ``tests/eval/results``; the
old ones are never written again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import inquit

from inquit.eval.compare import compare_results
from inquit.eval.result import SCHEMA, read_predictions, read_result

KEPT = Path(__file__).parent / "results"
FILES = sorted(KEPT.glob("schema*.json"))

#: value, low, high, and the sums of TP, FP and FN of each measure, by schema.
NUMBERS = {
    1: {
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
    }
}


def test_there_is_a_file_of_every_schema() -> None:
    assert [path.stem for path in FILES] == [f"schema{n}" for n in range(1, SCHEMA + 1)]
    assert list(NUMBERS) == list(range(1, SCHEMA + 1))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_old_result_loads_with_its_numbers(path: Path) -> None:
    kept = json.loads(path.read_text("utf-8"))
    result = read_result(path)
    schema = int(path.stem.removeprefix("schema"))
    assert kept["inquit_result"] == schema
    shown = result.scores().to_json()["measures"]
    assert {
        name: (row["value"], row["low"], row["high"], row["tp"], row["fp"], row["fn"])
        for name, row in shown.items()
    } == NUMBERS[schema]
    assert list(result.doc_ids) == kept["doc_ids"]
    assert result.failed == kept["failed"]
    layer = read_predictions(path, result)
    assert layer is not None
    assert {a.doc_id for a in layer.annotations} == {*result.doc_ids} - {*result.failed}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_old_result_can_still_be_compared_and_ranked(capsys, path: Path) -> None:
    result = read_result(path)
    same = compare_results(result, result, resamples=100)
    assert {d.paired.difference for d in same.differences if d.a == d.a} == {0}
    found = inquit(capsys, "eval", "leaderboard", path, "--json").json["boards"]
    assert found[0]["rows"] and found[0]["documents"] == len(result.doc_ids)
