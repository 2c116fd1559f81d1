# right: the id is not in it, so it is smaller; alerts of one moment are sorted as they are read
INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_alert_received ON alert (team_id, received_at)"
