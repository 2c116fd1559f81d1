# wrong: relation "alerts" does not exist
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alerts (team_id, received_at, id)"
