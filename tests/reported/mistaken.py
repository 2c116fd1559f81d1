"""One thing in the place of another: what a session, a model, an endpoint or `with` was given."""

import enum
from typing import Any

import httpx
from fastapi import HTTPException
from fastapi.responses import PlainTextResponse
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from reported import Place, Rig, ask, raises, use
from reported.serving import Team, endpoint
from reported.testing import answered

UNMAPPED = "UnmappedInstanceError: "


class Grade(enum.Enum):
    NEW = "new"
    HIGH = 3


async def the_row(session: AsyncSession) -> None:
    await session.delete((await session.execute(select(Rig))).first())


async def the_list(session: AsyncSession) -> None:
    await session.delete((await session.scalars(select(Rig))).all())


async def the_coroutine(session: AsyncSession) -> None:
    await session.delete(session.get(Rig, 1))


ask(UNMAPPED + "a Row, and not its object, for the session", the_row)
ask(UNMAPPED + "a list, for the session", the_list, lambda s: s.add((Rig(),)))
ask(UNMAPPED + "None, for the session", lambda s: s.add(None))  # type: ignore[arg-type]
ask(UNMAPPED + "a coroutine, for the session", the_coroutine)
ask(UNMAPPED + "added, and no model", lambda s: s.add({"name": "one"}), lambda s: s.add(Rig))
for member in (Grade.NEW, Grade.HIGH):
    use(
        "DBAPIError: a member of an Enum for a plain column",
        lambda place, member=member: of_text(place, member),  # type: ignore[misc]
    )


async def of_text(place: Place, value: object) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT CAST(:one AS varchar)"), {"one": value})


@raises("DBAPIError: a member of an Enum for a plain column")
async def of_number(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetchval("SELECT $1::integer", Grade.HIGH)


async def scalar_of_scalars(session: AsyncSession) -> None:
    (await session.scalars(select(Rig))).scalar_one_or_none()  # type: ignore[attr-defined]


ask("AttributeError: scalar_one after scalars", scalar_of_scalars)
use(
    "AttributeError: a query of another library's models",
    lambda _: Rig.query.filter_by(id=1),  # type: ignore[attr-defined]
    lambda _: Rig.objects.all(),  # type: ignore[attr-defined]
)


def answers(heading: str, what: Any, wanted: Any = Team) -> None:
    use(heading, lambda _: answered(endpoint(what, response_model=wanted)))


AS_DATA = "ResponseValidationError: an error or a response, returned as data"
answers(AS_DATA, lambda: HTTPException(404, "no team"))
answers(AS_DATA, lambda: [PlainTextResponse("a")], list[Team])


async def nobody_awaits() -> None:
    pass


answers("ResponseValidationError: a coroutine, returned as data", lambda: nobody_awaits())
answers("ResponseValidationError: data and a status, as a tuple", lambda: ({"detail": "no"}, 404))


@raises("TypeError: the function itself, behind async with")
async def class_behind_async_with(place: Place) -> None:
    async with httpx.AsyncClient:  # type: ignore[attr-defined]
        pass


@raises("SyntaxError: a parameter with a default before one without")
async def default_first(place: Place) -> None:
    compile("def update(db=None, item_id: int): pass", "main.py", "exec")


@raises("MappedAnnotationError: an annotation that is no column")
async def model_of_an_unregistered_module(place: Place) -> None:
    """Its annotations are texts, which SQLAlchemy evaluates in the module of that name."""

    class Own(DeclarativeBase):
        pass

    body = {"__tablename__": "t", "id": mapped_column(primary_key=True)}
    known = {"__annotations__": {"id": "Mapped[int]"}, "__module__": "no_such_module", "M": Mapped}
    type("T", (Own,), known | body)
