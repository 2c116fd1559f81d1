"""Queries, models and connections, each by one expression."""

import asyncio
import os
from typing import Any

import asyncpg
from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    insert,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

from reported import Base, Bolt, Place, Rig, ask, raises, use
from reported.database import sql
from reported.models import ForeignKey


def model(parts: dict[str, Any], types: dict[str, Any] | None = None) -> Any:
    """A model with these parts beside its id."""
    own = type("Own", (DeclarativeBase,), {"__module__": __name__})
    known = {"__annotations__": {"id": Mapped[int], **(types or {})}, "__module__": __name__}
    body = {"__tablename__": "t", "id": mapped_column(primary_key=True)}
    return type("T", (own,), known | body | parts)


@raises("FlushError: None in a relationship")
async def none_in_a_relationship(place: Place) -> None:
    async with place.session() as session:
        rig = (await session.scalars(select(Rig).options(selectinload(Rig.bolts)))).one()
        rig.bolts.append(None)  # type: ignore[arg-type]
        await session.flush()


ask("InvalidRequestError: get with another number of key columns", lambda s: s.get(Rig, (1, 2)))
use(
    "InvalidRequestError: a list of a relationship, compared",
    lambda _: select(Rig).where(Rig.bolts == 1),  # type: ignore[arg-type]
)
use(
    "InvalidRequestError: any and has, mixed up",
    lambda _: Rig.bolts.has(id=1),
    lambda _: Bolt.rig.any(),
)
use("NotImplementedError: in_ of a relationship", lambda _: Bolt.rig.in_([1]))
ask(
    "ArgumentError: a join to a column",
    lambda s: s.execute(select(Rig.name, Bolt.id).join(Rig.name)),  # type: ignore[arg-type]
)
ask(
    "LoaderStrategyException: a loader for what is no relationship",
    lambda s: s.execute(select(Rig).options(selectinload(Rig.name))),  # type: ignore[arg-type]
)
LAZY = "LoaderStrategyException: a lazy that does not exist"
use(LAZY, lambda _: model({"up": _parent(lazy="often"), "up_id": _up()}, {"up": Mapped["T"]})())
ask(
    "CompileError: a UNION of other numbers of columns",
    lambda s: s.execute(union(select(Rig.id), select(Rig.id, Rig.name))),
)
sql(
    "ProgrammingError: parts of a UNION with other numbers of columns", "SELECT 1 UNION SELECT 1, 2"
)
ask(
    "TypeError: values as keywords of execute",
    lambda s: s.execute(text("SELECT :a"), a=1),  # type: ignore[call-overload]
    lambda s: s.scalar(text("SELECT :a"), a=1),  # type: ignore[call-overload]
)
use(
    "ValueError: ON CONFLICT DO UPDATE without a target",
    lambda _: upsert(Rig).values(name="x").on_conflict_do_update(set_={"name": "x"}),
)
use(
    "ValueError: ON CONFLICT DO UPDATE that sets nothing",
    lambda _: upsert(Rig).on_conflict_do_update(index_elements=["name"], set_={}),
)
use(
    "AttributeError: ON CONFLICT of a general insert",
    lambda _: insert(Rig).on_conflict_do_nothing(),  # type: ignore[attr-defined]
)
ask(
    "ArgumentError: an isolation level that PostgreSQL does not have",
    lambda s: s.connection(execution_options={"isolation_level": "STRICT"}),
)
ask(
    "InvalidRequestError: rows in portions, and joinedload",
    lambda s: s.execute(
        select(Rig).options(joinedload(Rig.bolts)), execution_options={"yield_per": 1}
    ),
)
ask("InvalidRequestError: expunged twice", lambda s: s.expunge(Rig(name="x")))
use(
    "TypeError: & or | without brackets",
    lambda _: Rig.id == 1 | Rig.id == 2,  # type: ignore[operator]
    lambda _: Rig.id > 0 & Rig.id < 5,  # type: ignore[operator]
)
QUERY = "AttributeError: a query, and not its result"
use(
    QUERY,
    lambda _: select(Rig).all(),  # type: ignore[attr-defined]
    lambda _: select(Rig).c,  # type: ignore[attr-defined]
    lambda _: list(select(Rig)),  # type: ignore[call-overload]
)


