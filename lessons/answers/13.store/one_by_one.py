# wrong: how often does a row go to the server by itself?
import json


async def store(session: AsyncSession, new: Sequence[AlertIn]) -> int:
    """Store each whose team has none of its key, and return how many that are."""
    connection = await session.connection()
    rows = [
        (line, each.team_id, each.dedupe_key, each.title, each.severity, json.dumps(each.payload))
        for line, each in enumerate(new)
    ]
    await connection.execute(INCOMING)
    add = text("INSERT INTO incoming VALUES (:a, :b, :c, :d, :e, CAST(:f AS jsonb))")
    for each in rows:
        await connection.execute(add, dict(zip("abcdef", each, strict=True)))
    return (await connection.execute(STORE)).rowcount
