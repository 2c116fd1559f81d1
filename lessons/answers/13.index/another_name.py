# wrong: which name, and which table, does your statement say?
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_newest ON alert (team_id, received_at, id)"
