"""What travels between a laptop and the board: the code that is handed out, and the report."""
