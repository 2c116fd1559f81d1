# right: a COMMIT of its own ends Alembic's transaction before the build begins
"""find what is unresolved"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("COMMIT")
    op.execute(
        "CREATE INDEX CONCURRENTLY ix_incident_unresolved ON incident (opened_at)"
        " WHERE status != 'resolved'"
    )


def downgrade() -> None:
    op.execute("COMMIT")
    op.execute("DROP INDEX CONCURRENTLY ix_incident_unresolved")
