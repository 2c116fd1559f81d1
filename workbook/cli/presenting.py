"""`wb present`: a notebook on a projector, in large type, with nothing beside it."""

from dataclasses import replace
from typing import Any

from workbook import material
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli import jupyter, launch
from workbook.workspace import files

SOLVED = "solved"
"""The folder of the copies."""

STYLE = """\
/* As large as lets a line of 90 characters stand in the window, whatever its width. */
body {
  --jp-code-font-size: clamp(16px, 1.55vw, 34px);
  --jp-content-font-size1: clamp(17px, 1.7vw, 38px);
  --jp-ui-font-size1: clamp(13px, 1vw, 20px);
  --jp-cell-prompt-width: calc(3.5 * var(--jp-code-font-size));
}
/* A table, as a verdict is one: else it has the size of the menus. */
body .jp-RenderedHTMLCommon table {
  font-size: var(--jp-content-font-size1);
}
"""
SETTINGS: dict[str, dict[str, Any]] = {
    "application-extension/shell": {"startMode": "single"},
    "statusbar-extension/plugin": {"visible": False},
}
AWAY = {"collapsed": True, "visible": False, "widgets": []}
LOOK = jupyter.Look(
    "present",
    jupyter.SETTINGS | SETTINGS,
    jupyter.STYLE + STYLE,
    {"layout-restorer:data": {"left": AWAY, "right": AWAY, "relativeSizes": [0, 1, 0]}},
)


BESIDE_STYLE = """\
/* Two notebooks share the width, and each has lines of 90 characters. */
body {
  --jp-code-font-size: clamp(11px, 0.72vw, 20px);
  --jp-content-font-size1: clamp(12px, 0.8vw, 22px);
}
"""


def present(
    number: str, port: int | None, browser: bool, solved: bool, beside: bool = False
) -> int:
    """Start JupyterLab for a projector at this notebook, and stay until Ctrl-C; the exit code.

    With `beside` the solved notebook stands to its right.
    """
    if running := jupyter.running():
        raise Problem(
            "JupyterLab is already running for this folder, in its usual type. Press Ctrl-C in its "
            f"own terminal (process {running.pid}), and then run this again."
        )
    page = _solved(number) if solved or beside else None
    if beside and page:
        own = f"{material.notebook(number).stem}.ipynb"
        return launch.lab(number, port, browser, None, _both(own, page))
    return launch.lab(number, port, browser, None, LOOK, page)


def _both(*pages: str) -> jupyter.Look:
    """The look with these notebooks side by side, the first one in front."""
    names = [f"notebook:{each}" for each in pages]
    areas = [{"type": "tab-area", "currentIndex": 0, "widgets": [each]} for each in names]
    shares = [1 / len(areas) for _ in areas]
    dock = {"type": "split-area", "orientation": "horizontal", "sizes": shares, "children": areas}
    restored = {"main": {"dock": dock, "current": names[0]}}
    opened = {
        name: {"data": {"path": page, "factory": "Notebook"}}
        for name, page in zip(names, pages, strict=True)
    }
    layout = {"layout-restorer:data": {**LOOK.layout["layout-restorer:data"], **restored}, **opened}
    settings = {**LOOK.settings, "application-extension/shell": {"startMode": "multiple"}}
    return replace(
        LOOK, folder="beside", settings=settings, style=LOOK.style + BESIDE_STYLE, layout=layout
    )


def _solved(number: str) -> str:
    """A fresh copy of the solved notebook, with its outputs, below the folder that is served.

    Its name says what it is, for beside the notebook both names stand on tabs.
    """
    stem = material.notebook(number).stem
    page = f"{SOLVED}/{stem}.{SOLVED}.ipynb"
    files.write(paths.work() / page, (paths.ROOT / "solutions" / f"{stem}.ipynb").read_bytes())
    return page
