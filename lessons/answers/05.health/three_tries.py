# wrong: how long do all the tries take together?
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
    for _ in range(3):
        try:
            async with asyncio.timeout(1), engine.connect() as connection:
                await connection.execute(text('SELECT 1'))
            break
        except Exception as error:
            last = error
    else:
        raise HTTPException(503, 'no') from last
    return {"status": "ready"}
