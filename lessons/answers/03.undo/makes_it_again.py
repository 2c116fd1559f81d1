# wrong: which operation makes a constraint, and which one takes it away?
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    op.create_check_constraint("title_given", "incident", "title = ''")
    op.drop_column("incident", "people")
