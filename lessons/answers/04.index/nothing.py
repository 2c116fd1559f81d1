# wrong: which name does the model give to its index, and which statement makes it?
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    pass


def downgrade() -> None:
    op.drop_index("ix_incident_unresolved", "incident")
