# wrong: when is `TEAM` asked: in each transaction, or once
team = TEAM.get()


async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql(f"SET LOCAL app.team = '{'' if team is None else int(team)}'")
