"""rows of a team: who may see them, and keys that cannot leave it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
ASKS = "nullif(current_setting('app.team', true), '')::int"
TEAMS = {
    "team": "id",
    "user_account": "team_id",
    "incident": "team_id",
    "alert": "team_id",
    "acknowledgement": "team_id",
    "page": "team_id",
}
"""Each table of a team, and the column that says which team."""
KEYS = {
    "alert": {"incident_id": "incident"},
    "acknowledgement": {"incident_id": "incident", "user_id": "user_account"},
    "page": {"incident_id": "incident", "user_id": "user_account"},
}
"""Which column of which table refers to which other table."""


def upgrade() -> None:
    op.add_column("user_account", sa.Column("password_hash", sa.String))
    for table in ("acknowledgement", "page"):
        add_team(table)
    for table in ("incident", "user_account"):
        op.create_unique_constraint(f"uq_{table}_team_id_id", table, ["team_id", "id"])
        op.drop_index(f"ix_{table}_team_id", table)
    for table, keys in KEYS.items():
        for column, other in keys.items():
            op.drop_constraint(f"fk_{table}_{column}_{other}", table)
            name, both = f"fk_{table}_team_id_{column}_{other}", ["team_id", column]
            op.create_foreign_key(name, table, other, both, ["team_id", "id"])
    change_unique("user_account", ["email"], ["team_id", "email"])
    change_unique("acknowledgement", ["incident_id"], ["team_id", "incident_id"])
    change_unique("page", ["incident_id", "user_id"], ["team_id", "incident_id", "user_id"])
    change_index(
        "ix_incident_unresolved", "incident", ["team_id", "opened_at"], "status != 'resolved'"
    )
    change_index("ix_page_waiting", "page", ["team_id", "id"], "sent_at IS NULL")
    for table, column in TEAMS.items():
        protect(table, column)
    op.execute("""
        CREATE POLICY of_worker ON team FOR SELECT
        USING (current_setting('app.worker', true) = 'on')""")


def add_team(table: str) -> None:
    """Write down whose row it is: that of its incident, and of who asks from now on."""
    op.add_column(table, sa.Column("team_id", sa.Integer))
    op.execute(f"UPDATE {table} t SET team_id = i.team_id FROM incident i WHERE i.id = incident_id")
    op.alter_column(table, "team_id", nullable=False, server_default=sa.text(ASKS))


def change_unique(table: str, old: list[str], new: list[str]) -> None:
    """Let something be unique in other columns; a name is made of all of them."""
    op.drop_constraint(f"uq_{table}_{'_'.join(old)}", table)
    op.create_unique_constraint(f"uq_{table}_{'_'.join(new)}", table, new)


def change_index(name: str, table: str, columns: list[str], where: str) -> None:
    """Make an index of some rows anew, on other columns."""
    op.drop_index(name, table)
    op.create_index(name, table, columns, postgresql_where=sa.text(where))


def downgrade() -> None:
    op.execute("DROP POLICY of_worker ON team")
    for table in TEAMS:
        op.execute(f"DROP POLICY of_team ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    change_index("ix_page_waiting", "page", ["id"], "sent_at IS NULL")
    change_index("ix_incident_unresolved", "incident", ["opened_at"], "status != 'resolved'")
    change_unique("page", ["team_id", "incident_id", "user_id"], ["incident_id", "user_id"])
    change_unique("acknowledgement", ["team_id", "incident_id"], ["incident_id"])
    change_unique("user_account", ["team_id", "email"], ["email"])
    for table, keys in KEYS.items():
        for column, other in keys.items():
            op.drop_constraint(f"fk_{table}_team_id_{column}_{other}", table)
            op.create_foreign_key(f"fk_{table}_{column}_{other}", table, other, [column], ["id"])
    for table in ("incident", "user_account"):
        op.create_index(f"ix_{table}_team_id", table, ["team_id"])
        op.drop_constraint(f"uq_{table}_team_id_id", table)
    for table in ("acknowledgement", "page"):
        op.drop_column(table, "team_id")
    op.drop_column("user_account", "password_hash")


def protect(table: str, column: str) -> None:
    """Let a table show, and take, only rows of the team that asks; its owner is no exception."""
    own = f"{column} = {ASKS}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_team ON {table} USING ({own}) WITH CHECK ({own})")
