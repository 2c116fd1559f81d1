# wrong: can a restart of this process mend that?
import asyncio

@router.get("/livez")
async def livez() -> dict[str, str]:
    """Ask."""
    return await readyz()


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    try:
        async with asyncio.timeout(1), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception:
        raise HTTPException(503, "Postgres does not answer.") from None
    return {"status": "ready"}
