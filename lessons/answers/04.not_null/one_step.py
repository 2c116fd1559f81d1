# wrong: which users have a login when this line runs, and where did they get it?
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=False))
    op.execute("SELECT 1")


def downgrade() -> None:
    op.drop_column("user_account", "login")
