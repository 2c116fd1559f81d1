"""What the database refuses; transactions and locks."""

import asyncio
import datetime
import enum
import time

import asyncpg
from sqlalchemy import CheckConstraint, Enum, String, column, func, select, table, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from reported import Base, Bolt, Place, Rig, raises


class Gauge(Base):
    __tablename__ = "gauge"
    __table_args__ = (CheckConstraint("level > 0", "positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(5))
    level: Mapped[int]


def sql(heading: str, *statements: str) -> None:
    """Statements, the last of which fails: over asyncpg alone, and under SQLAlchemy."""

    async def raw(place: Place) -> None:
        await place.ask(*statements)

    async def wrapped(place: Place) -> None:
        async with place.connection() as connection:
            for each in statements:
                await connection.execute(text(each))

    for producer in (raw, wrapped):
        producer.__name__ = f"{producer.__name__}: {statements[-1][:50]}"
        raises(heading)(producer)


def orm(heading: str, *objects: object) -> None:
    """Objects that the database does not take."""

    async def stored(place: Place) -> None:
        async with place.session() as session:
            session.add_all(objects)
            await session.flush()

    stored.__name__ = f"stored: {heading}"
    raises(heading)(stored)


sql(
    "IntegrityError: a row with this key is there already",
    "CREATE TABLE t (id int PRIMARY KEY)",
    "INSERT INTO t VALUES (1)",
    "INSERT INTO t VALUES (1)",
)
orm("IntegrityError: a row with this key is there already", Rig(name="one"))
sql(
    "IntegrityError: foreign key",
    "CREATE TABLE t (id int PRIMARY KEY)",
    "CREATE TABLE u (id int REFERENCES t)",
    "INSERT INTO u VALUES (1)",
)
orm("IntegrityError: foreign key", Bolt(rig_id=99))
sql(
    "IntegrityError: a value is missing",
    "CREATE TABLE t (id int NOT NULL)",
    "INSERT INTO t VALUES (NULL)",
)
orm("IntegrityError: a value is missing", Rig())
sql("IntegrityError: a CHECK constraint", "CREATE TABLE t (id int CHECK (id > 0))",
    "INSERT INTO t VALUES (0)")  # fmt: skip
orm("IntegrityError: a CHECK constraint", Gauge(name="a", level=-1))


@raises("IntegrityError: NULL, written over a value")
async def parent_deleted(place: Place) -> None:
    async with place.session() as session:
        rig = await session.get_one(Rig, 1)
        await session.refresh(rig, ["bolts"])
        await session.delete(rig)
        await session.flush()


@raises("DBAPIError: a text for a number")
async def text_for_a_number(place: Place) -> None:
    async with place.session() as session:
        session.add(Bolt(rig_id="1"))
        await session.flush()


@raises("DBAPIError: a value of another type than its column")
async def text_for_a_range(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch("SELECT $1::int4range", "[1,2]")


sql("DBAPIError: a text that is none of this type", "SELECT 'one'::int")
sql("DBAPIError: a text that is too long", "CREATE TABLE t (name varchar(3))",
    "INSERT INTO t VALUES ('four')")  # fmt: skip
orm("DBAPIError: a text that is too long", Gauge(name="too long", level=1))
sql("DBAPIError: a number that is too large", "SELECT 2147483647 + 1")
sql("DBAPIError: division by zero", "SELECT 1 / 0")
sql("ProgrammingError: a table that exists already", *2 * ["CREATE TABLE t (id int)"])
sql('ProgrammingError: type "…" already exists', *2 * ["CREATE TYPE mood AS ENUM ('a')"])
sql("ProgrammingError: a policy that exists already", "CREATE TABLE t (id int)",
    *2 * ["CREATE POLICY p ON t USING (true)"])  # fmt: skip
sql("ProgrammingError: a column that exists already", "CREATE TABLE t (id int)",
    "ALTER TABLE t ADD id int")  # fmt: skip
sql("ProgrammingError: permission denied", "SELECT * FROM pg_authid")
sql("ProgrammingError: syntax error", "SELECT * FORM t")
sql("ProgrammingError: no operator for these two types", "SELECT 1 = 'a'::varchar")
sql("ProgrammingError: function does not exist", "SELECT uuid_generate_v4()")
sql("ProgrammingError: a column outside of GROUP BY", "SELECT datname, count(*) FROM pg_database")
sql("ProgrammingError: a value of another type than the column", "CREATE TABLE t (n int)",
    "INSERT INTO t SELECT 'a'::text")  # fmt: skip
sql("ProgrammingError: ON CONFLICT without its constraint", "CREATE TABLE t (id int)",
    "INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING")  # fmt: skip
sql("DBAPIError: other objects depend on it", "CREATE TYPE mood AS ENUM ('a')",
    "CREATE TABLE t (m mood)", "DROP TYPE mood")  # fmt: skip
sql("DBAPIError: read-only transaction", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET transaction_read_only = on", "CREATE TABLE t (id int)")  # fmt: skip


@raises("ProgrammingError: two statements in one")
async def two_statements(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT 1; SELECT 2"))


@raises("ProgrammingError: no operator for these two types")
async def text_compared_with_a_number(place: Place) -> None:
    async with place.session() as session:
        await session.execute(select(Rig).where(Rig.id == "1"))


@raises("ProgrammingError: function does not exist")
async def function_mistyped(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(select(func.cuont(column("1", is_literal=True))))


@raises("ProgrammingError: the type of a parameter is unknown")
async def type_unknown(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch("SELECT 1 WHERE $1 IS NULL", None)


@raises("ProgrammingError: the type of a parameter is unknown")
async def types_contradict(place: Place) -> None:
    async with place.raw() as connection:
        await connection.execute("CREATE TEMP TABLE t (a int, b text)")
        await connection.execute("INSERT INTO t VALUES ($1, $1)", 1)


@raises("DBAPIError: ON CONFLICT meets a row twice")
async def upserted_twice(place: Place) -> None:
    async with place.session() as session:
        statement = upsert(Rig).values([{"name": "two"}, {"name": "two"}])
        changed = {"name": statement.excluded.name}
        await session.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_=changed)
        )


@raises("DBAPIError: the transaction has failed already")
async def goes_on(place: Place) -> None:
    async with place.raw() as connection, connection.transaction():
        try:
            await connection.execute("SELECT 1 / 0")
        except asyncpg.DivisionByZeroError:
            await connection.execute("SELECT 1")


@raises("DBAPIError: the transaction was idle too long")
async def idle(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SET idle_in_transaction_session_timeout = '50ms'"))
        asyncio.get_running_loop().call_soon(time.sleep, 0.3)  # the loop stands still
        await asyncio.sleep(0)
        await connection.execute(text("SELECT 1"))


@raises("DBAPIError: canceling statement due to statement timeout")
async def statement_timeout(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 50"))
        await connection.execute(text("SELECT pg_sleep(1)"))


@raises("DBAPIError: canceling statement due to user request")
async def cancelled(place: Place) -> None:
    async with place.raw() as connection, place.raw() as other, asyncio.TaskGroup() as group:
        group.create_task(connection.execute("SELECT pg_sleep(5)"))
        await asyncio.sleep(0.1)
        await other.execute("SELECT pg_cancel_backend($1)", connection.get_server_pid())


@raises("DBAPIError: could not obtain lock")
async def nowait(place: Place) -> None:
    async with place.sessions() as sessions, sessions.begin() as one, sessions.begin() as other:
        await one.get(Rig, 1, with_for_update=True)
        await other.get(Rig, 1, with_for_update={"nowait": True})


@raises("DBAPIError: the database is being used by others")
async def used_by_others(place: Place) -> None:
    """As DROP DATABASE says it, which waits five seconds before it does."""
    said = 'database "night" is being accessed by other users'
    await place.ask(f"DO $$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '55006'; END $$")


@raises("DBAPIError: the database is being used by others")
async def used_by_the_statement_itself(place: Place) -> None:
    async with place.raw() as connection:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'DROP DATABASE "{name}"')


@raises("TypeError: moments with a zone and without")
async def compared(place: Place) -> None:
    _ = datetime.datetime.now() < datetime.datetime.now(datetime.UTC)


@raises("TypeError: moments with a zone and without")
async def subtracted(place: Place) -> None:
    _ = datetime.datetime.now(datetime.UTC) - datetime.datetime.now()


@raises("InterfaceError: another number of arguments than parameters")
async def values_as_a_list(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch("SELECT $1::int + $2::int", [1, 2])


@raises("DBAPIError: a database that exists already")
async def database_exists(place: Place) -> None:
    async with place.raw() as connection:
        name = await connection.fetchval("SELECT current_database()")
    admin = await asyncpg.connect(place.admin_url)
    try:
        await admin.execute(f"CREATE DATABASE {name}")
    finally:
        await admin.close()


class Mood(enum.Enum):
    CALM = "calm"


@raises("LookupError: a value that the Enum does not have")
async def unknown_member(place: Place) -> None:
    async with place.connection() as connection:
        mood = text("SELECT 'busy' AS mood").columns(mood=Enum(Mood, native_enum=False))
        (await connection.execute(mood)).all()


sql("DBAPIError: a text that is none of this type", "SELECT 'tomorrow-ish'::date")


@raises("InternalServerError: a type or table that was made anew")
async def type_made_anew(place: Place) -> None:
    make = "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE person (mood mood)"
    async with place.raw() as app, place.raw() as admin:
        await admin.execute(make)
        await app.execute("INSERT INTO person VALUES ($1)", "glad")
        await admin.execute("DROP TABLE person; DROP TYPE mood; " + make)
        await app.execute("INSERT INTO person VALUES ($1)", "glad")


@raises("DBAPIError: a text or a number for an interval")
async def text_for_an_interval(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT CAST(:i AS interval)"), {"i": "1 min"})


@raises("DBAPIError: a text or a number for an interval")
async def number_for_an_interval(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetchval("SELECT $1::interval", 60)


@raises("ProgrammingError: a value of another type than the column")
async def enum_called_otherwise(place: Place) -> None:
    class End(enum.Enum):
        good = "good"

    ends = column("result", Enum(End))
    async with place.connection() as connection:
        for each in (
            "TYPE ends AS ENUM ('good')",
            "TYPE \"end\" AS ENUM ('good')",
            "TABLE t (result ends)",
        ):
            await connection.execute(text(f"CREATE {each}"))
        await connection.execute(table("t", ends).insert(), {"result": End.good})
