"""The one table that the checks of notebook 01 write to."""

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbook.checks.answer import Answer, expect_state
from workbook.checks.verdict import NotYet

INSERT_INCIDENT = text("INSERT INTO incident (title) VALUES ('Checkout answers 500')")

UNIQUE_AT_COMMIT = (
    "TRUNCATE incident; ALTER TABLE incident ADD CONSTRAINT once"
    " UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"
)
"""A rule that COMMIT checks, so that it is COMMIT which fails."""

LONG = "Queue grows, and nobody reads from it. " * 10
"""A title of 390 characters: the column is a text, and nobody says how long one may be."""


class _Base(DeclarativeBase):
    """Models of these checks only."""


class Incident(_Base):
    """A row of the table, as an object of the session."""

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


async def create_incident_table(answer: Answer) -> None:
    """Make the table that the units of work write to."""
    await answer.observer.execute(
        "CREATE TABLE incident (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,"
        " title text NOT NULL);"
        " GRANT ALL ON incident TO PUBLIC; GRANT ALL ON SEQUENCE incident_id_seq TO PUBLIC"
    )


async def count_incidents(answer: Answer) -> int:
    """How many rows everybody sees."""
    count: int = await answer.observer.fetchval("SELECT count(*) FROM incident")
    return count


async def expect_whole(answer: Answer, call: str) -> None:
    """The long title is stored as it was given, to its last character."""
    stored: str = await answer.observer.fetchval("SELECT title FROM incident ORDER BY id DESC")
    if stored and stored != LONG and LONG.startswith(stored):
        raise NotYet.looked_at(
            f"the title of the row, after {call}",
            got=f"the first {len(stored)} of its characters",
            wanted=f"all {len(LONG)} of them",
            ask="who says how long a title may be?",
        )
    expect_state(f"the title of the row, after {call}", stored, LONG)
