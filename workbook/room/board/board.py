"""The board itself: it hears reports, and tells whoever watches that something is new."""

import asyncio
import hashlib
import ipaddress
import time
from collections.abc import AsyncIterator

from workbook import material
from workbook.room.board.people import Person, free_name
from workbook.room.board.store import Store
from workbook.room.wire.report import Report

MOST_PEOPLE = 300
PAUSE_SECONDS = 0.3
"""Between two pictures of the board: a hundred reports at once are one picture."""
STILL_SECONDS = 5.0
"""A new picture comes after this time also where nothing happened: who is heard from changes."""
SAVE_SECONDS = 30.0
"""When a person was heard from last is on disk after this time; what is new is there at once."""


class NoSeat(Exception):
    """The room is full, or an address has brought as many people as it may."""


class Board:
    """The people of one room; to be used from one event loop."""

    def __init__(self, store: Store, seats_per_address: int) -> None:
        self._store, self._seats = store, seats_per_address
        self._known = {one.id for each in material.notebooks() for one in each.exercises}
        self._people = {each.laptop: each for each in store.people()}
        self._saved: dict[str, float] = {each.laptop: each.heard for each in self._people.values()}
        self._version = 0
        self._changed = asyncio.Condition()
        self._closing = False

    @property
    def people(self) -> list[Person]:
        """Everybody who has joined, in the order in which they came."""
        return list(self._people.values())

    async def hear(self, report: Report, address: str) -> None:
        """Take a report from this address; it is on disk when this returns. NoSeat if refused.

        An exercise that this checkout does not have is passed over.
        """
        laptop = hashlib.sha256(report.laptop.encode()).hexdigest()
        person = self._people.get(laptop) or self._seat(laptop, report, _network(address))
        is_renamed = self._rename(person, report.name)
        known = [each for each in report.exercises if each.exercise in self._known]
        is_new = person.take(known, time.time()) or is_renamed
        if is_new:
            self._saved.pop(laptop, None)
        if person.heard - self._saved.get(laptop, 0) > SAVE_SECONDS:
            self._store.put(person)
            self._saved[laptop] = person.heard
        if is_new:
            await self._tell()

    async def changes(self) -> AsyncIterator[None]:
        """Once now, then whenever something is new, until the board closes."""
        while not self._closing:
            seen = self._version
            yield
            await asyncio.sleep(PAUSE_SECONDS)
            await self._wait_for_change(seen)

    async def close(self) -> None:
        """Let go whoever watches."""
        self._closing = True
        await self._tell()

    def _seat(self, laptop: str, report: Report, network: str) -> Person:
        here = sum(each.network == network for each in self._people.values())
        if here >= self._seats or len(self._people) >= MOST_PEOPLE:
            raise NoSeat
        now = time.time()
        person = Person(
            number=len(self._people) + 1,
            laptop=laptop,
            wanted="",
            name="",
            network=network,
            joined=now,
            heard=now,
        )
        self._people[laptop] = person
        return person

    def _rename(self, person: Person, wanted: str) -> bool:
        """Give the person the name that it asks for, or the next free one; whether it is new."""
        if person.wanted == wanted:
            return False
        others = (each.name for each in self._people.values() if each is not person)
        person.wanted, person.name = wanted, free_name(wanted, others)
        return True

    async def _tell(self) -> None:
        async with self._changed:
            self._version += 1
            self._changed.notify_all()

    async def _wait_for_change(self, seen: int) -> None:
        """Until the version is another one, for five seconds at most."""
        try:
            async with asyncio.timeout(STILL_SECONDS), self._changed:
                await self._changed.wait_for(lambda: self._version != seen or self._closing)
        except TimeoutError:
            return


def _network(address: str) -> str:
    """The address, or the 64 bits of an IPv6 one that its owner does not choose."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    bits = 64 if known.version == 6 else 32
    return str(ipaddress.ip_network((known, bits), strict=False))
