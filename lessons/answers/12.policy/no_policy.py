# wrong: what does a table show that asks its policies, and has none?
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
