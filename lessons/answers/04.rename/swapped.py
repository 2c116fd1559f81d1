# wrong: what is in a column that was added, and what carries the values over?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_column("user_account", "phone")
    op.add_column("user_account", sa.Column("mobile", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_account", "mobile")
    op.add_column("user_account", sa.Column("phone", sa.String(), nullable=True))
