"""Four upgrades of an empty database, each in a process of its own, held up together.

The schema is what holds them: a transaction of the check has dropped it and not ended, so whoever
begins to work waits for it. That lasts until it is clear what the others do meanwhile.
The time line of a right answer:

    check                                 the process with the turn   the three without it
    BEGIN; DROP SCHEMA public
    forks four processes                  takes the lock              ask for the lock in vain,
    every 0.02 s: who waits for what,     waits for the schema        or sleep, and ask again
    and who holds which advisory lock?                                (their clocks jump: three
                                                                      seconds pass at once, and
                                                                      each moves `slept`)
    it is clear: counts the processes
    that have ended (`early`), and those
    that wait for the schema (`crowd`)
    ROLLBACK: the schema is there         makes the tables, lets
                                          the lock go                 each has the turn, finds
    waits for the four, 3 s at most                                   nothing to do, and ends
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
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from alembic import command

from workbook.base.causes import causes
from workbook.base.waiting import eventually
from workbook.checks import unawaited
from workbook.checks.alembic_commands import answer_config
from workbook.checks.answer import Answer
from workbook.checks.messages import message
from workbook.checks.nb04.skipped_sleep import skipped_sleep
from workbook.checks.nb04.turn_evidence import TurnEvidence, lock_functions
from workbook.checks.places import learners_line
from workbook.checks.statements import tells_statements

_SESSIONS = Path(__file__).with_name("sessions.sql").read_text("utf-8")
_FORK = multiprocessing.get_context("fork")
_END_TIMEOUT = 3.25
"""How many seconds the four have in all, once the schema is there."""
_HOLD = 1.0
"""How many seconds somebody waits for the schema: less than the two that the answer's engine has
for a lock."""
_MOMENT = 0.7
"""How many seconds the others have to end, once one has failed."""
NOT_AWAITED = "a call was never awaited"
SLEPT = "between two questions it slept"
_LONGEST_SLEEP = 1
"""How many seconds may pass between two questions, as the task says."""
_SLEEP = 3
"""So many seconds of sleep pass at once in each process; after them it must still be waiting."""


class Failure(NamedTuple):
    """Why an upgrade failed."""

    says: str
    """Its message; or that it did not end."""
    where: str = ""
    """The learner's line that it came from, with its file."""
    waited: bool = False
    """Whether it waited in vain, for its end or for a lock."""


class Upgrades(NamedTuple):
    """How four upgrades went."""

    failures: list[Failure]
    """A reason for each one that failed."""
    succeeded: int
    """How many came to a good end."""
    early: int
    """How many had ended while there was no schema."""
    evidence: TurnEvidence
    """What they did about their turns, as long as there was no schema."""


async def upgrade_four_times(answer: Answer) -> Upgrades:
    """Begin four upgrades while there is no schema, let them go on, and tell how they went."""
    outcomes, asked, slept = _FORK.SimpleQueue(), _FORK.SimpleQueue(), _FORK.Semaphore(0)
    no_schema = answer.observer.transaction()
    await no_schema.start()
    await answer.observer.execute("DROP SCHEMA public")
    given = (outcomes, asked, slept, answer.workspace)
    four = [_FORK.Process(target=_upgrade, args=given) for _ in range(4)]
    with _ended(four):
        await asyncio.to_thread(_start, four)
        held_up = _HeldUp(answer, four, slept)
        await eventually(held_up.is_clear, timeout=10)
        early = sum(not each.is_alive() for each in four)
        held_up.evidence.functions |= _emptied(asked)
        await no_schema.rollback()
        ends = _Ends(outcomes)
        await eventually(ends.are_clear, timeout=_END_TIMEOUT)
    failures = sorted((each for each in ends.seen if each), key=lambda each: each.waited)
    if not failures:
        endless = Failure(f"no end within {_END_TIMEOUT:.0f} seconds", waited=True)
        failures = [endless] * (len(four) - len(ends.seen))
    return Upgrades(failures, ends.seen.count(None), early, held_up.evidence)


@dataclass
class _Ends:
    """How those of the four ended that have ended."""

    outcomes: Any
    """A queue of multiprocessing's, with a Failure or None of each."""
    seen: list[Failure | None] = field(default_factory=list)
    failed_at: float = 0.0
    """When the first failure was seen; zero before."""

    async def are_clear(self) -> bool:
        """Look once more; whether all have ended, or one failed and the others had a moment."""
        while not self.outcomes.empty():
            self.seen.append(self.outcomes.get())
        if any(self.seen) and not self.failed_at:
            self.failed_at = time.monotonic()
        late = self.failed_at and time.monotonic() - self.failed_at > _MOMENT
        return len(self.seen) == 4 or bool(late)


@dataclass
class _HeldUp:
    """The four, while there is no schema: where they wait, and whether more are to come."""

    answer: Answer
    processes: list[ForkProcess]
    slept: Any
    """A semaphore of multiprocessing's: how many have slept long enough."""
    evidence: TurnEvidence = field(default_factory=TurnEvidence)
    since: float = 0.0
    """When somebody was first seen to wait; zero before."""

    async def is_clear(self) -> bool:
        """Look once more; whether it is clear what those do that have no turn."""
        await self.answer.observer.execute("SELECT pg_stat_clear_snapshot()")  # else: one moment
        self.evidence.add(await self.answer.observer.fetch(_SESSIONS))
        if self.evidence.waiting and not self.since:
            self.since = time.monotonic()
        return (
            self.evidence.waiting >= 4
            or self.slept.get_value() >= 3
            or (self.since > 0 and time.monotonic() - self.since >= _HOLD)
            or not all(each.is_alive() for each in self.processes)
        )


def _emptied(queue: Any) -> set[str]:
    found = set()
    while not queue.empty():
        found.add(queue.get())
    return found


def _start(processes: list[ForkProcess]) -> None:
    for each in processes:
        each.start()


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


def _upgrade(outcomes: Any, asked: Any, slept: Any, workspace: str) -> None:
    """In a process of its own: upgrade, and tell how it went; None where all is well."""
    unawaited.remember_origins()
    failure = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            with _tells_locks(asked), skipped_sleep(_SLEEP, slept.release) as delays:
                command.upgrade(answer_config(), "head")
            if (longest := max(delays, default=0)) > _LONGEST_SLEEP:
                failure = Failure(f"{SLEPT} {longest:g} seconds")
        except Exception as error:
            failure = _failure(error, workspace)
            unawaited.let_go(error)
    forgotten = unawaited.calls(warned, workspace)
    outcomes.put(Failure(NOT_AWAITED, forgotten) if forgotten else failure)


@contextlib.contextmanager
def _tells_locks(asked: Any) -> Iterator[None]:
    """Tell each function of advisory locks that is called, once.

    To see it from outside is luck: the session that called it may have another query by then.
    """
    told = set[str]()

    def hear(statement: str) -> None:
        for each in lock_functions(statement) - told:
            told.add(each)
            asked.put(each)

    with tells_statements(hear):
        yield


def _failure(error: Exception, workspace: str) -> Failure:
    waited = any(isinstance(each, asyncpg.LockNotAvailableError) for each in causes(error))
    return Failure(message(error), learners_line(error, workspace), waited)
