-- Made by `./wb build` from the app before notebook 13: 1220d4ec6eea9e6b
-- Begins with all of 12.sql.
ALTER TABLE alert ADD CONSTRAINT ck_alert_payload_object CHECK (jsonb_typeof(payload) = 'object')
-- next
ALTER TABLE alert ADD CONSTRAINT ck_alert_host_string CHECK (jsonb_typeof(payload -> 'host') = 'string')
-- next
ALTER TABLE alert ADD COLUMN host VARCHAR GENERATED ALWAYS AS (payload ->> 'host') STORED
-- next
CREATE INDEX ix_alert_host ON alert (team_id, host, id)
-- next
UPDATE alembic_version SET version_num='0012' WHERE alembic_version.version_num = '0011'
-- next
ALTER TABLE user_account ADD COLUMN password_hash VARCHAR
-- next
ALTER TABLE acknowledgement ADD COLUMN team_id INTEGER
-- next
UPDATE acknowledgement t SET team_id = i.team_id FROM incident i WHERE i.id = incident_id
-- next
ALTER TABLE acknowledgement ALTER COLUMN team_id SET NOT NULL
-- next
ALTER TABLE acknowledgement ALTER COLUMN team_id SET DEFAULT nullif(current_setting('app.team', true), '')::int
-- next
ALTER TABLE page ADD COLUMN team_id INTEGER
-- next
UPDATE page t SET team_id = i.team_id FROM incident i WHERE i.id = incident_id
-- next
ALTER TABLE page ALTER COLUMN team_id SET NOT NULL
-- next
ALTER TABLE page ALTER COLUMN team_id SET DEFAULT nullif(current_setting('app.team', true), '')::int
-- next
ALTER TABLE incident ADD CONSTRAINT uq_incident_team_id_id UNIQUE (team_id, id)
-- next
DROP INDEX ix_incident_team_id
-- next
ALTER TABLE user_account ADD CONSTRAINT uq_user_account_team_id_id UNIQUE (team_id, id)
-- next
DROP INDEX ix_user_account_team_id
-- next
ALTER TABLE alert DROP CONSTRAINT fk_alert_incident_id_incident
-- next
ALTER TABLE alert ADD CONSTRAINT fk_alert_team_id_incident_id_incident FOREIGN KEY(team_id, incident_id) REFERENCES incident (team_id, id)
-- next
ALTER TABLE acknowledgement DROP CONSTRAINT fk_acknowledgement_incident_id_incident
-- next
ALTER TABLE acknowledgement ADD CONSTRAINT fk_acknowledgement_team_id_incident_id_incident FOREIGN KEY(team_id, incident_id) REFERENCES incident (team_id, id)
-- next
ALTER TABLE acknowledgement DROP CONSTRAINT fk_acknowledgement_user_id_user_account
-- next
ALTER TABLE acknowledgement ADD CONSTRAINT fk_acknowledgement_team_id_user_id_user_account FOREIGN KEY(team_id, user_id) REFERENCES user_account (team_id, id)
-- next
ALTER TABLE page DROP CONSTRAINT fk_page_incident_id_incident
-- next
ALTER TABLE page ADD CONSTRAINT fk_page_team_id_incident_id_incident FOREIGN KEY(team_id, incident_id) REFERENCES incident (team_id, id)
-- next
ALTER TABLE page DROP CONSTRAINT fk_page_user_id_user_account
-- next
ALTER TABLE page ADD CONSTRAINT fk_page_team_id_user_id_user_account FOREIGN KEY(team_id, user_id) REFERENCES user_account (team_id, id)
-- next
ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email
-- next
ALTER TABLE user_account ADD CONSTRAINT uq_user_account_team_id_email UNIQUE (team_id, email)
-- next
ALTER TABLE acknowledgement DROP CONSTRAINT uq_acknowledgement_incident_id
-- next
ALTER TABLE acknowledgement ADD CONSTRAINT uq_acknowledgement_team_id_incident_id UNIQUE (team_id, incident_id)
-- next
ALTER TABLE page DROP CONSTRAINT uq_page_incident_id_user_id
-- next
ALTER TABLE page ADD CONSTRAINT uq_page_team_id_incident_id_user_id UNIQUE (team_id, incident_id, user_id)
-- next
DROP INDEX ix_incident_unresolved
-- next
CREATE INDEX ix_incident_unresolved ON incident (team_id, opened_at) WHERE status != 'resolved'
-- next
DROP INDEX ix_page_waiting
-- next
CREATE INDEX ix_page_waiting ON page (team_id, id) WHERE sent_at IS NULL
-- next
ALTER TABLE team ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE team FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON team USING (id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (id = nullif(current_setting('app.team', true), '')::int)
-- next
ALTER TABLE user_account ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE user_account FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON user_account USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
ALTER TABLE incident ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE incident FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON incident USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
ALTER TABLE alert ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE alert FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON alert USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
ALTER TABLE acknowledgement ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE acknowledgement FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON acknowledgement USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
ALTER TABLE page ENABLE ROW LEVEL SECURITY
-- next
ALTER TABLE page FORCE ROW LEVEL SECURITY
-- next
CREATE POLICY of_team ON page USING (team_id = nullif(current_setting('app.team', true), '')::int) WITH CHECK (team_id = nullif(current_setting('app.team', true), '')::int)
-- next
CREATE POLICY of_worker ON team FOR SELECT
        USING (current_setting('app.worker', true) = 'on')
-- next
UPDATE alembic_version SET version_num='0013' WHERE alembic_version.version_num = '0012'
