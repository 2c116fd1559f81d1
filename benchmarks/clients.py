"""HTTP clients that note what they are told, and come again where a 503 asks them to."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from benchmarks.api import POST, get

CLIENTS, GAP = 12, 0.12
"""How many share the load, and the seconds from one request of a client to its next: 100 a s."""
PATIENCE = 20.0
"""Seconds that a client waits for one answer."""
LOOK = 0.1
"""Seconds after which it looks what became of a request, where nobody knows."""
TRIES = 12
"""How often it sends one request where it is asked to come again."""
AGAIN = re.compile(rb"\r\nretry-after: *(\d+)", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def post(email: str) -> bytes:
    """A request that adds somebody with this email."""
    body = f'{{"name": "Zoë", "email": "{email}", "login": "zoe", "team_id": 1}}'.encode()
    return POST.format(len(body)).encode() + body


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds; status 0 is no answer."""

    status: int
    seconds: float
    again: float | None = None
    """Seconds after which a 503 asks for the request again."""
    body: bytes = b""

    @property
    def unknown(self) -> bool:
        """Whether the app itself does not know what became of the request, and says so."""
        return self.status == 503 and b"look before you send it again" in self.body

    @property
    def failed(self) -> bool:
        return self.status == 0 or (self.status >= 500 and self.again is None and not self.unknown)

    @property
    def words(self) -> str:
        """The status, and what a 503 without Retry-After says."""
        bare = " without Retry-After" if self.status == 503 and self.again is None else ""
        return f"{self.status or 'no answer'}{' that says look' if self.unknown else bare}"


class Client:
    """One keep-alive connection, opened again where it was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send one request, and wait for its answer, PATIENCE at most."""
        began = monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                status, again, body = await self._exchange(request)
        except (OSError, EOFError):  # TimeoutError and IncompleteReadError are among them
            self.close()
            return Answer(0, monotonic() - began)
        return Answer(status, monotonic() - began, again, body)

    async def _exchange(self, request: bytes) -> tuple[int, float | None, bytes]:
        if self._lines and self._lines[0].at_eof():  # the app hung up after its last answer
            self.close()
        if self._lines is None:
            self._lines = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._lines
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        status, again = int(head.split()[1]), AGAIN.search(head)
        return status, float(again[1]) if status == 503 and again else None, body

    def close(self) -> None:
        if self._lines:
            self._lines[1].close()
        self._lines = None


async def insist(port: int, request: bytes) -> list[Answer]:
    """Send one request, and again as long as a 503 says when; return all answers."""
    answers = [await once(port, request)]
    while (pause := answers[-1].again) is not None and len(answers) < TRIES:
        answers.append(await once(port, request, pause))
    return answers


async def once(port: int, request: bytes, after: float = 0) -> Answer:
    """Send one request on a connection of its own, so many seconds from now."""
    await asyncio.sleep(after)
    client = Client(port)
    try:
        return await client.ask(request)
    finally:
        client.close()


def statuses(answers: Iterable[Answer]) -> str:
    """How often each status came, in words: `95 × 409, 5 × 201`."""
    counts = Counter(each.words for each in answers)
    return ", ".join(f"{count} × {words}" for words, count in counts.most_common())


@dataclass
class Tally:
    """What the clients of one app were told."""

    failures: list[Answer] = field(default_factory=list)
    again: int = 0
    slowest: float = 0
    """Seconds of the slowest answer."""
    stored: set[str] = field(default_factory=set)
    """Emails of which the app said that they are there."""

    def add(self, answer: Answer) -> None:
        self.again += answer.again is not None
        self.slowest = max(self.slowest, answer.seconds)
        if answer.failed:
            self.failures.append(answer)

    def words(self) -> str:
        failed = f"{len(self.failures)} failed"
        if self.failures:
            failed += f" ({statuses(self.failures)})"
        return f"{failed}, {self.again} asked to come again, slowest {self.slowest:.1f} s"


class Storm:
    """The clients of one app: they look at people, and add some unless they are only readers."""

    def __init__(self, port: int, *, writing: bool = True) -> None:
        self.tally = Tally()
        self._port, self._writing = port, writing

    async def run(self, over: asyncio.Event) -> None:
        """Send requests until it is over, and wait for their answers."""
        await asyncio.gather(*(self._client(number, over) for number in range(CLIENTS)))

    async def _client(self, number: int, over: asyncio.Event) -> None:
        client, turn = Client(self._port), monotonic() + GAP * number / CLIENTS
        for count in itertools.count(number):
            await asyncio.sleep(max(0, turn - monotonic()))
            if over.is_set():
                break
            turn = max(turn + GAP, monotonic())
            if self._writing and count % 2:
                await self._add(client, f"storm{number}.{count}@x.test")
            else:
                await self._insist(client, get(f"/users/{1 + count % 500}"))
        client.close()

    async def _add(self, client: Client, email: str) -> None:
        """Add somebody; a conflict with what we sent before says that it was stored then."""
        answers = await self._insist(client, post(email))
        last = answers[-1]
        if last.status == 201 or (last.status == 409 and len(answers) > 1):
            self.tally.stored.add(email)
        elif not last.failed and last.again is None:
            self.tally.failures.append(last)

    async def _insist(self, client: Client, request: bytes) -> list[Answer]:
        """Send it, and send it again as long as a 503 says when; return all answers.

        Where nobody knows what became of it, that is how this client looks: a user who is there
        already is a conflict, and no second user.
        """
        answers: list[Answer] = []
        while len(answers) < TRIES:
            answers.append(await client.ask(request))
            self.tally.add(answers[-1])
            pause = LOOK if answers[-1].unknown else answers[-1].again
            if pause is None:
                break
            await asyncio.sleep(pause)
        else:
            self.tally.failures.append(answers[-1])  # it was asked to come again too often
        return answers
