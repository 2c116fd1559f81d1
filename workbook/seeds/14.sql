-- Made by `./wb build` from the app before notebook 14: 0ad72fd9bf29f10d
-- Begins with all of 13.sql.
CREATE TABLE event (
	team_id INTEGER DEFAULT nullif(current_setting('app.team', true), '')::int NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	dedupe_key VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	severity VARCHAR NOT NULL, 
	payload JSONB NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (team_id, received_at, id)
)
 PARTITION BY RANGE (received_at)
-- next
CREATE POLICY of_team ON event USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
CREATE SCHEMA IF NOT EXISTS history
-- next
CREATE TABLE history.event_rest PARTITION OF event DEFAULT
-- next
ALTER TABLE event ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE event FORCE ROW LEVEL SECURITY
-- next
ALTER TABLE history.event_rest ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE history.event_rest FORCE ROW LEVEL SECURITY
-- next
UPDATE alembic_version SET version_num='0014' WHERE alembic_version.version_num = '0013'
-- next
CREATE INDEX IF NOT EXISTS ix_event_alert ON ONLY event (team_id, dedupe_key, received_at, id)
-- next
DROP INDEX CONCURRENTLY IF EXISTS history.event_rest_alert
-- next
CREATE INDEX CONCURRENTLY event_rest_alert ON history.event_rest (team_id, dedupe_key, received_at, id)
-- next
ALTER INDEX ix_event_alert ATTACH PARTITION history.event_rest_alert
-- next
UPDATE alembic_version SET version_num='0015' WHERE alembic_version.version_num = '0014'
