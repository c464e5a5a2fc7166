"""The built wheel, installed alone, works without the checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(out.glob("*.tar.gz"))) == 1
    (wheel,) = out.glob("*.whl")
    return wheel


def test_wheel_holds_every_module_and_resource_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    expected = {
        path.split("/", 1)[1]
        for path in tracked.stdout.splitlines()
        if path.startswith(("corpus/inquit/", "annotation/inquit/", "eval/inquit/"))
    }
    names = {n for n in zipfile.ZipFile(wheel).namelist() if not n.split("/")[0].endswith("info")}
    assert expected <= names
    assert {n.split("/")[0] for n in names} == {"inquit"}
    assert "inquit/__init__.py" not in names


@pytest.fixture(scope="module")
def inquit(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment that holds the wheel and what it says it needs."""
    place = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "--quiet", "install"]
    done = subprocess.run(
        [*pip, "-c", str(ROOT / "constraints.txt"), str(wheel)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return place / "bin" / "inquit"


def test_wheel_scores_two_layer_files(inquit: Path, tmp_path: Path) -> None:
    line = {
        "doc_id": "d",
        "spans": [
            {"id": "q", "label": "quote", "fragments": [[0, 9]]},
            {"id": "s", "label": "source", "fragments": [[15, 18]]},
        ],
        "attributions": [{"id": "a", "content": ["q"], "source": ["s"]}],
    }
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    gold.write_text(json.dumps(line) + "\n")
    predicted.write_text(json.dumps(line) + "\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [inquit, "eval", "score", gold, predicted, "--json", "--measure", "attribution.f1@iou50"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["measures"]["attribution.f1@iou50"]["value"] == 1.0
