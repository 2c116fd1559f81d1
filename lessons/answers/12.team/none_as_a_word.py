# wrong: which text do you make of what `TEAM` has?
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql(f"SET LOCAL app.team = {TEAM.get()}")
