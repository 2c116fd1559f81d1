# wrong: ix_incident_unresolved, after the downgrade
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
    pass
