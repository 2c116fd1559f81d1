"""A small table that reads well as text and displays well in JupyterLab."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

NO_MATH = "class='mathjax_ignore tex2jax_ignore'"
"""Without it a page that knows TeX reads what is between two `$1` of a statement as a formula."""
MONOSPACE = "font-family:var(--jp-code-font-family,monospace)"


def prose(text: str) -> str:
    """This text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


@dataclass(frozen=True)
class Table:
    """Columns, rows, and a sentence below; its repr is plain text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Aligned text: a line of names, a line a row, then the note."""
        if not self.rows:
            return self.note
        cells = [list(self.columns), *([str(cell) for cell in row] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        return "\n".join(lines + ([self.note] if self.note else []))

    def _repr_html_(self) -> str:
        def row(cells: Sequence[object], tag: str, style: str) -> str:
            style = f"text-align:left;vertical-align:top;{style}"
            inner = "".join(f"<{tag} style='{style}'>{escape(str(c))}</{tag}>" for c in cells)
            return f"<tr>{inner}</tr>"

        head = row(self.columns, "th", "white-space:nowrap")
        body = "".join(row(cells, "td", f"white-space:pre-wrap;{MONOSPACE}") for cells in self.rows)
        table = f"<table><thead>{head}</thead><tbody>{body}</tbody></table>" if self.rows else ""
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"<div {NO_MATH}>{table}{note}</div>"
