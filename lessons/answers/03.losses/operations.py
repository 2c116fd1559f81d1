# right: it asks the operations and not their text, so it finds them also where that text changes; it knows how they are nested, and writes each line itself
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations.ops import DropColumnOp, DropTableOp
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lost: list[str] = []
    for each in found.upgrade_ops.ops:
        for one in getattr(each, "ops", [each]):
            if isinstance(one, DropTableOp):
                lost.append(f"op.drop_table({one.table_name!r})")
            elif isinstance(one, DropColumnOp):
                lost.append(f"op.drop_column({one.table_name!r}, {one.column_name!r})")
    return sorted(lost)
