# right: wait_for around a function, and a response with its status
import asyncio

from fastapi import Response


async def _ask() -> None:
    async with engine.connect() as connection:
        await connection.scalar(text("SELECT 1"))


@router.get("/livez")
def livez() -> dict[str, str]:
    """Answer as long as this process can."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(response: Response) -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    try:
        await asyncio.wait_for(_ask(), timeout=1)
    except Exception as error:
        response.status_code = 503
        return {"status": type(error).__name__}
    return {"status": "ready"}
