"""12.host: the alerts of one host, by the index that the column has."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.calling import calling
from workbook.checks.connections import app_engine
from workbook.checks.nb07.loads import no_row
from workbook.checks.nb12.schema import add_host
from workbook.checks.row_locks import expect_none_locked
from workbook.checks.verdict import NotYet

INDEX = "ix_alert_payload"
ROWS = f"""
INSERT INTO alert (team_id, dedupe_key, payload)
SELECT 1, 'k' || n, jsonb_build_object('host', 'db-' || n % 500, 'n', n, 'text', 'db-7')
FROM generate_series(1, 2000) AS n ORDER BY n % 1000 DESC;
INSERT INTO alert (team_id, dedupe_key, payload) VALUES
(1, 'quoted', '{{"host": "db-\\"9\\""}}'), (1, 'inside', '{{"tags": {{"host": "db-7"}}}}'),
(1, 'number', '{{"host": 7}}'), (1, 'large', '{{"host": "DB-9"}}');
UPDATE alert SET dedupe_key = 'moved'
WHERE id = (SELECT min(id) FROM alert WHERE payload ->> 'host' = 'db-7');
CREATE INDEX {INDEX} ON alert USING gin (payload jsonb_path_ops);
ANALYZE alert
"""
"""The first of a host's rows lies behind the others, where an order is not asked for."""
OF_HOST = "SELECT id FROM alert WHERE payload -> 'host' = to_jsonb($1::text) ORDER BY id"
HOSTS = ("db-7", 'db-"9"', "DB-9", "nowhere")
Sent = list[tuple[str, Any]]


async def check(answer: Answer) -> None:
    """Which alerts, in which order, and by which index."""
    on_host = answer.get()
    await add_host(answer)
    await answer.observer.execute(ROWS)
    async with app_engine() as engine:
        for host in HOSTS:
            async with AsyncSession(engine, expire_on_commit=False) as session:
                sent = _listen(engine)
                with calling(f"on_host(session, {host!r})"):
                    found = await on_host(session, host)
                await _are_those(answer, host, found)
                asked = [*sent]
                await expect_none_locked(f"on_host(session, {host!r})", session, "alert")
        await _uses_the_index(engine, asked)


def _listen(engine: AsyncEngine) -> Sent:
    """What is sent from now on, each with its parameters."""
    sent: Sent = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        sent.append((sql, values))

    return sent


async def _are_those(answer: Answer, host: str, found: Any) -> None:
    call = f"on_host(session, {host!r})"
    if not isinstance(found, list | tuple):
        ask = "which method of a result gives a list of what is in it?"
        raise NotYet(call, got=f"it returned {show(found)}", wanted="alerts", ask=ask)
    for each in found:
        no_row(call, each, "alerts")
    wanted = [row["id"] for row in await answer.observer.fetch(OF_HOST, host)]
    ids = [getattr(each, "id", show(each)) for each in found]
    ask = "which key of the payload is asked for, and which value must it have?"
    if sorted(ids) == wanted:
        ask = "in which order do rows come where none is asked for?"
        if answer.called() & {"order_by"}:
            ask = "by which column are they ordered, and which way?"
    if set(wanted) < {*ids} and host != host.lower():
        ask = "are two spellings of a name one host?"
    if any(isinstance(each, int | str) for each in found):
        ask = "what does your query select: alerts, or one column of them?"
    expect_state(f"{call}: the ids", ids, wanted, ask)


async def _uses_the_index(engine: AsyncEngine, sent: Sent) -> None:
    """How PostgreSQL finds what the last call has asked for."""
    plans = []
    async with engine.connect() as connection:
        for sql, values in [each for each in sent if each[0].lstrip().startswith("SELECT")]:
            plan = await connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {sql}", values)
            plans.append([line.strip() for line in plan.scalars()])
    if not any(INDEX in line for plan in plans for line in plan):
        raise NotYet.looked_at(
            "how PostgreSQL finds them among 2,000 alerts",
            got=next((line for plan in plans for line in plan if "Scan" in line), "no plan"),
            wanted=f"the index {INDEX}",
            ask=_why_another_way([sql.partition("WHERE")[2] for sql, _ in sent]),
        )


def _why_another_way(conditions: list[str]) -> str:
    """The question where the index was of no use: who picks the rows, and by which column."""
    if not any(conditions):
        return "who picks the alerts of a host: PostgreSQL, or Python when all have come?"
    if not any("payload" in condition for condition in conditions):
        return "which column has the index from above, and which one does your condition ask?"
    return "which of the two questions does the index answer, and what sends the other?"
