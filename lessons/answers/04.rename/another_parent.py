# wrong: what it follows?
"""a phone is a mobile"""

from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
