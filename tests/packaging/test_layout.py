"""The house: one namespace in three roots, dependencies in one direction, light imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = {"corpus": "corpus", "annotation": "annotation", "eval": "eval"}
HEAVY = {
    "datasets",
    "jinja2",
    "label_studio_sdk",
    "matplotlib",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
}
ALLOWED = {"corpus": {"corpus"}, "eval": {"eval", "corpus"}, "annotation": {*ROOTS}}


def sources(part: str) -> list[Path]:
    found = sorted((ROOT / part / "inquit" / part).rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("part", ROOTS)
def test_no_root_turns_the_namespace_into_a_package(part: str) -> None:
    assert not (ROOT / part / "inquit" / "__init__.py").exists()


@pytest.mark.parametrize("part", ROOTS)
def test_dependencies_run_in_one_direction(part: str) -> None:
    for path in sources(part):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            used = {n.split(".")[1] for n in names if n.startswith("inquit.")}
            assert used <= ALLOWED[part], f"{path} imports {used - ALLOWED[part]}"


@pytest.mark.parametrize(
    "module",
    ["inquit.cli", *(f"inquit.{p}" for p in ROOTS), *(f"inquit.{p}.cli" for p in ROOTS)],
)
def test_importing_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
