"""team channel"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("team", sa.Column("channel", sa.String()))


def downgrade() -> None:
    op.drop_column("team", "channel")
