# wrong: does the task ask for that, and do the models say so?
"""everybody has a login"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET login = split_part(email, '@', 1)")
    op.alter_column("user_account", "login", nullable=False)
    op.create_index("ix_user_account_login", "user_account", ["login"])


def downgrade() -> None:
    op.drop_index("ix_user_account_login", "user_account")
    op.drop_column("user_account", "login")
