# wrong: which of the two waits has no end: for a connection, or for its answer?
import asyncio

@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    try:
        async with asyncio.timeout(1):
            connection = await engine.connect()
        try:
            await connection.execute(text("SELECT 1"))
        finally:
            await connection.close()
    except Exception as error:
        raise HTTPException(503, "Postgres does not answer.") from error
    return {"status": "ready"}
