"""the history of alerts, by month"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
ASKS = "nullif(current_setting('app.team', true), '')::int"
OWN = f"team_id = {ASKS}"


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("team_id", sa.Integer, server_default=sa.text(ASKS), primary_key=True),
        sa.Column("received_at", sa.DateTime(True), server_default=sa.func.now(), primary_key=True),
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("dedupe_key", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        postgresql_partition_by="RANGE (received_at)",
    )
    op.execute(f"CREATE POLICY of_team ON event USING ({OWN}) WITH CHECK ({OWN})")
    # A partition has no policy: whoever asks it, and not its table, sees nothing.
    op.execute("CREATE SCHEMA IF NOT EXISTS history")
    op.execute("CREATE TABLE history.event_rest PARTITION OF event DEFAULT")
    for table in ("event", "history.event_rest"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.drop_table("event")
    op.execute("DROP SCHEMA history")
