# wrong: which line gives the connection back?
"""Is this process alive, and can it serve?"""


from fastapi import APIRouter, HTTPException
from sqlalchemy import text

from app.database import engine

router = APIRouter(tags=["health"])
connection = None


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second; a 503 keeps traffic away until then."""
    global connection
    try:
        if connection is None:
            connection = await engine.connect()
        await connection.execute(text("SELECT 1"))
    except Exception as error:
        raise HTTPException(503, "not ready") from error
    return {"status": "ready"}
