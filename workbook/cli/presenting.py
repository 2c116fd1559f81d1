"""`wb present`: a notebook on a projector, in large type, with nothing beside it."""

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


def present(number: str, port: int | None, browser: bool, solved: bool) -> int:
    """Start JupyterLab for a projector at this notebook, and stay until Ctrl-C; the exit code."""
    if running := jupyter.running():
        raise Problem(
            "JupyterLab is already running for this folder, in its usual type. Press Ctrl-C in its "
            f"own terminal (process {running.pid}), and then run this again."
        )
    page = _solved(number) if solved else None
    return launch.lab(number, port, browser, None, LOOK, page)


def _solved(number: str) -> str:
    """A fresh copy of the solved notebook, with its outputs, below the folder that is served."""
    name = f"{material.notebook(number).stem}.ipynb"
    files.write(paths.work() / SOLVED / name, (paths.ROOT / "solutions" / name).read_bytes())
    return f"{SOLVED}/{name}"
