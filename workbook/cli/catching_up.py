"""What `wb catch-up` says: which files it wrote, the way back, and what comes next."""

import textwrap
from collections.abc import Iterable

from workbook.workspace.rebuild import Rebuilt

WIDTH = 100


def lines(number: str, done: Rebuilt) -> list[str]:
    """Every line of the page."""
    changed = bool(done.rebuilt or done.later)
    back = "What you had is kept. " if done.kept else ""
    return [
        *_listed(f"As notebook {number} needs it:", done.rebuilt),
        *_listed(f"Taken away, since a notebook from {number} on writes it:", done.later),
        f"Right already: {len(done.found)}. Written: {len(done.rebuilt)}."
        f" Taken away: {len(done.later)}.",
        *([f"{back}Back: ./wb undo"] if changed else []),
        f"Next: ./wb lab {number}, and run the notebook's first cell.",
    ]


def _listed(title: str, names: Iterable[str]) -> list[str]:
    """The title, then the files below `work/`, as many in a line as fit."""
    text = ", ".join(f"myapp/{name}" for name in names)
    wrapped = textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [title, *(f"  {line}" for line in wrapped)] if text else []
