# wrong: a statement of SQL, as a text
INDEX = ["team_id", "received_at", "id"]
