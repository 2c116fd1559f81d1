# wrong: which statement changes what stands in rows, and does the task ask for it?
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_column_name="mobile")
    op.execute("UPDATE user_account SET email = upper(email)")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
