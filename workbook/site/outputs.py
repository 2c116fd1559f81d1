"""Stored outputs as a page shows them: tables that say what their heads are for, diagrams drawn."""

import re
from typing import Any

from workbook.site.diagrams import Diagrams

MERMAID, HTML, TEXT, PLOT = "text/vnd.mermaid", "text/html", "text/plain", "image/png"
AXIS = re.compile(r'[xy]label=f?"([^"]+)"')
HEAD = re.compile(r"(<thead>.*?</thead>)", re.S)
Output = dict[str, Any]


def shown(output: Output, diagrams: Diagrams) -> Output:
    """One output for the page; the notebook's own is left as it is."""
    data = output.get("data", {})
    if MERMAID in data:
        drawn = diagrams.figure(joined(data[MERMAID]), joined(data[TEXT]))
        return output | {"data": {HTML: drawn, TEXT: data[TEXT]}}
    if HTML in data:
        return output | {"data": data | {HTML: with_scopes(joined(data[HTML]))}}
    return output


def is_mark(output: Output) -> bool:
    """Whether it says what became of a prediction, which a page has behind a click."""
    return bool(output.get("metadata", {}).get("nightwatch") == "guess")


def with_scopes(html: str) -> str:
    """A table whose head cells say that they speak of a column, and the others of a row."""
    return "".join(
        part.replace("<th ", f"<th scope='{'col' if part.startswith('<thead>') else 'row'}' ")
        for part in HEAD.split(html)
    )


def in_words(source: str, outputs: list[Output]) -> str:
    """What a plot below this code shows, for those who do not see it; empty where there is none."""
    drawn = [each["data"] for each in outputs if PLOT in each.get("data", {})]
    if not drawn:
        return ""
    said = joined(drawn[0][TEXT])
    axes = ", ".join(dict.fromkeys(AXIS.findall(source)))
    return said if said[0] != "<" else f"A plot of {axes}; its numbers are printed beside it."


def joined(data: str | list[str]) -> str:
    """A text of a notebook's file, which may be a list of lines there."""
    return data if isinstance(data, str) else "".join(data)
