"""One drill that runs, as a notebook holds it: every look at it is noted, with its time."""

import asyncio
import shutil
from datetime import UTC, datetime
from typing import Any

import httpx

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.drills import copies, reports, timeline
from workbook.drills.clients import Clients
from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene, TooBusyError
from workbook.drills.served import AppFailsError, ServedApp
from workbook.evidence import server_log, statements
from workbook.evidence.observe import Observer

TEAMS = (1, 2)
"""The teams as which somebody can log in."""


class Night:
    """The app with a fault in it, its database, and whoever complains."""

    def __init__(self, drill: Drill, app: copies.Texts, url: str, admin_url: str) -> None:
        self.name, self._drill, self._app = drill.name, drill, app
        self.folder = paths.work() / "drills" / drill.name
        """Where the copy of the app lies; nothing of myapp/ is touched."""
        self._texts = copies.broken(app, drill)
        self._served = ServedApp(self.folder, url)
        self._clients = Clients(self._served.port)
        self._observer = Observer(admin_url)
        self._scene = Scene(self._clients.of, admin_url)
        self._asks: dict[int, httpx.AsyncClient] = {}
        self._is_current, self._said, self._seen = False, 0, Seen(())
        self._came, self._log_is_readable = datetime.now(UTC), False
        self._turn = asyncio.Lock()

    # How it begins and ends; `lab.drill`, `%%mend` and `lab.close` do this

    async def begin(self) -> None:
        """Serve the broken app, and let the clients come once; AppFailsError where it cannot."""
        self._write()
        database = await self._observer.value("SELECT current_database()")
        self._log_is_readable = await server_log.enable_statement_log(self._observer, database)
        if self._drill.rows_as_they_lie:
            await self._scene.read_from_the_beginning()
        timeline.note(self.name, "began", "The page: somebody is woken.")
        await self._ready()
        await self._clients.log_in(self._scene, *TEAMS)
        await self._served.settled()
        self._said = len(self._served.log())
        self._seen = await self._calls()

    async def _ready(self) -> None:
        """The app as its files are now: started anew where they have changed."""
        async with self._turn:
            if not self._is_current:
                await self._served.start()
                self._is_current = True

    def mend(self, cell: str) -> list[str]:
        """Put a cell's parts into the broken copy; the files that differ from it now.

        SyntaxError where a part does not fit; then nothing is written.
        """
        made = copies.mended(self._app, self._drill, cell)
        broken = copies.broken(self._app, self._drill)
        serves = [name for name in made if not name.startswith("tests/")]
        if any(made.get(each) != self._texts.get(each) for each in {*serves, *self._texts}):
            self._is_current = False
        self._texts = made
        self._write()
        changed = sorted(name for name, text in made.items() if broken.get(name) != text)
        timeline.note(self.name, "mended", f"Changed {', '.join(changed) or 'nothing'}.")
        return changed

    def is_new(self, path: str) -> bool:
        """Whether the app had no such file, and it is not the test of the drill."""
        return path not in self._app and path != f"tests/test_{self.name}.py"

    def _write(self) -> None:
        """Write the copy anew; its files are to read, and what is mended is mended in a cell."""
        shutil.rmtree(self.folder, ignore_errors=True)
        copies.write(self.folder, self._texts)
        for path in self.folder.rglob("*"):
            if path.is_file():
                path.chmod(0o444)

    async def close(self) -> None:
        """End the app, and let go of the database."""
        await self._clients.close()
        await self._scene.close()
        await self._observer.close()
        await self._served.stop()

    # What there is to look at

    async def again(self) -> Table:
        """Let the clients that complain come once more: what they sent, and what they got."""
        await self._ready()
        await self._served.settled()
        self._said = len(self._served.log())
        self._seen = await self._calls()
        return reports.seen(self._seen)

    async def _calls(self) -> Seen:
        self._came = datetime.now(UTC)
        try:
            seen = await self._drill.calls(self._scene)
        except TooBusyError:
            raise Problem(
                "The requests did not meet: this machine has too much to do. Run this cell again."
            ) from None
        except httpx.HTTPStatusError as error:
            said = f"{error.request.method} {error.request.url.path}: {error.response.status_code}"
            raise AppFailsError(f"The app refuses what comes before that: {said}") from None
        except httpx.TransportError as error:
            name = type(error).__name__
            raise AppFailsError(f"The app has left a request without an answer: {name}") from None
        kind: timeline.Kind = "complaint" if seen.complaint else "quiet"
        timeline.note(self.name, kind, seen.complaint or "The clients have nothing to complain of.")
        return seen

    async def log(self, level: str = "info", in_order: bool = False) -> Table:
        """What the app has logged since the clients came last, or since it began.

        With `level="warning"` only what is one, or worse. What came at once has an order of its
        own each time, and `in_order` sorts it.
        """
        self._look(f"the app's log, from {level} on")
        await self._served.settled()
        return reports.log(self._served.log()[self._said :], level, in_order)

    async def saw(self, by_connection: bool = False) -> Table:
        """The statements that Postgres got since the clients came last, from the server's log."""
        self._look("the server's log")
        if not self._log_is_readable:
            return server_log.LOG_NOT_READABLE
        whole = self._came.replace(microsecond=self._came.microsecond // 1000 * 1000)
        return statements.table(await server_log.statements(self._observer, whole), by_connection)

    @property
    def client(self) -> httpx.AsyncClient:
        """Asks the app as somebody of team 1."""
        return self.client_of(1)

    def client_of(self, team: int) -> httpx.AsyncClient:
        """Asks the app as somebody of this team, 1 or 2; the log-in is done for you."""
        if team not in TEAMS:
            raise Problem(f"There is nobody of team {team} here; there are {TEAMS}.")
        if team not in self._asks:
            self._asks[team] = self._clients.new(team, self._before)
        return self._asks[team]

    async def _before(self, request: httpx.Request) -> None:
        await self._ready()
        self._look(f"{request.method} {request.url.raw_path.decode()}")

    async def ask(self, sql: str, *values: Any) -> Table:
        """The rows of one statement, as the observer sees the drill's database."""
        self._look(sql)
        rows = await self._observer.fetch(sql, *values)
        return reports.rows(rows)

    async def execute(self, sql: str, *values: Any) -> None:
        """Run one statement that changes something, as the observer."""
        timeline.note(self.name, "changed", sql)
        await self._observer.fetch(sql, *values)

    async def activity(self) -> Table:
        """Who is connected to the drill's database, and what each does."""
        self._look("who is connected")
        return await self._observer.activity()

    async def locks(self) -> Table:
        """Who waits for whom in the drill's database."""
        self._look("who waits for whom")
        return await self._observer.locks()

    def read(self, path: str, name: str = "") -> Card:
        """The text of a file of the copy, or of one definition in it."""
        if path not in self._texts:
            raise Problem(f"There is no {path!r} in the copy. night.files() has the names.")
        self._look(f"{path} {name}".strip())
        return Card(f"{path} {name}".strip(), "", reports.text_of(self._texts[path], name))

    def files(self) -> Table:
        """The files of the copy."""
        lines = [(path, text.count("\n")) for path, text in sorted(self._texts.items())]
        return Table(("file", "lines"), lines)

    def timeline(self) -> Table:
        """What was done so far, and when."""
        return reports.done(timeline.read(self.name))

    def _look(self, what: str) -> None:
        timeline.note(self.name, "looked", f"Looked: {what}")

    # How it shows itself

    def _parts(self) -> tuple[Card, Table]:
        return reports.page(self._drill, self.folder), reports.seen(self._seen)

    def __repr__(self) -> str:
        """The page, and what the clients got."""
        return "\n\n".join(map(repr, self._parts()))

    def _repr_html_(self) -> str:
        return "".join(each._repr_html_() for each in self._parts())
