"""What a 201 is worth: the same write twenty times at once, a slow COMMIT, a COMMIT that fails."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from workbook.judge.client import Answer, statuses
from workbook.judge.contract import Write
from workbook.judge.finding import Finding
from workbook.judge.place import Place, Service
from workbook.judge.storm import number

AT_ONCE, WRITES = 20, 8
SLOW = "PERFORM pg_sleep(0.15); RETURN NULL;"
REFUSED = "RAISE EXCEPTION 'the judge lets no COMMIT pass' USING ERRCODE = 'check_violation';"
TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
FUNCTION = "CREATE FUNCTION judge_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {} END$$"
TRIGGER = """
CREATE CONSTRAINT TRIGGER judge_at_commit AFTER INSERT ON {}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION judge_at_commit()
"""


@contextlib.asynccontextmanager
async def _at_commit(place: Place, body: str) -> AsyncIterator[Service]:
    """The service on a database where each COMMIT of a new row does this first."""
    async with place.service() as service:
        async with place.admin(service.database) as admin:
            await admin.execute(FUNCTION.format(body))
            for row in await admin.fetch(TABLES):
                await admin.execute(TRIGGER.format(row[0]))
        yield service


async def twenty(place: Place, write: Write) -> Finding:
    """The same request twenty times at once: an answer for each, and none of them a 5xx."""
    async with place.service() as service:
        body = write.numbered(number())
        asked = [service.client.post(write.path, body) for _ in range(AT_ONCE)]
        answers = await asyncio.gather(*asked)
        wrong = [each for each in answers if each.status in (0, *range(500, 600))]
        ask = "What does the constraint say to the second one, and who answers for it? (07)"
        seen = statuses(answers)
        return Finding(seen, f"{ask} Log: {service.log()}" if wrong else "")


async def own_write(place: Place, write: Write) -> Finding:
    """A COMMIT that takes 150 ms: whoever has a 2xx finds the row at once, by another request."""
    async with _at_commit(place, SLOW) as service:
        pairs = [await _write_then_read(service, write) for _ in range(WRITES)]
    unread = [read for wrote, read in pairs if wrote.ok and not read.ok]
    if not any(wrote.ok for wrote, _ in pairs):
        return Finding(statuses(wrote for wrote, _ in pairs), "See [write] in judge.toml.")
    ask = "Which comes first, the answer or the COMMIT? (06.transact)"
    return Finding(
        f"read after a 2xx: {statuses(read for _, read in pairs)}", ask if unread else ""
    )


async def _write_then_read(service: Service, write: Write) -> tuple[Answer, Answer]:
    wrote = await service.client.post(write.path, write.numbered(number()))
    if not wrote.ok:
        return wrote, wrote
    return wrote, await service.client.get(write.where(wrote.json()))


async def commit_fails(place: Place, write: Write) -> Finding:
    """A COMMIT that the database refuses: nobody is told that the row is stored."""
    async with _at_commit(place, REFUSED) as service:
        asked = [service.client.post(write.path, write.numbered(number())) for _ in range(WRITES)]
        answers = await asyncio.gather(*asked)
    told = [each for each in answers if each.ok]
    silent = [each for each in answers if not each.status]
    ask = "Why is the COMMIT behind the answer? (06.transact)" if told else ""
    return Finding(
        statuses(answers), ask or ("Who takes the error, and answers?" if silent else "")
    )
