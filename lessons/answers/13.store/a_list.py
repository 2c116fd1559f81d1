# right: one INSERT with a list brings the rows in place of COPY; a driver without COPY can do it too, and it takes longer
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    await connection.execute(INCOMING)
    add = text(
        "INSERT INTO incoming (line, team_id, dedupe_key, title, severity, payload)"
        " VALUES (:line, :team_id, :dedupe_key, :title, :severity, CAST(:payload AS jsonb))"
    )
    names = ("line", "team_id", "dedupe_key", "title", "severity", "payload")
    if rows:
        await connection.execute(add, [dict(zip(names, each, strict=True)) for each in rows])
    return (await connection.execute(STORE)).rowcount
