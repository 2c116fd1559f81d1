# wrong: which of the two functions is yours to write?
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")


def downgrade() -> None:
    op.drop_column("incident", "people")
