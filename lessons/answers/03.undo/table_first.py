# wrong: in which order does `op.drop_constraint` take its names, and which is the table's?
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    """Take all of it back."""
    op.drop_constraint("incident", "title_given", type_="check")
    op.drop_column("incident", "people")
