# wrong: which users does your statement reach, and what does it make of their numbers?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("UPDATE user_account SET phone = replace(phone, ' ', '')")
    op.alter_column("user_account", "phone", new_column_name="mobile")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
