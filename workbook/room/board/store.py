"""What a board remembers, on disk: a row for each person, in SQLite.

The write-ahead log makes a row whole or absent also when the process is killed in the middle. What
a power cut takes with it, each laptop sends again within 15 seconds.
"""

import sqlite3
from pathlib import Path
from typing import Self

from workbook.room.board.people import Person

BUSY_SECONDS = 5.0
SCHEMA = "CREATE TABLE IF NOT EXISTS person (number INTEGER PRIMARY KEY, record TEXT NOT NULL)"
PUT = "INSERT OR REPLACE INTO person (number, record) VALUES (?, ?)"


class Store:
    """The people of one room. OSError or sqlite3.Error where the file cannot be used."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._lines = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._lines.execute("PRAGMA journal_mode = WAL")
        self._lines.execute("PRAGMA synchronous = NORMAL")
        self._lines.execute(SCHEMA)

    def put(self, person: Person) -> None:
        """Remember this person, instead of what was known."""
        self._lines.execute(PUT, (person.number, person.model_dump_json()))

    def people(self) -> list[Person]:
        """Everybody, in the order in which they came."""
        rows = self._lines.execute("SELECT record FROM person ORDER BY number")
        return [Person.model_validate_json(record) for (record,) in rows]

    def close(self) -> None:
        """Let the file go."""
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
