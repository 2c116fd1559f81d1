"""The thread that tells a room where its learner stands. Nobody ever waits for it.

It sends all of it each time: what was lost is in the next report, and one that comes twice does no
harm. What is still to be sent is not kept in a queue that could fill up or be lost: it is the
learner's own `progress.json`, which outlives this process, and it is sent again until it is taken.
"""

import random
import threading
import time
from collections.abc import Callable

from workbook.room.laptop.post import NotSent
from workbook.room.laptop.watching import Standings
from workbook.room.wire.report import Report

LOOK_SECONDS = 0.6
"""How often it is looked whether something has changed."""
AT_LEAST_SECONDS = 15.0
"""A report is sent after this time also where nothing has changed: the laptop is still there."""
AGAIN_SECONDS = 1.0, 5.0
"""The pause after the first report that did not get through, and the longest one."""
REFUSED_SECONDS = 30.0
"""The pause after one that was refused."""
LAST_SECONDS = 2.0
"""How long the end of `wb lab` may wait for the last report."""


class Sender:
    """Sends reports from `start` to `stop`.

    `send` hands one over, NotSent where it was not taken; `read` says where the learner stands.
    `told` hears of each report, None or why it was not taken, and must not fail.
    """

    def __init__(
        self,
        send: Callable[[Report], None],
        name: str,
        laptop: str,
        read: Callable[[], Standings],
        told: Callable[[NotSent | None], None],
    ) -> None:
        self._hand_over, self._name, self._laptop = send, name, laptop
        self._read, self._told = read, told
        self._taken: Standings | None = None
        self._failures = 0
        self._next = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="room", daemon=True)

    def start(self) -> None:
        """Send where the learner stands, and from now on each change."""
        self._thread.start()

    def stop(self) -> None:
        """Send what has changed, once and for two seconds at most, and end."""
        self._ended.set()
        self._thread.join(LAST_SECONDS)

    def report(self) -> Report:
        """What would be sent now."""
        return Report(name=self._name, laptop=self._laptop, exercises=self._read())

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._step(self._is_due)
        self._step(lambda: self._read() != self._taken)

    def _step(self, is_due: Callable[[], bool]) -> None:
        """Send if it is due; what goes wrong, whatever it is, is tried again later."""
        try:
            if is_due():
                self._send()
        except NotSent as error:
            self._failed(error)
        except Exception as error:
            self._failed(NotSent(f"{type(error).__name__}: {error}", final=True))

    def _is_due(self) -> bool:
        """After a failure: when its pause is over; else where something is new, or long after."""
        if self._failures:
            return time.monotonic() >= self._next
        return self._read() != self._taken or time.monotonic() >= self._next

    def _send(self) -> None:
        said = self.report()
        self._hand_over(said)
        self._failures, self._taken = 0, said.exercises
        self._next = time.monotonic() + AT_LEAST_SECONDS
        self._told(None)

    def _failed(self, error: NotSent) -> None:
        self._failures += 1
        self._next = time.monotonic() + self._pause(error)
        self._told(error)

    def _pause(self, error: NotSent) -> float:
        """Longer each time, and not for all laptops of a room at one moment."""
        first, longest = AGAIN_SECONDS
        wanted = REFUSED_SECONDS if error.final else min(first * self._failures, longest)
        return wanted * random.uniform(0.7, 1.0)
