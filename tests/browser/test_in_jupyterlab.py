"""The workbook as a learner meets it: `wb lab`, a browser, and gestures."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from lab_page import SCREEN, LabPage

from workbook import material
from workbook.authoring.lesson_reader import read
from workbook.base.processes import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "artefacts"
WINDOW = {"width": 1280, "height": 1000}


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    """One memory: what a page has loaded, the next one finds there."""
    context = chromium.new_context(viewport=WINDOW)
    yield context
    context.close()


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    """An empty folder for a learner's work."""
    folder = Path(tempfile.mkdtemp(prefix="nightwatch-browser-"))
    folder.chmod(0o755)  # the server's account must be able to enter when we are root
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def address(browser: BrowserContext, work: Path) -> Iterator[str]:
    """`wb lab` in that folder: the address that it prints, without the notebook."""
    with started(work, "lab", WORKBOOK_LAB_EXPOSE="1") as address:
        yield address


@contextlib.contextmanager
def started(work: Path, *command: str, **own: str) -> Iterator[str]:
    """This command of `wb` in that folder, until the block ends: the address that it prints.

    It has no engine: containers are run where cells are compared.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WORKBOOK_")}
    env = kept | own | {"WORKBOOK_WORK": str(work), "WORKBOOK_DOCKER": "off"}
    wb = [sys.executable, "-m", "workbook"]
    lab = subprocess.Popen(
        [*wb, *command, "--no-browser"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield printed_address(lab)
    finally:
        stop(lab)
        subprocess.run([*wb, "db", "stop"], cwd=ROOT, env=env, timeout=60, check=True)
        nothing_is_left(work)


def printed_address(lab: subprocess.Popen[str]) -> str:
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: [*map(lines.put, lab.stdout or [])], daemon=True).start()
    said = ""
    with contextlib.suppress(Empty):
        while True:
            said += lines.get(timeout=90)
            if found := re.search(r"http://127\.0\.0\.1:\S+\n", said):
                return found[0].strip()
    raise AssertionError(f"wb lab printed no address; it said:\n{said}")


def stop(lab: subprocess.Popen[str]) -> None:
    """Ctrl-C, and no more than a minute of patience."""
    lab.send_signal(signal.SIGINT)
    try:
        assert lab.wait(60) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGKILL)


def nothing_is_left(work: Path) -> None:
    """No server, kernel or reaper of this folder outlives `wb lab`."""
    every = running("cmdline")
    ours = [each for each in every if str(work) in " ".join(each.info["cmdline"] or [])]
    _, left = psutil.wait_procs(ours, timeout=10)
    for each in left:
        each.kill()
    assert left == []


@pytest.fixture(scope="module")
def jupyterlab(browser: BrowserContext, address: str) -> Iterator[LabPage]:
    """JupyterLab, loaded once: notebooks are opened and closed in it."""
    lab = LabPage(browser.new_page())
    lab.begin(re.sub(r"/lab.*\?", "/lab?reset&", address))
    yield lab
    lab.page.close()


@pytest.fixture
def notebook(request: pytest.FixtureRequest, jupyterlab: LabPage, work: Path) -> Iterator[LabPage]:
    """The notebook of this name, open: without outputs, or with those that are stored."""
    if request.param in AS_STORED:
        copy = work / f"{request.param}.stored.ipynb"
        shutil.copy(ROOT / "tests" / "unsolved" / f"{request.param}.ipynb", copy)
        jupyterlab.open(copy.name)
    else:
        jupyterlab.open(f"{request.param}.ipynb")
        jupyterlab.clear()
    try:
        yield jupyterlab
        assert jupyterlab.errors == []
    finally:
        jupyterlab.errors.clear()
        jupyterlab.close()


def raised(cell: dict[str, Any]) -> str | None:
    return next((out["ename"] for out in cell["outputs"] if out["output_type"] == "error"), None)


def certified(cell: dict[str, Any]) -> str | None:
    claim = cell["metadata"].get("nightwatch", {})
    return None if claim.get("printed") else claim.get("raises")


EVERY = [notebook.stem for notebook in material.notebooks()]
AS_STORED = EVERY[2:]
"""They take longest. Their outputs, which nbval holds to each run, are shown and not made anew."""
FIRST = pytest.mark.parametrize("notebook", EVERY[:1], indirect=True)


def has_html(cell: dict[str, Any]) -> bool:
    return any("text/html" in out.get("data", {}) for out in cell["outputs"])


@pytest.mark.parametrize("notebook", EVERY, indirect=True)
def test_every_cell_has_run_and_a_reader_sees_only_what_is_meant(notebook: LabPage) -> None:
    if not any(each["execution_count"] for each in notebook.code()):
        notebook.run_all()
    code = notebook.code()
    assert [each["execution_count"] for each in code] == [*range(1, len(code) + 1)]
    errors = {each["id"]: raised(each) for each in code}
    assert errors == {each["id"]: certified(each) for each in code}

    shown = {each["id"]: notebook.said(each["id"]) for each in code if has_html(each)}
    asked = [each["id"] for each in code if "await lab.check(" in each["source"]]
    answers = {cell: shown.get(cell, "nothing in HTML") for cell in asked}
    assert {c: text for c, text in answers.items() if not text.startswith("NOT ATTEMPTED ·")} == {}
    for cell, text in shown.items():  # no `$1 … $1` has become a formula
        plain = notebook.cell(cell)["outputs"][-1]["data"]["text/plain"]
        assert text.count("$") == plain.count("$"), text
    every_diagram_is_drawn(notebook)


def every_diagram_is_drawn(notebook: LabPage) -> None:
    cells = notebook.cells()
    text = [each for each in cells if "```mermaid" in each["source"]]
    drawn = [each for each in notebook.code() if "text/vnd.mermaid" in str(each["outputs"])]
    for cell in [each["id"] for each in [*text, *drawn]]:
        shown = notebook.show(cell).wait_for_selector(".jp-RenderedMermaid", timeout=SCREEN)
        drawing = shown.query_selector("svg, img")
        assert drawing, f"Mermaid says: {shown.inner_text()}"
        box = drawing.bounding_box()
        assert box and box["width"] > 200 and box["height"] > 40


@FIRST
def test_a_wrong_answer_gets_its_question_then_a_hint_then_the_solution_is_right(
    notebook: LabPage,
) -> None:
    exercise = material.exercise("00.fetch")
    wrong = (ROOT / "lessons/answers/00.fetch/closed_only_on_success.py").read_text("utf-8")
    first, _, answer = wrong.partition("\n")
    begin = notebook.containing('await start("00")')
    mine = notebook.containing("def open_incidents")
    check = notebook.containing('await lab.check("00.fetch")')
    for cell in (begin, mine):
        notebook.run(cell)

    notebook.write(mine, answer)
    notebook.run(mine)
    notebook.run(check)
    said = notebook.said(check)
    assert said.startswith("NOT YET · 00.fetch")
    assert first.removeprefix("# wrong: ") in said

    hint = notebook.add_below(check, 'lab.hint("00.fetch")')
    notebook.run(hint)
    told = notebook.said(hint)
    assert told.startswith("Hint 1 of 3")
    assert exercise.hints[0].replace("`", "") in told
    PICTURES.mkdir(exist_ok=True)
    notebook.picture_of(PICTURES / "verdict.png", mine)

    notebook.write(mine, exercise.solution)
    notebook.run(mine)
    notebook.run(check)
    assert notebook.said(check).startswith("RIGHT · 00.fetch")
    notebook.show(mine, "start")
    notebook.picture(PICTURES / "notebook.png")


@FIRST
def test_all_of_it_can_be_done_by_keys_and_be_heard(notebook: LabPage) -> None:
    lesson = read(ROOT / "lessons" / f"{EVERY[0]}.md")
    answers = {cell.id: cell.solved() for cell in lesson.cells if cell.is_typed()}
    every = notebook.cells()
    for cell in every:
        notebook.run_by_keys(cell["id"], answers.get(cell["id"], ""))
    end = notebook.containing("await lab.close()")
    assert "Nothing is left open" in str(notebook.cell(end)["outputs"])
    heard = {cell["id"]: notebook.heard(cell["id"]) for cell in every}
    checks = [cell["id"] for cell in every if "await lab.check(" in cell["source"]]
    assert len(checks) == len(lesson.exercises)
    for check in checks:
        assert "RIGHT" in heard[check] and "row " in heard[check], heard[check]
    for text in (cell for cell in every if cell["cell_type"] == "markdown"):
        headings = re.findall(r"^#+ ", text["source"], re.M)
        told = re.findall(r"- '?heading ", heard[text["id"]])
        assert len(told) == len(headings), heard[text["id"]]


@FIRST
def test_a_long_cell_counts_its_seconds_and_printed_words_stay_whole(notebook: LabPage) -> None:
    begin = notebook.containing('await start("00")')
    notebook.run(begin)
    words = " ".join(["nightwatch"] * 40)
    long = notebook.add_below(begin, f"import time; time.sleep(6); print('{words}')")
    line = ".jp-OutputArea-output pre:has-text('Still at work: ')"
    notebook.run(long, lambda: notebook.page.wait_for_selector(line, timeout=SCREEN))
    assert notebook.page.query_selector(line) is None
    broken = "pre => getComputedStyle(pre).wordBreak"
    shown = notebook.show(long).query_selector_all(".jp-OutputArea-output pre")
    assert {pre.evaluate(broken) for pre in shown} == {"normal"}
    empty = [pre.evaluate("pre => pre.offsetHeight") for pre in shown if not pre.inner_text()]
    assert set(empty) <= {0}
