# wrong: which statement touches rows?
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.execute("DELETE FROM incident")
    op.execute("DELETE FROM user_account")
    op.execute("DELETE FROM team WHERE name = 'data'")
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")


def downgrade() -> None:
    op.drop_column("team", "escalate_after")
