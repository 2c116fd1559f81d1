# wrong: in whose transaction were the rows stored, and who has committed it?
import json

from app.database import engine, hold


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    async with engine.begin() as own:
        await hold(own)
        await own.execute(INCOMING)
        driver = (await own.get_raw_connection()).driver_connection
        await driver.copy_records_to_table("incoming", records=rows)
        return (await own.execute(STORE)).rowcount
