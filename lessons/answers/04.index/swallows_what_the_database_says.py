# wrong: what does your revision do with the error that PostgreSQL raised?
"""find what is unresolved"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
unresolved = sa.text("status != 'resolved'")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        try:
            op.create_index(
                "ix_incident_unresolved",
                "incident",
                ["opened_at"],
                postgresql_where=unresolved,
                postgresql_concurrently=True,
            )
        except sa.exc.DBAPIError:
            pass


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_incident_unresolved", "incident", postgresql_concurrently=True, if_exists=True
        )
