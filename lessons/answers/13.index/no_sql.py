# wrong: PostgreSQL says: syntax error
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received FOR alert (team_id, received_at, id)"
