"""Lynx: everything is slow while people log in."""

import asyncio
from itertools import pairwise
from time import monotonic

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
06:00, the shift changes. The balancer has taken both processes of the app out for half a minute:
/livez did not answer in time. It is like that each morning, and at two in the afternoon. Gus from
search: "Everything hangs for a moment, also what has nothing to do with the database." Postgres is
idle: no query that runs, no lock that anybody waits for. The processors are not at their limit.
"""
FAULT = '''
# app/passwords.py
from concurrent.futures import ThreadPoolExecutor

THREADS = ThreadPoolExecutor(2, "password")
"""A hash takes 64 MiB and a moment of a processor."""


async def fits(password: str, stored: str | None) -> bool:
    """Say whether it is the password; where there is none, that takes as long."""
    right = ARGON2.verify(password, stored or NOBODY)
    return right and stored is not None
'''
COSTLY = PasswordHash((Argon2Hasher(time_cost=40),))
"""A hash that takes long to try: the night's effect at any speed of a machine."""
PASSWORD = "a long word"
EVERY = 0.05
"""Seconds between two questions to /livez."""


async def longest_silence(scene: Scene, username: str) -> tuple[int, float]:
    """Ask /livez again and again during a log-in: its answer, and the longest time without one.

    As a share of the time that the log-in took.
    """
    client, told = scene.client_of(1), [began := monotonic()]

    async def ask() -> None:
        await client.get("/livez")
        told.append(monotonic())

    form = {"username": username, "password": PASSWORD}
    login = asyncio.create_task(client.post("/token", data=form))
    asked = []
    while not login.done():
        asked.append(asyncio.create_task(ask()))
        await asyncio.sleep(EVERY)
    ended = monotonic()
    await asyncio.gather(*asked)
    times = [*sorted(each for each in told if each <= ended), ended]
    gaps = [after - before for before, after in pairwise(times)]
    return (await login).status_code, max(gaps) / (ended - began)


async def login_of(scene: Scene, hashes: PasswordHash) -> str:
    """Somebody who can log in with the password, which is hashed so; the username."""
    user_id, stored = scene.another_of(1), await asyncio.to_thread(hashes.hash, PASSWORD)
    await scene.change(
        1, "UPDATE user_account SET password_hash = $1 WHERE id = $2", stored, user_id
    )
    email = (await scene.get(1, f"/users/{user_id}"))["email"]
    return f"1/{email}"


async def calls(scene: Scene) -> Seen:
    """Somebody logs in, and the balancer asks meanwhile."""
    code, silence = await longest_silence(scene, await login_of(scene, COSTLY))
    hangs = silence > 0.5
    said = "none until that one is answered" if hangs else "all along"
    rows = (("the first request of the shift", str(code)), ("GET /livez meanwhile: answers", said))
    return Seen(rows, "The balancer hears nothing as the shift begins." if hangs else "")


DRILL = Drill(
    name="lynx",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=("tests/test_auth.py",),
)
