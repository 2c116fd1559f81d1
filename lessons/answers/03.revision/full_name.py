# right: a full name in `op.f` is found without `type_`, too; for whole numbers, `>= 1` is the same rule
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("team", sa.Column("escalate_after", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_team_escalate_after_positive"), "team", sa.text("escalate_after >= 1")
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_team_escalate_after_positive"), "team")
    op.drop_column("team", "escalate_after")