@raises(QUERY)
async def query_for_asyncpg(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch(select(Rig))


use(
    "AttributeError: a column of a subquery",
    lambda _: select(Rig).subquery().name_of,  # type: ignore[attr-defined]
    lambda _: select(Rig).cte().id,  # type: ignore[attr-defined]
)


@raises("TypeError: a text() for asyncpg")
async def text_for_asyncpg(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch(text("SELECT 1"))


use(
    "ArgumentError: a method without its brackets, in a query",
    lambda _: select(Rig).order_by(Rig.name.desc),  # type: ignore[arg-type]
)
ask(
    "ProgrammingError: a subquery with several columns",
    lambda s: s.execute(select(Bolt).where(Bolt.rig_id.in_(select(Rig)))),
    lambda s: s.execute(text("SELECT 1 = (SELECT 1, 2)")),
)
ask(
    "ProgrammingError: a table twice in one query",
    lambda s: s.execute(select(Rig).join(Bolt).join(Bolt)),
)
for given in ("(name) VALUES ('a', 'b')", "(id, name) VALUES ('a')"):
    sql(
        "ProgrammingError: an INSERT of another number of values",
        "CREATE TABLE t (id int, name text)",
        f"INSERT INTO t {given}",
    )
for words in ("ORDER BY", "GROUP BY"):
    sql("ProgrammingError: a text behind ORDER BY", f"SELECT 1 FROM pg_class {words} 'relname'")
sql("DBAPIError: an extension that the server does not have", "CREATE EXTENSION postgis_of_night")
sql(
    "DBAPIError: a column that a view uses",
    "CREATE TABLE t (n int)",
    "CREATE VIEW v AS SELECT n FROM t",
    "ALTER TABLE t ALTER n TYPE bigint",
)
sql(
    "DBAPIError: a key that lacks the column of the partitions",
    "CREATE TABLE t (id int PRIMARY KEY, d date) PARTITION BY RANGE (d)",
)
use(
    "ArgumentError: an attribute without its type",
    lambda _: model({"name": mapped_column()}),
)
use(
    "ArgumentError: __table_args__ that are no tuple",
    lambda _: model({"__table_args__": UniqueConstraint("id")}),
)
use(
    "ConstraintColumnNotFoundError: a constraint on a column that the table does not have",
    lambda _: model({"__table_args__": (UniqueConstraint("nme"),)}),
    lambda _: model({"__table_args__": (Index("ix", "nme"),)}),
)


def _up() -> Any:
    return mapped_column(Integer, ForeignKey("t.id"))


def _parent(**options: Any) -> Any:
    return relationship("T", **options)


SAME = "ArgumentError: both sides of a relationship point the same way"
use(
    SAME,
    lambda _: model(
        {
            "up_id": _up(),
            "up": _parent(back_populates="down"),
            "down": _parent(back_populates="up"),
        },
        {"up": Mapped["T"], "down": Mapped[list["T"]]},  # noqa: F821
    )(),
)
use("ArgumentError: a cascade that does not exist", lambda _: _parent(cascade="all, delete_orphan"))
use(
    "ArgumentError: a server_default that is no SQL",
    lambda _: mapped_column(Integer, server_default=0),  # type: ignore[arg-type]
    lambda _: model({"n": mapped_column(server_default=False)}, {"n": Mapped[bool]}),  # type: ignore[arg-type]
)


@raises("StatementError: a text for a boolean")
async def text_for_a_boolean(place: Place) -> None:
    active: Any = model({}, {"active": Mapped[bool]})
    async with place.connection() as connection:
        await connection.run_sync(active.metadata.create_all)
        await connection.execute(insert(active), {"active": "yes"})


use(
    "ArgumentError: a name for index or unique",
    lambda _: model({"n": mapped_column(String, index="ix")}),  # type: ignore[arg-type]
    lambda _: model({"n": mapped_column(String, unique="uq")}),  # type: ignore[arg-type]
)


@raises("NoForeignKeysError: a subclass with a table of its own, and no key")
async def subclass_without_a_key(place: Place) -> None:
    class Own(DeclarativeBase): ...

    class Part(Own):
        __tablename__ = "part"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Wheel(Part):
        __tablename__ = "wheel"
        size: Mapped[int]


use(
    "TypeError: create_all, called at once",
    lambda _: Base.metadata.create_all(),  # type: ignore[call-arg]
    lambda _: Base.metadata.drop_all(),  # type: ignore[call-arg]
)
use("AttributeError: create_all of the Base", lambda _: Base.create_all)  # type: ignore[attr-defined]
use(
    "ArgumentError: a session that commits by itself",
    lambda _: async_sessionmaker(autocommit=True)(),
)
POSITION = "TypeError: values by position, for a class that takes them by name"
use(POSITION, lambda _: Rig("one"))  # type: ignore[call-arg]


async def _connected(url: str) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.connect():
            pass
    finally:
        await engine.dispose()


use(
    "OverflowError: a port that is too large",
    lambda _: _connected("postgresql+asyncpg://me:secret@127.0.0.1:99999/night"),
)
use(
    "FileNotFoundError: no socket of PostgreSQL's",
    lambda _: _connected("postgresql+asyncpg://me@/night?host=/no/such/folder"),
)


async def _raw(place: Place, uses: Any) -> None:
    async with place.raw() as connection:
        made = uses(connection)
        if made is not None:
            await made


def raw(heading: str, uses: Any) -> None:
    use(heading, lambda place: _raw(place, uses))


raw(
    "DataError: rows for executemany that are no rows",
    lambda c: c.executemany("SELECT $1::int", [1, 2]),
)
raw(
    "DataError: rows for executemany that are no rows",
    lambda c: c.executemany("SELECT $1::int", [{"id": 1}]),
)


@raises("InterfaceError: a transaction of asyncpg's, begun or ended twice")
async def started_twice(place: Place) -> None:
    async with place.raw() as connection, connection.transaction() as _:
        transaction = connection.transaction()
        await transaction.start()
        await transaction.start()


raw(
    "InterfaceError: a transaction of asyncpg's, begun or ended twice",
    lambda c: c.transaction().commit(),
)
raw("AttributeError: a cursor's words, for asyncpg", lambda c: c.fetchone("SELECT 1"))
raw("AttributeError: a cursor's words, for asyncpg", lambda c: c.commit())


async def _pool(place: Place, uses: Any) -> None:
    async with asyncpg.create_pool(place.url, min_size=1) as pool:
        await uses(pool)


use(
    "ValueError: a pool with a smaller size than its least",
    lambda place: asyncpg.create_pool(place.url, max_size=5),
)
use(
    "AttributeError: a connection that was not acquired yet",
    lambda place: _pool(place, lambda pool: pool.acquire().fetch("SELECT 1")),
)
use(
    "AttributeError: a transaction of a pool",
    lambda place: _pool(place, lambda pool: pool.transaction()),
)
use(
    "KeyError: a variable of the environment that is not set",
    lambda _: os.environ["NO_SUCH_VARIABLE_OF_THE_NIGHT"],
)


async def _entered(context: Any) -> None:
    async with context:
        pass


FUNCTION = "TypeError: the function itself, behind async with"
use(FUNCTION, lambda _: _entered(async_sessionmaker()), lambda _: _entered(_entered))
ask(FUNCTION, lambda s: _entered(s.begin))
GATHERED = "TypeError: a future of gather, not awaited"
TASK = "TypeError: a task, and not its result"


@raises(GATHERED)
async def gather_not_awaited(place: Place) -> None:
    _one, _two = asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))  # type: ignore[misc]


