# wrong: which type does the model give to the column, and which one does the revision?
"""team escalation"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.String(), nullable=True))
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")


def downgrade() -> None:
    op.drop_constraint("escalate_after_positive", "team", type_="check")
    op.drop_column("team", "escalate_after")
