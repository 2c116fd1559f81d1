# wrong: your CHECK refuses a user without a login
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET login = split_part(email, '@', 1)")
    op.create_check_constraint("login_given", "user_account", "login IS NOT NULL")


def downgrade() -> None:
    op.drop_column("user_account", "login")
