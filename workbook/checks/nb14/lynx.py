"""14.lynx: while a password is tried, everybody else is served."""

import asyncio
import threading
from typing import Any
from unittest.mock import patch

from pwdlib import PasswordHash

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.checks.verdict import NotYet
from workbook.drills.nights import lynx
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
PATIENCE = 2.0
"""Seconds for which trying a password takes that nobody lets go on."""


class Trial:
    """A password that is being tried, until somebody lets it go on."""

    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.went_on: list[bool] = []

    def verify(self, *_: Any) -> bool:
        """In place of the library's: it takes as long as it is made to."""
        self.begun.set()
        self.went_on.append(self.goes_on.wait(PATIENCE))
        return True


async def check(answer: Answer) -> None:
    """One log-in, several at once, a change of a password: /livez answers meanwhile."""
    await judge.judge(answer, lynx.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    username = await lynx.login_of(scene, PasswordHash.recommended())
    await _passwords_count(scene, username)
    await _nobody_takes_as_long(scene)
    for count in (1, 3):
        await _others_are_served(scene, username, count)


async def _passwords_count(scene: Scene, username: str) -> None:
    """The right one opens, and a wrong one does not."""
    for password, wanted in ((lynx.PASSWORD, 200), ("another word", 401)):
        form = {"username": username, "password": password}
        code = (await scene.client_of(1).post("/token", data=form)).status_code
        ask = "what did the trial of this password say, and who waited for that?"
        expect_state(f"the answer to a log-in with {password!r}", code, wanted, ask)


async def _nobody_takes_as_long(scene: Scene) -> None:
    """Who has no password: one is tried all the same, so the time of the answer tells nothing."""
    tried: list[bool] = []
    form = {"username": "1/nobody@x.test", "password": lynx.PASSWORD}
    with patch.object(PasswordHash, "verify", lambda *_: tried.append(True)):
        code = (await scene.client_of(1).post("/token", data=form)).status_code
    expect_state("the answer to a log-in of nobody", code, 401)
    if not tried:
        raise NotYet.looked_at(
            "a log-in of somebody who has no password",
            got="no password was tried",
            wanted="it takes as long as any other",
            ask="what does a quick answer tell whoever wants to know who is in this team?",
        )


async def _others_are_served(scene: Scene, username: str, count: int) -> None:
    trial, form = Trial(), {"username": username, "password": lynx.PASSWORD}
    with patch.object(PasswordHash, "verify", trial.verify):
        sent = [scene.send(1, "POST", "/token", data=form) for _ in range(count)]
        begun = await asyncio.to_thread(trial.begun.wait, 3)
        alive = await scene.client_of(1).get("/livez")
        in_time = begun and not trial.went_on
        trial.goes_on.set()
        codes = [(await each).status_code for each in sent]
    if not begun:
        raise NotYet.looked_at(
            "a log-in",
            got="nobody has tried the password",
            wanted="its hash is computed each time",
            ask="what does somebody learn who has a password that was right once?",
        )
    if not in_time:
        raise NotYet.looked_at(
            f"GET /livez, while {count} password{'s are' if count > 1 else ' is'} tried",
            got="no answer until that was done",
            wanted="an answer at once",
            ask="which thread is it that tries the password, and what else has that one to do?",
        )
    expect_state("the answers to the log-ins and to /livez", {*codes, alive.status_code}, {200})
