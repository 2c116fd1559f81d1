"""What a page shows of a terminal: what is typed, and what is seen then.

A `console` block has a line for each thing that is typed, behind `$` in a terminal and behind `=>`
in psql, and below it what is shown. A word before that sign names the window, where there are
several.
`...` stands for whatever comes there. What ends with `-- waits` shows nothing yet: what it shows
comes with the next line of its window.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, Example, OutputChecker

PROMPT = re.compile(r"^(?P<window>[a-z]*)(?:\$|=>) (?P<typed>.*)$")
WAITS = "-- waits"
HOW = ELLIPSIS | NORMALIZE_WHITESPACE


@dataclass
class Step:
    """What is typed in a window, and what it shows."""

    window: str
    typed: str
    shown: str = ""

    @property
    def waits(self) -> bool:
        """Whether it shows nothing until another window lets it go on."""
        return self.typed.endswith(WAITS)


def steps(block: str) -> Iterator[Step]:
    """The steps of a block in order; ValueError where it begins with something else."""
    step: Step | None = None
    for line in block.splitlines():
        if found := PROMPT.match(line):
            if step:
                yield step
            step = Step(found["window"], found["typed"])
        elif step:
            step.shown += f"{line}\n"
        else:
            raise ValueError(f"a block begins with {line!r}, which nobody types")
    if step:
        yield step


def difference(typed: str, wanted: str, got: str) -> str:
    """What is seen in the place of what the page says; empty where it is that."""
    checker, example = OutputChecker(), Example(typed, wanted)
    same = checker.check_output(example.want, f"{got.strip()}\n" if got.strip() else "", HOW)
    told = checker.output_difference(example, got, HOW)
    return "" if same else f"{typed}\n{told}"
