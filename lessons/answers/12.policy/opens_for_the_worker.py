# wrong: a transaction of team 1 sees whose app.worker is on
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS} OR current_setting('app.worker', true) = 'on'"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_team ON {table} USING ({own})")
