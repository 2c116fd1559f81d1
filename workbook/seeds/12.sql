-- Made by `./wb build` from the app before notebook 12: 6dddc91ca9a41bb3
-- Begins with all of 11.sql.
CREATE TABLE page (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	incident_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	CONSTRAINT pk_page PRIMARY KEY (id), 
	CONSTRAINT uq_page_incident_id_user_id UNIQUE (incident_id, user_id), 
	CONSTRAINT fk_page_incident_id_incident FOREIGN KEY(incident_id) REFERENCES incident (id), 
	CONSTRAINT fk_page_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id)
)
-- next
CREATE INDEX ix_page_user_id ON page (user_id)
-- next
CREATE INDEX ix_page_waiting ON page (id) WHERE sent_at IS NULL
-- next
ALTER TABLE incident ADD COLUMN version INTEGER DEFAULT '1' NOT NULL
-- next
UPDATE alembic_version SET version_num='0011' WHERE alembic_version.version_num = '0010'
