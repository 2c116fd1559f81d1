"""One time line: the states of a stack's containers, and lines of their logs."""

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.stack.state import LogLine, StateChange, last_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "waiting": "#d9d9d9",
    "starting": "#f6c667",
    "running": "#9ecae1",
    "healthy": "#74c476",
    "unhealthy": "#fc9272",
    "exited": "#bdbdbd",
}
TOLD = re.compile("init process complete|ready to accept connections|startup complete")
"""Lines that are worth a mark."""
LONGEST, NARROW, LEVELS = 48, 0.06, 3
"""Characters of a line; the share of the whole time below which a bar has no name in it; and on how
many heights the lines stand in turn, so that two of one moment can both be read."""


@dataclass(frozen=True)
class StateChart:
    """The states and the log lines of a start; JupyterLab shows the picture."""

    changes: list[StateChange]
    logs: dict[str, list[LogLine]]
    until: float = 0.0
    """When somebody last looked: what did not change until then goes on until then."""

    def __repr__(self) -> str:
        """Whose time line it is."""
        return f"A time line of {', '.join(sorted({each.name for each in self.changes}))}."

    def _repr_png_(self) -> bytes:
        image = io.BytesIO()
        draw(self.changes, self.logs, self.until).savefig(image, format="png", dpi=100)
        return image.getvalue()


def draw(
    changes: list[StateChange], logs: dict[str, list[LogLine]], until: float = 0.0
) -> "Figure":
    """A bar for each state, with its name in it, and a mark for each line that matters."""
    from matplotlib.figure import Figure

    began = min(each.when for each in changes)
    names = sorted({each.name for each in changes}, key=lambda name: _order(changes, name))
    told = {name: _told(changes, logs.get(name, []), name) for name in names}
    moments = [until, *(e.when for e in changes), *(e.when for v in told.values() for e in v)]
    end = max(moments) + 1 - began
    figure = Figure(figsize=(9, 0.6 + 0.9 * len(names)), layout="constrained")
    axes = figure.subplots()
    for row, name in enumerate(names):
        _bars(axes, row, [each for each in changes if each.name == name], began, end)
        _marks(axes, row, told[name], began)
    axes.set(yticks=range(len(names)), yticklabels=names, xlabel="seconds", xlim=(0, 1.15 * end),
             ylim=(-0.5, len(names)))  # fmt: skip
    return figure


def _order(changes: list[StateChange], name: str) -> tuple[float, float]:
    """Who starts first is at the bottom, who never does at the top."""
    own = [each.when for each in changes if each.name == name and each.state.kind != "waiting"]
    return (own[0], 0) if own else (float("inf"), -len(name))


def _bars(axes: "Axes", row: int, own: list[StateChange], began: float, end: float) -> None:
    ends = [*(each.when - began for each in own[1:]), end]
    for change, after in zip(own, ends, strict=True):
        start = change.when - began
        axes.barh(row, after - start, 0.35, start, color=COLOURS[change.state.kind])
        if after - start > NARROW * end:
            axes.annotate(f" {change.state}", (start, row), fontsize=8, va="center")


def _marks(axes: "Axes", row: int, lines: list[LogLine], began: float) -> None:
    for number, line in enumerate(lines):
        axes.plot(line.when - began, row + 0.22, "kv", markersize=4)
        height = row + 0.28 + 0.16 * (number % LEVELS)
        axes.annotate(line.text[:LONGEST], (line.when - began, height), fontsize=7)


def _told(changes: list[StateChange], lines: list[LogLine], name: str) -> list[LogLine]:
    """The lines that matter since the beginning; of one that failed, its last words as it ended."""
    began = min(each.when for each in changes)
    found = [LogLine(each.when, match[0]) for each in lines
             if each.when >= began and (match := TOLD.search(each.text))]  # fmt: skip
    failed = [c for c in changes if c.name == name and c.state.kind == "exited" and c.state.code]
    return found + [LogLine(each.when, last_words(lines)) for each in failed]
