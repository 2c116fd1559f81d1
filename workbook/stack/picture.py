"""One time line: the states of a stack's containers, and lines of their logs."""

import re
from typing import TYPE_CHECKING

from workbook.stack.state import Change, Line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "waiting": "#d9d9d9",
    "starting": "#f6c667",
    "running": "#9ecae1",
    "healthy": "#74c476",
    "unhealthy": "#fc9272",
    "exited": "#bdbdbd",
}
TOLD = re.compile(
    "init process complete|ready to accept connections|Running upgrade|startup complete|Error|FATAL"
)
"""Lines that are worth a mark."""
LONGEST = 44


def draw(changes: list[Change], logs: dict[str, list[Line]]) -> "Figure":
    """A bar for each state, with its name in it, and a mark for each line that matters."""
    from matplotlib.figure import Figure

    names = sorted({each.name for each in changes}, reverse=True)
    began = min(each.when for each in changes)
    told = {name: _told(logs.get(name, []), began) for name in names}
    end = max([*(each.when for each in changes), *(e.when for v in told.values() for e in v)]) + 1
    figure = Figure(figsize=(9, 0.6 + 0.9 * len(names)), layout="constrained")
    axes = figure.subplots()
    for row, name in enumerate(names):
        own = [each for each in changes if each.name == name]
        for change, after in zip(own, [*(each.when for each in own[1:]), end], strict=True):
            start, length = change.when - began, after - change.when
            axes.barh(row, length, 0.35, start, color=COLOURS[change.state.kind])
            axes.annotate(str(change.state), (start, row), fontsize=8, va="center")
        for line in told[name]:
            axes.plot(line.when - began, row + 0.22, "kv", markersize=4)
            axes.annotate(line.text, (line.when - began, row + 0.28), fontsize=7)
    axes.set(yticks=range(len(names)), yticklabels=names, xlabel="seconds", ylim=(-0.5, len(names)))
    return figure


def _told(lines: list[Line], began: float) -> list[Line]:
    """The first line of each kind that matters, since the beginning and cut to a length."""
    seen: dict[str, Line] = {}
    for each in lines:
        found = TOLD.search(each.text)
        if found and each.when >= began - 1:
            text = each.text[found.start() :][:LONGEST]
            seen.setdefault(found[0], Line(max(each.when, began), text))
    return list(seen.values())
