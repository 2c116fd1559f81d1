"""Load for a service while something breaks: clients that write, and read what they wrote."""

import asyncio
import itertools
from dataclasses import dataclass, field

from workbook.judge.client import Answer, statuses
from workbook.judge.contract import Write
from workbook.judge.place import Service

CLIENTS, GAP = 6, 0.08
"""How many share the load, and the seconds between two requests of a client."""
_numbers = itertools.count(1000)
"""Each write has a number of its own, whatever storm it belongs to."""


def number() -> int:
    """A number that no write had before."""
    return next(_numbers)


@dataclass
class Storm:
    """What the clients of one service were told."""

    service: Service
    write: Write | None
    read: str
    """A path that is read where nothing is written."""
    reads: list[Answer] = field(default_factory=list)
    writes: list[Answer] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    """Where each row is read that the service said was stored."""

    async def run(self, over: asyncio.Event) -> None:
        """Load it until that is set, and until the last answers have come."""
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(self._client(over))

    async def _client(self, over: asyncio.Event) -> None:
        client = self.service.client
        while not over.is_set():
            path = (await self._store() if self.write else "") or self.read
            self.reads.append(await client.insist("GET", path))
            await asyncio.sleep(GAP)

    async def _store(self) -> str:
        """Send a write; where it is read, if it was stored."""
        assert self.write is not None
        body = self.write.numbered(number())
        answer = await self.service.client.insist("POST", self.write.path, json=body)
        self.writes.append(answer)
        if not answer.ok:
            return ""
        self.stored.append(self.write.where(answer.json()))
        return self.stored[-1]

    async def lost(self) -> int:
        """How many rows that were promised are not there."""
        answers = [await self.service.client.insist("GET", each) for each in self.stored]
        return sum(not each.ok for each in answers)

    @property
    def failed(self) -> list[Answer]:
        """Answers that no client can do anything with.

        A write may say 503 without Retry-After: nobody knows whether it counts, and the client
        looks.
        """
        reads = [each for each in self.reads if not each.ok]
        return reads + [each for each in self.writes if not each.ok and each.status != 503]

    @property
    def slowest(self) -> float:
        """Seconds that the slowest answer took."""
        return max((each.seconds for each in (*self.reads, *self.writes)), default=0)

    def words(self) -> str:
        """In words: how many requests there were, and how those ended that failed."""
        count = f"≈ {len(self.writes) + len(self.reads)} requests"
        return (
            f"{count}, failed: {statuses(self.failed)}" if self.failed else f"{count}, none failed"
        )
