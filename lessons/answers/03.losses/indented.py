# wrong: what stands before and behind the line that you return?
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = [line for line in render_python_code(found.upgrade_ops).splitlines()]
    lost = ("op.drop_table(", "op.drop_column(")
    return sorted(line for line in lines if line.strip().startswith(lost))
