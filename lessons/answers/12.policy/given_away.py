# wrong: which condition must a row meet that is written?
def protect(table: str, column: str) -> None:
    """Let a table show, and take, only rows of the team that asks; its owner is no exception."""
    own = f"{column} = {ASKS}"
    op.execute(f"CREATE POLICY of_team ON {table} USING ({own})")
    op.execute(f"CREATE POLICY of_change ON {table} FOR UPDATE USING ({own}) WITH CHECK (true)")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
