# wrong: how often does a row go to the server by itself?
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    return sum([(await take_in(session, each))[1] for each in new])
