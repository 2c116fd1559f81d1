"""payloads of a known shape, and a column for what is asked of them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_check_constraint("payload_object", "alert", "jsonb_typeof(payload) = 'object'")
    # A payload without a host passes: NULL is no violation.
    op.create_check_constraint("host_string", "alert", "jsonb_typeof(payload -> 'host') = 'string'")
    host = sa.Column("host", sa.String, sa.Computed("payload ->> 'host'", persisted=True))
    op.add_column("alert", host)
    op.create_index("ix_alert_host", "alert", ["team_id", "host", "id"])


def downgrade() -> None:
    op.drop_index("ix_alert_host", "alert")
    op.drop_column("alert", "host")
    op.drop_constraint(op.f("ck_alert_host_string"), "alert")
    op.drop_constraint(op.f("ck_alert_payload_object"), "alert")
