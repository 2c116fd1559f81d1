# wrong: its call, or a name in it?
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = [line.strip() for line in render_python_code(found.upgrade_ops).splitlines()]
    return sorted(line
        for line in lines
        if line.startswith("op.drop") and "index" not in line and "constraint" not in line
    )
