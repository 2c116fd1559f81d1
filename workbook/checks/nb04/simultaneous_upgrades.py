"""Four upgrades of an empty database, each in a process of its own, held up together.

The schema is what holds them: a transaction of the check has dropped it and not ended, so whoever
begins to work waits for it. That lasts until it is clear what the others do meanwhile.
The time line of a right answer:

    check                                 the process with the turn   the three without it
    BEGIN; DROP SCHEMA public
    forks four processes                  takes the lock              ask for the lock in vain,
    every 0.02 s: who waits for what?     waits for the schema        or sleep, and ask again
                                                                      (their clocks jump: three
                                                                      seconds pass at once, and
                                                                      each moves `slept`)
    it is clear: counts the processes
    that have ended (`early`), and those
    that wait for the schema (`crowd`)
    ROLLBACK: the schema is there         makes the tables, lets
                                          the lock go                 each has the turn, finds
    waits for the four, 6 s at most                                   nothing to do, and ends
    reads from `outcomes` how each went

It is clear as soon as four wait (all have come; those who wait for the lock itself do), three have
slept long enough, one has ended, or a second after the first one waits; ten seconds at most.
"""

import asyncio
import contextlib
import multiprocessing
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, NamedTuple

from alembic import command

from workbook.base.waiting import eventually
from workbook.checks.alembic_commands import answer_config
from workbook.checks.answer import Answer, show
from workbook.checks.nb04.skipped_sleep import skipped_sleep
from workbook.checks.unawaited import never_awaited

_LOCK_WAITERS = Path(__file__).with_name("lock_waiters.sql").read_text("utf-8")
_FORK = multiprocessing.get_context("fork")
_END_TIMEOUT = 6.25
"""How many seconds the four have in all, once the schema is there."""
_SLEEP = 3
"""So many seconds of sleep pass at once in each process; after them it must still be waiting."""


class Upgrades(NamedTuple):
    """How four upgrades went."""

    failures: list[str]
    """What each one that failed says."""
    early: int
    """How many had ended while there was no schema."""
    crowd: int
    """How many had begun, and waited for the schema, at the same time."""


async def upgrade_four_times(answer: Answer) -> Upgrades:
    """Begin four upgrades while there is no schema, let them go on, and tell how they went."""
    outcomes, slept = _FORK.SimpleQueue(), _FORK.Semaphore(0)
    no_schema = answer.observer.transaction()
    await no_schema.start()
    await answer.observer.execute("DROP SCHEMA public")
    four = [_FORK.Process(target=_upgrade, args=(outcomes, slept)) for _ in range(4)]
    with _ended(four):
        await asyncio.to_thread(_start, four)
        held_up = _HeldUp(answer, four, slept)
        await eventually(held_up.is_clear, timeout=10)
        early = sum(not each.is_alive() for each in four)
        await no_schema.rollback()
        await asyncio.to_thread(_join, four, _END_TIMEOUT)
        late = sum(each.is_alive() for each in four)
    failures = [f"no end within {_END_TIMEOUT:.0f} seconds"] * late
    failures += [how for _ in range(4 - late) if not outcomes.empty() and (how := outcomes.get())]
    return Upgrades(failures, early, held_up.crowd)


@dataclass
class _HeldUp:
    """The four, while there is no schema: where they wait, and whether more are to come."""

    answer: Answer
    processes: list[ForkProcess]
    slept: Any
    """A semaphore of multiprocessing's: how many have slept long enough."""
    crowd: int = 0
    """How many wait for the schema."""
    questions: int = 0
    """How often somebody was seen to wait; 50 questions take a second."""

    async def is_clear(self) -> bool:
        """Look once more; whether it is clear what those do that have no turn."""
        await self.answer.observer.execute("SELECT pg_stat_clear_snapshot()")  # else: one moment
        waiting, self.crowd = await self.answer.observer.fetchrow(_LOCK_WAITERS)
        self.questions += bool(waiting)
        return (
            waiting >= 4
            or self.slept.get_value() >= 3
            or self.questions >= 50
            or not all(each.is_alive() for each in self.processes)
        )


def _start(processes: list[ForkProcess]) -> None:
    for each in processes:
        each.start()


def _join(processes: list[ForkProcess], seconds: float) -> None:
    """Wait for their ends, for so many seconds in all."""
    deadline = time.monotonic() + seconds
    for each in processes:
        each.join(max(0, deadline - time.monotonic()))


@contextlib.contextmanager
def _ended(processes: list[ForkProcess]) -> Iterator[None]:
    """Kill at the end of the block whichever of them still runs."""
    try:
        yield
    finally:
        for each in processes:
            if each.pid and each.is_alive():
                each.kill()
            if each.pid:
                each.join(5)


def _upgrade(outcomes: Any, slept: Any) -> None:
    """In a process of its own: upgrade, and tell how it went; nothing where all is well."""
    try:
        with skipped_sleep(_SLEEP, slept.release), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            command.upgrade(answer_config(), "head")
        outcomes.put(next(iter(never_awaited(warned)), "").partition("\n")[0])
    except Exception as error:
        outcomes.put(show(f"{type(error).__name__}: {error}".splitlines()[0]).strip("'\""))
