# right: plain SQL makes the column and its rule in one statement, and the rule goes with its column
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE team ADD COLUMN escalate_after int"
        " CONSTRAINT ck_team_escalate_after_positive CHECK (escalate_after > 0)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE team DROP COLUMN escalate_after")
