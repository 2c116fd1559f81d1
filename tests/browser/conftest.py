"""The browser that the tests of this folder share, or the reason why there is none."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest
from lab_page import SCREEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def absent(what: str) -> NoReturn:
    """No browser test without it: a reason to skip here, a failure where it must be run."""
    if os.environ.get("WORKBOOK_BROWSER") == "required":
        pytest.fail(f"{what}, and WORKBOOK_BROWSER=required")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One program for all tests; each takes contexts of its own."""
    if importlib.util.find_spec("playwright") is None:
        absent("playwright is not installed: tests/browser/requirements.txt")
    found = [os.environ.get("WORKBOOK_CHROMIUM"), *map(shutil.which, PROGRAMS)]
    program = next(filter(None, found), None)
    if program is None:
        absent(f"none of {', '.join(PROGRAMS)} is on PATH, and no WORKBOOK_CHROMIUM is set")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS, timeout=SCREEN)
        yield running
        running.close()
