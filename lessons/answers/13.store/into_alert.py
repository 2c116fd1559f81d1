# wrong: row-level security
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    driver = (await connection.get_raw_connection()).driver_connection
    names = ["team_id", "dedupe_key", "payload"]
    some = [(each[1], each[2], each[5]) for each in rows]
    await driver.copy_records_to_table("alert", records=some, columns=names)
    return len(some)
