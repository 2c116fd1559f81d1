# wrong: who makes of the driver's error one that `transact` knows?
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    await connection.execute(INCOMING)
    driver = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table("incoming", records=rows)
    return (await connection.execute(STORE)).rowcount
