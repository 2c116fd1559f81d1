"""The first start of a database, which fills its empty volume, and how long that is held.

A start that has much to load is longer than a health check that lies. To show it in seconds, and
always in the same way, the image is held where it would load a dump, and let go when the lie has
had its effect:

    free     nothing is held
    held ──(its log says that loading begins)──► loading ──(1 or 2)──► released
             1. the containers whose end is waited for have ended
             2. health checks have said no REFUSALS times since then: they tell the truth
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

LOADING = re.compile("(running|sourcing) /docker-entrypoint-initdb.d/")
"""What the Postgres image says when its private server is there and loading begins."""
OVER = re.compile("init process complete|Skipping initialization")
"""What it says when its first start is over, or was over before."""
REFUSALS = 2
"""After so many refusals since loading began a health check is taken to tell the truth. One that
says no before, while nobody listens anywhere, may still be one that lies."""

HasSaid = Callable[[re.Pattern[str]], Awaitable[bool]]
"""Whether some container has said this in its log."""


class FirstStart:
    """One first start: held or free, and released when it may go on."""

    def __init__(self, held: bool) -> None:
        self.held = held
        self.released = asyncio.Event()
        """Set where nothing is held; backends wait for it, or look at it."""
        self._refused_before: int | None = None
        """How often health checks had said no when loading began."""
        if not held:
            self.released.set()

    async def look(self, waited_for_ended: bool, refused: int, has_said: HasSaid) -> None:
        """Release it where it may go on.

        `refused` counts how often the health checks have said no since the stack was started.
        """
        if self.released.is_set():
            return
        if refused and self._refused_before is None and await has_said(LOADING):
            self._refused_before = refused
        if waited_for_ended or self._tells_the_truth(refused):
            self.released.set()

    def _tells_the_truth(self, refused: int) -> bool:
        return self._refused_before is not None and refused >= self._refused_before + REFUSALS

    async def is_over(self, has_said: HasSaid) -> bool:
        """Whether one that was held has come to its end; one that is free is not waited for."""
        return not self.held or await has_said(OVER)
