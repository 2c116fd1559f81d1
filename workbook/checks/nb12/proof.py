"""12.proof: a test that passes on an app that keeps teams apart, and fails on others."""

from pathlib import Path

from workbook.checks import unawaited
from workbook.checks.answer import Answer
from workbook.checks.nb08.probe import MISUSE, run_tests, with_its_line
from workbook.checks.nb08.tests_text import never_fails
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import NotYet

NAME = "test_a_team_learns_nothing_of_another"
FILE = "test_neighbours.py"
WHO_ASKS = "for which team does `client` ask there, and what may that team see?"
BROKEN = '''
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from app.repositories import incidents
{imports}

@pytest.fixture(autouse=True)
def noted(monkeypatch):
    send = httpx.AsyncClient.send

    async def noting(client, request, **options):
        answer = await send(client, request, **options)
        if answer.status_code == 404 and '"detail":"Not Found"' in answer.text:
            nowhere = f"{{request.method}} {{request.url.path}}"
            Path(__file__).with_name("nowhere").write_text(nowhere, "utf-8")
        return answer

    monkeypatch.setattr(httpx.AsyncClient, "send", noting)

async def unheld(db, ask):
    """Ask as somebody whom no policy holds."""
    role = await db.scalar(text("SELECT current_setting('role')"))
    await db.execute(text("SET LOCAL ROLE NONE"))
    await db.execute(text("ALTER TABLE incident NO FORCE ROW LEVEL SECURITY"))
    try:
        return await ask()
    finally:
        await db.execute(text("ALTER TABLE incident FORCE ROW LEVEL SECURITY"))
        await db.execute(text(f"SET LOCAL ROLE {{role}}"))

get, page, get_to_change = incidents.get, incidents.page, incidents.get_to_change
{function}

@pytest.fixture(autouse=True)
def broken(monkeypatch):
    monkeypatch.setattr(incidents, "{name}", {name}_broken)
'''
LISTS_ALL = """
async def page_broken(db, after, limit):
    return await unheld(db, lambda: page(db, after, limit))
"""
LISTS_NONE = """
async def page_broken(db, after, limit):
    return []
"""
SHOWS_ANY = """
async def get_broken(db, incident_id):
    return await unheld(db, lambda: get(db, incident_id))
"""
TELLS = """
async def get_broken(db, incident_id):
    mine = await get(db, incident_id)
    if mine is None and await unheld(db, lambda: get(db, incident_id)):
        raise HTTPException(403, "This is another team's.")
    return mine
"""
CHANGES_ANY = """
async def get_to_change_broken(db, incident_id):
    mine = await get_to_change(db, incident_id)
    change = text("UPDATE incident SET status = 'resolved' WHERE id = :id RETURNING id")
    if mine is None and await unheld(db, lambda: db.scalar(change, {"id": incident_id})):
        raise HTTPException(204)
    return mine
"""
AGREES = """
async def get_to_change_broken(db, incident_id):
    mine = await get_to_change(db, incident_id)
    if mine is None:
        raise HTTPException(200)
    return mine
"""
CHANGES_AND_DENIES = """
async def get_to_change_broken(db, incident_id):
    mine = await get_to_change(db, incident_id)
    change = text("UPDATE incident SET status = 'resolved' WHERE id = :id")
    if mine is None:
        await unheld(db, lambda: db.execute(change, {"id": incident_id}))
        await db.commit()
    return mine
"""
APPS: tuple[tuple[str, str, str, str], ...] = (
    ("the app as it is", "", "", ""),
    ("an app whose list has every team's incidents", "page", LISTS_ALL, "what is in night's list?"),
    ("an app that shows any incident by its id", "get", SHOWS_ANY, "who may see `theirs`?"),
    (
        "an app that answers 403 for what another team has",
        "get",
        TELLS,
        "what does a 403 tell night that a 404 would not?",
    ),
    (
        "an app that lets any team resolve any incident",
        "get_to_change",
        CHANGES_ANY,
        "which answer does night get to its PUT?",
    ),
    (
        "an app that answers 200 to the PUT, and resolves nothing",
        "get_to_change",
        AGREES,
        "which statuses does your test take for the PUT, and which one is a refusal?",
    ),
    (
        "an app that answers 404 to the PUT, and resolves the incident",
        "get_to_change",
        CHANGES_AND_DENIES,
        "who can see whether something has changed?",
    ),
    (
        "an app whose list is empty for everybody",
        "page",
        LISTS_NONE,
        "what does day's own list have, and who has looked?",
    ),
)
"""Each app, the function that is broken, how, and the question for a test that passes on it."""


async def check(answer: Answer) -> None:
    """Passes on the app, and fails on each that breaks the promise in one way."""
    for number, (_, name, function, _) in enumerate(APPS):
        _prepare(number, name, function)
    tests = [f"{_folder(number)}/{FILE}::{NAME}" for number in range(len(APPS))]
    found = await run_tests(answer, *tests, number="12")
    text = Path("tests", FILE).read_text("utf-8")
    for number, (what, _, _, ask) in enumerate(APPS):
        mine = f"{_folder(number)}/{FILE}".removeprefix("tests/")
        of_this = [each for each in found if each.test.startswith(mine)]
        said = _about_requests(number, of_this) or never_fails(text)
        _judge(what, of_this, ask and (said or ask))


def _about_requests(number: int, found: list[Outcome]) -> str:
    """The question where a request was never sent, or went to no endpoint of the app."""
    nowhere = Path(_folder(number), "nowhere")
    if any("never awaited" in each.why for each in found):
        return unawaited.ASK
    if nowhere.exists():
        return f"which endpoint of the app is for {nowhere.read_text('utf-8')}?"
    return ""


def _folder(number: int) -> str:
    return f"tests/trial_{number}"


def _prepare(number: int, name: str, function: str) -> None:
    """A folder with the learner's test, which meets the app with this function in it."""
    folder = Path(_folder(number))
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / FILE).write_text(Path("tests", FILE).read_text("utf-8"), "utf-8")
    if name:
        imports = "from fastapi import HTTPException"
        text = BROKEN.format(imports=imports, function=function, name=name)
        (folder / "conftest.py").write_text(text, "utf-8")


def _judge(what: str, found: list[Outcome], ask: str) -> None:
    """NotYet where the test does not run, fails on the app, or passes on a broken one."""
    misused = not ask and found and found[0].why.startswith(MISUSE)
    if not found or found[0].result == "error" or misused:
        got = found[0].why if found else "pytest found no test of this name"
        said = WHO_ASKS if "expected 1, got 0" in got else ""
        problem = NotYet(f"{NAME}, on {what}", got=got, wanted="a test that runs", ask=said)
        raise with_its_line(problem, found[0]) if found else problem
    if not ask and found[0].result != "passed":
        got = found[0].why or f"it was {found[0].result}"
        question = "what does this app answer to each of your requests, and which do you want?"
        problem = NotYet(f"{NAME}, on {what}", got=got, wanted="a test that passes", ask=question)
        raise with_its_line(problem, found[0])
    if not ask and "never awaited" in found[0].why:
        got, wanted = f"the test passed; {found[0].why}", "calls that are awaited"
        raise NotYet(f"{NAME}, on {what}", got=got, wanted=wanted, ask=unawaited.ASK)
    if ask and found[0].result != "failed":
        got = f"the test {'passed' if found[0].result == 'passed' else 'was skipped'}"
        got = "; ".join(filter(None, (got, found[0].why)))
        raise NotYet(f"{NAME}, on {what}", got=got, wanted="a test that fails", ask=ask)
