# wrong: which statement takes rows away, and does the task ask for it?
"""team escalation"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")


def downgrade() -> None:
    op.execute("DELETE FROM team WHERE escalate_after IS NOT NULL")
    op.drop_column("team", "escalate_after")
