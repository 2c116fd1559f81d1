# wrong: asyncpg leaves the connection in the middle of the statement
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    values = [each.model_dump(include={"team_id", "dedupe_key", "payload"}) for each in new]
    once = insert(Alert).on_conflict_do_nothing(constraint="uq_alert_team_id_dedupe_key")
    return len((await session.scalars(once.values(values).returning(Alert.id))).all())
