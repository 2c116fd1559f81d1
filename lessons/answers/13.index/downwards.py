# right: each column is sorted the other way round: an index is read from either end, so that gains nothing here
INDEX = "CREATE INDEX CONCURRENTLY ix_alert_received ON alert (team_id DESC, received_at DESC, id DESC)"
