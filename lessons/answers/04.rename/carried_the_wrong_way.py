# wrong: from which column to which
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("mobile", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET phone = mobile")
    op.drop_column("user_account", "phone")


def downgrade() -> None:
    op.add_column("user_account", sa.Column("phone", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET phone = mobile")
    op.drop_column("user_account", "mobile")
