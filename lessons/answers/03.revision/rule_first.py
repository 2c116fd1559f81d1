# wrong: PostgreSQL says, during `alembic upgrade 0002`: column "escalate_after" does not exist
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_check_constraint("escalate_after_positive", "team", "escalate_after > 0")
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "escalate_after")
