# wrong: `alter_column` was given `new_name=`, which it does not read
"""a phone is a mobile"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_name="phone")
