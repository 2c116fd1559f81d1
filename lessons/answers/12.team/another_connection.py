# wrong: which setting does the policy read, and was it said in this transaction?
async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = str(TEAM.get() or "")
    async with engine.begin() as other:
        await other.exec_driver_sql("SELECT set_config('app.team', $1, true)", (team,))
