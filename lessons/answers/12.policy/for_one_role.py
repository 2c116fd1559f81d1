# wrong: as which roles may an app log in?
def protect(table: str, column: str) -> None:
    """Let a table show, and take, only rows of the team that asks; its owner is no exception."""
    own = f"{column} = {ASKS}"
    op.execute(f"CREATE POLICY of_team ON {table} TO CURRENT_USER USING ({own})")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
