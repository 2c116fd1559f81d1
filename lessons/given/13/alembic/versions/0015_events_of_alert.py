"""find the events of an alert"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
NAME, COLUMNS = "ix_event_alert", "(team_id, dedupe_key, received_at, id)"
PARTITIONS = sa.text("SELECT relid::text FROM pg_partition_tree('event') WHERE isleaf")


def upgrade() -> None:
    # On a partitioned table there is no CONCURRENTLY: each partition gets its own index, and the
    # table's, which is invalid until then, takes them in. A partition that is new has one already.
    op.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON ONLY event {COLUMNS}")
    partitions = list(op.get_bind().scalars(PARTITIONS))
    with op.get_context().autocommit_block():
        for each in partitions:
            # What an attempt has left that failed is no index.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {each}_alert")
            name = f"{each.partition('.')[2]}_alert"
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {each} {COLUMNS}")
    for each in partitions:
        op.execute(f"ALTER INDEX {NAME} ATTACH PARTITION {each}_alert")


def downgrade() -> None:
    op.drop_index(NAME, "event")
