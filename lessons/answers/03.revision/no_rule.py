# wrong: which of the two changes of the model did autogenerate not see?
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.execute("SELECT 1")


def downgrade() -> None:
    op.drop_column("team", "escalate_after")
