# wrong: syntax error at or near "$1"
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = str(TEAM.get() or "")
    await connection.exec_driver_sql("SET LOCAL app.team = $1", (team,))
