# wrong: which statement removes 'phone', once its values are carried over?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("mobile", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET mobile = phone")


def downgrade() -> None:
    op.drop_column("user_account", "mobile")
