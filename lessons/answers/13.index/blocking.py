# wrong: which lock does this way of building take, and which way takes a weaker one?
INDEX = "CREATE INDEX ix_alert_received ON alert (team_id, received_at, id)"
