"""What the methods of `lab` share while a notebook is open."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from workbook import material, postgres
from workbook.base.problem import Problem
from workbook.checks.checking import Checks
from workbook.evidence.observe import Observer
from workbook.lab import ipython
from workbook.lab.cells import CellLog
from workbook.lab.ownership import Ownership
from workbook.postgres import names
from workbook.questions import Guesses

if TYPE_CHECKING:
    from workbook.drills.night import Night
    from workbook.evidence.app_server import AppServer


class Session:
    """One notebook's server, databases, checks and cells, and what must be closed at its end."""

    def __init__(self, book: material.Notebook, server: postgres.Server) -> None:
        self.book, self.server = book, server
        self.number = book.number
        self.prefix = names.prefix()
        self.database = f"{self.prefix}_{self.number}"
        self.empty_database = f"{self.database}_empty"
        self.tests_database = f"{self.database}_tests"
        self.drill_database = f"{self.database}_drill"
        self.observer = Observer(server.url(self.database, role="admin"))
        self.checks = Checks(server, self.number, self.prefix)
        self.cells = CellLog()
        self.guesses = Guesses(book, lambda marked: ipython.show(marked, "guess"))
        self.app_servers: list[AppServer] = []
        """Those that cells have started; their exchanges outlive them."""
        self.night: Night | None = None
        """The drill that runs."""
        self.unwritten: dict[str, str] = {}
        """Drill → why the last cell with its test was not written into its copy."""
        self.ownership = Ownership(self.database)
        self.log_is_readable = False
        self.is_large = False
        """Whether its database has so many rows that it goes at the end."""
        self.resources = AsyncExitStack()
        """Whoever makes something that must be closed pushes its end; the newest ends first."""
        self._is_open = True
        self._ends: set[Callable[[], None]] = set()

    def second_databases(self) -> tuple[str, str, str]:
        """The databases beside the notebook's own."""
        return self.empty_database, self.tests_database, self.drill_database

    def must_be_open(self) -> None:
        """Problem where the notebook was closed, or where its server has stopped."""
        if not self._is_open:
            raise Problem("This lab is closed. Run the start cell of the notebook again.")
        if not self.server.alive():
            raise Problem(postgres.SERVER_GONE)

    def must_have_its_database(self) -> None:
        """Problem where another kernel has started this notebook since, and has its database."""
        if taken := self.ownership.taken():
            raise Problem(taken)

    def end_once(self, end: Callable[[], None]) -> None:
        """Have this called at the end, once, however often it is asked for."""
        if end not in self._ends:
            self._ends.add(end)
            self.resources.callback(end)

    async def close(self) -> None:
        """End everything that was made here; an error of one leaves none of the others open."""
        self._is_open = False
        await self.resources.aclose()
