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

    async def ask(cell: Any, cell_index: int, execute_reply: Any) -> None:
        await _ask(client.kc, cell, f"{name}: cell {cell['id']}")

    client.on_cell_executed = ask
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        shown = output_masking.ANSI.sub("", str(error))[-2000:]
        raise Problem(f"{name}: a cell failed that certifies no error.\n{shown}") from None
    for complaint in complaints(notebook.cells):
        raise Problem(f"{name}: {complaint}")


async def _ask(kernel: Any, cell: Any, where: str) -> None:
    """Problem where the kernel denies what a sentence says of the cell that it has run."""
    for sentence, question in questions(cell):
        reply = await kernel.execute(
            question, silent=True, store_history=False, reply=True, timeout=CELL_SECONDS
        )
        if said := denied(reply):
            raise Problem(f"{where}: the lesson says {sentence!r}, and {said}.")


def questions(cell: Any) -> list[tuple[str, str]]:
    """Each sentence that speaks of this cell, and code that fails where it is false."""
    told = cell["metadata"].get("nightwatch", {}).get("holds", [])
    return [(each["sentence"], f"assert (\n{each['expression']}\n)") for each in told]


def denied(reply: dict[str, Any]) -> str:
    """What a kernel answered to such a question where it is not so; empty where it is."""
    content = reply["content"]
    if content["status"] == "ok":
        return ""
    false = content["ename"] == "AssertionError"
    return "it is false" if false else f"{content['ename']}: {content['evalue']}"


def complaints(cells: list[Any]) -> list[str]:
    """A sentence for each certified failure that did not fail, or failed differently."""
    return [
        complaint
        for cell in cells
        if "raises" in (promise := cell["metadata"].get("nightwatch", {}))
        and (complaint := _broken(promise, cell))
    ]


def refused(cells: list[Any]) -> list[str]:
    """A sentence for each check that does not say RIGHT: in a solved notebook none may be there."""
    checks = [cell for cell in cells if cell["source"].startswith("await lab.check(")]
    shown = [(cell, "".join(_text(each) for each in cell["outputs"])) for cell in checks]
    return [
        f"{cell['source']} refuses the solution: {text[:2000]}"
        for cell, text in shown
        if not text.startswith("RIGHT")
    ]


def _broken(promise: dict[str, str], cell: Any) -> str:
    kind, says = promise["raises"], promise.get("says", "")
    if promise.get("printed"):
        text = "".join(_text(each) for each in cell["outputs"])
        found = re.search(rf"{re.escape(kind)}: .*{re.escape(says)}", text) is not None
        return "" if found else f"cell {cell['id']} promises to print {kind}"
    errors = [each for each in cell["outputs"] if each["output_type"] == "error"]
    if not errors:
        return f"cell {cell['id']} promises {kind}, and nothing was raised"
    name, message = errors[0]["ename"], errors[0]["evalue"]
    if name == kind and says in message:
        return ""
    said = f"saying {says!r}, and raised {name}: {message}"
    return f"cell {cell['id']} promises {kind} {said}"


def _text(output: Any) -> str:
    """What it printed or showed: a text, or in a file its lines."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
