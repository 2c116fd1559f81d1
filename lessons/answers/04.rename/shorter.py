# wrong: may be NULL, at most 20 characters
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("mobile", sa.String(20), nullable=True))
    op.execute("UPDATE user_account SET mobile = phone")
    op.drop_column("user_account", "phone")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
