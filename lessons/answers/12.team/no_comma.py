# wrong: takes the values of a statement as a tuple
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = TEAM.get()
    value = "" if team is None else str(team)
    await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", (value))
