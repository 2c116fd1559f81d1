"""A head and labelled lines behind a coloured bar: the form of every verdict."""

from collections.abc import Collection, Iterable
from html import escape

from workbook.display.table import MONOSPACE, NO_MATH, prose

PLAIN = "var(--jp-border-color0,#8c8c8c)"
WARN = "var(--jp-warn-color1,#b35900)"
GOOD = "var(--jp-success-color1,#1a7f37)"
BROKEN = "var(--jp-error-color1,#8250df)"
"""Colours of the bar; the head says the same in words."""
Lines = Iterable[tuple[str, str]]
"""Label and text of each line."""


def text(head: str, lines: Lines) -> str:
    """The head, then one labelled line for each thing to know."""
    every = list(lines)
    width = max((len(label) for label, _ in every), default=0)
    return "\n".join([head, *(f"  {label:<{width}}  {said}" for label, said in every)])


def html(
    colour: str, verdict: str, about: str, lines: Lines, code: Collection[str] = frozenset()
) -> str:
    """The same as HTML; `code` names the labels whose lines are code."""
    return (
        f"<div {NO_MATH} style='border-left:4px solid {colour};padding-left:12px'>"
        f"<strong>{verdict}</strong> · {escape(about)}"
        f"<table>{''.join(_row(label, said, label in code) for label, said in lines)}</table></div>"
    )


def _row(label: str, said: str, is_code: bool) -> str:
    """One line; a background of its own, or every second one is striped and a pointer paints it."""
    both = "text-align:left;vertical-align:top"
    font = f";{MONOSPACE}" if is_code else ""
    return (
        "<tr style='background:transparent'>"
        f"<th style='{both};white-space:nowrap'>{escape(label)}</th>"
        f"<td style='{both};white-space:pre-wrap{font}'>{prose(said)}</td></tr>"
    )
