# right: each kind of statement has a policy: they can differ later, and what no policy allows is not done; `downgrade` has to drop each of them
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_team ON {table} FOR SELECT USING ({own})")
    op.execute(f"CREATE POLICY of_team_delete ON {table} FOR DELETE USING ({own})")
    op.execute(f"CREATE POLICY of_team_insert ON {table} FOR INSERT WITH CHECK ({own})")
    op.execute(f"CREATE POLICY of_team_update ON {table} FOR UPDATE USING ({own})")
