"""pages that wait to be sent, and a version for each incident"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "page",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("sent_at", sa.DateTime(True)),
        sa.Column("incident_id", sa.Integer, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.UniqueConstraint("incident_id", "user_id"),
    )
    op.create_index(op.f("ix_page_user_id"), "page", ["user_id"])
    waiting = sa.text("sent_at IS NULL")
    op.create_index("ix_page_waiting", "page", ["id"], postgresql_where=waiting)
    version = sa.Column("version", sa.Integer, server_default="1", nullable=False)
    op.add_column("incident", version)


def downgrade() -> None:
    op.drop_column("incident", "version")
    op.drop_table("page")
