"""Executing a notebook as CI does, and what its errors must be."""

import re
import subprocess
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from workbook.authoring import output_masking
from workbook.base.problem import Problem

CELL_SECONDS = 60


def execute(notebook: nbformat.NotebookNode, name: str, environment: dict[str, str]) -> None:
    """Run every cell in a new kernel, and fill in the outputs; Problem at the first surprise."""
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False
    )
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        shown = output_masking.ANSI.sub("", str(error))[-2000:]
        raise Problem(f"{name}: a cell failed that certifies no error.\n{shown}") from None
    for complaint in complaints(notebook.cells):
        raise Problem(f"{name}: {complaint}")


def complaints(cells: list[Any]) -> list[str]:
    """A sentence for each certified failure that did not fail, or failed differently."""
    return [
        complaint
        for cell in cells
        if "raises" in (promise := cell["metadata"].get("nightwatch", {}))
        and (complaint := _broken(promise, cell))
    ]


def _broken(promise: dict[str, str], cell: Any) -> str:
    errors = [each for each in cell["outputs"] if each["output_type"] == "error"]
    if promise.get("printed"):
        text = "".join(_text(each) for each in cell["outputs"])
        said = rf"{re.escape(promise['raises'])}: .*{re.escape(promise['says'])}"
        found = re.search(said, text) is not None
        return "" if found else f"cell {cell['id']} promises to print {promise['raises']}"
    if not errors:
        return f"cell {cell['id']} promises {promise['raises']}, and nothing was raised"
    name, message = errors[0]["ename"], errors[0]["evalue"]
    if name != promise["raises"] or promise["says"] not in message:
        return (
            f"cell {cell['id']} promises {promise['raises']} saying {promise['says']!r},"
            f" and raised {name}: {message}"
        )
    return ""


def _text(output: Any) -> str:
    """What it printed or showed: a text, or in a file its lines."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
