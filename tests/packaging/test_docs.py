"""What is written is true: every command is documented, links lead somewhere, pins are clean."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from inquit.cli import GROUPS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> list[tuple[str, str]]:
    found = []
    for group, module in GROUPS.items():
        app: typer.Typer = import_module(module).app
        for command in app.registered_commands:
            name = command.name or command.callback.__name__.replace("_", "-")
            found.append((group, name))
    return found


@pytest.mark.parametrize(("group", "name"), commands())
def test_each_command_is_documented_and_helps_with_an_example(group: str, name: str) -> None:
    told = f"inquit {group} {name}"
    assert any(told in page.read_text("utf-8") for page in PAGES), f"no page shows '{told}'"
    run = "import sys; from inquit.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", run, group, name, "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"inquit {group} {name} " in done.stdout.split("Usage:")[1].split("\n", 1)[1]


def test_the_contract_of_commands_holds() -> None:
    promised = {
        *[("corpus", n) for n in ("import", "check", "stats", "show", "release")],
        *[("annotate", n) for n in ("serve", "push", "status", "pull")],
        *[("eval", n) for n in ("run", "score", "report", "measures")],
    }
    assert promised <= set(commands())


@pytest.mark.parametrize("page", [p.relative_to(ROOT).as_posix() for p in PAGES])
def test_links_within_the_project_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"{page} links to {target}"


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", pin) for pin in pins)
    assert len({re.split("==", pin)[0].lower() for pin in pins}) == len(pins)


def test_the_numbers_of_the_readme_are_those_of_the_demo(tmp_path: Path) -> None:
    corpus, result = tmp_path / "corpus", tmp_path / "result.json"
    run = [sys.executable, "-c", "import sys; from inquit.cli import main; main(sys.argv[1:])"]
    articles = ROOT / "corpus" / "articles"
    subprocess.run([*run, "corpus", "import", "inline", articles, corpus], check=True)
    arguments = ["eval", "run", "rules", "--on", corpus, "--out", result, "--json"]
    done = subprocess.run([*run, *arguments], check=True, capture_output=True, text=True)
    scored = json.loads(done.stdout)
    rows = re.findall(r"^\| \**`(\S+)`\** \| \**(.+?) \|$", README, re.MULTILINE)
    numbers = {name: re.findall(r"\.\d{3}", cells) for name, cells in rows if "@" in name}
    assert len(numbers) == 7
    for name, shown in numbers.items():
        found = scored["measures"][name]
        trivial = scored["trivial"]
        values = [found["value"], found["low"], found["high"]]
        values += [trivial["every-sentence"][name], trivial["whole-document"][name]]
        assert shown == [f"{value:.3f}".lstrip("0") for value in values], name
