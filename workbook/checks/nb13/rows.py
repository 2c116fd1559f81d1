"""Alerts in numbers for a check: those of team 1 are few, and lie between those of others."""

from workbook.checks.answer import Answer

RARE = """
INSERT INTO alert (team_id, dedupe_key, payload, received_at)
SELECT CASE WHEN n % 50 = 0 THEN 1 ELSE 2 + n % 3 END, 'k/' || n, '{}',
       timestamptz '2026-01-01 00:00+00' + n * interval '1 minute'
FROM generate_series(1, 20000) AS n ORDER BY n * 7919 % 20011
"""
"""Neighbours in time lie in different blocks, so each row that is read shows."""
TIES = """
INSERT INTO alert (team_id, dedupe_key, payload, received_at)
SELECT 1 + n % 2, 'k/' || n, '{}',
       timestamptz '2026-03-01 00:00+00' - (n / 40) * interval '1 minute'
FROM generate_series(1, 12000) AS n ORDER BY n * 7919 % 12007
"""
"""Twenty of a team share a moment, and no id is in the order of time."""
BY_TIME = "CREATE INDEX ix_alert_received ON alert (team_id, received_at, id)"


async def put(answer: Answer, *statements: str) -> None:
    """Make alerts with these statements, and let the planner know of them."""
    for each in statements:
        await answer.observer.execute(each)
    await answer.observer.execute("VACUUM (ANALYZE) alert")
