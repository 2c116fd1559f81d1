# right: a new connection each time, from an engine without a pool, and errors by their names
import asyncio

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

probe = create_async_engine(engine.url, poolclass=NullPool)


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    try:
        async with asyncio.timeout(1), probe.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (OSError, SQLAlchemyError):
        raise HTTPException(503, "Postgres does not answer.") from None
    return {"status": "ready"}
