# wrong: which column says whose row it is in the table `team`
def protect(table: str, column: str) -> None:
    """Let each transaction see and write the rows of its own team, and no others."""
    own = f"{column} = {ASKS}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_team ON {table} USING (team_id = {ASKS})")
