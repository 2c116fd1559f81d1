-- The other sessions of this database, a row for each advisory lock that one holds or waits for, and
-- one for a session that has none.
--
-- A wait for the turn is one for an advisory lock, or for whatever else the answer takes for it
-- (`wait_event` advisory, relation, transactionid …). A wait for the schema is one for an object
-- that is not a table (`wait_event` object): a transaction of ours has dropped `public` and not
-- ended, and who needs it waits until we commit or roll back.
SELECT pid, state = 'idle in transaction' AS in_transaction, query,
       wait_event_type IS NOT DISTINCT FROM 'Lock' AS waits,
       wait_event_type IS NOT DISTINCT FROM 'Lock' AND wait_event = 'object' AS for_schema,
       classid || ' ' || objid || ' ' || objsubid AS number, mode = 'ShareLock' AS shared, granted
FROM pg_stat_activity
LEFT JOIN (SELECT * FROM pg_locks WHERE locktype = 'advisory') AS advisory USING (pid)
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
