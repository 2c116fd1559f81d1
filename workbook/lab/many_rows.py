"""A notebook's database with many alerts: a copy of a template that is made once."""

import contextlib
import shutil
import time

from workbook.base.disk import FULL, is_full
from workbook.base.problem import Problem
from workbook.evidence import server_log
from workbook.lab import app_files, ipython
from workbook.lab.session import Session
from workbook.postgres import EmbeddedServer, PostgresProblem, Server, databases
from workbook.seeds import many, seed

SMALLER = (1_000_000, 200_000, 100_000)
"""What is made where the disk has no room for more; effects are certain down to the last one."""
PARTS = 4
"""Room for a template, its copy, and what PostgreSQL writes into its log meanwhile (WAL)."""
SPARE = 300_000_000
"""Bytes that stay free."""
A_SECOND = 100_000
"""Rows that are made in a second, about."""


async def fill(session: Session, wanted: int) -> None:
    """Give the notebook's database so many alerts, or fewer where the disk has no room for them.

    Everything else in it is as at the start. Says what it takes before it begins. Problem where
    there is no room for the least of them.
    """
    if wanted < many.SMALLEST or wanted % many.SMALLEST:
        raise Problem(f"Ask for a multiple of {many.SMALLEST} alerts: an incident has twenty.")
    for rows in [wanted, *(each for each in SMALLER if each < wanted)]:
        if await _has_room(session, rows) and await _made(session, rows, rows < wanted):
            return
    raise Problem(FULL)


async def _has_room(session: Session, rows: int) -> bool:
    """Whether the disk of a server of this machine has room for it; of another nobody knows."""
    parts = PARTS
    if await databases.has_template(session.server, *_template(session, rows)):
        parts = 1
    free = _free(session.server)
    return free is None or free > parts * rows * many.A_ROW + SPARE


def _free(server: Server) -> int | None:
    """Bytes that are free where the embedded server keeps its data."""
    return shutil.disk_usage(server.home).free if isinstance(server, EmbeddedServer) else None


def _template(session: Session, rows: int) -> tuple[str, str]:
    """The name of the template, and the SQL that makes it."""
    return f"{session.prefix}_many_{rows}", many.after(seed(session.number).sql, rows)


async def _made(session: Session, rows: int, is_less: bool) -> bool:
    """Make it, and say so; False where the disk was full before it was made."""
    why = " (the disk has no room for more)" if is_less else ""
    print(
        f"{rows:,} alerts{why}: ≈ {rows * many.A_ROW / 1e6:.0f} MB, "
        f"and ≈ {rows / A_SECOND:.0f} seconds the first time."
    )
    try:
        name, sql = _template(session, rows)
        await databases.ensure_template(
            session.server, name, sql, _Progress(len(many.statements(rows)))
        )
        await _replace(session, rows)
    except Exception as error:
        if is_full(error):
            return False
        raise
    print(f"The database has them, in {await session.observer.count('incident'):,} incidents.")
    return True


class _Progress:
    """Says how far it is, on a line that goes at the end, where it can be brought up to date.

    What runs a notebook to compare its outputs finds nothing of it in them.
    """

    def __init__(self, statements: int) -> None:
        self._statements, self._told = statements, 0
        self._line = f"rows-{time.monotonic_ns()}"

    def __call__(self, done: int, of: int) -> None:
        """So many statements are done; the last ones of them make the rows."""
        tenths = 10 * (done - of + self._statements) // self._statements
        if tenths > self._told:
            self._show("" if tenths == 10 else f"{tenths}0 % of it is made")
            self._told = tenths

    def _show(self, text: str) -> None:
        if ipython.cell_id() and (shell := ipython.current_shell()) is not None:
            shown = {"display_id": self._line}
            shell.display_pub.publish({"text/plain": text}, transient=shown, update=self._told > 0)


async def _replace(session: Session, rows: int) -> None:
    """A copy of the template in place of the notebook's database; at the end it goes."""
    await app_files.dispose_engine()
    await session.observer.close()
    await databases.recreate(session.server, session.database, _template(session, rows)[0])
    await server_log.enable_statement_log(session.observer, session.database)
    if not session.is_large:
        session.is_large = True
        session.resources.push_async_callback(_drop, session)


async def _drop(session: Session) -> None:
    """Remove the database, which is large; the template stays for the next time."""
    if not session.ownership.taken():
        with contextlib.suppress(PostgresProblem):  # the server may be gone
            await databases.drop(session.server, session.database)
