"""The time limit of a check, and at which line of the learner's it was reached."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from types import FrameType

from workbook.checks.places import first_place, learners_line
from workbook.checks.unawaited import pending_line


class TooSlow(BaseException):
    """The check took too long; no `except Exception` of the answer stops it."""

    def __init__(self, where: str, ran: bool = False) -> None:
        super().__init__(where)
        self.where = where
        """The learner's line that ran or waited; empty where it was none of theirs."""
        self.ran = ran
        """Whether that line itself was running, and nothing that it had called."""


@contextlib.asynccontextmanager
async def in_time(seconds: float, workspace: str) -> AsyncIterator[None]:
    """End what waits too long, with the learner's line that waits; TooSlow then."""
    before, limit = asyncio.all_tasks(), asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        cancelled = error.__cause__ or error.__context__  # the latter up to Python 3.11.3
        where = learners_line(cancelled or error, workspace)
        others = (pending_line(each.get_coro(), workspace) for each in asyncio.all_tasks() - before)
        raise TooSlow(where or next(filter(None, others), "")) from None


@contextlib.contextmanager
def stopped_when_it_blocks(seconds: float, workspace: str) -> Iterator[list[TooSlow]]:
    """Raise TooSlow in the line that runs, where the event loop itself stands still.

    It is also kept in the list: in a task it may be seen by nobody.
    """
    raised: list[TooSlow] = []

    def stop(_signal: int, frame: FrameType | None) -> None:
        itself = frame is not None and frame.f_code.co_filename.startswith(workspace)
        raised.append(TooSlow(first_place(_callers(frame), workspace), itself))
        raise raised[0]

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield raised
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _callers(frame: FrameType | None) -> Iterator[tuple[str, int]]:
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
