# wrong: await asyncio.gather(*
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

    counts = await asyncio.gather(count(s) for s in statuses)
    return dict(zip(statuses, counts, strict=True))
