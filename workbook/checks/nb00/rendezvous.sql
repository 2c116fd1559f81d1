-- Every query on `incident` waits inside the server until five are there at the same time.
-- The time line stands in meeting.py. Sequences serve as flags and counters here, since what
-- they say is seen at once by every transaction, and is not undone with one.

INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 1, 'no two counts are the same', 'minor', unnest(ARRAY['resolved', 'it''s new']), now();
ALTER TABLE incident RENAME TO incident_rows;

CREATE SEQUENCE asked;    -- the queries are numbered by it, in the order in which they arrive
CREATE SEQUENCE met;      -- flag, by a query: five of us were inside at the same time
CREATE SEQUENCE opened;   -- flag, by the check's own task: the event loop was free; you may go
CREATE SEQUENCE gave_up;  -- flag, by a query: two seconds went by, nobody needs to wait any more

-- Two kinds of advisory lock say who is inside, each until its transaction ends:
--   (4, NUMBER)  exclusive: query NUMBER is inside         in pg_locks: classid 4, objid NUMBER
--   3            shared: so many holders, so many inside   in pg_locks: objid 3, objsubid 1
CREATE FUNCTION meet(wanted integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    together integer;
    here integer := nextval('asked');
BEGIN
    IF current_query() LIKE 'INSERT%' THEN
        here := 0;  -- it leaves after all others, whenever it came: chance orders nothing
    END IF;
    PERFORM pg_advisory_xact_lock(4, here);
    PERFORM pg_advisory_xact_lock_shared(3);
    FOR attempt IN 1..200 LOOP  -- two seconds at most
        SELECT count(*) INTO together FROM pg_locks
        WHERE locktype = 'advisory' AND objid = 3 AND objsubid = 1 AND database =
              (SELECT oid FROM pg_database WHERE datname = current_database());
        IF together >= wanted THEN PERFORM nextval('met'); END IF;
        IF (SELECT is_called FROM met) AND (SELECT is_called FROM opened) THEN
            PERFORM wait_for_later_arrivals(here);
            RETURN true;
        END IF;
        EXIT WHEN (SELECT is_called FROM gave_up);
        PERFORM pg_sleep(0.01);
    END LOOP;
    PERFORM nextval('gave_up');
    RETURN true;
END $$;

-- Answers come back in the reverse order of the questions: whoever pairs them by the order in
-- which they come gets it wrong. Who keeps its transaction open is waited for 0.4 s at most.
CREATE FUNCTION wait_for_later_arrivals(here integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR attempt IN 1..40 LOOP
        EXIT WHEN NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 4 AND objid > here AND database =
                  (SELECT oid FROM pg_database WHERE datname = current_database()));
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$;

-- The learner's function asks the view, and so every query of it goes to the meeting.
CREATE VIEW incident AS SELECT * FROM incident_rows WHERE (SELECT meet(5));
GRANT SELECT ON incident, incident_rows TO PUBLIC;
GRANT ALL ON SEQUENCE met, opened, asked, gave_up TO PUBLIC;
