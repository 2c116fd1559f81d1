# wrong: the column 'phone', after upgrade to 0006
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("mobile", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET mobile = phone")


def downgrade() -> None:
    op.drop_column("user_account", "mobile")
