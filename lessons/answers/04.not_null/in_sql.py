# right: with a CHECK that is validated first, so that SET NOT NULL need not read
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET login = substring(email FROM '^[^@]*')")
    op.execute("ALTER TABLE user_account ADD CONSTRAINT filled CHECK (login IS NOT NULL) NOT VALID")
    op.execute("ALTER TABLE user_account VALIDATE CONSTRAINT filled")
    op.alter_column("user_account", "login", nullable=False)
    op.execute("ALTER TABLE user_account DROP CONSTRAINT filled")


def downgrade() -> None:
    op.drop_column("user_account", "login")
