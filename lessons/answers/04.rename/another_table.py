# wrong: what is the table called, in the `__tablename__` of its model?
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user", "phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user", "mobile", new_column_name="phone")
