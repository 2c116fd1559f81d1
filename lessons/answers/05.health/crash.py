# wrong: which `except` of yours makes a 503 of an error of that class?
import asyncio

@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    async with asyncio.timeout(1), engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return {"status": "ready"}
