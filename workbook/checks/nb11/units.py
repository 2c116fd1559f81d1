"""Units of work as an app does them: committed at the end, and done again after a 40001."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.nb07.sessions import Sessions

Work = Callable[[AsyncSession], Awaitable[Any]]
AGAIN = "40001"
MOST = 5
"""How often a unit of work is done at most."""


class Units:
    """Does units of work, and counts the attempts."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self.attempts = sessions, 0
        self.undone = 0
        """How many of the next attempts are undone at their end, as if COMMIT was refused."""
        self.result: Any = None
        """What the last attempt returned."""

    async def __call__(self, work: Work) -> Any:
        """Do this work and commit; from the start, with another session, where it was in vain."""
        for attempt in range(1, MOST + 1):
            self.attempts += 1
            try:
                async with self._sessions() as session:
                    result = self.result = await work(session)
                    if self.undone:
                        self.undone -= 1
                        continue
                    await session.commit()
                    return result
            except exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != AGAIN or attempt == MOST:
                    raise
        raise AssertionError("unreachable")
