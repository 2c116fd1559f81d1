"""JupyterLab in a browser: gestures as a person makes them; what is there, read from the model."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Page

SCREEN = 60_000
"""Milliseconds for JupyterLab or a kernel to appear."""
CELLS, RUN_ALL = 60_000, 400_000
"""Milliseconds for a cell to run, and for a whole notebook."""

GLANCE = 3_000
"""Milliseconds after which a cell is scrolled to again."""

NOTEBOOK = "const panel = window.jupyterapp.shell.currentWidget, notebook = panel.content;"
INDEX = "const index = notebook.widgets.findIndex(each => each.model.id === id);"


class LabPage:
    """JupyterLab on one page, and a notebook in it; WORKBOOK_LAB_EXPOSE=1 makes it readable."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def begin(self, url: str) -> None:
        """Load JupyterLab from this address."""
        self.page.goto(url, wait_until="domcontentloaded", timeout=SCREEN)
        self.page.wait_for_function("() => window.jupyterapp", timeout=SCREEN)
        self.page.evaluate("() => window.jupyterapp.restored.then(() => null)")

    def open(self, path: str) -> None:
        """Open this notebook as a double click does, and wait for its kernel."""
        command = "window.jupyterapp.commands.execute('docmanager:open', {path})"
        self.page.evaluate(f"path => {command}.then(() => null)", path)
        here = f"window.jupyterapp.shell.currentWidget?.context?.path === {json.dumps(path)}"
        kernel = "window.jupyterapp.shell.currentWidget.sessionContext?.session?.kernel"
        self.page.wait_for_function(f"() => {here} && {kernel}?.status === 'idle'", timeout=SCREEN)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=SCREEN)

    def clear(self) -> None:
        """Edit > Clear Outputs of All Cells."""
        self.page.evaluate(
            "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"
        )
        assert not any(each["execution_count"] for each in self.code())

    def close(self) -> None:
        """End the kernel, and close the notebook: who opens it next gets a fresh one."""
        self.page.evaluate(
            f"async () => {{ {NOTEBOOK} await panel.sessionContext.shutdown(); panel.dispose(); }}"
        )

    def run_all(self) -> None:
        """Run > Run All Cells, and wait for every one."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            self._wait("code.every(each => each.executionCount)", timeout=RUN_ALL)
        except Exception as late:
            done = [each for each in self.code() if each["execution_count"]]
            raise AssertionError(f"Run All came to its end or stuck at:\n{done[-1]}") from late

    def run(self, cell: str, meanwhile: Callable[[], object] | None = None) -> None:
        """Shift+Enter in this cell, and wait for it; `meanwhile` looks at it while it runs."""
        before = self.cell(cell)["execution_count"]
        self._editor(cell).click()
        self.page.keyboard.press("Shift+Enter")
        if meanwhile:
            meanwhile()
        done = f"one.executionCount && one.executionCount !== {json.dumps(before)}"
        self._wait(f"code.filter(each => each.id === id).every(one => {done})", cell)

    def run_by_keys(self, cell: str, source: str = "") -> None:
        """Shift+Enter in the cell that is selected, which must be this one; written before, if so.

        No pointer is used. A text is shown, code is waited for.
        """
        assert self.active() == cell
        if source:
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(source.rstrip("\n"))
        code = self.cell(cell)["cell_type"] == "code"
        self.page.keyboard.press("Shift+Enter")
        if code:
            self._wait("code.find(each => each.id === id).executionCount", cell)

    def active(self) -> str:
        """The id of the cell that is selected, as it was left by the last key."""
        return str(
            self.page.evaluate(f"() => {{ {NOTEBOOK} return notebook.activeCell.model.id; }}")
        )

    def heard(self, cell: str) -> str:
        """What a screen reader is told of this cell and its output: roles, names and texts."""
        self.show(cell)
        place = self.page.evaluate(f"id => {{ {NOTEBOOK} {INDEX} return index; }}", cell)
        shown = self.page.locator(f".jp-Notebook [data-windowed-list-index='{place}']")
        return str(shown.aria_snapshot(timeout=SCREEN))

    def write(self, cell: str, source: str) -> None:
        """Replace what is in this cell, as pasting does."""
        self._editor(cell).click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source.rstrip("\n"))
        written = self.cell(cell)["source"]
        assert written == source.rstrip("\n"), f"the editor changed it into:\n{written}"

    def add_below(self, cell: str, source: str) -> str:
        """Write a new cell below this one; its id."""
        self._editor(cell).click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        below = self.active()
        assert below != cell
        self.write(below, source)
        return below

    def cells(self) -> list[dict[str, Any]]:
        """All cells as the model has them, whatever the page shows."""
        found = self.page.evaluate(f"() => {{ {NOTEBOOK} return notebook.model.toJSON().cells; }}")
        return list(found)

    def code(self) -> list[dict[str, Any]]:
        return [each for each in self.cells() if each["cell_type"] == "code"]

    def cell(self, cell: str) -> dict[str, Any]:
        return next(each for each in self.cells() if each["id"] == cell)

    def containing(self, text: str) -> str:
        """The id of the one cell whose source has this text."""
        (found,) = [each["id"] for each in self.cells() if text in each["source"]]
        return str(found)

    def show(self, cell: str, where: str = "center") -> ElementHandle:
        """Scroll to a cell; JupyterLab draws only what is near the window."""
        self.page.evaluate(
            f"([id, at]) => {{ {NOTEBOOK} {INDEX} return notebook.scrollToItem(index, at); }}",
            [cell, where],
        )
        found = self.page.wait_for_function(
            f"id => {{ {NOTEBOOK} {INDEX} const node = notebook.widgets[index].node;"
            " return node.isConnected && node.offsetHeight ? node : null; }",
            arg=cell,
            timeout=SCREEN,
        ).as_element()
        assert found is not None
        return found

    def said(self, cell: str) -> str:
        """The text that a reader sees below this cell, where its output is HTML."""
        from playwright.sync_api import TimeoutError

        output = "querySelector('.jp-OutputArea .jp-RenderedHTMLCommon')"
        look = (
            f"id => {{ {NOTEBOOK} {INDEX} const found = notebook.widgets[index].node.{output};"
            " return found?.isConnected && found.offsetHeight && found.innerText.trim(); }"
        )
        for _ in range(SCREEN // GLANCE):
            self.show(cell)  # again: what grows above it may push it out of sight, and off the page
            with contextlib.suppress(TimeoutError):
                return str(self.page.wait_for_function(look, arg=cell, timeout=GLANCE).json_value())
        raise AssertionError(f"nothing to read below {self.cell(cell)}")

    def picture(self, path: Path) -> None:
        """The window."""
        self.page.screenshot(path=path)

    def picture_of(self, path: Path, first: str, height: int = 800) -> None:
        """The notebook without the file browser, from the top of this cell, so many pixels high."""
        size = self.page.viewport_size
        assert size is not None
        self.page.keyboard.press("ControlOrMeta+b")
        self.page.set_viewport_size({"width": size["width"], "height": 2 * height})
        top = self.show(first, "start").bounding_box()
        assert top is not None
        clip = {"x": 0, "y": top["y"], "width": size["width"], "height": height}
        self.page.screenshot(path=path, clip=clip)
        self.page.keyboard.press("ControlOrMeta+b")
        self.page.set_viewport_size(size)

    def _editor(self, cell: str) -> ElementHandle:
        return self.show(cell).wait_for_selector(".cm-content", timeout=SCREEN)

    def _wait(self, condition: str, cell: str = "", timeout: int = CELLS) -> None:
        code = (
            "const code = notebook.widgets.map(each => each.model).filter(m => m.type === 'code')"
        )
        idle = "panel.sessionContext.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(
            f"id => {{ {NOTEBOOK} {code}; return {idle} && {condition}; }}",
            arg=cell,
            timeout=timeout,
        )
