"""Outputs that stay the same: clean what a run adds, mask what may differ, keep what is equal."""

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbval.plugin import coalesce_streams, get_sanitize_patterns

RULES = Path(__file__).with_name("sanitize.cfg")
PICTURES = {"image/png"}
"""A plot of measured times is another one each time; the line of text beside it is compared."""
ANSI = re.compile(r"\x1b\[[\d;]*m")


@cache
def patterns() -> tuple[tuple[str, str], ...]:
    """The masking rules, in order: regular expression and replacement."""
    return tuple(get_sanitize_patterns(RULES.read_text("utf-8")))


def masked(value: Any) -> Any:
    """The same value with every volatile piece of text replaced."""
    if isinstance(value, str):
        for pattern, replacement in patterns():
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items() if key not in PICTURES}
    return value


def clean(notebook: nbformat.NotebookNode) -> None:
    """Take out what differs between two runs by nature: times, colours, counts, paths in errors."""
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), 1):
        cell.metadata.pop("execution", None)
        cell.execution_count = count
        cell.outputs = coalesce_streams(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if output.output_type == "stream" and output.name == "stderr":
                output.text = masked(output.text)
            if output.output_type == "error":
                output.traceback = [masked(ANSI.sub("", line)) for line in output.traceback]
                output.evalue = masked(output.evalue)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)


def keep_equal(new: list[Any], old: list[Any]) -> int:
    """Keep each old output that equals the new one once masked; how many are new."""
    stored = {cell["id"]: cell for cell in old}
    changed = 0
    for cell in new:
        before = stored.get(cell["id"])
        if before and before["source"] == cell["source"] and _same(before, cell):
            cell["outputs"] = copy.deepcopy(before["outputs"])
        else:
            changed += 1
    return changed


def _same(one: Any, other: Any) -> bool:
    return _plain(one["outputs"]) == _plain(other["outputs"])


def _plain(outputs: Any) -> str:
    return json.dumps(masked(json.loads(json.dumps(outputs))), sort_keys=True)


def text(notebook: nbformat.NotebookNode) -> str:
    """The notebook as it is stored: sorted keys, one-space indent, a newline at the end."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False)) + "\n"
