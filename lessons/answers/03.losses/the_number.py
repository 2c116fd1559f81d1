# wrong: is it a list of lines?
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = [line.strip() for line in render_python_code(found.upgrade_ops).splitlines()]
    return sum(line.startswith(("op.drop_table(", "op.drop_column(")) for line in lines)
