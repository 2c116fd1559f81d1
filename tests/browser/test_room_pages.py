"""The board and the wall in a real browser: live, offline, and safe from names in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_in_jupyterlab import PICTURES, browser

from benchmarks.laptops import Laptop, RoomProcess, room

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

__all__ = ["browser"]
SECONDS = 10_000
"""Milliseconds for a page to show what it should, on a busy machine."""
BEHIND = 2
"""Seconds; twice as many where other tests run beside."""
EVIL = '<img src=x onerror="document.title=1">'


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[RoomProcess]:
    with room(tmp_path, "--seats", "100") as running:
        yield running


@pytest.fixture
def laptops(opened: RoomProcess) -> Iterator[list[Laptop]]:
    names = ["Ana", "Ben", EVIL, *(f"learner {number:02}" for number in range(57))]
    made = [Laptop(opened.code, each) for each in names]
    for each in made:
        each.start()
    yield made
    for each in made:
        each.stop()


def page_at(browser: BrowserContext, url: str, width: int, height: int) -> tuple[Page, list[str]]:
    """A page, and what it asks of anybody and complains of."""
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": height})
    noted: list[str] = []
    page.on("request", lambda request: noted.append(request.url))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    page.on("console", lambda said: noted.append(f"{said.type}: {said.text}"))
    page.goto(url)
    return page, noted


def row(page: Page, name: str) -> Locator:
    return page.locator("#board tbody tr").filter(has=page.get_by_role("rowheader", name=name))


def test_the_pages_follow_the_room_and_load_nothing_from_elsewhere(
    browser: BrowserContext, opened: RoomProcess, laptops: list[Laptop]
) -> None:
    from playwright.sync_api import expect

    ana, ben, evil, *others = laptops
    board, asked = page_at(browser, opened.board, 1280, 720)
    wall, asked_too = page_at(browser, opened.wall, 1920, 1080)
    expect(board.locator("#board tbody tr")).to_have_count(len(laptops), timeout=SECONDS)

    ana.check("00.fetch", False)
    expect(row(board, "Ana")).to_contain_text("✗ 1", timeout=2000 * BEHIND)
    evil.check("00.fetch", False)
    for number, each in enumerate([ben, *others]):
        each.check("00.fetch", number % 3 > 0)
        each.check("00.sqlstate", number % 2 > 0)
    others[-1].check("11.retry", True)  # far ahead of all others
    ana.check("00.fetch", False)
    expect(row(board, "Ana")).to_contain_text("✗ 2", timeout=SECONDS)
    expect(board.locator("#board tbody tr").first).to_contain_text("Ana", timeout=SECONDS)
    right = wall.locator("#wall tr").filter(has_text="00.fetch")
    expect(right).to_contain_text("38 right", timeout=SECONDS)

    expect(board.get_by_role("button", name=re.compile("^11 · 1$"))).to_be_visible(timeout=SECONDS)
    assert wall.locator("#wall tr").filter(has_text="11.retry").count() == 0

    expect(row(board, EVIL)).to_contain_text("✗ 1")  # the name is text
    assert board.locator("img").count() == 0 and board.title() == "Board"
    assert "60 here" in wall.inner_text("header")
    assert not [each.name for each in laptops if each.name in wall.content()]
    PICTURES.mkdir(exist_ok=True)
    board.screenshot(path=PICTURES / "board.png")
    wall.screenshot(path=PICTURES / "wall.png")
    board.get_by_role("button", name=re.compile("^01")).click()
    expect(board.locator("#board thead")).to_contain_text("01.")

    assert [each for each in asked if not each.startswith(opened.board)] == []
    assert [each for each in asked_too if not each.startswith(opened.wall)] == []


def test_a_page_says_that_the_room_is_away_and_goes_on_by_itself(
    browser: BrowserContext, opened: RoomProcess
) -> None:
    from playwright.sync_api import expect

    laptop = Laptop(opened.code, "Ana")
    laptop.start()
    board, _ = page_at(browser, opened.board, 1280, 720)
    state = board.locator("#state")
    expect(state).to_have_text("Live", timeout=SECONDS)
    loaded = board.evaluate("performance.timeOrigin")
    opened.kill()
    expect(state).to_contain_text("has not answered since", timeout=SECONDS)
    opened.start()
    laptop.check("00.fetch", False)
    expect(row(board, "Ana")).to_contain_text("✗ 1", timeout=3 * SECONDS)
    expect(state).to_have_text("Live")
    assert board.evaluate("performance.timeOrigin") == loaded  # it was not loaded again
    laptop.stop()
