# wrong: in which order does `op.create_index` take its names, and which is the table's?
"""find what is unresolved"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "incident",
            "ix_incident_unresolved",
            ["opened_at"],
            postgresql_where=unresolved,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_incident_unresolved", "incident", postgresql_concurrently=True)
