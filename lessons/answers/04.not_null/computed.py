# wrong: can somebody choose a login, or does PostgreSQL compute it for ever?
"""everybody has a login"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "user_account",
        sa.Column("login", sa.String(), sa.Computed("split_part(email, '@', 1)"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("user_account", "login")
