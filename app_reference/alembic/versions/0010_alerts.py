"""alerts, acknowledgements, known states, and emails in one case"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("dedupe_key", sa.String, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("received_at", sa.DateTime(True), server_default=now, nullable=False),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("incident_id", sa.Integer, sa.ForeignKey("incident.id"), index=True),
        sa.UniqueConstraint("team_id", "dedupe_key"),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("acknowledged_at", sa.DateTime(True), server_default=now, nullable=False),
        sa.Column("incident_id", sa.Integer, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.UniqueConstraint("incident_id"),
    )
    op.create_index(op.f("ix_acknowledgement_user_id"), "acknowledgement", ["user_id"])
    known = "status IN ('open', 'acknowledged', 'resolved')"
    op.create_check_constraint("status_known", "incident", known)
    op.execute("UPDATE user_account SET email = lower(email) WHERE email != lower(email)")
    op.create_check_constraint("email_lower", "user_account", "email = lower(email)")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_user_account_email_lower"), "user_account")
    op.drop_constraint(op.f("ck_incident_status_known"), "incident")
    op.drop_table("acknowledgement")
    op.drop_table("alert")
