# wrong: which policy does `downgrade` drop?
def protect(table: str, column: str) -> None:
    """Let a table show, and take, only rows of the team that asks; its owner is no exception."""
    own = f"{column} = {ASKS}"
    op.execute(f"CREATE POLICY {table}_of_team ON {table} USING ({own})")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
