# right: the driver itself, without SQLAlchemy
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
        connection = await asyncpg.connect(url, timeout=1)
        try:
            await connection.fetchval("SELECT 1", timeout=0.5)
        finally:
            await connection.close(timeout=0.5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise HTTPException(503, "Postgres does not answer.") from None
    return {"status": "ready"}
