"""team time_zone"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("team", sa.Column("time_zone", sa.String()))


def downgrade() -> None:
    op.drop_column("team", "time_zone")