@raises(GATHERED)
async def gather_read(place: Place) -> None:
    asyncio.gather(asyncio.sleep(0))[0]  # type: ignore[index]


@raises(TASK)
async def task_read(place: Place) -> None:
    asyncio.create_task(asyncio.sleep(0))[0]  # type: ignore[index]


@raises(TASK)
async def task_asked(place: Place) -> None:
    asyncio.create_task(asyncio.sleep(0)).name_of_it  # type: ignore[attr-defined]  # noqa: B018


use(
    "TypeError: a CHECK of several conditions",
    lambda _: CheckConstraint("a > 0", "b > 0", name="ck"),  # type: ignore[misc]
)


@raises("InterfaceError: a transaction whose connection was closed in its block")
async def closed_in_its_block(place: Place) -> None:
    async with place.raw() as connection, connection.transaction():
        await connection.close()


CONSTRAINT = "AttributeError: the constraint's name, of SQLAlchemy's error"


async def _same_name_twice(session: AsyncSession) -> IntegrityError:
    session.add_all([Rig(name="two"), Rig(name="two")])
    try:
        await session.flush()
    except IntegrityError as error:
        return error
    raise AssertionError("both are stored")


async def _constraint_of_orig(session: AsyncSession) -> str:
    error = await _same_name_twice(session)
    return error.orig.constraint_name  # type: ignore[union-attr, no-any-return]


async def _constraint_of_the_wrapper(session: AsyncSession) -> str:
    error = await _same_name_twice(session)
    return error.constraint_name  # type: ignore[attr-defined, no-any-return]


ask(CONSTRAINT, _constraint_of_orig, _constraint_of_the_wrapper)
