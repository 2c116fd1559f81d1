# wrong: which statuses does your code ask for: those that it is given?
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    async def count(status: str) -> int:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status = $1", status
            )
        finally:
            await connection.close()

    a, b, c = await asyncio.gather(count("open"), count("acknowledged"), count("resolved"))
    return {"open": a, "acknowledged": b, "resolved": c}
