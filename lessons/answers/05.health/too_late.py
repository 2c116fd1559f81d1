# wrong: they answered 200 and 200
import asyncio

@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    try:
        async with asyncio.timeout(1), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        if isinstance(error, TimeoutError):
            return {"status": "busy"}
        raise HTTPException(503, "Postgres does not answer.") from None
    return {"status": "ready"}
