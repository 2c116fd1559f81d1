# wrong: for how long does the setting hold, and who gets the connection after that?
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    await connection.exec_driver_sql(f"SET SESSION app.team = '{TEAM.get() or 0}'")
