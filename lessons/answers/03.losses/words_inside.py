# wrong: does the line make that call
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = [line.strip() for line in render_python_code(found.upgrade_ops).splitlines()]
    return sorted(line for line in lines if "drop_table" in line or "drop_column" in line)
