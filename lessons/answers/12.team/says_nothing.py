# wrong: what does the setting have where nobody asks now, and somebody did before?
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = TEAM.get()
    if team is None:
        return
    await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", (str(team),))
