# wrong: `new_column_name=`
"""a phone is a mobile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.rename_column("user_account", "phone", "mobile")


def downgrade() -> None:
    op.rename_column("user_account", "mobile", "phone")
