# right: with the key in it, so the list is answered by the index alone, which is larger for that
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (team_id, received_at, id) INCLUDE (dedupe_key)"
