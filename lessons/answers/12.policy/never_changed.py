# wrong: for which statements does your policy count?
def protect(table: str, column: str) -> None:
    """Let a table show, and take, only rows of the team that asks; its owner is no exception."""
    own = f"{column} = {ASKS}"
    op.execute(f"CREATE POLICY of_team ON {table} FOR SELECT USING ({own})")
    op.execute(f"CREATE POLICY of_team_new ON {table} FOR INSERT WITH CHECK ({own})")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
