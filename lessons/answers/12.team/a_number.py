# wrong: expected str, got int
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", (TEAM.get() or 0,))
