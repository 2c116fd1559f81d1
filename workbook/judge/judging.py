"""The rows of the judgement, one after the other, each with an end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.base.problem import Problem
from workbook.checks.messages import innermost, message
from workbook.judge import basics, contract, faults, finding, generated, writes
from workbook.judge.finding import Finding, Judgement
from workbook.judge.place import Place, cluster


@dataclass(frozen=True)
class Row:
    """One thing that is asked of the service, and the seconds after which it is given up."""

    asked: str
    run: Callable[[Place], Awaitable[Finding]]
    seconds: float = 60.0


ROWS = {
    "app": Row("there is an app", basics.is_there),
    "tables": Row("migrations make its tables", basics.migrates, 90),
    "start": Row("it starts, and says so", basics.starts),
    "tests": Row("its own tests pass", basics.own_tests, 180),
    "promises": Row("generated requests find no broken promise", generated.generated, 120),
    "hostile": Row("hostile requests are refused", generated.hostile, 90),
    "twenty": Row("the same write, twenty times at once", faults.writing(writes.twenty)),
    "own write": Row("a row is there when its 2xx is", faults.writing(writes.own_write)),
    "commit": Row("a COMMIT that fails is no 2xx", faults.writing(writes.commit_fails)),
    "upgrades": Row("two migrations at once", basics.two_at_once, 150),
    "backends": Row("every backend ended, three times", faults.terminated),
    "crash": Row("the server crashes under load", faults.crashed),
    "away": Row("the database is away", faults.away),
    "locks": Row("every table is locked", faults.locked),
    "end": Row("it is told to end, with a request in flight", faults.told_to_end),
}
NEEDED = ("app", "tables", "start")
"""Without these nothing else can be asked."""


async def judge(
    folder: Path, only: Sequence[str] = (), say: Callable[[str], None] = print
) -> Judgement:
    """Judge the service in this folder by every row, or by those that are named.

    What comes before them is asked too. `say` hears of each row as it begins. Whoever calls this
    ends the fork server of its programs, by `warm_programs.close`. It takes two minutes
    as a whole, and at most the sum of the rows' own limits. Problem where a row is not known, or
    where a judge.toml cannot be read.
    """
    if unknown := [each for each in only if each not in ROWS]:
        raise Problem(f"There is no row {unknown[0]!r}. There are: {', '.join(ROWS)}.")
    wanted = [name for name in ROWS if not only or name in (*NEEDED, *only)]
    with cluster() as server:
        place = Place(folder, contract.read(folder), server)
        await asyncio.to_thread(server.start)
        found = [each async for each in _rows(place, wanted, say)]
    return finding.table(found)


async def _rows(
    place: Place, wanted: Sequence[str], say: Callable[[str], None]
) -> AsyncIterator[tuple[str, Finding]]:
    broken = ""
    for name in wanted:
        row = ROWS[name]
        if broken:
            yield row.asked, Finding("-", f"First: {broken}.", asked=False)
            continue
        say(f"{row.asked} …")
        seen = await _bounded(row, place)
        broken = row.asked if name in NEEDED and seen.next else ""
        yield row.asked, seen


async def _bounded(row: Row, place: Place) -> Finding:
    """What the row finds; an error, or no end in its time, is a finding too."""
    try:
        async with asyncio.timeout(row.seconds):
            return await row.run(place)
    except TimeoutError:
        return Finding(f"no end after {row.seconds:.0f} s", "What does it wait for?")
    except Problem as error:
        return Finding(str(error), "Correct it, and ask again.")
    except Exception as error:  # whatever breaks a row, the others are asked
        return Finding(message(innermost(error)), "The judge got no further with this row.")
