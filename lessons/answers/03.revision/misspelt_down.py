# wrong: which name and which table did `upgrade` give
"""team escalation"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")


def downgrade() -> None:
    op.drop_constraint("escalate_after_positiv", "team", type_="check")
    op.drop_column("team", "escalate_after")
