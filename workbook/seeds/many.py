"""Alerts in large numbers, the same every time, made by PostgreSQL itself from a number alone.

Alert number n belongs to team 1 + n % 4, which is that of its incident; an incident has twenty of
them. They lie in the order of their time, over 120 days; always two of a team share a moment.
"""

from workbook.seeds import join

SMALLEST = 80
"""How many alerts belong together: a number of them is a multiple of it."""
A_ROW = 230
"""Bytes of disk for an alert, with its share of incidents and of indexes."""
_TABLES = ("team", "incident", "alert")

# As a learner's own script would do it: constraints and indexes after the rows, all at once.
_SET_ASIDE = """
CREATE TEMP TABLE set_aside AS
SELECT format('ALTER TABLE alert DROP CONSTRAINT %I', conname) AS away,
       format('ALTER TABLE alert ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS back,
       contype = 'f' AS refers
FROM pg_constraint WHERE conrelid = 'alert'::regclass AND contype IN ('f', 'p', 'u')
UNION ALL
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
FROM pg_index WHERE indrelid = 'alert'::regclass
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""
_EACH = """
DO $$ DECLARE statement text; BEGIN
FOR statement IN SELECT {0} FROM set_aside ORDER BY refers {1}, {0}
LOOP EXECUTE statement; END LOOP;
END $$
"""
_INCIDENTS = """
INSERT INTO incident (title, severity, status, opened_at, team_id)
SELECT 'Disk is full on db-' || n % 500, 'minor',
       CASE WHEN n % 100 < 4 THEN 'open' ELSE 'resolved' END,
       timestamptz '2026-01-01 00:00+00' + n * (interval '120 days' / {incidents}), 1 + n % 4
FROM generate_series(1, {incidents}) AS n
"""
_ALERTS = """
INSERT INTO alert (team_id, dedupe_key, payload, received_at, incident_id)
SELECT 1 + n % 4, 'db-' || n % 500 || '/disk/' || n,
       jsonb_build_object('host', 'db-' || n % 500, 'free', n % 100),
       timestamptz '2026-01-01 00:00+00' + n / 8 * (interval '120 days' / ({rows} / 8)),
       (SELECT max(id) FROM incident) - {incidents} + 4 * ((n - 1) / 80) + 1 + (n - 1) % 4
FROM generate_series({first}, {last}) AS n
"""
STEPS = 10
"""In how many statements the alerts come, so that somebody can be told how far it is."""


def statements(rows: int) -> list[str]:
    """What puts this many alerts, a multiple of 80, beside what a seed holds, run by the owner.

    Each is to be sent by itself, on one connection: the last ones are VACUUM.
    """
    step = -(-rows // STEPS)
    ranges = [(first, min(first + step - 1, rows)) for first in range(1, rows + 1, step)]
    count = {"rows": rows, "incidents": rows // 20}
    return [
        *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in _TABLES),
        _INCIDENTS.format(**count),
        _SET_ASIDE,
        _EACH.format("away", "DESC"),
        *(_ALERTS.format(**count, first=first, last=last) for first, last in ranges),
        "SET maintenance_work_mem = '128MB'",
        _EACH.format("back", "ASC"),
        "DROP TABLE set_aside",
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in _TABLES),
        "VACUUM (FREEZE, ANALYZE) incident",
        "VACUUM (FREEZE, ANALYZE) alert",
    ]


def after(sql: str, rows: int) -> str:
    """A seed, and this many alerts behind it."""
    return join(sql, *statements(rows))
