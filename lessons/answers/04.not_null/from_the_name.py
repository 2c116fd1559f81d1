# wrong: of what does your statement make this login
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET login = name")
    op.alter_column("user_account", "login", nullable=False)


def downgrade() -> None:
    op.drop_column("user_account", "login")
