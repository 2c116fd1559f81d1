"""Clients of a served app that ask as somebody of a team: logged in as anybody would."""

from collections.abc import Awaitable, Callable
from time import monotonic

import httpx
from pwdlib import PasswordHash

from workbook.drills.scene import Scene
from workbook.drills.served import AppFailsError
from workbook.seeds import data

PASSWORD = "a long word of the drill"
KEEP_SECONDS = 20 * 60.0
"""How long a token is used: less than it is good for."""
TIMEOUT = 30.0
"""Seconds that an answer may take."""
GIVE = "UPDATE user_account SET password_hash = $1 WHERE id = $2"
Ready = Callable[[], Awaitable[None]]


class Clients:
    """One client for each team, by two doors: ours, and one at which each request is noted."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._tokens: dict[int, tuple[str, float]] = {}
        self._made: list[httpx.AsyncClient] = []
        self._of: dict[int, httpx.AsyncClient] = {}

    async def log_in(self, scene: Scene, *teams: int) -> None:
        """Give somebody of each of these teams a password, and log them in."""
        stored = PasswordHash.recommended().hash(PASSWORD)
        for team in teams:
            await scene.change(team, GIVE, stored, scene.user_of(team))
            await self._token(team)

    def of(self, team: int) -> httpx.AsyncClient:
        """The client that asks for a team."""
        if team not in self._of:
            self._of[team] = self.new(team)
        return self._of[team]

    def new(
        self, team: int, *before: Callable[[httpx.Request], Awaitable[None]]
    ) -> httpx.AsyncClient:
        """One more client for a team; these are called with each of its requests."""

        async def authorise(request: httpx.Request) -> None:
            if not request.url.path.endswith("/token"):
                request.headers["authorization"] = f"Bearer {await self._token(team)}"

        made = httpx.AsyncClient(
            base_url=self._url,
            timeout=TIMEOUT,
            verify=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            event_hooks={"request": [*before, authorise]},
        )
        self._made.append(made)
        return made

    async def _token(self, team: int) -> str:
        token, since = self._tokens.get(team, ("", 0.0))
        if not token or monotonic() - since > KEEP_SECONDS:
            token = await self._log_in(team)
            self._tokens[team] = token, monotonic()
        return token

    async def _log_in(self, team: int) -> str:
        user = data.rows()["user_account"][Scene.user_of(team) - 1]
        form = {"username": f"{team}/{user['email']}", "password": PASSWORD}
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=TIMEOUT) as client:
            answer = await client.post(f"{self._url}/token", data=form)
        if answer.status_code != 200:
            raise AppFailsError(f"Nobody of team {team} can log in: POST /token says {answer.text}")
        return str(answer.json()["access_token"])

    async def close(self) -> None:
        """Let go of every connection."""
        for each in self._made:
            await each.aclose()
