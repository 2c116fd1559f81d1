# wrong: which statement removes users?
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("DELETE FROM user_account")
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=False))


def downgrade() -> None:
    op.drop_column("user_account", "login")
