"""Whether the time of a check was over because the machine was busy, and not the answer endless."""

import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple, TypeVar

import psutil

from workbook.base import platforms, waiting
from workbook.checks.result import Result, broken
from workbook.checks.verdict import CannotJudge, NotYet

T = TypeVar("T")
SLOW = 6
"""So many times as long as alone a moment of work takes on a machine that is busy."""
AGAIN = "Your answer was not judged, and no attempt is counted. Check again when less is running."
_MOMENT = 0.03
"""How much work is timed, in seconds of a processor: more than one turn of a busy one."""
_LONGEST = 1.0
"""For how many seconds at most."""
_MORE = 2.0
"""How many seconds longer a busy machine is waited for: a check has eight for all that it does."""


class Share(NamedTuple):
    """What the processes of a check got of the time, in seconds."""

    ran: float
    """On a processor."""
    stood_in_line: float
    """Ready to run, and no processor was free; 0 where the system does not count it."""


def share_of(pid: int) -> Share:
    """Of this process and those that it has started; what has ended meanwhile counts nothing."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        ran = sum(sum(each.cpu_times()[:4]) for each in family)
    except psutil.Error:
        return Share(0, 0)
    return Share(ran, sum(platforms.stood_in_line(each.pid) for each in family))


def had_no_time(seconds: float, share: Share, own_line_ran: bool = False) -> bool:
    """Whether a check that was stopped after so many seconds never got the time to end.

    Endless code that runs has got much of it; where it waits, nobody stands in line and the machine
    is quick. Less is enough where a line of the answer itself was running (`own_line_ran`): such
    lines take next to nothing, and the alarm meets one by chance hardly ever.
    """
    if share.ran > (seconds / 16 if own_line_ran else seconds / 4):
        return False
    return share.stood_in_line > seconds / 2 or slowdown() > SLOW


def slowdown() -> float:
    """How many times as long as alone a moment of work takes now."""
    began, before, ran = time.monotonic(), time.thread_time(), 0.0
    while ran < _MOMENT and time.monotonic() - began < _LONGEST:
        ran = time.thread_time() - before
    return (time.monotonic() - began) / max(ran, 0.001)


def stretched(seconds: float) -> float:
    """So many seconds, and as many times more as this machine is slower now than alone."""
    return seconds * max(1.0, slowdown())


def not_judged(seconds: float, ran: float, line: dict[str, str]) -> Result:
    """The verdict where it had no time; `line` is the learner's that was not over, by its label."""
    got = f"in {seconds:.0f} seconds the check got {ran:.1f} seconds of a processor"
    lines = {"Sorry": f"This machine was busy: {got}. {AGAIN}"}
    if line:
        lines |= line | {"What happened": "it was not over when the time was"}
    return broken(lines)


async def eventually(
    probe: Callable[[], Awaitable[T]], timeout: float, interval: float = 0.02
) -> T:
    """As `base.waiting.eventually`, which a busy machine gets more time for, as a check has it."""
    answer = await waiting.eventually(probe, timeout, interval)
    if not answer and slowdown() > SLOW:
        answer = await waiting.eventually(probe, min(timeout * SLOW, _MORE), interval)
    return answer


def by_the_clock(problem: NotYet) -> Exception:
    """The problem, which a clock has shown; CannotJudge where this machine is busy."""
    slow = slowdown()
    if slow <= SLOW:
        return problem
    return CannotJudge(f"This machine is busy: all takes {slow:.0f} times as long. {AGAIN}")


@contextlib.contextmanager
def by_the_clock_within() -> Iterator[None]:
    """The same for every problem that is found in this block."""
    try:
        yield
    except NotYet as problem:
        raise by_the_clock(problem) from None
