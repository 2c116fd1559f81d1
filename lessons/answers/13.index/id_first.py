# wrong: and which one is wanted?
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (team_id, id, received_at)"
