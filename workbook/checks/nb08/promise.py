"""08.promise: a test that fails on an app whose 201 is not true."""

import json
from pathlib import Path

from workbook.checks import unawaited
from workbook.checks.answer import Answer
from workbook.checks.nb08.apps_on_trial import APPS, ROUTER, WHO
from workbook.checks.nb08.probe import MISUSE, run_tests, with_its_line
from workbook.checks.nb08.tests_text import (
    WHY_REFUSED,
    lets_pass,
    missing_fixture,
    never_asks,
    why_it_failed,
)
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import NotYet

LIVE = "test_live.py"
PROBE = "test_ids.py"
NAME = "test_a_201_is_a_promise"
TAKES_IDS = """
from app.models import Team, User


async def test_that_uses_ids(session):
    session.add(team := Team(name="night"))
    await session.flush()
    session.add(User(name="Zoë", email="zoe@x.test", login="zoe", team_id=team.id))
    await session.flush()
"""
"""Its rows are undone. The numbers that it took are not given again."""


QUICK = """
import asyncio
import json
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine, event


def name_in(body):
    try:
        return json.loads(body)["name"]
    except (ValueError, KeyError, TypeError):
        return ""


@pytest.fixture(autouse=True)
def noted(monkeypatch):
    seen, send = [], httpx.AsyncClient.send

    async def noting(client, request, **options):
        answer = await send(client, request, **options)
        if (request.method, request.url.path) == ("POST", "/users"):
            seen.append([answer.status_code, name_in(request.content)])
            Path(__file__).with_name("seen.json").write_text(json.dumps(seen), "utf-8")
        return answer

    monkeypatch.setattr(httpx.AsyncClient, "send", noting)

async def until_told(server):
    while not server.should_exit:
        await asyncio.sleep(0.005)

uvicorn.Server.main_loop = until_told  # its own looks ten times a second whether it is to end


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def waits_less_long_for_a_lock(connection, cursor, statement, parameters, context, many):
    return statement.replace("lock_timeout = '5s'", "lock_timeout = '2s'"), parameters


def pytest_exception_interact(node, call):
    if call.when == "teardown":
        node.session.shouldstop = "a fixture could not end, and would not end for the other apps"
"""
ON_TRIAL = """
import pytest
from app.main import app
from app.routers import teams
from fastapi import FastAPI
{router}

@pytest.fixture(autouse=True)
def another_router(monkeypatch):
    other = FastAPI()
    other.include_router(teams.router)
    other.include_router(router)
    monkeypatch.setattr(app, "router", other.router)
    monkeypatch.setattr(app, "middleware_stack", None)
"""
"""The conftest of a folder whose tests meet an app with another router for users."""


async def check(answer: Answer) -> None:
    """Passes on apps that keep what they promise, and fails on those that do not."""
    for number, (_, endpoint, _) in enumerate(APPS):
        _prepare(number, ROUTER + endpoint if endpoint else "")
    Path(_folder(0), PROBE).write_text(TAKES_IDS, "utf-8")
    tests = [f"{_folder(number)}/{LIVE}::{NAME}" for number in range(len(APPS))]
    found = await run_tests(answer, f"{_folder(0)}/{PROBE}", *tests)
    text = Path("tests", LIVE).read_text("utf-8")
    missing = missing_fixture(text, NAME)
    for number, (what, _, ask) in enumerate(APPS):
        mine = f"{_folder(number)}/{LIVE}".removeprefix("tests/")
        if ask == WHO:
            ask = missing or lets_pass(text) or ask
        elif ask:
            ask = never_asks(text) or ask
        of_this = [each for each in found if each.test.startswith(mine)]
        _runs(what, of_this, missing)
        _judge(what, of_this[0], ask, _seen(number))


def _folder(number: int) -> str:
    return f"tests/trial_{number}"


def _prepare(number: int, router: str) -> None:
    """A folder with the learner's test, which meets the app with this router."""
    folder = Path(_folder(number))
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / LIVE).write_text(Path("tests", LIVE).read_text("utf-8"), "utf-8")
    on_trial = ON_TRIAL.format(router=router) if router else ""
    (folder / "conftest.py").write_text(QUICK + on_trial, "utf-8")


def _seen(number: int) -> list[tuple[int, str]]:
    """The status and the name of each POST for a user that the test has sent to this app."""
    path = Path(_folder(number), "seen.json")
    return [tuple(each) for each in json.loads(path.read_text("utf-8"))] if path.exists() else []


def _runs(what: str, found: list[Outcome], ask: str) -> None:
    """NotYet where the test does not run."""
    if not found or found[0].result == "error" or found[0].why.startswith(MISUSE):
        why = found[0].why if found else "pytest found no test of this name"
        ask = ask if found and "canceling statement" in found[0].why else ""
        problem = NotYet(f"{NAME}, on {what}", got=why, wanted="a test that runs", ask=ask)
        raise problem if ask or not found else with_its_line(problem, found[0])


def _judge(what: str, found: Outcome, ask: str, seen: list[tuple[int, str]]) -> None:
    """NotYet where the test passes and fails on the wrong apps."""
    if not ask and found.result != "passed":
        got = found.why or f"it was {found.result}"
        statuses = " and ".join(str(status) for status, _ in seen)
        got += f"; POST /users was answered by {statuses}" if seen else ""
        text = Path("tests", LIVE).read_text("utf-8")
        ask = why_it_failed(found, [status for status, _ in seen], text)
        problem = NotYet(f"{NAME}, on {what}", got=got, wanted="a test that passes", ask=ask)
        raise problem if "KeyError" in got else with_its_line(problem, found)
    if not ask and "never awaited" in found.why:
        got, wanted = f"the test passed; {found.why}", "calls that are awaited"
        raise NotYet(f"{NAME}, on {what}", got=got, wanted=wanted, ask=unawaited.ASK)
    if ask and found.result != "failed":
        got = f"the test {'passed' if found.result == 'passed' else 'was skipped'}"
        if "never awaited" in found.why:
            got, ask = f"{got}; {found.why}", unawaited.ASK
        names = [name for _, name in seen]
        if ask == WHO and len(names) == 1:
            got += "; POST /users was sent once"
            ask = "which COMMIT can fail, where only one user is added?"
        elif ask == WHO and len(names) > 1 and len({*names}) == len(names):
            got += f"; no COMMIT failed, for the users are called {' and '.join(map(repr, names))}"
            ask = "for which second user does `failing_commit` make the COMMIT fail?"
        elif ask == WHO and (refused := [status for status, _ in seen if status != 201]):
            got += (
                f"; POST /users was answered by {' and '.join(str(status) for status, _ in seen)}"
            )
            ask = "what refused the user of your test, its INSERT or its COMMIT?"
            if 409 not in refused:
                ask = WHY_REFUSED
        raise NotYet(f"{NAME}, on {what}", got=got, wanted="a test that fails", ask=ask)
