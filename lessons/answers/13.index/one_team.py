# wrong: which rows does your index have, in which order, and which does the list want?
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (received_at, id) WHERE team_id = 1"
