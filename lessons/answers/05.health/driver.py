# right: the driver itself, without SQLAlchemy: no pool can be used up, and each question opens a connection
import asyncio
import os

import asyncpg


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    url = os.environ["DATABASE_URL"].replace("+asyncpg", "")
    try:
        async with asyncio.timeout(1):
            connection = await asyncpg.connect(url)
            try:
                await connection.fetchval("SELECT 1")
            finally:
                connection.terminate()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise HTTPException(503, "Postgres does not answer.") from None
    return {"status": "ready"}
