"""The real parts: a Label Studio server and a Chromium, or a skip that says what is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from inquit.annotation.server import Server, start

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)


def missing(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; CI=true, so this test may not be skipped")
    pytest.skip(what)


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole session; ``credentials`` opens it."""
    if find_spec("label_studio") is None:
        missing("Label Studio is not installed: pip install 'inquit[server]'")
    with start(tmp_path_factory.mktemp("label-studio")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. One a module: its event loop would disturb other tests."""
    if find_spec("playwright") is None:
        missing("Playwright is not installed: pip install playwright")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        missing("no Chromium is installed: apt install chromium")
    from playwright.sync_api import sync_playwright

    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: INQUIT_SHOTS, else a temporary directory."""
    chosen = os.environ.get("INQUIT_SHOTS")
    directory = Path(chosen) if chosen else tmp_path_factory.mktemp("shots")
    directory.mkdir(parents=True, exist_ok=True)
    return directory
