# wrong: which rows does your index have, and what does the policy ask for?
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (received_at, id) WHERE team_id = 1"
