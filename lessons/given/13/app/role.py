"""The role of the app, which uses tables and owns none: `python -m app.role`, as their owner."""

import asyncio

from pydantic import SecretStr
from pydantic_settings import BaseSettings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Reader, engine

ROLE = "nightwatch_app"
GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
    f"""DO $$ BEGIN
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {ROLE}', current_database());
    END $$""",
    f"REVOKE ALL ON alembic_version FROM {ROLE}",
)
TURN = "SELECT pg_advisory_xact_lock(27183)"
PASSWORD = text("SELECT set_config('app.password', :password, true)")
LOGIN = text(f"""
DO $$ BEGIN
    EXECUTE format('ALTER ROLE {ROLE} LOGIN PASSWORD %L', current_setting('app.password'));
END $$""")
"""The password is no part of the statement: where it fails, the error shows the statement."""


class Unheld(Exception):
    """This login is one that no policy holds: whoever asks would see the rows of every team."""


async def must_be_held(db: Reader) -> None:
    """Refuse to go on as a superuser, or with BYPASSRLS: both pass every policy by."""
    if not await db.scalar(text("SELECT row_security_active('team')")):
        raise Unheld(f"no policy holds the login of DATABASE_URL: use {ROLE}, or no superuser")


class RoleSettings(BaseSettings):
    """What the role gets; where nothing is said, somebody else makes it, and its password."""

    app_password: SecretStr | None = None


async def make(connection: AsyncConnection) -> None:
    """Make the role, which belongs to the server: another database may have it already."""
    there = text("SELECT count(*) FROM pg_roles WHERE rolname = :role")
    if not await connection.scalar(there, {"role": ROLE}):
        await connection.execute(text(f"CREATE ROLE {ROLE}"))


async def grant(connection: AsyncConnection) -> None:
    """Let the role use every table that the migrations have made, and nothing else."""
    for each in GRANTS:
        await connection.execute(text(each))


async def main() -> None:
    """Make the role, let it log in with its password of today, and let it use the tables."""
    password = RoleSettings().app_password
    async with engine.begin() as connection:
        await connection.execute(text(TURN))
        if password is not None:
            await make(connection)
            await connection.execute(PASSWORD, {"password": password.get_secret_value()})
            await connection.execute(LOGIN)
        await grant(connection)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
