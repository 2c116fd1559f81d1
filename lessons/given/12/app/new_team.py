"""A new team and its first lead: `python -m app.new_team NAME EMAIL`, and a password when asked."""

import argparse
import asyncio
import sys
from getpass import getpass

from sqlalchemy.ext.asyncio import AsyncSession

from app.database import engine, transact
from app.passwords import hashed
from app.repositories import teams, users
from app.role import Unheld, must_be_held
from app.schemas import PasswordIn, TeamIn, UserIn


async def found(name: str, email: str, password: str) -> users.Shown:
    """Make the team and its lead, in one unit of work; return who can log in now."""
    stored = await hashed(PasswordIn(password=password).password.get_secret_value())

    async def work(session: AsyncSession) -> users.Shown:
        await must_be_held(session)
        team = await teams.add(session, TeamIn(name=name))
        new = UserIn(name=email, email=email, login=email, team_id=team.id)
        user = await users.add(session, new)
        await users.give_role(session, user.id, "lead")
        await users.set_password(session, user.id, stored)
        return user

    return await transact(work)


async def main() -> None:
    """Read what is wanted, do it, and say how to log in."""
    parser = argparse.ArgumentParser(prog="python -m app.new_team", description=__doc__)
    parser.add_argument("name", help="what the team is called")
    parser.add_argument("email", help="whose password is asked for; or it comes from a pipe")
    wanted = parser.parse_args()
    ask = getpass if sys.stdin.isatty() else lambda _: sys.stdin.readline().rstrip("\n")
    try:
        lead = await found(wanted.name, wanted.email, ask("Password: "))
    except Unheld as error:
        sys.exit(f"Nothing is stored: {error}.")
    print(f"Team {lead.team_id} is there. Log in as {lead.team_id}/{lead.email}")
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
