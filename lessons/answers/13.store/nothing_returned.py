# wrong: what does your function return?
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
    names = ["line", "team_id", "dedupe_key", "title", "severity", "payload"]
    async with copying(connection) as driver:
        await driver.copy_records_to_table("incoming", records=rows, columns=names)
    await connection.execute(STORE)
