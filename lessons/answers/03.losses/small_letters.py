# wrong: which of these names does your condition not expect?
import re
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def losses(connection: Connection, metadata: MetaData) -> list[str]:
    """Return the lines of a proposal that drop a table or a column, sorted."""
    found = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = [line.strip() for line in render_python_code(found.upgrade_ops).splitlines()]
    small = re.compile(r"op\.drop_(table|column)\(['a-z_, ]+\)")
    return sorted(line for line in lines if small.fullmatch(line))
