"""What notebook 11 adds to the tables, for a check whose database begins without it."""

from workbook.checks.answer import Answer

VERSION = "ALTER TABLE incident ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1"


async def bring_up_to_date(answer: Answer) -> None:
    """The version of incidents, and every table that the models have."""
    from app import models
    from app.database import engine

    await answer.observer.execute(VERSION)
    async with engine.begin() as connection:
        await connection.run_sync(models.Base.metadata.create_all)
