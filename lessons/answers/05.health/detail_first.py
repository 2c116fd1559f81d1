# wrong: in which order does `HTTPException` take
"""Is this process alive, and can it serve?"""

import asyncio

from fastapi import APIRouter, HTTPException
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

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
        async with asyncio.timeout(1), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        raise HTTPException("The database does not answer.", 503) from error
    return {"status": "ready"}
