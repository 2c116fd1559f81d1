# right: `SET LOCAL` takes no parameter, so the number stands in its text: that is safe only as long as `int` has made it a number
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql(f"SET LOCAL app.team = '{int(TEAM.get() or 0)}'")
