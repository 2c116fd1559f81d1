"""What notebook 12 adds to the tables, for a check whose database begins without it."""

from alembic import command

from workbook.checks.alembic_commands import run_command, runs
from workbook.checks.answer import Answer
from workbook.checks.connections import own_connection
from workbook.checks.verdict import CannotJudge

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


async def needs_a_plain_role(answer: Answer) -> None:
    """CannotJudge where the app's role is one that no policy holds: a server of the learner's."""
    held = "SELECT NOT rolsuper AND NOT rolbypassrls FROM pg_roles WHERE rolname = current_user"
    async with own_connection(answer) as app:
        if not await app.fetchval(held):
            raise CannotJudge(
                "The role of WORKBOOK_DATABASE_URL is a superuser, or has BYPASSRLS, and no policy "
                "holds it. Give this URL in WORKBOOK_ADMIN_URL, and a plain role's in the other."
            )
