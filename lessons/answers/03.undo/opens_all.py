# wrong: which statement changes what stands in rows, and does the task ask for it?
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    """Take all of it back."""
    op.drop_constraint("title_given", "incident", type_="check")
    op.drop_column("incident", "people")
    op.execute("UPDATE incident SET status = 'open'")
