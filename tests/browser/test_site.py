"""The reading site as its readers meet it: from a folder, in both themes, with a keyboard alone."""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import absent
from workbook import material
from workbook.authoring.lesson_reader import read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli import site as command
from workbook.cli.setup.steps import InstallProblem
from workbook.site import diagrams, make, notebook_page
from workbook.site.edition import Edition, Place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

REPOSITORY = "https://git.example/nightwatch"
SECONDS = 20_000
"""Milliseconds for a page, and for what it does."""
THEMES, WIDTHS = ("light", "dark"), (360, 800, 1440)
PAGES = [
    f"{name}.html"
    for name in (
        *("learner/06_transactions", "instructor/06_transactions", "learner/errors/shown"),
        *("learner/app_api", "learner/claims", "learner/lab_api", "learner/index"),
        *("learner/house", "learner/glossary", "learner/search", "index"),
    )
]
EACH = list(zip(PAGES, cycle([(theme, width) for width in WIDTHS for theme in THEMES])))
"""Every kind of page, and every theme at every width."""
EXERCISE = next(
    each for each in material.exercise("06.lost").solution.splitlines() if "post" in each
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Path:
    """Both editions, as the command makes them."""
    out = tmp_path_factory.mktemp("site") / "made"
    try:
        python = command.python()
    except InstallProblem as problem:
        absent(str(problem))
    make.make(out, python, REPOSITORY, print)
    return out


@pytest.fixture
def page(site: Path, chromium: Browser) -> Iterator[Page]:
    """A page on a screen; it may ask for nothing but the files of the site."""
    yield from watched(chromium.new_context(viewport={"width": 1440, "height": 900}))


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page of this context, which has asked for nothing from elsewhere and failed at nothing."""
    context.set_default_timeout(SECONDS)
    page, asked, broken = context.new_page(), list[str](), list[str]()
    page.on("request", lambda each: asked.append(each.url))
    page.on("requestfailed", lambda each: broken.append(each.url))
    page.on("pageerror", lambda each: broken.append(str(each)))
    page.on("console", lambda each: broken.append(each.text) if each.type == "error" else None)
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert broken == []


@pytest.mark.parametrize(("name", "how"), EACH, ids=[name for name, _ in EACH])
def test_a_page_asks_for_nothing_fits_and_is_accessible(
    site: Path, chromium: Browser, name: str, how: tuple[str, int]
) -> None:
    theme, width = how
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    for page in watched(context):
        page.goto((site / name).as_uri())
        assert page.evaluate(f"matchMedia('(prefers-color-scheme: {theme})').matches")
        assert page.evaluate("document.documentElement.dataset.theme ?? null") in (theme, None)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert found(page) == []


def found(page: Page) -> list[str]:
    """What axe finds that is serious or worse."""
    from axe_playwright_python.sync_playwright import Axe

    asked: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    every = Axe().run(page, options=asked).response["violations"]
    grave = [each for each in every if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in grave]


def test_a_search_finds_a_term_in_a_folder_without_a_server(site: Path, page: Page) -> None:
    page.goto((site / "learner" / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("savepoint")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=savepoint")
    result = page.locator("ul.search a", has_text="06 · Transactions").first
    result.click()
    page.wait_for_url("**/06_transactions.html*")


def test_a_solution_is_behind_its_hints_and_a_click_and_open_for_instructors(
    site: Path, page: Page
) -> None:
    page.goto((site / "learner" / "06_transactions.html").as_uri())
    answer = page.locator("pre", has_text=EXERCISE.strip())
    assert not answer.is_visible()
    fold = page.locator("details.nw-answer", has=answer)
    texts = fold.evaluate(
        "each => { const seen = []; for (let at = each.previousElementSibling;"
        " at?.matches('details'); at = at.previousElementSibling) seen.unshift(at.innerText);"
        " return seen.map(text => text.split('\\n')[0]); }"
    )
    assert texts == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert answer.is_visible()
    page.goto((site / "instructor" / "06_transactions.html").as_uri())
    assert page.locator("pre", has_text=EXERCISE.strip()).is_visible()
    assert page.locator(".nw-note", has_text="ATOMIC_REQUESTS").is_visible()


def test_a_term_leads_to_its_cell_and_a_report_names_that(site: Path, page: Page) -> None:
    page.goto((site / "learner" / "glossary.html").as_uri())
    page.locator("li", has=page.locator("#term-savepoint")).locator("a").click()
    page.wait_for_url("**/06_transactions.html#cell-*")
    cell = page.evaluate("location.hash.slice(1)")
    assert page.locator(f"[id='{cell}']").evaluate(
        "each => each.getBoundingClientRect().top < innerHeight"
    )
    link = page.get_by_role("link", name="A sentence stopped me")
    href = str(link.get_attribute("href"))
    assert href.startswith(f"{REPOSITORY}/issues/new?template=sentence.yml&where=")
    assert cell in href and "Transactions" in href
    edit = page.get_by_role("link", name="edit this page").get_attribute("href")
    assert edit == f"{REPOSITORY}/edit/main/lessons/06_transactions.md"


def test_the_first_tab_offers_to_skip_to_the_text(site: Path, page: Page) -> None:
    page.goto((site / "learner" / "00_first_query.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"


def test_next_leads_through_all_notebooks(site: Path) -> None:
    here, seen = "index", []
    for _ in material.notebooks():
        text = (site / "learner" / f"{here}.html").read_text("utf-8")
        following = re.search(r'class="right-next"\s+href="([\w/]+)\.html"', text)
        assert following, here
        here = following[1]
        seen.append(here)
    assert seen == [each.stem for each in material.notebooks()]


def test_sphinx_leaves_the_same_bytes_each_time_and_stops_where_it_warns(
    site: Path, tmp_path: Path
) -> None:
    texts = {"index.md": "# Nightwatch\n\n[nobody](#nowhere)\n"}
    for each in Edition:  # twice the same, in two folders
        make.write(tmp_path / "source" / each, Edition.LEARNER, texts, Place("", "1.0"))
    with pytest.raises(Problem, match="nowhere"):
        make.sphinx(tmp_path, command.python())
    one, other = (tmp_path / "made" / each for each in Edition)
    every = [each.relative_to(one) for each in one.rglob("*") if each.is_file()]
    assert Path("searchindex.js") in every
    assert filecmp.cmpfiles(one, other, every, shallow=False)[1:] == ([], [])


def test_diagrams_that_are_drawn_anew_are_the_same(site: Path, tmp_path: Path) -> None:
    names = "02_models", "05_api"  # tables and rounded shapes, which Mermaid draws by chance
    every = [read(paths.ROOT / "lessons" / f"{name}.md") for name in names]
    texts = [text for each in every for text in notebook_page.mermaid(each)]
    drawn = diagrams.drawn(texts[::-1], command.python(), tmp_path).files()
    assert len(drawn) == len(texts) > 2
    for name, svg in drawn.items():
        assert (site / "learner" / name).read_text("utf-8") == svg


TALL = """() => Reveal.getSlides().flatMap(slide => {
    const at = Reveal.getIndices(slide);
    Reveal.slide(at.h, at.v);
    const fits = slide.scrollHeight <= 720 && slide.scrollWidth <= 1280;
    return fits ? [] : [`${at.h}.${at.v}: ${slide.scrollWidth} x ${slide.scrollHeight}`];
})"""
"""Which slides are larger than the screen that they are made for."""


@pytest.mark.parametrize("stem", [each.stem for each in material.notebooks()])
def test_every_slide_fits(site: Path, chromium: Browser, stem: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    for page in watched(context):
        page.goto((site / "instructor" / f"{stem}.html").as_uri())
        page.get_by_role("link", name="The slides").click()
        page.wait_for_function("window.Reveal?.isReady()")
        assert page.evaluate("Reveal.getSlides().length") > 20
        assert page.evaluate(TALL) == []


def test_slides_go_on_by_a_key_and_keep_their_notes_to_whoever_speaks(
    site: Path, page: Page
) -> None:
    page.goto((site / "instructor" / "slides" / "06_transactions.html").as_uri())
    page.wait_for_function("window.Reveal?.isReady()")
    note = page.locator("aside.notes", has_text="ATOMIC_REQUESTS")
    assert note.count() == 1 and not note.is_visible()
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="Recall").wait_for()
    assert page.evaluate("Reveal.hasPlugin('notes')")
