# wrong: which line gives the connection back, and is it reached after an error?
"""Is this process alive, and can it serve?"""

import asyncio

from fastapi import APIRouter, HTTPException
from sqlalchemy import text

from app.database import engine

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second; a 503 keeps traffic away until then."""
    try:
        async with asyncio.timeout(1):
            connection = await engine.connect()
            await connection.execute(text("SELECT 1"))
            await connection.close()
    except Exception as error:
        raise HTTPException(503, "PostgreSQL does not answer.") from error
    return {"status": "ready"}
