"""What every server can do, wherever it comes from."""

from typing import Literal, Protocol

Role = Literal["app", "admin"]
Mode = Literal["fast", "immediate"]

ADMIN = "workbook"
APP = "nightwatch"

# What the lab relies on: throw-away data, and statements that can be read back with pg_read_file.
SETTINGS: dict[str, str] = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "max_connections": "50",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_directory": "log",
    "log_filename": "postgres.log",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
}


class Server(Protocol):
    """A PostgreSQL server, version 15 or later, in which the workbook may create databases."""

    kind: str
    """Where it comes from, for people: "embedded", "url", "compose" or "testcontainers"."""

    owned: bool
    """Whether the workbook made it, and may stop it."""

    shared: bool
    """Whether others may keep databases there: a mark then says whose a database is.

    One that is not shared loses nothing that matters, and all its users are on this machine.
    """

    maintenance: str
    """The database to connect to for questions about the server itself."""

    def url(self, database: str = "postgres", *, role: Role = "app") -> str:
        """Return a plain `postgresql://` URL, password included."""
        ...

    def alive(self) -> bool:
        """Say within two seconds whether the server takes connections."""
        ...

    def start(self) -> None:
        """Start the server where it is not running; raises PostgresProblem."""
        ...

    def stop(self, mode: Mode = "fast") -> None:
        """Stop the server; raises PostgresProblem where it is not ours to stop."""
        ...

    def release(self) -> None:
        """Give up this process's hold on the server, if it has one."""
        ...
