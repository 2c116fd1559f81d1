"""A server of our own, from programs that pip brought: shared, and gone when nobody is left."""

import os
import threading
from pathlib import Path

from workbook.base import paths, settings
from workbook.postgres import probe, process, starting
from workbook.postgres.account import server_account
from workbook.postgres.binaries import find
from workbook.postgres.layout import locate
from workbook.postgres.locks import ServerLock, exclusively
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import ADMIN, APP, Mode, Role


class EmbeddedServer:
    """The server of one folder. Any number of processes may use it; each holds it while it does."""

    kind = "embedded"
    owned, shared = True, False
    maintenance = "postgres"

    def __init__(
        self, folder: Path, *, keep_seconds: int, settings: dict[str, str] | None = None
    ) -> None:
        self._account = server_account()
        self._layout = locate(folder, self._account)
        self._keep_seconds = keep_seconds
        self._settings = settings or {}
        self._hold = ServerLock(self._layout.users)
        self._mutex = threading.RLock()

    @property
    def home(self) -> Path:
        """The folder of this server."""
        return self._layout.home

    @property
    def port(self) -> int:
        """The port on 127.0.0.1, 0 before the first start."""
        return self._layout.port()

    def url(self, database: str = "postgres", *, role: Role = "app") -> str:
        """Return a plain `postgresql://` URL; raises PostgresProblem before the first start."""
        name = ADMIN if role == "admin" else APP
        password = self._layout.password(role)
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{database}"

    def running(self) -> bool:
        """Say whether the server's process lives, even if it is too busy to answer."""
        return process.running(self._layout.data) is not None

    def alive(self) -> bool:
        """Say within two seconds whether the server takes connections."""
        return self.running() and probe.answers("127.0.0.1", self.port)

    def crashed(self) -> bool:
        """Say whether it was killed; its next start clears away what that left."""
        return not self.running() and (self._layout.data / "postmaster.pid").exists()

    def has_reaper(self) -> bool:
        """Say whether the process lives that stops it when nobody is left."""
        return ServerLock(self._layout.reaper).is_taken()

    def start(self) -> None:
        """Hold the server, and start it where it is not running; raises PostgresProblem."""
        with self._mutex:
            self._take_hold()
            try:
                with exclusively(self._layout.starting):
                    self._ensure()
            except BaseException:
                self.release()
                raise

    def stop(self, mode: Mode = "fast") -> None:
        """Stop the server, for everybody who uses it, and let go of it."""
        with self._mutex:
            with exclusively(self._layout.starting):
                process.end(self._layout.data, mode)
            self.release()

    def restart(self, mode: Mode = "fast") -> None:
        """Stop and start on the same port; raises PostgresProblem."""
        with self._mutex:
            self._take_hold()
            with exclusively(self._layout.starting):
                process.end(self._layout.data, mode)
                self._ensure()

    def release(self) -> None:
        """Let go of the server: it stops by itself a while after the last one did."""
        self._hold.free()

    def _ensure(self) -> None:
        starting.ensure_running(self._layout, self._settings, self._account)
        starting.ensure_reaper(self._layout, self._keep_seconds)

    def _take_hold(self) -> None:
        if self._hold.fd is None and not self._hold.take(shared=True, seconds=60.0):
            raise PostgresProblem(
                f"The server in {self.home} has been stopping for a minute. Try again; if that "
                "does not help, restart the machine."
            )


LIBPQ = (
    "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGTARGETSESSIONATTRS", "PGSERVICE",
    "PGSERVICEFILE", "PGCHANNELBINDING", "PGGSSENCMODE", "PGREQUIREAUTH", "PGPASSFILE",
)  # fmt: skip


def of_checkout() -> EmbeddedServer:
    """Return this checkout's embedded server, without starting it; raises PostgresProblem."""
    for name in LIBPQ:  # a person's settings for other servers, which would bend every connection
        os.environ.pop(name, None)
    named = settings.read().cluster
    folder = Path(named) if named else paths.state() / f"postgres-{find()[1]}"
    return EmbeddedServer(folder, keep_seconds=_keep_seconds())


def new_private_cluster(folder: Path, **settings: str | int) -> EmbeddedServer:
    """Return a server of one's own, to start, to restart and to break.

    Settings are PostgreSQL's own, for example `max_connections=10`. Raises PostgresProblem.
    """
    texts = {name: str(value) for name, value in settings.items()}
    return EmbeddedServer(folder, keep_seconds=2, settings=texts)


def _keep_seconds() -> int:
    text = settings.read().keep_seconds
    if not text.isdecimal():
        raise PostgresProblem(
            f"WORKBOOK_KEEP_SECONDS is {text!r}; it takes a whole number of seconds, such as 20. "
            "Correct it or unset it."
        )
    return int(text)
