# right: by the session, which executes over the same connection; without `copying`, an error of the COPY stays asyncpg's own, and `transact` does not do the work again
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    await session.execute(INCOMING)
    raw = await connection.get_raw_connection()
    await raw.driver_connection.copy_records_to_table("incoming", records=rows)
    result = await session.execute(STORE)
    return result.rowcount
