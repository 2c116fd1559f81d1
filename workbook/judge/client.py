"""An HTTP client that notes what it is told, and comes again where a 503 asks it to."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Self

import httpx

PATIENCE = 15.0
"""Seconds that a client waits for one answer."""
TRIES = 12
"""How often it sends one request where it is asked to come again."""
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=0)
"""A connection for each request: an app that fails after its answer closes the one it came on."""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds; status 0 is no answer."""

    status: int
    seconds: float
    again: float | None = None
    """Seconds after which a 503 asks for the request again."""
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """The status, and what a 503 without Retry-After lacks."""
        bare = " without Retry-After" if self.status == 503 and self.again is None else ""
        return f"{self.status or 'no answer'}{bare}"

    def json(self) -> dict[str, Any]:
        """The object in the body; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class Client:
    """Requests to one address; `headers` go with each."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        # It speaks plain HTTP to this machine: no certificates, and no proxy of the environment.
        self._http = httpx.AsyncClient(
            base_url=self.address, timeout=PATIENCE, limits=LIMITS, verify=False, trust_env=False
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Answer:
        """GET."""
        return await self.ask("GET", path)

    async def post(self, path: str, body: object) -> Answer:
        """POST of JSON."""
        return await self.ask("POST", path, json=body)

    async def form(self, path: str, fields: dict[str, str]) -> Answer:
        """POST of a form."""
        return await self.ask("POST", path, data=fields)

    async def ask(self, method: str, path: str, **content: Any) -> Answer:
        """Send one request; a connection that breaks, or fifteen seconds of silence, is status 0.

        A path is sent as it is. Headers in `content` go beside the client's own.
        """
        began, headers = monotonic(), self.headers | content.pop("headers", {})
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._http.request(method, path, headers=headers, **content)
        except (httpx.HTTPError, TimeoutError):
            return Answer(0, monotonic() - began)
        again = said.headers.get("retry-after", "") if said.status_code == 503 else ""
        pause = float(again) if again.isdecimal() else None
        return Answer(said.status_code, monotonic() - began, pause, said.content)

    async def insist(self, method: str, path: str, **content: Any) -> Answer:
        """Send a request, and again as long as a 503 says when, twelve times; the last answer."""
        answer = await self.ask(method, path, **content)
        for _ in range(TRIES):
            if answer.again is None:
                break
            await asyncio.sleep(min(answer.again, 2))
            answer = await self.ask(method, path, **content)
        return answer


def statuses(answers: Iterable[Answer]) -> str:
    """How often each status came, in words: `95 × 409, 5 × 201`."""
    counts = Counter(each.words for each in answers)
    return ", ".join(f"{count} × {words}" for words, count in counts.most_common()) or "nothing"
