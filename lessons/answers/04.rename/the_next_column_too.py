# wrong: does the task ask for that, and do the models say so?
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_column_name="mobile")
    op.add_column("user_account", sa.Column("login", sa.String()))


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
    op.drop_column("user_account", "login")
