"""Badger: several incidents are resolved together, twice at the same moment."""

from time import monotonic

from workbook.base.waiting import eventually
from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
01:40. Nobody has got an error, and the alarm is about time: now and then a PUT to
/incidents/unresolved/resolutions takes a good second, where it takes a few milliseconds as a rule.
Chi from payments: "It is always when Ada and I both clear the board after a big fire. Alone it is
quick. It is never two seconds, never half of one: a good second, and then both are done."
"""
FAULT = '''
# app/repositories/incidents.py
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Incident


async def get_all_to_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Incident]:
    """Return these incidents, locked."""
    found = [await get_to_change(session, incident_id) for incident_id in ids]
    return [incident for incident in found if incident is not None]
'''
HOLD = "SELECT 1 FROM incident WHERE id = $1 FOR UPDATE"
FREE = "SELECT id FROM incident WHERE id = ANY($1) FOR UPDATE SKIP LOCKED"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
TIMEOUT = "SELECT extract(epoch FROM current_setting('deadlock_timeout')::interval)::float"
PATH = "/incidents/unresolved/resolutions"
FLUSH_SECONDS = 1.0
"""Within so many seconds a server process tells the others what it has counted: as a rule at once,
for it has waited for longer than the second that it leaves between two reports."""


async def two_boards(scene: Scene) -> tuple[list[int], bool]:
    """Two clients clear one board from both ends: their answers, and whether they met crosswise.

    They meet in the middle, which somebody holds until both are there: whoever gets it first wants
    what the other one has by then.
    """
    ids = [await scene.incident(1) for _ in range(3)]
    before = await scene.observer.value(DEADLOCKS)
    limit = float(await scene.observer.value(TIMEOUT))
    async with scene.gate(1, HOLD, ids[1]):
        sent = [scene.send(1, "PUT", PATH, json={"ids": each}) for each in (ids, ids[::-1])]
        await scene.all_wait(sent)
    began = monotonic()
    codes = sorted([(await each).status_code for each in sent])
    if monotonic() - began < 0.9 * limit:
        return codes, False  # nobody finds a deadlock in less

    async def counted() -> bool:
        return bool(await scene.observer.value(DEADLOCKS) > before)

    return codes, await eventually(counted, FLUSH_SECONDS, 0.05)


async def calls(scene: Scene) -> Seen:
    """Two clients clear one board, from its top and from its end."""
    codes, crossed = await two_boards(scene)
    how_long = "after a good second" if crossed else "at once"
    each = zip("ab", codes, strict=True)
    rows = [(f"PUT {PATH}, {who}", f"{code}, both {how_long}") for who, code in each]
    said = "Two who clear one board at the same moment wait for a good second."
    return Seen(tuple(rows), said if crossed or codes != [200, 200] else "")


DRILL = Drill(
    name="badger",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_claims.py",
        "tests/test_tenancy.py::test_several_at_once_are_ones_own_or_none",
    ),
)
