# wrong: which statement changes what stands in rows, and does the task ask for it?
"""team escalation"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")


def downgrade() -> None:
    op.drop_constraint("escalate_after_positive", "team", type_="check")
    op.execute("UPDATE team SET name = upper(name)")
    op.drop_column("team", "escalate_after")
