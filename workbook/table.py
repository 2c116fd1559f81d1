"""A small table that reads well as text and displays well in JupyterLab."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


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
        def row(cells: Sequence[object], tag: str) -> str:
            style = "text-align:left;white-space:pre-wrap"
            inner = "".join(f"<{tag} style='{style}'>{escape(str(c))}</{tag}>" for c in cells)
            return f"<tr>{inner}</tr>"

        body = "".join(row(cells, "td") for cells in self.rows)
        table = f"<table>{row(self.columns, 'th')}{body}</table>" if self.rows else ""
        return table + (f"<p>{escape(self.note)}</p>" if self.note else "")
