"""What the models say and what the migrations made: also the parts that autogenerate leaves out."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database import Base

COLUMNS = """
SELECT table_name, column_name, udt_name, is_nullable, column_default, is_identity,
    generation_expression
FROM information_schema.columns WHERE table_schema = :schema"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = to_regnamespace(:schema)"""
INDEXES = """
SELECT tablename, indexname, replace(indexdef, schemaname || '.', '')
FROM pg_indexes WHERE schemaname = :schema"""


@pytest.mark.parametrize("query", [COLUMNS, CONSTRAINTS, INDEXES])
async def test_the_models_make_what_the_migrations_have_made(
    owner: AsyncEngine, query: str
) -> None:
    """Every default, CHECK and condition of an index is the same in both."""
    made: dict[str, set[tuple[object, ...]]] = {}
    async with owner.connect() as connection:  # what it makes is undone
        await connection.execute(text("CREATE SCHEMA models"))
        for schema in ("models", "public"):
            await connection.execute(text(f"SET LOCAL search_path TO {schema}"))
            if schema == "models":
                await connection.run_sync(Base.metadata.create_all)
            rows = await connection.execute(text(query), {"schema": schema})
            made[schema] = {tuple(row) for row in rows if row[0] != "alembic_version"}
    assert made["models"] == made["public"]
