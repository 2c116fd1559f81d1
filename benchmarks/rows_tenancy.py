"""Two teams over one pool: what each of them is shown, changes, and is told of the other."""

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.apps import OTHER, TEAM, bearer
from benchmarks.clients import Answer, Client, statuses
from benchmarks.victims import OURS, Place, Seen, Victim

CLIENTS, MIXED, FEW = 12, 10_000, 600
"""How many ask at once, and how often: the recipe, which knows no teams, shows it soon."""
SEED = 20261129
MINE = {TEAM: 1, OTHER: 504}
"""Team → the id of somebody in it."""
ROWS = "SELECT count(*) FROM user_account WHERE team_id = $1 AND login = 'mixed'"


@dataclass(frozen=True)
class Request:
    """A request of one team, and whether it means the other one."""

    team: int
    sent: bytes
    means: int
    kind: str
    email: str
    """Of whom it adds; a part of them is taken, by the same team or by the other."""


def request(team: int, means: int, kind: str, number: int) -> Request:
    """A page, one user, or a new one; for one's own team, or for the other."""
    body, email = b"", f"mixed{number % 4000}@x.test"
    if kind == "add":
        new = {"name": "Zoë", "email": email, "login": "mixed", "team_id": means}
        body = json.dumps(new).encode()
    line = {"page": "GET /users?limit=50", "one": f"GET /users/{MINE[means]}", "add": "POST /users"}
    head = [line[kind] + " HTTP/1.1", "Host: bench", f"Authorization: {bearer(team)}"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return Request(team, "\r\n".join([*head, "", ""]).encode() + body, means, kind, email)


def mixed(count: int) -> Iterator[Request]:
    """So many of both teams, the same each time; a third of them mean the other team."""
    choose = random.Random(SEED)
    for number in range(count):
        team = choose.choice((TEAM, OTHER))
        means = choose.choice((team, team, TEAM + OTHER - team))
        yield request(team, means, choose.choice(("page", "one", "add")), number)


def leaks(asked: Request, answer: Answer, promised: set[tuple[int, str]]) -> bool:
    """Whether an answer shows, or takes, what another team has, or tells that it is there."""
    if asked.kind == "page":
        return answer.status != 200 or _teams(answer) != {asked.team}
    if asked.means != asked.team:
        return answer.status != (404 if asked.kind == "one" else 403)
    if answer.status == 409:
        return asked.kind != "add" or (asked.team, asked.email) not in promised
    return answer.status not in (200, 201) or b'"team_id":%d' % asked.team not in answer.body


def _teams(answer: Answer) -> set[int]:
    return {each["team_id"] for each in json.loads(answer.body)}


async def both_teams(place: Place) -> list[Seen]:
    """The same requests for both apps, one after the other."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:
        async with asyncio.timeout(180):
            return [await _both_teams(each) for each in both]


async def _both_teams(victim: Victim) -> Seen:
    ours = victim.running.app == OURS
    asked = mixed(MIXED if ours else FEW)
    seen = [
        pair
        for some in await asyncio.gather(*(_client(victim.port, asked) for _ in range(CLIENTS)))
        for pair in some
    ]
    promised = {(each.means, each.email) for each, answer in seen if answer.status == 201}
    wrong = [pair for pair in seen if leaks(*pair, promised)]
    words = f"{len(wrong)} of {len(seen)} answers show or take what is another team's"
    miss = f"{words}: {statuses(answer for _, answer in wrong)}" if wrong else ""
    there = sum([(await victim.fetch(ROWS, team))[0] for team in MINE])
    if ours and there != len(promised):
        miss = miss or f"{there} rows are there, and {len(promised)} were promised"
    return Seen(f"{words}; {statuses(answer for _, answer in seen)}", victim.because(miss))


async def _client(port: int, asked: Iterator[Request]) -> list[tuple[Request, Answer]]:
    client = Client(port)
    seen = [(each, await client.ask(each.sent)) for each in asked]
    client.close()
    return seen
