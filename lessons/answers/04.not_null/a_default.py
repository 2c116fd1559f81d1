# wrong: where does that value come from, and can it differ from user to user?
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("user_account", "login")
