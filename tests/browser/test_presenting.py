"""`wb present` on two projectors: what stands on the wall can be read from the last row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from lab_page import SCREEN
from test_in_jupyterlab import PICTURES, browser, started, work

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext

__all__ = ["browser", "work"]
LINE = 88
"""Characters of the longest line of code that ruff leaves in a notebook's cell, about."""
NOTHING_BESIDE = """() => !Array.from(document.querySelectorAll(
    '.jp-SideBar, #jp-left-stack, #jp-right-stack, .jp-FileBrowser, .lm-TabBar-tab.jp-mod-current'
)).some(each => each.checkVisibility())"""
"""Waited for: JupyterLab shows its parts, and lays them out, one after the other."""
FITS = """([least, line]) => {
    const code = document.querySelector('.jp-CodeCell .cm-content');
    const size = code ? parseFloat(getComputedStyle(code).fontSize) : 0;
    return size >= least && code.getBoundingClientRect().width > line * 0.61 * size;
}"""


BESIDE = """() => {
    const [one, two, ...more] = Array.from(document.querySelectorAll('.jp-NotebookPanel'))
        .filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect());
    return two && !more.length && one.right <= two.left + 10
        && Math.abs(one.width - two.width) < 40 && one.width > 0.45 * window.innerWidth;
}"""


def test_the_solution_stands_beside_the_notebook(browser: BrowserContext, work: Path) -> None:
    with started(work, "present", "00", "--beside") as address:
        page = browser.new_page()
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(address, wait_until="domcontentloaded", timeout=SCREEN)
        page.wait_for_function(BESIDE, timeout=SCREEN)
        tabs = page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel").all_inner_texts()
        assert tabs == ["00_first_query.ipynb", "00_first_query.solved.ipynb"]
        page.locator(".jp-OutputArea-output").first.wait_for(timeout=SCREEN)
        size = "each => parseFloat(getComputedStyle(each).fontSize)"
        code = page.locator(".jp-CodeCell .cm-content").first
        width = "each => each.getBoundingClientRect().width"
        assert code.evaluate(width) > LINE * 0.61 * code.evaluate(size)
        verdict = page.locator(".jp-RenderedHTMLCommon td").first
        verdict.wait_for(timeout=SCREEN)
        text = page.locator(".jp-MarkdownCell p").first
        assert verdict.evaluate(size) == text.evaluate(size), "a verdict is as large as the text"
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / "present-beside.png")
        page.close()


@pytest.fixture(scope="module")
def presented(browser: BrowserContext, work: Path) -> Iterator[str]:
    """`wb present 01` in that folder: the address that it prints."""
    with started(work, "present", "01") as address:
        yield address


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 19), (1920, 1080, 29)])
def test_the_type_is_large_a_line_of_code_fits_and_nothing_stands_beside(
    browser: BrowserContext, presented: str, width: int, height: int, least: int
) -> None:
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(presented, wait_until="domcontentloaded", timeout=SCREEN)
    code = page.locator(".jp-CodeCell .cm-content").first
    code.wait_for(timeout=SCREEN)
    page.wait_for_function(NOTHING_BESIDE, timeout=SCREEN)
    page.wait_for_function(FITS, arg=[least, LINE], timeout=SCREEN)
    size = float(code.evaluate("each => parseFloat(getComputedStyle(each).fontSize)"))
    text = page.locator(".jp-MarkdownCell p").first
    assert text.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") > size
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"present-{width}.png")
    page.close()
