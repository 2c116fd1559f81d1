# right: SQLAlchemy binds the parameter: the text is the same for every driver, and it takes a little longer
from sqlalchemy import text


async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    say = text("SELECT set_config('app.team', :team, true)")
    await connection.execute(say, {"team": str(TEAM.get() or "")})
