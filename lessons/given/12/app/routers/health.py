"""Is this process alive, and can it serve?"""

import asyncio

from fastapi import APIRouter, HTTPException
from sqlalchemy.ext.asyncio import create_async_engine

from app.database import engine
from app.failures import note, watch
from app.role import must_be_held

router = APIRouter(tags=["health"])
probe = create_async_engine(
    engine.url,
    pool_size=1,
    max_overflow=0,
    isolation_level="AUTOCOMMIT",
    connect_args={"timeout": 0.8, "command_timeout": 0.8},
)
"""One connection that no request uses: a pool with nothing free is load, and no reason to leave."""
watch(probe)


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, and holds us to a team: a 503 keeps traffic away until then."""
    try:
        async with asyncio.timeout(1), probe.connect() as connection:
            await must_be_held(connection)
    except Exception as error:
        note("not ready", error)
        raise HTTPException(503, "The database cannot be used; the log says why.") from error
    return {"status": "ready"}
