"""The cells that have run since the start, and which of them did more than look."""

import ast
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

from workbook.base.problem import Problem

LOOKS = ("guess", "saw", "served", "explain", "hint", "solution", "others", "review")
"""Methods of `lab` that show what a cell has led to, or say something, and send no statement."""


@dataclass
class CellLog:
    """When each cell began, and its text."""

    cells: list[tuple[datetime, str]] = field(default_factory=list)

    def record(self, info: Any) -> None:
        """Note a cell that begins now; IPython calls this with what it knows of it."""
        self.cells.append((datetime.now(UTC), info.raw_cell or ""))

    def texts(self) -> list[str]:
        """The text of each, in the order in which they ran."""
        return [code for _, code in self.cells]

    def last_action(self) -> tuple[datetime, str]:
        """The last cell that does more than look: when it began, and its text.

        Problem where there is none.
        """
        for began, code in reversed(self.cells):
            if not only_looks(code):
                return began, code
        raise Problem("No cell has run since the start; run one, then look at what it did.")


def only_looks(code: str) -> bool:
    """Whether a cell asks what Postgres or the server saw, and does nothing else.

    It may give what it saw a name, and show what has one.
    """
    try:
        body = ast.parse(dedent(code)).body
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(each, ast.Expr | ast.Assign) and _is_a_look(each.value) for each in body)


def _is_a_look(value: ast.expr) -> bool:
    """A name, `lab.served(…)` or `await lab.saw(…)`, whose arguments call nothing."""
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return isinstance(value, ast.Name)
    given = [*call.args, *(each.value for each in call.keywords)]
    acts = any(isinstance(n, ast.Call | ast.Await) for each in given for n in ast.walk(each))
    return not acts and _is_method(call.func)


def _is_method(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.attr in LOOKS
    )
