-- Made by `./wb build` from the app before notebook 08: 91c76d9df69b7118
-- Begins with all of 07.sql.
CREATE TABLE alert (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	dedupe_key VARCHAR NOT NULL, 
	payload JSONB NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	team_id INTEGER NOT NULL, 
	incident_id INTEGER, 
	CONSTRAINT pk_alert PRIMARY KEY (id), 
	CONSTRAINT uq_alert_team_id_dedupe_key UNIQUE (team_id, dedupe_key), 
	CONSTRAINT fk_alert_team_id_team FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT fk_alert_incident_id_incident FOREIGN KEY(incident_id) REFERENCES incident (id)
)
-- next
CREATE INDEX ix_alert_incident_id ON alert (incident_id)
-- next
CREATE TABLE acknowledgement (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	acknowledged_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	incident_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	CONSTRAINT pk_acknowledgement PRIMARY KEY (id), 
	CONSTRAINT uq_acknowledgement_incident_id UNIQUE (incident_id), 
	CONSTRAINT fk_acknowledgement_incident_id_incident FOREIGN KEY(incident_id) REFERENCES incident (id), 
	CONSTRAINT fk_acknowledgement_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id)
)
-- next
CREATE INDEX ix_acknowledgement_user_id ON acknowledgement (user_id)
-- next
ALTER TABLE incident ADD CONSTRAINT ck_incident_status_known CHECK (status IN ('open', 'acknowledged', 'resolved'))
-- next
UPDATE user_account SET email = lower(email) WHERE email != lower(email)
-- next
ALTER TABLE user_account ADD CONSTRAINT ck_user_account_email_lower CHECK (email = lower(email))
-- next
UPDATE alembic_version SET version_num='0010' WHERE alembic_version.version_num = '0009'
