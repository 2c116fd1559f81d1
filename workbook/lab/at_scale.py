"""What `lab` offers where rows are many: to make them, to explain a query, to measure reading."""

from typing import TYPE_CHECKING, Any

from workbook.display.table import Table
from workbook.lab import many_rows, outside_view
from workbook.lab.session import Session

if TYPE_CHECKING:
    from workbook.evidence.memory_use import Way
    from workbook.evidence.plans import Plan


class AtScale:
    """A part of `Lab`, which says how a session is had."""

    def _opened(self) -> Session:
        raise NotImplementedError

    async def rows(self, number: int) -> None:
        """Give this notebook's database so many alerts, made by PostgreSQL; the rest is fresh."""
        await many_rows.fill(self._opened(), number)

    async def plan(self, query: Any, *values: Any, team: int = 1) -> "Plan":
        """How PostgreSQL runs a query, SQL or SQLAlchemy's, as the app for this team; undone."""
        return await outside_view.plan(self._opened(), query, values, team)

    async def memory(self, *ways: "Way", team: int = 1) -> Table:
        """How much memory each function takes, which gets a session and returns a count of rows.

        Each runs in a fresh process, with the cell that defines it.
        """
        return await outside_view.memory(self._opened(), ways, team)
