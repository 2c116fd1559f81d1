# wrong: none of Python's methods
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET login = email.partition('@')")
    op.alter_column("user_account", "login", nullable=False)


def downgrade() -> None:
    op.drop_column("user_account", "login")
