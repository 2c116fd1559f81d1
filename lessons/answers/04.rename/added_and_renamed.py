# wrong: which statement has given the table a column of that name before?
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("mobile", sa.String(), nullable=True))
    op.alter_column("user_account", "phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
