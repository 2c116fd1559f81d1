# right: in SQL, and the way back does not block either
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_incident_unresolved ON incident (opened_at)"
            " WHERE status <> 'resolved'"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_incident_unresolved")
