# wrong: whose alerts lie between two of team 1 in your index?
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (received_at, id, team_id)"
