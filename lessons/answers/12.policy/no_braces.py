# wrong: which words of your text are Python's to fill in
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_team ON {table} USING (own)")
