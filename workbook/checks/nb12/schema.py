"""What notebook 12 adds to the tables, for a check whose database begins without it."""

from alembic import command

from workbook.checks.alembic_commands import run_command, runs
from workbook.checks.answer import Answer

HOST = """
ALTER TABLE alert ADD COLUMN IF NOT EXISTS host text GENERATED ALWAYS AS (payload ->> 'host') STORED
"""


async def add_host(answer: Answer) -> None:
    """The column that models of this notebook have, and its first tables have not."""
    await answer.observer.execute(HOST)


async def upgrade(answer: Answer, revision: str = "head") -> None:
    """Run the revisions of the answer up to this one, as the app's role; NotYet where they fail."""
    with runs(answer, f"`alembic upgrade {revision}`"):
        await run_command(command.upgrade, revision)
