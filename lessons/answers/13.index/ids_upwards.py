# right: the id runs the other way than the moment, so alerts of one moment are sorted as they are read; nothing is gained by that
INDEX = """
CREATE INDEX CONCURRENTLY ix_alert_received ON alert (team_id, received_at DESC, id)
"""
