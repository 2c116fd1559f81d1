# wrong: which name and which table did `upgrade` give
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    op.drop_constraint("title_given", "team", type_="check")
    op.drop_column("incident", "people")
