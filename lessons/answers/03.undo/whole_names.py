# right: the whole name in `op.f`, as autogenerate writes it; the downgrade asks no naming convention, and the upgrade still does
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.add_column("incident", sa.Column("people", sa.Integer(), nullable=True))
    op.create_check_constraint("people_positive", "incident", "people > 0")
    op.create_check_constraint("title_given", "incident", "title <> ''")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_incident_title_given"), "incident")
    op.drop_column("incident", "people")
