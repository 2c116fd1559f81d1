# right: SET LOCAL, with a number that was made one: safe only as long as it is a number, since SET takes no parameter
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql(f"SET LOCAL app.team = '{int(TEAM.get() or 0)}'")
