# wrong: which statement of `downgrade` gives 'mobile' its other name?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.alter_column("user_account", "phone", new_column_name="mobile")


def downgrade() -> None:
    pass
