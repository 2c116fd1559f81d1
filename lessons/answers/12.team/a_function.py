# right: a function of SQL is called by its name: SQLAlchemy makes the statement, and that takes a little time in each transaction
from sqlalchemy import func, select


async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.execute(select(func.set_config("app.team", str(TEAM.get() or ""), True)))
