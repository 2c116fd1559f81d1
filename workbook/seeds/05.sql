-- Made by `./wb build` from the app before notebook 05: 13c0cb65bd2b8eae
-- Begins with all of 04.sql.
ALTER TABLE user_account RENAME phone TO mobile
-- next
UPDATE alembic_version SET version_num='0006' WHERE alembic_version.version_num = '0005'
-- next
ALTER TABLE user_account ADD COLUMN login VARCHAR
-- next
UPDATE user_account SET login = split_part(email, '@', 1)
-- next
ALTER TABLE user_account ALTER COLUMN login SET NOT NULL
-- next
UPDATE alembic_version SET version_num='0007' WHERE alembic_version.version_num = '0006'
-- next
CREATE TYPE role AS ENUM ('member', 'lead')
-- next
ALTER TABLE user_account ADD COLUMN role role DEFAULT 'member' NOT NULL
-- next
UPDATE alembic_version SET version_num='0008' WHERE alembic_version.version_num = '0007'
-- next
CREATE INDEX CONCURRENTLY ix_incident_unresolved ON incident (opened_at) WHERE status != 'resolved'
-- next
UPDATE alembic_version SET version_num='0009' WHERE alembic_version.version_num = '0008'
