# wrong: `alembic upgrade 0009`, while others write incidents
"""find what is unresolved"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '200ms'")
    op.create_index("ix_incident_unresolved", "incident", ["opened_at"], postgresql_where=unresolved)


def downgrade() -> None:
    op.drop_index("ix_incident_unresolved", "incident")
