"""What `lab` offers for tables: to fill and to draw them; many rows, and what reading costs."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData

from workbook.display import diagram
from workbook.display.table import Table
from workbook.lab import app_files, many_rows, outside_view
from workbook.lab.session import Session

if TYPE_CHECKING:
    from workbook.evidence.memory_use import Way
    from workbook.evidence.plans import Plan


class Tables:
    """A part of `Lab`, which says how a session is had."""

    def _opened(self) -> Session:
        raise NotImplementedError

    # Tables and rows

    async def fill(self, metadata: MetaData, *only: str) -> None:
        """Put Nightwatch's rows into those tables, all or the named, that are empty; count them."""
        await app_files.fill(metadata, only)

    def diagram(self, metadata: MetaData, *only: str) -> "diagram.Diagram":
        """The tables of this metadata, all or the named, and what refers to what."""
        return diagram.of(metadata, *only)

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
