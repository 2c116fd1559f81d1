"""Apps that keep what their 201 promises, and apps that do not: what 08.promise is tried on."""

ROUTER = """
from typing import Annotated, Any
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import text
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
REFUSES_ALL = """async def add(new: UserIn) -> Any:
    raise HTTPException(418)
"""
LOSES_THE_FIRST = """async def add(new: UserIn) -> Any:
    try:
        return await transact(lambda session: users.add(session, new))
    except Exception:
        await transact(lambda session: session.execute(text("DELETE FROM user_account")))
        raise HTTPException(418) from None
"""
WHO = "who was promised, and who is there?"
APPS: tuple[tuple[str, str, str], ...] = (
    ("the app as it is", "", ""),
    ("an app that answers 418 when its commit fails", HIDES_THE_ERROR, ""),
    ("an app that commits after its answer", COMMITS_LATE, WHO),
    ("an app that says 201 and stores nothing", STORES_NOTHING, WHO),
    (
        "an app that says 201 to one user and stores another",
        STORES_ANOTHER,
        "does your test compare how many users there are, or which?",
    ),
    (
        "an app that refuses every user",
        REFUSES_ALL,
        "what has your test compared, where nobody was promised anything?",
    ),
    (
        "an app that loses the first user when the second one's commit fails",
        LOSES_THE_FIRST,
        "who is there after the last POST, and when did your test look?",
    ),
)
"""Each app, its endpoint that adds users, and the question for a test that passes on it.

The first two keep what they promise, and have none.
"""
