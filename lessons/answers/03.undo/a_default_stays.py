# wrong: what was that column like before upgrade, and which line changes it?
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    """Take all of it back."""
    op.drop_constraint("title_given", "incident", type_="check")
    op.alter_column("incident", "title", server_default="?")
    op.drop_column("incident", "people")
