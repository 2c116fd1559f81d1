# wrong: of which comparison is `%` a sign for any text: of `=`, or of LIKE?
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    async def count(status: str) -> int:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status LIKE $1", status
            )
        finally:
            await connection.close()

    return dict(zip(statuses, await asyncio.gather(*map(count, statuses)), strict=True))
