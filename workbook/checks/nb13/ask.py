"""13.ask: who is to be paged, at a cost that does not grow with the pages that were ever sent."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import app_engine
from workbook.checks.verdict import NotYet
from workbook.evidence import plans

OLD = """
INSERT INTO incident (title, severity, status, opened_at, team_id)
SELECT 'Long over', 'minor', 'resolved', now() - n * interval '1 hour', 1
FROM generate_series(1, {incidents}) AS n
"""
PAGES = """
INSERT INTO page (team_id, incident_id, user_id, sent_at)
SELECT i.team_id, i.id, u.id, now() FROM incident AS i JOIN user_account AS u USING (team_id)
WHERE i.status = 'resolved' ON CONFLICT DO NOTHING
"""
OPEN = """
UPDATE incident SET status = 'resolved';
DELETE FROM page;
INSERT INTO incident (id, title, severity, status, opened_at, team_id)
SELECT n, 'On fire', 'major', CASE n WHEN 100007 THEN 'acknowledged' ELSE 'open' END,
    now() - CASE n WHEN 100006 THEN '3 days' WHEN 100004 THEN '6 minutes' ELSE '0' END::interval, 1
FROM generate_series(100007, 100001, -1) AS n;
INSERT INTO page (team_id, incident_id, user_id, sent_at)
SELECT 1, i.id, u.id, CASE WHEN i.id % 2 = 0 THEN now() END
FROM incident AS i,
    (SELECT min(id) AS id FROM user_account WHERE team_id = 1 AND role = 'member') AS u
WHERE i.status = 'open' ORDER BY i.id LIMIT 4;
UPDATE user_account SET name = name || '' WHERE id = (
    SELECT min(id) FROM user_account WHERE team_id = 1 AND role = 'member')
"""
"""Six open incidents of team 1: for four of them somebody is asked already, and for one of these
it is the next one's turn by now. Neither the incidents nor the people lie in the order of their
ids, where an order is not asked for."""
AMONG = """
SELECT setval(pg_get_serial_sequence('incident', 'id'), 200000);
UPDATE page SET id = DEFAULT WHERE incident_id BETWEEN 100001 AND 100003
"""
"""What is over later has larger ids than what is open, and pages of open ones lie at both ends."""
SIZES = (500, 8_000)
"""Incidents that are over; each has a page for each member of the team."""
PAGE = """
SELECT count(*) FROM page AS p JOIN incident AS i ON i.id = p.incident_id WHERE status = 'open'
"""
OF_ONE = "SELECT count(*) FROM page WHERE incident_id = $1"
LOOKS = (
    (
        "of an incident that somebody has acknowledged",
        (100_007, 0),
        "which incidents wait for somebody: those that are open, or all that are not resolved?",
    ),
    (
        "of an incident that has been open for three days",
        (100_006, 1),
        "which open incidents does your query of them leave out?",
    ),
    (
        "of an open incident for which one was paged six minutes ago",
        (100_004, 2),
        "who is known there: everybody, or the one who was paged?",
    ),
)
"""Single incidents: how many pages each has in the end, and what leads to another number."""
MOST, MORE = 2.0, 40
"""So many times the blocks, and so many more, may be read at the larger size."""
Sent = list[tuple[str, Any]]


async def check(answer: Answer) -> None:
    """The right pages, once, with as many blocks for many old pages as for few."""
    from app import database

    ask = answer.get()
    database.TEAM.set(1)
    async with app_engine() as engine:
        await answer.observer.execute(OPEN)
        await _asks_for_the_right_ones(answer, database, ask)
        cost = [await _blocks(answer, database, engine, ask, size) for size in SIZES]
    few, many = cost
    if many[1] > MOST * few[1] + MORE:
        raise NotYet(
            f"ask(session), with {many[0]:,} pages of incidents that are over",
            got=f"its queries read {many[1]:,} blocks, and {few[1]:,} with {few[0]:,} such pages",
            wanted="as many, however many pages were sent in the years before",
            ask="which of your queries has more rows each night, and which of them matter?",
        )


async def _asks_for_the_right_ones(answer: Answer, database: Any, ask: Any) -> None:
    """One page for each open incident, also where it is called again."""
    question = "which pages has `known` to have, so that nobody is asked twice, and all are asked?"
    for call in ("ask(session)", "ask(session), again"):
        with _sent_by(database.engine) as sent:
            await database.transact(ask)
        for which, (incident, pages), ask_of in LOOKS:
            count = await answer.observer.fetchval(OF_ONE, incident)
            expect_state(f"{call}: pages {which}", count, pages, ask_of)
        count = await answer.observer.fetchval(PAGE)
        what = f"{call}: pages of the six incidents that are open, of which four had one"
        expect_state(what, count, 7, question)
        rows = _stored(sent)
        wanted = 3 if call == "ask(session)" else 0
        expect_state(f"{call}: pages that it asks PostgreSQL to store", len(rows), wanted, question)
        order = "in which order does another worker store the same pages, at the same moment?"
        expect_state(f"{call}: incident and user of each", rows, sorted(rows), order)


def _stored(sent: Sent) -> list[tuple[Any, ...]]:
    """Incident and user of each page that PostgreSQL was asked to store."""
    inserts = [each for each in sent if each[0].lstrip().startswith("INSERT")]
    return [row[:2] for each in inserts for row in _rows(each[1])]


def _rows(values: Any) -> list[tuple[Any, ...]]:
    """The values of one statement: of many rows, or of one."""
    return values if isinstance(values, list) else [values]


@contextlib.contextmanager
def _sent_by(engine: AsyncEngine) -> Iterator[Sent]:
    """What an engine is asked to send meanwhile, each with its values."""
    sent: Sent = []

    def keep(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        sent.append((sql, values))

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", keep)


async def _blocks(
    answer: Answer, database: Any, engine: AsyncEngine, ask: Any, size: int
) -> tuple[int, int]:
    """How many pages there are for that size, and how many blocks the queries read."""
    await answer.observer.execute(OLD.format(incidents=size))
    await answer.observer.execute(PAGES)
    await answer.observer.execute(AMONG)
    for table in ("page", "incident"):
        await answer.observer.execute(f"VACUUM (ANALYZE) {table}")
    with _sent_by(engine) as sent:
        await database.transact(ask)
    pages = await answer.observer.fetchval("SELECT count(*) FROM page")
    again = len(_stored(sent))
    what = f"ask(session), with {pages:,} pages: those that it asks PostgreSQL to store once more"
    expect_state(
        what, again, 0, "what becomes of a page that matters, and is not among those read?"
    )
    queries = [e for e in sent if "set_config" not in e[0] and "SELECT" in e[0].upper()[:12]]
    found = [await plans.explain(answer.url, sql, values, 1) for sql, values in queries]
    return pages, sum(each.blocks for each in found)
