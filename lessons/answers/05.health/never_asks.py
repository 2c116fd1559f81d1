# wrong: GET /readyz, with Postgres that has just stopped
@router.get("/livez")
async def livez() -> dict[str, str]:
    """Answer as long as this process can; ask nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer when Postgres does, within a second."""
    return {"status": "ready"}
