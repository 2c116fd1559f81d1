-- Who waits for a lock in this database, while a transaction of ours has dropped the schema and
-- not ended: `waiting`, all of them, and `crowd`, those of them who have begun to work.
--
-- A wait for the turn is one for an advisory lock, or for whatever else the answer takes for it
-- (`wait_event` advisory, relation, transactionid …). A wait for the schema is one for an object
-- that is not a table (`wait_event` object): who needs `public` waits until we commit or roll back.
SELECT count(*) AS waiting, count(*) FILTER (WHERE wait_event = 'object') AS crowd
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
