# right: a batch, which PostgreSQL does not need
"""a phone is a mobile"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch:
        batch.alter_column("phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
