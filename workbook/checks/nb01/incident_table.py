"""The one table that the checks of notebook 01 write to."""

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbook.checks.answer import Answer

INSERT_INCIDENT = text("INSERT INTO incident (title) VALUES ('Checkout answers 500')")

UNIQUE_AT_COMMIT = (
    "TRUNCATE incident; ALTER TABLE incident ADD CONSTRAINT once"
    " UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"
)
"""A rule that COMMIT checks, so that it is COMMIT which fails."""


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
