# wrong: was given `name=`, which it does not read
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
