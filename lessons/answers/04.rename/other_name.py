# wrong: what is the column to be called?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_column_name="mobile_phone")


def downgrade() -> None:
    op.alter_column("user_account", "mobile_phone", new_column_name="phone")
