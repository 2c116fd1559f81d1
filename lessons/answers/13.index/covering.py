# right: the key stands beside the columns (`INCLUDE`: it is kept there, and nothing is sorted by it), so the index alone can answer the list; it is larger for that
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (team_id, received_at, id) INCLUDE (dedupe_key)"
