# wrong: what does `commit` end, and what is left of `incoming` then?
import json

from app.failures import copying


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    await connection.execute(INCOMING)
    await session.commit()
    async with copying(connection) as driver:
        await driver.copy_records_to_table("incoming", records=rows)
    return (await connection.execute(STORE)).rowcount
