# wrong: which text do you make of what `TEAM` has?
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = str(TEAM.get())
    await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", (team,))
