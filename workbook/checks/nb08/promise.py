"""08.promise: a test that fails on an app whose 201 is not true."""

from pathlib import Path

from workbook.checks.answer import Answer
from workbook.checks.nb08.probe import PROBE, run_tests
from workbook.checks.pytesting import Outcome
from workbook.checks.verdict import NotYet

LIVE = "tests/test_live.py"
NAME = "test_a_201_is_a_promise"
ROUTER = """
from typing import Annotated, Any
from fastapi import APIRouter, Depends, HTTPException
from app.database import read, session_factory, transact
from app.repositories import users
from app.schemas import UserIn, UserOut

router = APIRouter(prefix="/users")
told = []


async def get_db():
    async with session_factory.begin() as session:
        yield session


@router.get("", response_model=list[UserOut])
async def show() -> Any:
    return await read(lambda session: users.page(session, 0, 50))


@router.get("/{user_id}", response_model=UserOut)
async def one(user_id: int) -> Any:
    found = await read(lambda session: users.get(session, user_id))
    if found is None:
        raise HTTPException(404)
    return found


@router.post("", response_model=UserOut, status_code=201)
"""
COMMITS_LATE = """async def add(new: UserIn, session: Annotated[Any, Depends(get_db)]) -> Any:
    return await users.add(session, new)
"""
STORES_NOTHING = """async def add(new: UserIn) -> Any:
    return new.model_dump() | {"id": 1, "role": "member"}
"""
STORES_ANOTHER = """async def add(new: UserIn) -> Any:
    if not told:
        told.append(new)
        return new.model_dump() | {"id": 1000, "role": "member"}
    await transact(lambda session: users.add(session, new))
    raise HTTPException(418)
"""
HIDES_THE_ERROR = """async def add(new: UserIn) -> Any:
    try:
        return await transact(lambda session: users.add(session, new))
    except Exception:
        raise HTTPException(418) from None
"""
TAKES_IDS = """
from app.models import Team, User


async def test_that_uses_ids(session):
    session.add(team := Team(name="night"))
    await session.flush()
    session.add(User(name="Zoë", email="zoe@x.test", login="zoe", team_id=team.id))
    await session.flush()
"""
"""Its rows are undone. The numbers that it took are not given again."""


async def check(answer: Answer) -> None:
    """Passes on apps that keep what they promise, and fails on two that do not."""
    router = Path("app/routers/users.py")
    apps = {
        "the app as it is": router.read_text("utf-8"),
        "an app that answers 418 when its commit fails": ROUTER + HIDES_THE_ERROR,
        "an app that commits after its answer": ROUTER + COMMITS_LATE,
        "an app that says 201 and stores nothing": ROUTER + STORES_NOTHING,
        "an app that says 201 to one user and stores another": ROUTER + STORES_ANOTHER,
    }
    Path(PROBE).write_text(TAKES_IDS, "utf-8")
    for number, (what, text) in enumerate(apps.items()):
        router.write_text(text, "utf-8")
        found = await run_tests(answer, PROBE, f"{LIVE}::{NAME}")
        _judge(what, found, keeps=number < 2)


def _judge(what: str, every: list[Outcome], keeps: bool) -> None:
    found = [each for each in every if not each.test.startswith(Path(PROBE).name)]
    if [each.test for each in found] != [f"test_live.py::{NAME}"] or found[0].result == "error":
        why = found[0].why if found else "pytest found no test of this name"
        raise NotYet(
            f"{NAME}, on {what}",
            got=why,
            wanted="a test that runs",
            ask="is it a name, or a fixture?",
        )
    if keeps and found[0].result != "passed":
        ask = (
            "what did this app promise that it did not keep? Or does the test want more than that?"
        )
        got = found[0].why or f"it was {found[0].result}"
        raise NotYet(f"{NAME}, on {what}", got=got, wanted="a test that passes", ask=ask)
    if not keeps and found[0].result != "failed":
        ask = "which two lists differ on this app?"
        raise NotYet(
            f"{NAME}, on {what}",
            got=f"the test {found[0].result}",
            wanted="a test that fails",
            ask=ask,
        )
