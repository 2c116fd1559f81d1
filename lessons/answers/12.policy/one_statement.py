# right: both switches stand in one statement, which PostgreSQL allows
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS}"
    both = "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    op.execute(f"ALTER TABLE {table} {both}")
    op.execute(f"CREATE POLICY of_team ON {table} USING ({own}) WITH CHECK ({own})")
